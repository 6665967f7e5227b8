//! Forgetting what old months were made of (P5): fourteen months after a settlement nobody can say
//! any more who gave to which work, but for those who keep it themselves. What was paid stays.

use jiff::{SignedDuration, ToSpan};
use obole_store::details;
use obole_store::settlements::SettlementRow;

use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};

/// For how many months after its settlement it is kept what a month was made of.
pub const MONTHS: i32 = 14;

/// The fewest days that so many months can have.
const DAYS_MIN: i64 = 14 * 30;

/// Whether a settlement whose details are gone was old enough for that, to the day.
pub(crate) fn may_have_gone(row: &SettlementRow) -> bool {
    let earliest =
        row.finished_at.map(|at| at.saturating_add(SignedDuration::from_hours(DAYS_MIN * 24)));
    let earliest = earliest.and_then(std::result::Result::ok);
    row.details_end_at.is_none_or(|gone| earliest.is_some_and(|earliest| earliest <= gone))
}

/// Drops the details that are due, a chunk of patrons in each transaction, so that it can end
/// anywhere and be done by several. Gives how many chunks this one did; none while settlements are
/// held.
pub async fn drop_due(app: &App) -> Result<u64> {
    let (app, mut done) = (app.patient(), 0);
    let now = app.now();
    let settled_before = now.to_zoned(app.zone().clone()).checked_sub(MONTHS.months());
    let settled_before = settled_before.map_err(Error::internal)?.timestamp();
    loop {
        let due = app.read((), move |read, ()| {
            Box::pin(async move { Ok(details::due(read, settled_before).await?) })
        });
        let Some(due) = due.await? else { return Ok(done) };
        let dropped = app.write((), move |tx, ()| {
            Box::pin(async move {
                // What an audit found is looked at first: nothing that shows it may go.
                audit::refuse_held(tx).await?;
                Ok(details::drop_chunk(tx, due, now).await?)
            })
        });
        match dropped.await {
            Err(Error::Refused(_)) => return Ok(done),
            dropped => done += u64::from(dropped?),
        }
    }
}
