//! Support that is shown (P1): by whom, of what, and which works show it.

use jiff::Timestamp;
use obole_domain::{AccountId, Handle, WorkId};

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// Says since when a patron shows their support of a work; none: they do not. False where it was
/// so already.
pub async fn set(
    tx: &mut Tx,
    (patron, work): (AccountId, WorkId),
    since: Option<Timestamp>,
) -> StoreResult<bool> {
    let set = match since {
        Some(since) => sql("
            insert into public_gifts (patron, work, since) values ($1, $2, $3)
            on conflict do nothing")
        .bind(patron)
        .bind(work)
        .bind(since),
        None => {
            sql("delete from public_gifts where patron = $1 and work = $2").bind(patron).bind(work)
        }
    };
    Ok(set.execute(tx).await? == 1)
}

/// Whether a patron shows their support of a work.
pub async fn is_shown(read: &mut Read, patron: AccountId, work: WorkId) -> StoreResult<bool> {
    let select = sql("select count(*) from public_gifts where patron = $1 and work = $2");
    let count: i64 = select.bind(patron).bind(work).fetch_one(read, |row| row.get(0)).await?;
    Ok(count > 0)
}

/// Forgets who shows their support of a work: it is another's now, whom nobody said that for.
pub async fn forget_work(tx: &mut Tx, work: WorkId) -> StoreResult<()> {
    let delete = sql("delete from public_gifts where work = $1").bind(work);
    delete.execute(tx).await.map(|_| ())
}

/// Says since when a work shows who supports it; none: it does not. False where it was so already.
pub async fn set_shows(tx: &mut Tx, work: WorkId, since: Option<Timestamp>) -> StoreResult<bool> {
    let update = sql("
        update works set shows_patrons_since = $2
        where id = $1 and (shows_patrons_since is null) <> (cast($2 as bigint) is null)");
    Ok(update.bind(work).bind(since).execute(tx).await? == 1)
}

/// Whether a work's owner wants who supports it to be shown.
pub async fn is_wanted(read: &mut Read, work: WorkId) -> StoreResult<bool> {
    let select = sql("
        select count(*) from works
        where id = $1 and shows_patrons_since is not null and owner is not null");
    let count: i64 = select.bind(work).fetch_one(read, |row| row.get(0)).await?;
    Ok(count > 0)
}

/// Who supports a work and shows it, by handle: a month with a click of theirs was settled and
/// paid, and both sides agree still. Nobody where the work is refused or hidden.
pub async fn of_work(read: &mut Read, work: WorkId, limit: i64) -> StoreResult<Vec<Handle>> {
    let select = sql("
        select distinct a.handle
        from public_gifts g
        join accounts a on a.id = g.patron
        join settlements s on s.state = 'done'
        join clicks c on c.period = s.period and c.patron = g.patron and c.work = g.work
        join statements t
            on t.period = s.period and t.patron = g.patron and t.taken_micros > 0
        join works w on w.id = g.work
        where g.work = $1 and a.is_public and a.suspended_at is null
            and w.refused_at is null and w.hidden_at is null
        order by a.handle
        limit $2");
    select.bind(work).bind(limit).fetch_all(read, |row| row.get(0)).await
}
