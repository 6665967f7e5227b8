//! Forgetting what old months were made of (P5): fourteen months after a settlement nobody can say
//! any more who gave to which work, but for those who keep it themselves. What was paid stays.

use jiff::ToSpan;
use obole_store::details;

use crate::app::App;
use crate::error::{Error, Result};

/// For how many months after its settlement it is kept what a month was made of.
pub const MONTHS: i32 = 14;

/// Drops the details that are due, a chunk of patrons in each transaction, so that it can end
/// anywhere and be done by several. Gives how many chunks this one did.
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
            Box::pin(async move { Ok(details::drop_chunk(tx, due, now).await?) })
        });
        done += u64::from(dropped.await?);
    }
}
