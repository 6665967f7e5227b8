//! The details of old months (security.md P5): the clicks, what each came to, and the promises that
//! ended. They go a chunk of patrons at a time; sums stay, and so do the details of those who keep
//! them.

use jiff::Timestamp;
use obole_domain::policy::PROMISE_MONTHS;
use obole_domain::statement::Statement;
use obole_domain::{AccountId, Period};

use crate::chunks::ranges;
use crate::db::{Read, Tx, Value, sql};
use crate::error::StoreResult;
use crate::freeze::Range;
use crate::shares;

/// A chunk of a month whose details are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueDetails {
    /// Which month.
    pub period: Period,
    /// The chunk's number, and that of the one after it; none after the last.
    pub chunk: (i64, Option<i64>),
    /// Its patrons; none in a month without any.
    pub range: Option<Range>,
}

/// The next chunk of the oldest month that was settled before a moment, and whose promises have all
/// ended.
pub async fn due(read: &mut Read, settled_before: Timestamp) -> StoreResult<Option<DueDetails>> {
    let select = sql("
        select period, details_chunk from settlements
        where state = 'done' and finished_at < $1 and details_chunk is not null
            and period < (select max(period) from settlements where state = 'done') - $2
        order by period
        limit 1");
    let select = select.bind(settled_before).bind(i64::from(PROMISE_MONTHS));
    let found: Option<(Period, i64)> =
        select.fetch_optional(read, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let Some((period, number)) = found else { return Ok(None) };
    let mut left = ranges(read, period).await?.into_iter().filter(|(other, _)| *other >= number);
    let range = left.next().map(|(_, range)| range);
    let next = left.next().map(|(next, _)| next);
    Ok(Some(DueDetails { period, chunk: (number, next), range }))
}

/// Drops the details of a chunk. False where another node did.
pub async fn drop_chunk(tx: &mut Tx, due: DueDetails, now: Timestamp) -> StoreResult<bool> {
    let (number, next) = due.chunk;
    let update = sql("
        update settlements
        set details_chunk = $3, details_end_at = coalesce(details_end_at, $4)
        where period = $1 and details_chunk = $2");
    let update = update.bind(due.period).bind(number).bind(next).bind(now);
    if update.execute(tx).await? != 1 {
        return Ok(false);
    }
    if let Some(range) = due.range {
        condense_statements(tx, due.period, range).await?;
        drop_rows(tx, due.period, range).await?;
    }
    Ok(true)
}

/// Drops the details of months that have gone for all others: for a patron who kept them and does
/// not any more, or is gone.
pub async fn drop_kept(tx: &mut Tx, patron: AccountId) -> StoreResult<()> {
    let select = sql("
        select period from settlements where details_end_at is not null order by period");
    let periods: Vec<Period> = select.fetch_all(tx, |row| row.get(0)).await?;
    for period in periods {
        let mut rows = Vec::new();
        for statement in shares::statements_of(tx, patron, period).await? {
            rows.push(condensed(period, patron, &statement)?);
        }
        put_condensed(tx, &rows).await?;
        let clicks = sql("delete from clicks where period = $1 and patron = $2");
        clicks.bind(period).bind(patron).execute(tx).await?;
        let promises = sql("
            delete from promises
            where patron = $2 and (settles = $1 or (settles is null and period = $1))");
        promises.bind(period).bind(patron).execute(tx).await?;
    }
    Ok(())
}

async fn drop_rows(tx: &mut Tx, period: Period, range: Range) -> StoreResult<()> {
    let clicks = sql("
        delete from clicks
        where period = $1 and patron > $2 and patron <= $3
            and patron not in (select id from accounts where keeps_details)");
    clicks.bind(period).bind(range.after).bind(range.last).execute(tx).await?;
    // What a later month collected is that month's detail.
    let promises = sql("
        delete from promises
        where patron > $2 and patron <= $3 and (settles = $1 or (settles is null and period = $1))
            and patron not in (select id from accounts where keeps_details)");
    promises.bind(period).bind(range.after).bind(range.last).execute(tx).await.map(|_| ())
}

async fn condense_statements(tx: &mut Tx, period: Period, range: Range) -> StoreResult<()> {
    // Kept so until this is done: who stops meanwhile finds the month among those that have gone.
    let keepers = sql("
        select id from accounts where keeps_details and id > $1 and id <= $2 order by id");
    let keepers = keepers.shared().bind(range.after).bind(range.last);
    let keepers: Vec<AccountId> = keepers.fetch_all(tx, |row| row.get(0)).await?;
    let statements = shares::statements_between(tx, period, range).await?;
    let others = statements.iter().filter(|(patron, _)| keepers.binary_search(patron).is_err());
    let mut rows: Vec<Vec<Value>> = Vec::new();
    for (patron, statement) in others {
        rows.push(condensed(period, *patron, statement)?);
    }
    put_condensed(tx, &rows).await
}

fn condensed(period: Period, patron: AccountId, statement: &Statement) -> StoreResult<Vec<Value>> {
    let body = statement.condensed()?.pack().body;
    let key = [period.into(), patron.into(), statement.currency.into()];
    Ok(key.into_iter().chain([body.as_slice().into()]).collect())
}

async fn put_condensed(tx: &mut Tx, rows: &[Vec<Value>]) -> StoreResult<()> {
    let update = "
        update statements set body = $4
        where period = $1 and patron = $2 and currency = $3";
    sql(update).execute_many(tx, rows).await.map(|_| ())
}
