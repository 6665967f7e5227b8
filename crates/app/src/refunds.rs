//! Refunds: a patron takes unspent money out of the wallet again (M5); an administrator gives it
//! back by hand, or declines with a reason.

use obole_domain::click::clean_text;
use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Reason};
use obole_domain::payout::{RefundId, RefundState};
use obole_domain::{AccountId, Money, Note, Refusal};
use obole_store::refunds::{self, End, NewRefund, RefundRow};
use obole_store::{Tx, ledger};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::audit::refuse_held;
use crate::audit_log::{self, Actor};
use crate::error::{Error, Result};
use crate::idempotency::{IdempotencyKey, Once};
use crate::moved::Moved;
use crate::notices;
use crate::quarantine;
use crate::suspense;
use crate::suspensions::require_admin;

/// Unspent money that a patron wants back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    /// How much.
    pub amount: Money,
    /// How to give it back: which voucher it was, whom to ask.
    pub note: String,
}

/// A refund that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// Which.
    pub refund: Uuid,
    /// How much left the wallet.
    pub amount: Moved,
}

/// Asks for unspent money back; it is in transit until an administrator has answered. Refused
/// while the instance is quarantined, where less is available, for what is finer than a cent, and
/// without a note.
pub async fn request(
    app: &App,
    account: AccountId,
    key: &IdempotencyKey,
    request: RefundRequest,
) -> Result<Once<Requested>> {
    let note = clean_text(&request.note, Note::LENGTH_MAX)?;
    if note.is_empty() {
        return Err(Refusal::Missing {}.into());
    }
    let amount = request.amount;
    if amount.amount.whole_cents(amount.currency) != amount.amount {
        let decimals = i64::from(amount.currency.decimals());
        return Err(Refusal::AmountTooFine { decimals }.into());
    }
    let now = app.now();
    let id = RefundId::new(app.chance().id(now));
    let handle = app.clone();
    app.once((account, "refunds.request"), key, note, move |tx, note| {
        let app = handle.clone();
        Box::pin(async move {
            quarantine::refuse(tx).await?;
            let from = LedgerAccount::wallet(account, amount.currency);
            suspense::clear(&app, tx, from).await?;
            let to = LedgerAccount::common(LedgerKind::InTransit, amount.currency);
            let fact = Fact::new("refund", id, "request");
            let entry = Entry::transfer(Reason::RefundRequested, fact, (from, to), amount.amount)?;
            let request_entry = ledger::post(tx, now, &entry).await?;
            let new = NewRefund { id, account, amount, note, request_entry, requested_at: now };
            refunds::create(tx, &new).await?;
            Ok(Requested { refund: id.uuid(), amount: amount.into() })
        })
    })
    .await
}

/// Notes that an administrator gives the money back, and how. The outbound journal has it first
/// (M9). Refused when the refund does not wait any more.
pub async fn execute(app: &App, actor: Actor, id: RefundId, how: &str) -> Result<()> {
    let how = audit_log::reason(how)?;
    let waiting = app.read((), move |read, ()| {
        Box::pin(async move {
            refuse_held(read).await?;
            Ok(refunds::find(read, id).await?)
        })
    });
    let refund: RefundRow = waiting.await?.ok_or(Error::NotFound)?;
    if refund.state != RefundState::Requested {
        return Err(Refusal::StateMoved {}.into());
    }
    journal(app, &refund).await?;
    let handle = app.clone();
    app.write((refund, how), move |tx, (refund, how)| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            end(&app, tx, refund, (RefundState::Executed, how)).await?;
            let common = |kind| LedgerAccount::common(kind, refund.amount.currency);
            let between = (common(LedgerKind::InTransit), common(LedgerKind::Bank));
            let fact = Fact::new("refund", refund.id, "execute");
            let amount = refund.amount.amount;
            let entry = Entry::transfer(Reason::RefundExecuted, fact, between, amount)?;
            ledger::post(tx, app.now(), &entry).await?;
            let details = format!("{}: {how}", refund.amount);
            app.log(tx, actor, "refund.execute", (refund.id.to_string(), details)).await
        })
    })
    .await
}

/// Appends what is needed to book this refund again after a restore (V3).
async fn journal(app: &App, refund: &RefundRow) -> Result<()> {
    let line = serde_json::json!({
        "kind": "refund",
        "at": app.now().to_string(),
        "refund": refund.id.uuid(),
        "account": refund.account.uuid(),
        "currency": refund.amount.currency.code(),
        "amount_micros": refund.amount.amount.get(),
    });
    app.journal().append(&line.to_string()).await.map_err(Error::internal)
}

/// Declines a refund with a reason: the money is in the wallet again.
pub async fn decline(app: &App, actor: Actor, id: RefundId, reason: &str) -> Result<()> {
    let reason = audit_log::reason(reason)?;
    let handle = app.clone();
    app.write(reason, move |tx, reason| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let refund = refunds::find(tx, id).await?.ok_or(Error::NotFound)?;
            end(&app, tx, &refund, (RefundState::Declined, reason)).await?;
            undo(&app, tx, &refund).await?;
            let details = format!("{}: {reason}", refund.amount);
            app.log(tx, actor, "refund.decline", (id.to_string(), details)).await
        })
    })
    .await
}

/// Books that a refund is declined.
pub(crate) async fn undo(app: &App, tx: &mut Tx, refund: &RefundRow) -> Result<()> {
    let postings = ledger::postings_of(tx, refund.request_entry).await?;
    let fact = Fact::new("refund", refund.id, "decline");
    let entry = Entry::reversal(refund.request_entry, fact, &postings)?;
    ledger::post(tx, app.now(), &entry).await?;
    Ok(())
}

/// Ends a refund that waits and tells its patron.
async fn end(
    app: &App,
    tx: &mut Tx,
    refund: &RefundRow,
    how: (RefundState, &String),
) -> Result<()> {
    let (state, reason) = how;
    if !refunds::set_ended(tx, refund.id, End { state, reason, at: app.now() }).await? {
        return Err(Refusal::StateMoved {}.into());
    }
    let news = (state == RefundState::Executed, refund.amount, reason.as_str());
    notices::refund_ended(app, tx, refund.account, news).await
}
