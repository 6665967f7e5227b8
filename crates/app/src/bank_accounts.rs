//! Creators' bank accounts: set by a creator with a confirmed mail address (A3); a changed one
//! rests before money goes there (M8).

use jiff::{SignedDuration, Timestamp};
use obole_domain::click::clean_text;
use obole_domain::policy::BANK_REST_HOURS;
use obole_domain::{AccountId, Micros, Money, Refusal};
pub use obole_gateway::sepa::Iban;
use obole_gateway::sepa::text::{NAME_MAX, to_sepa};
use obole_store::bank_accounts::{self, BankAccountRow, PayeeRow};
use obole_store::{Read, settings};

use crate::app::App;
use crate::error::{Error, Result};
use crate::notices;

/// A bank account as its owner typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBankAccount {
    /// The holder's name as the bank knows it.
    pub holder: String,
    /// The IBAN.
    pub iban: Iban,
}

/// Sets where an account's payouts go. The first one is good at once; a changed one rests
/// [`BANK_REST_HOURS`], and the owner is told by mail. Setting the same again changes nothing, so
/// it needs no idempotency key.
///
/// Refused without a confirmed mail address, and for a holder whom banks cannot write.
pub async fn set(app: &App, account: AccountId, new: NewBankAccount) -> Result<()> {
    let holder = clean_text(&new.holder, NAME_MAX)?;
    if to_sepa(&holder, NAME_MAX).is_empty() {
        return Err(Refusal::HolderMalformed {}.into());
    }
    let before = app.read((), move |read, ()| {
        Box::pin(async move { Ok(bank_accounts::find(read, account).await?) })
    });
    let before: Option<BankAccountRow> = before.await?;
    let now = app.now();
    let (rests_until, is_change) = match &before {
        None => (now, false),
        Some(before) if is_same(app, before, &new.iban)? => (before.rests_until, false),
        Some(_) => (rested(now), true),
    };
    let row = BankAccountRow {
        holder,
        iban_sealed: app.secrets().seal(app.chance(), new.iban.electronic())?,
        iban_mac: Some(mac(app, new.iban.electronic())),
        iban_last4: new.iban.last_four().to_owned(),
        // One that replaces another in the same moment must still be told apart from it.
        set_at: before.as_ref().map_or(now, |before| now.max(after(before.set_at))),
        rests_until,
    };
    let (handle, set_at) = (app.clone(), before.map(|before| before.set_at));
    app.write(row, move |tx, row| {
        let app = handle.clone();
        Box::pin(async move {
            confirmed_payee(tx, account).await?;
            if !bank_accounts::set(tx, account, row, set_at).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            if is_change {
                notices::bank_account_changed(&app, tx, account, &row.iban_last4).await?;
            }
            Ok(())
        })
    })
    .await
}

/// By which the same IBAN of another account is seen (X3).
pub(crate) fn mac(app: &App, electronic: &str) -> [u8; 32] {
    app.secrets().mac("iban", electronic.as_bytes())
}

/// Whether the money still goes to the same place.
fn is_same(app: &App, before: &BankAccountRow, iban: &Iban) -> Result<bool> {
    Ok(app.secrets().open(&before.iban_sealed)? == iban.electronic())
}

fn rested(now: Timestamp) -> Timestamp {
    now.saturating_add(SignedDuration::from_hours(BANK_REST_HOURS)).unwrap_or(Timestamp::MAX)
}

fn after(moment: Timestamp) -> Timestamp {
    moment.saturating_add(SignedDuration::from_micros(1)).unwrap_or(Timestamp::MAX)
}

/// How many hours a bank account still rests, rounded up; none when it is ready.
#[must_use]
pub fn rest_hours(row: &BankAccountRow, now: Timestamp) -> Option<i64> {
    let left = row.rests_until.duration_since(now).as_secs();
    (left > 0).then(|| left.saturating_add(3_599) / 3_600)
}

/// The payee, whose mail address must be confirmed (A3).
pub(crate) async fn confirmed_payee(read: &mut Read, account: AccountId) -> Result<PayeeRow> {
    let payee = bank_accounts::payee(read, account).await?.ok_or(Error::NotFound)?;
    if payee.is_confirmed { Ok(payee) } else { Err(Refusal::EmailUnconfirmed {}.into()) }
}

/// Sets the smallest payout that an account wants, in the unit of each currency. Refused under
/// the instance's minimum. Setting the same again changes nothing, so it needs no key.
pub async fn set_threshold(app: &App, account: AccountId, threshold: Micros) -> Result<()> {
    let currency = app.main_currency();
    app.write((), move |tx, ()| {
        Box::pin(async move {
            let minimum = settings::policy(tx).await?.payout_min;
            if threshold < minimum {
                let minimum = Money::new(minimum, currency);
                return Err(Refusal::ThresholdTooSmall { minimum }.into());
            }
            Ok(bank_accounts::set_threshold(tx, account, threshold).await?)
        })
    })
    .await
}
