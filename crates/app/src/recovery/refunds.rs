//! Refunds that left: an administrator noted each in the journal before it was booked.

use obole_domain::ledger::{Fact, LedgerAccount, Reason};
use obole_domain::payout::{RefundId, RefundState};
use obole_domain::{AccountId, Money};
use obole_store::refunds::{self, End, NewRefund, RefundRow};
use obole_store::{Tx, accounts};

use super::instructions::Refund;
use super::{Left, book_left, book_request, book_stranger, money};
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::quarantine::{Found, Outcome};

/// Books a refund; none where it was booked before.
pub(super) async fn apply(app: &App, actor: Actor, refund: Refund) -> Result<Option<Found>> {
    let handle = app.clone();
    app.write(refund, move |tx, refund| {
        let app = handle.clone();
        Box::pin(async move {
            super::begin(&app, tx, actor).await?;
            let Some(outcome) = apply_in(&app, tx, refund).await? else { return Ok(None) };
            let about = (refund.refund.to_string(), format!("{outcome:?}"));
            app.log(tx, actor, "refund.recover", about).await?;
            let account = AccountId::new(refund.account);
            let left = (account, refund.amount_micros, refund.currency.as_str());
            let named = ("refund", refund.refund.to_string());
            super::found(tx, named, left, outcome).await.map(Some)
        })
    })
    .await
}

async fn apply_in(app: &App, tx: &mut Tx, refund: &Refund) -> Result<Option<Outcome>> {
    let Some(amount) = money(app, refund.amount_micros, &refund.currency) else {
        return Ok(Some(Outcome::Unclear));
    };
    let left = Left { account: AccountId::new(refund.account), amount };
    let id = RefundId::new(refund.refund);
    if let Some(row) = refunds::find(tx, id).await? {
        return apply_to_row(app, tx, &row, left).await;
    }
    if accounts::find(tx, left.account).await?.is_none() {
        let entry = (Reason::RefundExecuted, Fact::new("refund", id, "execute"));
        let is_new = book_stranger(app, tx, entry, amount).await?;
        return Ok(is_new.then_some(Outcome::Stranger));
    }
    let from = LedgerAccount::wallet(left.account, amount.currency);
    let entry = (Reason::RefundRequested, Fact::new("refund", id, "request"));
    let (request_entry, is_owed) = book_request(app, tx, entry, (from, left)).await?;
    let (account, requested_at) = (left.account, app.now());
    let new = NewRefund { id, account, amount, note: "", request_entry, requested_at };
    refunds::create(tx, &new).await?;
    execute(app, tx, id, amount).await?;
    Ok(Some(if is_owed { Outcome::Owed } else { Outcome::Booked }))
}

/// Books a refund whose row the backup had.
async fn apply_to_row(
    app: &App,
    tx: &mut Tx,
    row: &RefundRow,
    left: Left,
) -> Result<Option<Outcome>> {
    let is_same = row.account == left.account && row.amount == left.amount;
    match row.state {
        RefundState::Executed => Ok(None),
        RefundState::Requested if is_same => {
            execute(app, tx, row.id, row.amount).await?;
            Ok(Some(Outcome::Booked))
        }
        RefundState::Requested | RefundState::Declined => Ok(Some(Outcome::Unclear)),
    }
}

async fn execute(app: &App, tx: &mut Tx, id: RefundId, money: Money) -> Result<()> {
    let end = End { state: RefundState::Executed, reason: "", at: app.now() };
    if !refunds::set_ended(tx, id, end).await? {
        return Err(Error::internal(format!("the refund {id} moved while it was booked")));
    }
    let entry = (Reason::RefundExecuted, Fact::new("refund", id, "execute"));
    book_left(app, tx, entry, money).await.map(|_| ())
}
