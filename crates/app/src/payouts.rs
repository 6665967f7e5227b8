//! Payouts: creators ask, and what was asked for can be undone line by line (M8). The bank files
//! are in `payout_batches`.

use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Reason};
use obole_domain::payout::{PayoutId, PayoutState, payable};
use obole_domain::{AccountId, Currency, Micros, Money, Refusal};
use obole_store::bank_accounts::{self, BankAccountRow};
use obole_store::payouts::{self, NewPayout, PayoutRow};
use obole_store::{Read, Tx, ledger, settings};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::audit_log::Actor;
use crate::bank_accounts::{confirmed_payee, rest_hours};
use crate::claims::check_before_payout;
use crate::error::{Error, Result};
use crate::idempotency::{IdempotencyKey, Once};
use crate::moved::Moved;
use crate::notices;
use crate::quarantine;
use crate::signals;
use crate::suspense;
use crate::suspensions::decided;

/// What the keys of requests are kept under.
const ROUTE: &str = "payouts.request";

/// A payout that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requested {
    /// Which.
    pub payout: Uuid,
    /// How much left the earnings.
    pub amount: Moved,
}

/// Asks for a payout of all available earnings in whole cents. The money is in transit until an
/// administrator sends it; it goes to the bank account as it stands now.
///
/// Refused while the instance is quarantined, while a settled month is still looked over (X5),
/// without a confirmed mail address, without a bank account or with one that rests, under the
/// threshold, in what banks do not move, and while the proof of a claim is clearly not there (C4).
pub async fn request(
    app: &App,
    account: AccountId,
    key: &IdempotencyKey,
    currency: Currency,
) -> Result<Once<Requested>> {
    refuse_unbanked(currency)?;
    // A repetition is answered as the first time (K3), whatever has become of a proof.
    if !app.has_key((account, ROUTE), key).await? {
        check_before_payout(app, account).await?;
    }
    let handle = app.clone();
    app.once((account, ROUTE), key, currency, move |tx, currency| {
        let app = handle.clone();
        Box::pin(async move { request_in(&app, tx, account, *currency).await })
    })
    .await
}

/// Refuses what SEPA does not move.
pub(crate) fn refuse_unbanked(currency: Currency) -> Result<()> {
    if currency == Currency::EUR {
        return Ok(());
    }
    Err(Refusal::PayoutCurrency { code: currency.code().to_owned() }.into())
}

async fn request_in(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    currency: Currency,
) -> Result<Requested> {
    let now = app.now();
    quarantine::refuse(tx).await?;
    signals::refuse_unjudged(tx).await?;
    let bank_account = ready_bank_account(app, tx, account).await?;
    suspense::clear(app, tx, LedgerAccount::earnings(account, currency)).await?;
    let amount = what_is_payable(tx, account, currency).await?;
    let id = PayoutId::new(app.chance().id(now));
    let from = LedgerAccount::earnings(account, currency);
    let to = LedgerAccount::common(LedgerKind::InTransit, currency);
    let fact = Fact::new("payout", id, "request");
    let entry = Entry::transfer(Reason::PayoutRequested, fact, (from, to), amount.amount)?;
    let request_entry = ledger::post(tx, now, &entry).await?;
    let new = NewPayout {
        id,
        account,
        amount,
        holder: &bank_account.holder,
        iban_sealed: &bank_account.iban_sealed,
        iban_last4: &bank_account.iban_last4,
        request_entry,
        requested_at: now,
    };
    payouts::create(tx, &new).await?;
    notices::payout_moved(app, tx, (account, id), (PayoutState::Requested, amount, "")).await?;
    Ok(Requested { payout: id.uuid(), amount: amount.into() })
}

/// The bank account that money may go to now.
async fn ready_bank_account(app: &App, tx: &mut Tx, account: AccountId) -> Result<BankAccountRow> {
    confirmed_payee(tx, account).await?;
    let found = bank_accounts::find(tx, account).await?;
    let found = found.ok_or_else(|| Error::from(Refusal::BankAccountMissing {}))?;
    match rest_hours(&found, app.now()) {
        Some(hours) => Err(Refusal::BankAccountResting { hours }.into()),
        None => Ok(found),
    }
}

/// What a payout of an account's earnings would come to now. Refused under the threshold, its own
/// or the instance's, whichever is more.
pub async fn what_is_payable(
    read: &mut Read,
    account: AccountId,
    currency: Currency,
) -> Result<Money> {
    let payee = bank_accounts::payee(read, account).await?.ok_or(Error::NotFound)?;
    let threshold = settings::policy(read).await?.payout_min.max(payee.threshold);
    let earnings = LedgerAccount::earnings(account, currency);
    let available = ledger::balance(read, earnings).await?.available();
    let owed = suspense::owed(read, account, currency).await?.max(Micros::ZERO);
    let rest = available.amount.minus(owed)?.max(Micros::ZERO);
    Ok(payable(Money::new(rest, currency), threshold)?)
}

/// Undoes one payout: one that waits, or one that the bank refused after it was sent. The money
/// is in the earnings again. Once: refused for one that was reversed before, and for one in a file
/// that is not marked as sent, since the bank may still carry it out.
pub async fn reverse(app: &App, actor: Actor, id: PayoutId, reason: &str) -> Result<()> {
    decided(app, actor, reason, move |app, tx, reason| {
        Box::pin(async move {
            let payout = payouts::locked(tx, id).await?.ok_or(Error::NotFound)?;
            if !payouts::set_reversed(tx, id, reason, app.now()).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            undo(app, tx, &payout).await?;
            let details = format!("{}, {}: {reason}", payout.amount, payout.state.code());
            app.log(tx, actor, "payout.reverse", (id.to_string(), details)).await?;
            let news = (PayoutState::Reversed, payout.amount, reason);
            notices::payout_moved(app, tx, (payout.account, id), news).await
        })
    })
    .await
}

/// Books the reversals, the latest entry first.
pub(crate) async fn undo(app: &App, tx: &mut Tx, payout: &PayoutRow) -> Result<()> {
    let sent = payout.sent_entry.map(|entry| (entry, "reverse-sent"));
    for (seq, effect) in sent.into_iter().chain([(payout.request_entry, "reverse-request")]) {
        let postings = ledger::postings_of(tx, seq).await?;
        let fact = Fact::new("payout", payout.id, effect);
        let entry = Entry::reversal(seq, fact, &postings)?;
        ledger::post(tx, app.now(), &entry).await?;
    }
    // What came back first evens out what had left before a restore (V3).
    suspense::clear(app, tx, LedgerAccount::earnings(payout.account, payout.amount.currency)).await
}
