//! The promises that a settlement collects from a range of patrons.

use jiff::Timestamp;
use obole_domain::statement::Collected;
use obole_domain::{AccountId, Currency, Period};

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;
use crate::freeze::Range;

/// The promises that a settlement collected from a range of patrons are done.
pub async fn end_collecting(
    tx: &mut Tx,
    period: Period,
    range: Range,
    now: Timestamp,
) -> StoreResult<()> {
    let update = sql("
        update promises set state = 'collected', ended_at = $4
        where settles = $1 and state = 'collecting' and patron > $2 and patron <= $3");
    let update = update.bind(period).bind(range.after).bind(range.last).bind(now);
    update.execute(tx).await.map(|_| ())
}

/// The promises that a settlement collects or collected from a range of patrons, in key order.
pub async fn of_settlement(
    read: &mut Read,
    period: Period,
    range: Range,
) -> StoreResult<Vec<(AccountId, Currency, Collected)>> {
    let select = sql("
        select patron, currency, work, period, amount_micros from promises
        where settles = $1 and patron > $2 and patron <= $3
        order by patron, currency, work, period");
    let rows = select.bind(period).bind(range.after).bind(range.last).fetch_all(read, |row| {
        let promise = Collected { work: row.get(2)?, period: row.get(3)?, amount: row.get(4)? };
        Ok((row.get(0)?, row.get(1)?, promise))
    });
    rows.await
}
