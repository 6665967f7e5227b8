//! What those concerned are told when money moves or a work changes hands: one mail each, queued
//! in the command's transaction (A2).

use obole_domain::payout::PayoutState;
use obole_domain::{AccountId, Money, WorkId};
use obole_store::Tx;

use crate::app::App;
use crate::error::Result;

/// The bank account that an account's payouts go to has changed (M8).
pub(crate) async fn bank_account_changed(
    _app: &App,
    _tx: &mut Tx,
    _account: AccountId,
    _last4: &str,
) -> Result<()> {
    Ok(())
}

/// A payout was asked for, sent or reversed; `reason` says why it was reversed.
pub(crate) async fn payout_moved(
    _app: &App,
    _tx: &mut Tx,
    _account: AccountId,
    _news: (PayoutState, Money, &str),
) -> Result<()> {
    Ok(())
}

/// A refund was given back, or declined for a reason.
pub(crate) async fn refund_ended(
    _app: &App,
    _tx: &mut Tx,
    _account: AccountId,
    _news: (bool, Money, &str),
) -> Result<()> {
    Ok(())
}

/// A work is an account's now, or is not any more.
pub(crate) async fn claim_moved(
    _app: &App,
    _tx: &mut Tx,
    _account: AccountId,
    _news: (bool, WorkId, &str),
) -> Result<()> {
    Ok(())
}
