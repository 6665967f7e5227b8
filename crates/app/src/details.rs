//! Forgetting what old months were made of (P5): fourteen months after a settlement nobody can say
//! any more who gave to which work, but for those who keep it themselves. What was paid stays.

use jiff::ToSpan;
use obole_domain::statement::DETAILS_MONTHS;
use obole_store::details;

use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};

/// Drops the details that are due, a chunk of patrons in each transaction, so that it can end
/// anywhere and be done by several. Gives how many chunks this one did; none while settlements are
/// held.
pub async fn drop_due(app: &App) -> Result<u64> {
    let (app, mut done) = (app.patient(), 0);
    let now = app.now();
    let settled_before = now.to_zoned(app.zone().clone()).checked_sub(DETAILS_MONTHS.months());
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
