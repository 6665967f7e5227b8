//! What had left for an account beyond what the books say it had: a restore finds it (V3), and it
//! is taken off before the account's money can leave again, so that nothing is paid twice.

use obole_domain::ledger::{Entry, Fact, LedgerAccount, Reason};
use obole_domain::{AccountId, Currency, Micros};
use obole_store::{Read, Tx, ledger};

use crate::app::App;
use crate::error::Result;

/// How much had left beyond what an account had; below zero where too much was taken off.
pub(crate) async fn owed(read: &mut Read, owner: AccountId, currency: Currency) -> Result<Micros> {
    let balance = ledger::balance(read, LedgerAccount::suspense(owner, currency)).await?;
    // It is a claim on the account: a debit.
    Ok(balance.total.amount.negated()?)
}

/// Takes off what a wallet or earnings can bear, or gives back what was taken off too much.
pub(crate) async fn clear(app: &App, tx: &mut Tx, from: LedgerAccount) -> Result<()> {
    let Some(owner) = from.owner else { return Ok(()) };
    let owed = owed(tx, owner, from.currency).await?;
    if owed == Micros::ZERO {
        return Ok(());
    }
    let suspense = LedgerAccount::suspense(owner, from.currency);
    let (between, amount) = if owed.is_positive() {
        let available = ledger::balance(tx, from).await?.available().amount;
        ((from, suspense), owed.min(available))
    } else {
        ((suspense, from), owed.negated()?)
    };
    if !amount.is_positive() {
        return Ok(());
    }
    let fact = Fact::new("suspense", app.chance().id(app.now()), "clear");
    let entry = Entry::transfer(Reason::SuspenseCleared, fact, between, amount)?;
    ledger::post(tx, app.now(), &entry).await?;
    Ok(())
}
