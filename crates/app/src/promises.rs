//! Promises: a patron can let go of them at any time (product.md section 4, works 1).

use obole_domain::ledger::LedgerAccount;
use obole_domain::{AccountId, Money, Period, Refusal, WorkId};
use obole_store::{ledger, promises};

use crate::app::App;
use crate::error::Result;

/// Lets go of what a patron promised to a work in a period: the money is free again. Refused
/// where no such promise stands.
pub async fn let_go(
    app: &App,
    patron: AccountId,
    period: Period,
    work: WorkId,
) -> Result<Vec<Money>> {
    let now = app.now();
    app.write((), move |tx, ()| {
        Box::pin(async move {
            let freed = promises::let_go(tx, patron, (period, work), now).await?;
            if freed.is_empty() {
                return Err(Refusal::StateMoved {}.into());
            }
            for money in &freed {
                let wallet = LedgerAccount::wallet(patron, money.currency);
                ledger::release(tx, wallet, money.amount).await?;
            }
            Ok(freed)
        })
    })
    .await
}
