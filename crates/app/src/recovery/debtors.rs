//! Accounts for which more had left than they have now: what they had asked for before the backup
//! and what did not leave goes back to where it came from, and the debt is taken off that.

use obole_domain::ledger::LedgerAccount;
use obole_domain::payout::{PayoutState, RefundState};
use obole_domain::{AccountId, Currency};
use obole_store::refunds::{End, RefundRow};
use obole_store::{Tx, payout_batches, payouts, refunds, suspense as rows};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::Result;
use crate::suspense;

/// The most payouts and refunds of an account that are looked at.
const LISTED: i64 = 1_000;

/// Why a payout or refund went back, for the log and its owner.
const WHY: &str = "restored from a backup; other money had left meanwhile";

/// Evens out what can be, for every account that owes.
pub(super) async fn settle(app: &App, tx: &mut Tx, actor: Actor) -> Result<()> {
    for (owner, currency) in rows::debtors(tx).await? {
        take_back_payouts(app, tx, actor, (owner, currency)).await?;
        take_back_refunds(app, tx, actor, (owner, currency)).await?;
        suspense::clear(app, tx, LedgerAccount::earnings(owner, currency)).await?;
        suspense::clear(app, tx, LedgerAccount::wallet(owner, currency)).await?;
    }
    Ok(())
}

async fn take_back_payouts(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (owner, currency): (AccountId, Currency),
) -> Result<()> {
    for payout in payouts::of_account(tx, owner, None, LISTED).await? {
        let is_open = matches!(payout.state, PayoutState::Requested | PayoutState::Batched);
        if !is_open || payout.amount.currency != currency {
            continue;
        }
        if let Some(batch) = payout.batch
            && payout_batches::set_discarded(tx, batch, app.now()).await?
        {
            payouts::set_requested(tx, batch).await?;
        }
        if payouts::set_reversed(tx, payout.id, WHY, app.now()).await? {
            crate::payouts::undo(app, tx, &payout).await?;
            let details = format!("{}: {WHY}", payout.amount);
            app.log(tx, actor, "payout.reverse", (payout.id.to_string(), details)).await?;
        }
    }
    Ok(())
}

async fn take_back_refunds(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (owner, currency): (AccountId, Currency),
) -> Result<()> {
    for refund in refunds::of_account(tx, owner, LISTED).await? {
        let is_open = refund.state == RefundState::Requested;
        if is_open && refund.amount.currency == currency {
            decline(app, tx, &refund).await?;
            let details = format!("{}: {WHY}", refund.amount);
            app.log(tx, actor, "refund.decline", (refund.id.to_string(), details)).await?;
        }
    }
    Ok(())
}

async fn decline(app: &App, tx: &mut Tx, refund: &RefundRow) -> Result<()> {
    let end = End { state: RefundState::Declined, reason: WHY, at: app.now() };
    if refunds::set_ended(tx, refund.id, end).await? {
        crate::refunds::undo(app, tx, refund).await?;
    }
    Ok(())
}
