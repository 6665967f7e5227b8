//! Refunds: a patron takes unspent money out of the wallet again (M5); an administrator gives it
//! back by hand, or declines with a reason.

use jiff::{SignedDuration, Timestamp};
use obole_domain::click::clean_text;
use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Reason};
use obole_domain::payout::{RefundId, RefundState};
use obole_domain::{AccountId, Money, Note, Refusal};
use obole_store::refunds::{self, End, NewRefund, RefundRow};
use obole_store::wallets as rows;
use obole_store::{Tx, ledger};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::audit::refuse_held;
use crate::audit_log::{self, Actor};
use crate::bank_accounts::confirmed_payee;
use crate::error::{Error, Result};
use crate::idempotency::{IdempotencyKey, Once};
use crate::moved::Moved;
use crate::notices;
use crate::quarantine;
use crate::suspense;
use crate::suspensions::{decided, require_admin};
use crate::wallets::Parts;

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

/// Asks for unspent money back; it is in transit until an administrator has answered.
///
/// Refused while the instance is quarantined, without a confirmed mail address (A3), where less is
/// available, for what came from earnings, which leaves as a payout (decision 8), for what is finer
/// than a cent, and without a note.
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
            confirmed_payee(tx, account).await?;
            let from = LedgerAccount::wallet(account, amount.currency);
            suspense::clear(&app, tx, from).await?;
            refuse_earned(tx, from, amount).await?;
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

/// Refuses more than what came from outside: earnings leave by the rules of payouts.
async fn refuse_earned(tx: &mut Tx, wallet: LedgerAccount, amount: Money) -> Result<()> {
    let parts = rows::parts_locked(tx, wallet).await?;
    let available = parts.balance.available();
    if amount.amount > available.amount {
        return Err(Refusal::NotEnough { available }.into());
    }
    let refundable = Parts::of(parts)?.refundable;
    if amount.amount > refundable.amount {
        return Err(Refusal::RefundOfEarnings { refundable }.into());
    }
    Ok(())
}

/// How long an execution is left alone. After that another call finishes it: the process that
/// began it was killed.
const EXECUTION: SignedDuration = SignedDuration::from_mins(1);

/// Notes that an administrator gave the money back, and how: in three steps, so that the outbound
/// journal has it exactly once and before it is booked (M9), and no transaction waits for the disk
/// (D10). Refused when the refund does not wait any more, and while another call is at it.
pub async fn execute(app: &App, actor: Actor, id: RefundId, how: &str) -> Result<()> {
    let how = audit_log::reason(how)?;
    let began_at = app.now();
    let begun = begin(app, actor, id, began_at).await?;
    if let Err(error) = journal(app, &begun).await {
        release(app, id, began_at).await?;
        return Err(error);
    }
    finish(app, actor, begun.refund, how).await
}

/// A refund that this call alone executes.
struct Begun {
    refund: RefundRow,
    /// Whether an earlier call did not come to its end: it may have written the journal.
    is_again: bool,
}

async fn begin(app: &App, actor: Actor, id: RefundId, now: Timestamp) -> Result<Begun> {
    let stale = now.checked_sub(EXECUTION).map_err(Error::internal)?;
    app.write((), move |tx, ()| {
        Box::pin(async move {
            require_admin(tx, actor).await?;
            refuse_held(tx).await?;
            let refund = refunds::locked(tx, id).await?.ok_or(Error::NotFound)?;
            if !refunds::set_begun(tx, id, now, stale).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            Ok(Begun { is_again: refund.state == RefundState::Executing, refund })
        })
    })
    .await
}

/// The journal refused: the refund waits as before.
async fn release(app: &App, id: RefundId, began_at: Timestamp) -> Result<()> {
    let released = app.write((), move |tx, ()| {
        Box::pin(async move { Ok(refunds::set_waiting(tx, id, began_at).await?) })
    });
    released.await.map(|_| ())
}

async fn finish(app: &App, actor: Actor, refund: RefundRow, how: String) -> Result<()> {
    let handle = app.clone();
    app.write((refund, how), move |tx, (refund, how)| {
        let app = handle.clone();
        Box::pin(async move {
            end(&app, tx, refund, (RefundState::Executing, RefundState::Executed, how)).await?;
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

/// Appends what is needed to book this refund again after a restore (V3), unless an execution that
/// was cut short did so before.
async fn journal(app: &App, begun: &Begun) -> Result<()> {
    let refund = &begun.refund;
    if begun.is_again && is_journaled(app, refund.id).await? {
        return Ok(());
    }
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

/// Whether the journal has a refund.
async fn is_journaled(app: &App, id: RefundId) -> Result<bool> {
    let id = id.to_string();
    let lines = app.journal().read_all().await.map_err(Error::internal)?;
    let refunds = lines.iter().filter_map(|line| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        line.get("refund")?.as_str().map(ToOwned::to_owned)
    });
    Ok(refunds.into_iter().any(|refund| refund == id))
}

/// Declines a refund with a reason: the money is in the wallet again.
pub async fn decline(app: &App, actor: Actor, id: RefundId, reason: &str) -> Result<()> {
    decided(app, actor, reason, move |app, tx, reason| {
        Box::pin(async move {
            let refund = refunds::locked(tx, id).await?.ok_or(Error::NotFound)?;
            end(app, tx, &refund, (RefundState::Requested, RefundState::Declined, reason)).await?;
            undo(app, tx, &refund).await?;
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

/// Ends a refund that stands in the first state, in the second, and tells its patron.
async fn end(
    app: &App,
    tx: &mut Tx,
    refund: &RefundRow,
    how: (RefundState, RefundState, &str),
) -> Result<()> {
    let (from, state, reason) = how;
    if !refunds::set_ended(tx, refund.id, from, End { state, reason, at: app.now() }).await? {
        return Err(Refusal::StateMoved {}.into());
    }
    let news = (state == RefundState::Executed, refund.amount, reason);
    notices::refund_ended(app, tx, refund.account, news).await
}
