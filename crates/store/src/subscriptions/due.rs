//! What subscriptions are due to give, and what they gave. No row is locked while it is looked for:
//! whoever moves `due` on is the one who gives, and the key of `subscription_clicks` stands behind
//! that (D9).

use jiff::Timestamp;
use obole_domain::subscription::{Ending, Miss};
use obole_domain::{AccountId, Period, SubscriptionId, WorkId};

use super::{SubscriptionRow, subscription_at};
use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::StoreResult;

/// A subscription with what decides whether it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The subscription.
    pub subscription: SubscriptionRow,
    /// Whether the work is the patron's own.
    pub is_own: bool,
    /// Whether its owner refuses money.
    pub is_refused: bool,
    /// Whether the patron is suspended.
    pub is_suspended: bool,
}

fn due_at(row: &Row<'_>) -> StoreResult<Due> {
    let subscription = subscription_at(row)?;
    let is_own = row.get::<Option<AccountId>>(15)? == Some(subscription.patron);
    Ok(Due { subscription, is_own, is_refused: row.get(16)?, is_suspended: row.get(17)? })
}

/// One of a patron's subscriptions with what decides whether it gives. Its row is the caller's
/// until the transaction ends.
pub async fn find_due(
    tx: &mut Tx,
    patron: AccountId,
    id: SubscriptionId,
) -> StoreResult<Option<Due>> {
    let lock = sql("select id from subscriptions where patron = $1 and id = $2");
    let lock = lock.bind(patron).bind(id).locked();
    lock.fetch_optional(tx, |_| Ok(())).await?;
    let select = sql("
        select s.id, s.patron, s.work, s.points, s.periods_left, s.periods_given, s.state, s.due,
            s.last_given, s.missed, s.missed_why, s.created_at, s.started_at, s.ended_at,
            s.end_reason, w.owner, w.refused_at is not null, a.suspended_at is not null
        from subscriptions s
        join works w on w.id = s.work
        join accounts a on a.id = s.patron
        where s.patron = $1 and s.id = $2");
    select.bind(patron).bind(id).fetch_optional(tx, due_at).await
}

/// The first running subscriptions that are due in a period or before it, those of the earliest
/// period only, in the order in which all who give lock them (D6).
pub async fn due(read: &mut Read, until: Period, limit: i64) -> StoreResult<Vec<Due>> {
    let first = sql("
        select min(due) from subscriptions where state = 'running' and due <= $1");
    let first: Option<Period> = first.bind(until).fetch_one(read, |row| row.get(0)).await?;
    let Some(first) = first else { return Ok(Vec::new()) };
    let select = sql("
        select s.id, s.patron, s.work, s.points, s.periods_left, s.periods_given, s.state, s.due,
            s.last_given, s.missed, s.missed_why, s.created_at, s.started_at, s.ended_at,
            s.end_reason, w.owner, w.refused_at is not null, a.suspended_at is not null
        from subscriptions s
        join works w on w.id = s.work
        join accounts a on a.id = s.patron
        where s.state = 'running' and s.due = $1
        order by s.patron, s.id
        limit $2");
    select.bind(first).bind(limit).fetch_all(read, due_at).await
}

/// Whether a running subscription is due in a period or before it.
pub async fn is_due(read: &mut Read, until: Period) -> StoreResult<bool> {
    let select = sql("
        select 1 from subscriptions where state = 'running' and due <= $1 limit 1");
    Ok(select.bind(until).fetch_optional(read, |_| Ok(())).await?.is_some())
}

fn keyed(row: &SubscriptionRow) -> Vec<Value> {
    vec![row.patron.into(), row.id.into()]
}

/// Moves `due` on where it still is what was read, and gives those for which that was so: they are
/// the caller's to give.
pub async fn take_each(
    tx: &mut Tx,
    rows: &[SubscriptionRow],
    next: Period,
) -> StoreResult<Vec<SubscriptionId>> {
    let update = sql("
        update subscriptions set due = $4
        where patron = $1 and id = $2 and due = $3 and state = 'running'
        returning id");
    let row = |row: &SubscriptionRow| [keyed(row), vec![row.due.into(), next.into()]].concat();
    let rows: Vec<Vec<Value>> = rows.iter().map(row).collect();
    update.fetch_each(tx, &rows, |row| row.get(0)).await
}

/// Notes that these give in a period, and gives the works and patrons for which no subscription
/// had.
pub async fn note_each(
    tx: &mut Tx,
    period: Period,
    rows: &[SubscriptionRow],
    now: Timestamp,
) -> StoreResult<Vec<(AccountId, WorkId)>> {
    let insert = sql("
        insert into subscription_clicks (period, patron, work, subscription, points, given_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict do nothing
        returning patron, work");
    let row = |row: &SubscriptionRow| {
        let (patron, work, id) = (row.patron.into(), row.work.into(), row.id.into());
        vec![period.into(), patron, work, id, row.points.into(), now.into()]
    };
    let rows: Vec<Vec<Value>> = rows.iter().map(row).collect();
    insert.fetch_each(tx, &rows, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// Forgets that these gave in a period: their clicks' rows refused them.
pub async fn forget_each(tx: &mut Tx, period: Period, rows: &[SubscriptionRow]) -> StoreResult<()> {
    let delete = sql("
        delete from subscription_clicks
        where period = $1 and patron = $2 and work = $3 and subscription = $4");
    let row = |row: &SubscriptionRow| {
        vec![period.into(), row.patron.into(), row.work.into(), row.id.into()]
    };
    let rows: Vec<Vec<Value>> = rows.iter().map(row).collect();
    delete.execute_many(tx, &rows).await.map(|_| ())
}

/// Counts that these gave in a period; what has no period left is over.
pub async fn set_given_each(
    tx: &mut Tx,
    period: Period,
    rows: &[SubscriptionRow],
    now: Timestamp,
) -> StoreResult<()> {
    let update = sql("
        update subscriptions
        set last_given = $3, missed = null, missed_why = null, periods_given = periods_given + 1,
            periods_left = periods_left - 1
        where patron = $1 and id = $2");
    let given: Vec<Vec<Value>> =
        rows.iter().map(|row| [keyed(row), vec![period.into()]].concat()).collect();
    update.execute_many(tx, &given).await?;
    let over: Vec<_> = rows.iter().filter(|row| row.periods_left == Some(1)).collect();
    let over: Vec<_> = over.into_iter().map(|row| (row, Ending::Over)).collect();
    end_each(tx, &over, now).await
}

/// Notes that these gave nothing in a period, and why.
pub async fn set_missed_each(
    tx: &mut Tx,
    period: Period,
    rows: &[(&SubscriptionRow, Miss)],
) -> StoreResult<()> {
    let update = sql("
        update subscriptions set missed = $3, missed_why = $4 where patron = $1 and id = $2");
    let row = |(row, miss): &(&SubscriptionRow, Miss)| {
        [keyed(row), vec![period.into(), miss.code().into()]].concat()
    };
    let rows: Vec<Vec<Value>> = rows.iter().map(row).collect();
    update.execute_many(tx, &rows).await.map(|_| ())
}

/// Ends these.
pub async fn end_each(
    tx: &mut Tx,
    rows: &[(&SubscriptionRow, Ending)],
    now: Timestamp,
) -> StoreResult<()> {
    let update = sql("
        update subscriptions set state = 'ended', ended_at = $3, end_reason = $4
        where patron = $1 and id = $2 and ended_at is null");
    let row = |(row, ending): &(&SubscriptionRow, Ending)| {
        [keyed(row), vec![now.into(), ending.code().into()]].concat()
    };
    let rows: Vec<Vec<Value>> = rows.iter().map(row).collect();
    update.execute_many(tx, &rows).await.map(|_| ())
}
