//! Budgets: set, at once effective.

use obole_domain::ledger::LedgerAccount;
use obole_domain::{AccountId, Currency, Micros, Money, budget};
use obole_store::{Tx, budgets, holds, ledger, settings};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::error::Result;

/// A budget as it stands after a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set {
    /// In millionths.
    pub micros: i64,
}

/// Sets a patron's budget in one currency; zero ends it. Setting the same again changes nothing,
/// so it needs no idempotency key. Refused under the policy's minimum.
pub async fn set(app: &App, patron: AccountId, budget: Money) -> Result<Set> {
    let now = app.now();
    app.write((), move |tx, ()| {
        Box::pin(async move {
            let policy = settings::policy(tx).await?;
            budget::check(budget, &policy)?;
            budgets::set(tx, patron, budget, now).await?;
            if budget.amount >= policy.budget_min {
                release_what_waits(tx, patron, budget.currency).await?;
            }
            Ok(Set { micros: budget.amount.get() })
        })
    })
    .await
}

/// Earnings that waited until their owner gives too are free now (product.md section 4, works 3).
pub(crate) async fn release_what_waits(
    tx: &mut Tx,
    owner: AccountId,
    currency: Currency,
) -> Result<()> {
    let earnings = LedgerAccount::earnings(owner, currency);
    let freed = holds::release_all(tx, earnings, holds::GIVE_TO_RECEIVE).await?;
    if freed > Micros::ZERO {
        ledger::release(tx, earnings, freed).await?;
    }
    Ok(())
}
