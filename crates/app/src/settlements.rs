//! Settlements as they are told of: what was closed, and what it came to.

use obole_domain::Period;
use obole_store::settlements::{self, Figures, SettlementRow, Stage, Totals};

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

/// Settlements that are done, newest first, before a period.
pub async fn list(app: &App, before: Option<Period>, limit: i64) -> Result<Vec<Settled>> {
    let before = before.unwrap_or_else(|| app.clock_period().next());
    app.read((), move |read, ()| {
        Box::pin(async move {
            let mut settled = Vec::new();
            for row in settlements::list(read, before, limit).await? {
                let totals = settlements::totals(read, row.period).await?;
                settled.push(Settled { row, totals });
            }
            settled.retain(|settled| settled.row.stage == Stage::Done);
            Ok(settled)
        })
    })
    .await
}

/// What all settled periods came to together.
pub async fn figures(app: &App) -> Result<Figures> {
    app.read((), |read, ()| Box::pin(async move { Ok(settlements::figures(read).await?) })).await
}
