//! Feeds' rows, and what feeds tell: works that were claimed lately, how many patrons works had.

use jiff::Timestamp;
use obole_domain::{AccountId, Period};
use uuid::Uuid;

use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;
use crate::works::{WorkRow, work_at};

/// What an account lets be read without a sign-in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FeedRow {
    /// The number of its private feed; none while it has none.
    pub number: Option<Uuid>,
    /// When that was made.
    pub made_at: Option<Timestamp>,
    /// Whether its public feed tells how many patrons its works had.
    pub tells_patrons: bool,
}

fn feed_at(row: &Row<'_>) -> StoreResult<FeedRow> {
    Ok(FeedRow { number: row.get(0)?, made_at: row.get(1)?, tells_patrons: row.get(2)? })
}

/// An account's row; what holds without one where there is none.
pub async fn of(read: &mut Read, account: AccountId) -> StoreResult<FeedRow> {
    let select = sql("select number, made_at, tells_patrons from feeds where account = $1");
    let found = select.bind(account).fetch_optional(read, feed_at).await?;
    Ok(found.unwrap_or_default())
}

/// Whose private feed has a number, and since when.
pub async fn find(read: &mut Read, number: Uuid) -> StoreResult<Option<(AccountId, Timestamp)>> {
    let select = sql("
        select account, made_at from feeds
        where number = $1 and made_at is not null");
    select.bind(number).fetch_optional(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// Gives an account's private feed a number in place of any other; none switches it off.
pub async fn set_number(
    tx: &mut Tx,
    account: AccountId,
    number: Option<Uuid>,
    now: Timestamp,
) -> StoreResult<()> {
    let upsert = sql("
        insert into feeds (account, number, made_at, tells_patrons) values ($1, $2, $3, $4)
        on conflict (account) do update set number = excluded.number, made_at = excluded.made_at");
    let upsert = upsert.bind(account).bind(number).bind(number.map(|_| now)).bind(false);
    upsert.execute(tx).await.map(|_| ())
}

/// Says whether an account's public feed tells how many patrons its works had.
pub async fn set_tells_patrons(
    tx: &mut Tx,
    account: AccountId,
    tells_patrons: bool,
) -> StoreResult<()> {
    let upsert = sql("
        insert into feeds (account, tells_patrons) values ($1, $2)
        on conflict (account) do update set tells_patrons = excluded.tells_patrons");
    upsert.bind(account).bind(tells_patrons).execute(tx).await.map(|_| ())
}

/// Works that somebody controls and collects for, and since when, the latest first; all, or those
/// of one account.
pub async fn claimed_lately(
    read: &mut Read,
    owner: Option<AccountId>,
    limit: i64,
) -> StoreResult<Vec<(WorkRow, Timestamp)>> {
    let select = match owner {
        None => sql("
            select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at, w.owned_at
            from works w
            join accounts a on a.id = w.owner
            where w.owner is not null and w.owned_at is not null and w.refused_at is null
                and a.suspended_at is null and w.hidden_at is null
            order by w.owned_at desc, w.id
            limit $1"),
        Some(_) => sql("
            select w.id, w.url, w.title, w.owner, a.handle, w.refused_at, w.created_at, w.owned_at
            from works w
            join accounts a on a.id = w.owner
            where w.owner = $2 and w.owned_at is not null and w.refused_at is null
                and w.hidden_at is null
            order by w.owned_at desc, w.id
            limit $1"),
    };
    let select = select.bind(limit);
    let select = match owner {
        None => select,
        Some(owner) => select.bind(owner),
    };
    select.fetch_all(read, |row| Ok((work_at(row)?, row.get(7)?))).await
}

/// How many patrons the works of a payee had in settled months, the latest first, and when the
/// settlement was done. Counted as public counters are: those of the work that had most, who are
/// so many at least.
pub async fn patrons_by_period(
    read: &mut Read,
    payee: AccountId,
    limit: i64,
) -> StoreResult<Vec<(Period, i64, Timestamp)>> {
    let select = sql("
        select c.period, cast(max(c.clicks) as bigint), s.finished_at
        from credits c
        join settlements s on s.period = c.period
        where c.payee = $1 and s.finished_at is not null
        group by c.period, s.finished_at
        order by c.period desc
        limit $2");
    let select = select.bind(payee).bind(limit);
    select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
}

/// How many patrons clicked on works of each account that has an endpoint which is on, from one
/// moment to another: those of the work that had most, who are so many at least. What was carried
/// over was clicked before.
pub async fn patrons_between(
    read: &mut Read,
    (period, next): (Period, Period),
    (from, to): (Timestamp, Timestamp),
) -> StoreResult<Vec<(AccountId, i64)>> {
    let select = sql("
        select owner, cast(max(patrons) as bigint)
        from (
            select w.owner as owner, c.work as work, count(distinct c.patron) as patrons
            from clicks c
            join works w on w.id = c.work
            where c.period in ($1, $2) and c.carries = 0 and c.last_at >= $3 and c.last_at < $4
                and w.refused_at is null
                and w.owner in (select account from webhooks where off_at is null)
            group by w.owner, c.work) as counted
        group by owner
        order by owner");
    let select = select.bind(period).bind(next).bind(from).bind(to);
    select.fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}
