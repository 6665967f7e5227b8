//! Clicks' rows and the periods that they fall into.

use std::collections::HashSet;

use jiff::Timestamp;
use obole_domain::click::Way;
use obole_domain::{AccountId, CanonicalUrl, Currency, Handle, Note, Period, Points, WorkId};

use crate::db::{Read, Tx, Value, sql};
use crate::error::StoreResult;

/// The lowest open period not before the one that the clock says (D13). Its row stays shared
/// until the transaction ends, so that it cannot close meanwhile.
pub async fn open_period(tx: &mut Tx, clock: Period) -> StoreResult<Period> {
    let mut period = clock;
    loop {
        let select = sql("select closed_at from periods where period = $1").bind(period).shared();
        let found: Option<Option<i64>> = select.fetch_optional(tx, |row| row.get(0)).await?;
        match found {
            Some(None) => return Ok(period),
            Some(Some(_)) => period = period.next(),
            None => {
                let insert = sql("insert into periods (period) values ($1) on conflict do nothing");
                insert.bind(period).execute(tx).await?;
            }
        }
    }
}

/// The same for a page that only looks.
pub async fn shown_period(read: &mut Read, clock: Period) -> StoreResult<Period> {
    let select = sql("
        select coalesce(max(period), cast(0 as bigint)) from periods
        where period >= $1 and closed_at is not null");
    let closed: i64 = select.bind(clock).fetch_one(read, |row| row.get(0)).await?;
    let after = Period::from_number(closed).filter(|_| closed > 0).map(Period::next);
    Ok(after.unwrap_or(clock))
}

/// Waits for the clicks that are under way in a period and keeps others out until the transaction
/// ends. False where it is closed.
pub async fn hold_open(tx: &mut Tx, period: Period) -> StoreResult<bool> {
    let insert = sql("insert into periods (period) values ($1) on conflict do nothing");
    insert.bind(period).execute(tx).await?;
    let select = sql("select closed_at from periods where period = $1").bind(period).locked();
    let closed: Option<i64> = select.fetch_one(tx, |row| row.get(0)).await?;
    Ok(closed.is_none())
}

/// Closes a period and says whether it was open. Waits for the clicks that are under way.
pub async fn close(tx: &mut Tx, period: Period, now: Timestamp) -> StoreResult<bool> {
    let insert = sql("insert into periods (period) values ($1) on conflict do nothing");
    insert.bind(period).execute(tx).await?;
    let update = sql("update periods set closed_at = $2 where period = $1 and closed_at is null");
    Ok(update.bind(period).bind(now).execute(tx).await? == 1)
}

/// The periods before one that have clicks or budgets to settle and are not closed.
pub async fn unclosed_before(read: &mut Read, before: Period) -> StoreResult<Vec<Period>> {
    let select = sql("
        select period from periods
        where period < $1 and closed_at is null
        order by period");
    select.bind(before).fetch_all(read, |row| row.get(0)).await
}

/// A click as it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClickRow {
    /// On which work.
    pub work: WorkId,
    /// Its weight.
    pub points: Points,
    /// How many times it has been carried.
    pub carries: i64,
}

/// A patron's click on a work.
pub async fn find(
    read: &mut Read,
    period: Period,
    patron: AccountId,
    work: WorkId,
) -> StoreResult<Option<ClickRow>> {
    let select = sql("
        select work, points, carries from clicks
        where period = $1 and patron = $2 and work = $3");
    let row = select.bind(period).bind(patron).bind(work).fetch_optional(read, |row| {
        Ok(ClickRow { work: row.get(0)?, points: row.get(1)?, carries: row.get(2)? })
    });
    row.await
}

/// On which of some works a patron's click stands.
pub async fn clicked_of(
    read: &mut Read,
    (period, patron): (Period, AccountId),
    works: &[WorkId],
) -> StoreResult<HashSet<WorkId>> {
    let select = sql("
        select work from clicks where period = $1 and patron = $2 and work = $3");
    let rows: Vec<Vec<Value>> =
        works.iter().map(|work| vec![period.into(), patron.into(), (*work).into()]).collect();
    let found = select.fetch_many(read, &rows, |row| row.get(0)).await?;
    Ok(found.into_iter().flatten().collect())
}

/// All weights of a patron's period, by work.
pub async fn of_patron(
    read: &mut Read,
    period: Period,
    patron: AccountId,
) -> StoreResult<Vec<ClickRow>> {
    let select = sql("
        select work, points, carries from clicks
        where period = $1 and patron = $2
        order by work");
    let rows = select.bind(period).bind(patron).fetch_all(read, |row| {
        Ok(ClickRow { work: row.get(0)?, points: row.get(1)?, carries: row.get(2)? })
    });
    rows.await
}

/// A click of the open month with what decides whether its work can be paid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenClick {
    /// On which work.
    pub work: WorkId,
    /// Its weight.
    pub points: Points,
    /// How many times it has been carried.
    pub carries: i64,
    /// Who controls the work.
    pub owner: Option<AccountId>,
    /// Whether its owner has refused for good.
    pub is_refused: bool,
    /// The currencies that its owner does not take.
    pub currencies_refused: Vec<Currency>,
}

/// All clicks of a patron's period, newest first, as [`shown`] has them: one statement, however
/// many there are.
pub async fn open(
    read: &mut Read,
    period: Period,
    patron: AccountId,
) -> StoreResult<Vec<OpenClick>> {
    let select = sql("
        select c.work, c.points, c.carries, w.owner, w.refused_at is not null, r.currency
        from clicks c
        join works w on w.id = c.work
        left join currencies_refused r on r.account = w.owner
        where c.period = $1 and c.patron = $2
        order by c.last_at desc, c.work desc");
    let rows = select.bind(period).bind(patron).fetch_all(read, |row| {
        let refused: Option<Currency> = row.get(5)?;
        Ok(OpenClick {
            work: row.get(0)?,
            points: row.get(1)?,
            carries: row.get(2)?,
            owner: row.get(3)?,
            is_refused: row.get(4)?,
            currencies_refused: refused.into_iter().collect(),
        })
    });
    let mut clicks: Vec<OpenClick> = rows.await?;
    // One row for each currency that is refused: the rows of a click stand together.
    clicks.dedup_by(|next, click| {
        let is_same = next.work == click.work;
        if is_same {
            click.currencies_refused.append(&mut next.currencies_refused);
        }
        is_same
    });
    Ok(clicks)
}

/// Which click is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClickKey {
    /// In which period.
    pub period: Period,
    /// Whose.
    pub patron: AccountId,
    /// On what.
    pub work: WorkId,
}

/// Adds points to a click, making it where there is none, and gives the sum. None where there is
/// one and the policy allows no second, or where the sum is over the limit: the guard stands in
/// the statement (D6). Points that are added never moved, so they may move three times again.
pub async fn add(
    tx: &mut Tx,
    key: ClickKey,
    points: (Points, bool),
    came: (Way, Timestamp),
) -> StoreResult<Option<Points>> {
    let (points, is_once) = points;
    let upsert = sql("
        insert into clicks (period, patron, work, points, way, first_at, last_at)
        values ($1, $2, $3, $4, $5, $6, $6)
        on conflict (period, patron, work)
        do update set points = clicks.points + excluded.points, last_at = excluded.last_at,
            carries = 0
            where not $7 and clicks.points + excluded.points <= $8
        returning points");
    let upsert = upsert.bind(key.period).bind(key.patron).bind(key.work).bind(points);
    let upsert = upsert.bind(&*came.0.code()).bind(came.1).bind(is_once).bind(Points::WORK_MAX);
    upsert.fetch_optional(tx, |row| row.get(0)).await
}

/// Sets a click's points; false where there is no such click.
pub async fn set_points(
    tx: &mut Tx,
    key: ClickKey,
    points: Points,
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update clicks set points = $4, last_at = $5
        where period = $1 and patron = $2 and work = $3");
    let update = update.bind(key.period).bind(key.patron).bind(key.work);
    Ok(update.bind(points).bind(now).execute(tx).await? == 1)
}

/// Takes a click back with its note, and those of the periods that it was carried from; false
/// where there is none.
pub async fn remove(tx: &mut Tx, key: ClickKey) -> StoreResult<bool> {
    let note = sql("
        delete from notes
        where patron = $2 and work = $3 and period <= $1 and period >= $1 - coalesce((
            select case when c.carries = 0 and c.way = 'carried' then 1 else c.carries end
            from clicks c
            where c.period = $1 and c.patron = $2 and c.work = $3), 0)");
    note.bind(key.period).bind(key.patron).bind(key.work).execute(tx).await?;
    let delete = sql("delete from clicks where period = $1 and patron = $2 and work = $3");
    let delete = delete.bind(key.period).bind(key.patron).bind(key.work);
    Ok(delete.execute(tx).await? == 1)
}

/// Takes a patron's click on a work back in every period that is open, with its notes, and gives
/// the points that it had. The periods' rows stay shared until the transaction ends, so that none
/// closes meanwhile.
pub async fn remove_open(tx: &mut Tx, patron: AccountId, work: WorkId) -> StoreResult<Vec<Points>> {
    let select = sql("select period from periods where closed_at is null order by period");
    let open: Vec<Period> = select.shared().fetch_all(tx, |row| row.get(0)).await?;
    let mut points = Vec::new();
    for period in open {
        if let Some(click) = find(tx, period, patron, work).await? {
            remove(tx, ClickKey { period, patron, work }).await?;
            points.push(click.points);
        }
    }
    Ok(points)
}

/// A patron's clicks of a period that began in one way (B6).
pub async fn begun(
    read: &mut Read,
    whose: (Period, AccountId),
    way: Way,
) -> StoreResult<Vec<(WorkId, CanonicalUrl)>> {
    let select = sql("
        select w.id, w.url from clicks c
        join works w on w.id = c.work
        where c.period = $1 and c.patron = $2 and c.way = $3
        order by w.id");
    let select = select.bind(whose.0).bind(whose.1).bind(&*way.code());
    select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// How many clicks of a patron's period began in each way, by its word.
pub async fn count_by_way(
    read: &mut Read,
    whose: (Period, AccountId),
) -> StoreResult<Vec<(String, i64)>> {
    let select = sql("
        select way, count(*) from clicks
        where period = $1 and patron = $2
        group by way");
    let select = select.bind(whose.0).bind(whose.1);
    select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// Signs a click with a note, replacing the one before.
pub async fn set_note(tx: &mut Tx, key: ClickKey, note: &Note, now: Timestamp) -> StoreResult<()> {
    let upsert = sql("
        insert into notes (period, patron, work, text, at) values ($1, $2, $3, $4, $5)
        on conflict (period, patron, work) do update set text = excluded.text, at = excluded.at");
    let upsert = upsert.bind(key.period).bind(key.patron).bind(key.work);
    upsert.bind(note.as_str()).bind(now).execute(tx).await.map(|_| ())
}

/// A click with what a page shows of its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// On which work.
    pub work: WorkId,
    /// Its address.
    pub url: CanonicalUrl,
    /// Its title, as [`crate::works::WorkRow::shown_title`] would have it.
    pub title: String,
    /// Who controls it.
    pub owner: Option<Handle>,
    /// Whether its owner refuses money.
    pub is_refused: bool,
    /// Its weight.
    pub points: Points,
    /// The patron's note; empty where there is none.
    pub note: String,
    /// How many times it has been carried.
    pub carries: i64,
    /// When it was last added to: the cursor with the work's id.
    pub last_at: Timestamp,
}

/// A patron's clicks of a period with their works, newest first, before a cursor.
pub async fn shown(
    read: &mut Read,
    whose: (Period, AccountId),
    before: Option<(Timestamp, WorkId)>,
    limit: i64,
) -> StoreResult<Vec<Shown>> {
    let (at, id) = before.unwrap_or((Timestamp::MAX, WorkId::new(uuid::Uuid::max())));
    let select = sql("
        select c.work, w.url, w.title, a.handle, c.points, coalesce(n.text, ''), c.carries,
            c.last_at, w.refused_at
        from (
            select period, patron, work, points, carries, last_at from clicks
            where period = $1 and patron = $2 and (last_at, work) < ($3, $4)
            order by last_at desc, work desc
            limit $5) c
        join works w on w.id = c.work
        left join accounts a on a.id = w.owner
        left join notes n on n.period = c.period and n.patron = c.patron and n.work = c.work
        order by c.last_at desc, c.work desc");
    let select = select.bind(whose.0).bind(whose.1).bind(at).bind(id).bind(limit);
    let rows = select.fetch_all(read, |row| {
        let url: CanonicalUrl = row.get(1)?;
        let (typed, owner): (String, Option<Handle>) = (row.get(2)?, row.get(3)?);
        let title = url.shown_title(&typed, owner.is_some()).to_owned();
        Ok(Shown {
            work: row.get(0)?,
            url,
            title,
            owner,
            points: row.get(4)?,
            note: row.get(5)?,
            carries: row.get(6)?,
            last_at: row.get(7)?,
            is_refused: row.get::<Option<Timestamp>>(8)?.is_some(),
        })
    });
    rows.await
}
