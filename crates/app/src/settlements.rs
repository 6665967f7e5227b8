//! Settlements as they are told of: what was closed, and what it came to.

use obole_domain::Period;
use obole_store::settlements::{self, SettlementRow, Stage, Totals};

use crate::app::App;
use crate::error::Result;

/// A settlement and what it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settled {
    /// The settlement.
    pub row: SettlementRow,
    /// What it came to, by currency.
    pub totals: Vec<Totals>,
}

/// The settlement of a period; none before it is done.
pub async fn find(app: &App, period: Period) -> Result<Option<Settled>> {
    let found = app.read((), move |read, ()| {
        Box::pin(async move {
            let row = settlements::find(read, period).await?;
            Ok((row, settlements::totals(read, period).await?))
        })
    });
    let (row, totals) = found.await?;
    Ok(row.filter(|row| row.stage == Stage::Done).map(|row| Settled { row, totals }))
}
