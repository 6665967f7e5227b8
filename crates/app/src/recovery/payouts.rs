//! Payouts that left: the bank may have every file that the journal has, so each of its payouts
//! counts as sent. A line that the bank does not show can be reversed by hand.

use obole_domain::ledger::{Fact, LedgerAccount, Reason};
use obole_domain::payout::{BatchId, PayoutId, PayoutState};
use obole_domain::{AccountId, Micros, Money};
use obole_store::payout_batches::{self, PayoutBatchRow};
use obole_store::payouts::{self, NewPayout, PayoutRow};
use obole_store::{Tx, accounts, bank_accounts};

use super::instructions::{Batch, Payout};
use super::{Left, book_left, book_request, book_stranger, money};
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::quarantine::{Found, Outcome};

/// Books a bank file in one transaction; none for each payout that was booked before.
pub(super) async fn apply(app: &App, actor: Actor, batch: Batch) -> Result<Vec<Option<Found>>> {
    let handle = app.clone();
    app.write(batch, move |tx, batch| {
        let app = handle.clone();
        Box::pin(async move {
            super::begin(&app, tx, actor).await?;
            let is_here = make_batch(&app, tx, batch).await?;
            let mut outcomes = Vec::with_capacity(batch.payouts.len());
            for payout in &batch.payouts {
                let outcome = if is_here {
                    apply_payout(&app, tx, batch, payout).await?
                } else {
                    Some(Outcome::Unclear)
                };
                outcomes.push(finding(tx, batch, payout, outcome).await?);
            }
            let count = outcomes.iter().flatten().count();
            if count > 0 {
                let about = (batch.batch.to_string(), format!("{count} payouts"));
                app.log(tx, actor, "payout-batch.recover", about).await?;
            }
            Ok(outcomes)
        })
    })
    .await
}

async fn finding(
    tx: &mut Tx,
    batch: &Batch,
    payout: &Payout,
    outcome: Option<Outcome>,
) -> Result<Option<Found>> {
    let Some(outcome) = outcome else { return Ok(None) };
    let left = (AccountId::new(payout.account), payout.amount_micros, batch.currency.as_str());
    let named = ("payout", payout.payout.to_string());
    super::found(tx, named, left, outcome).await.map(Some)
}

/// Makes the batch's row where it is not here, and notes that it left. False where that cannot be:
/// it was given up, or is in no currency of this instance.
async fn make_batch(app: &App, tx: &mut Tx, batch: &Batch) -> Result<bool> {
    let (id, now) = (BatchId::new(batch.batch), app.now());
    let row = payout_batches::locked(tx, id).await?;
    if row.is_some_and(|row| row.discarded_at.is_some()) {
        return Ok(false);
    }
    if row.is_none() {
        let total = Micros::sum(batch.payouts.iter().map(|line| Micros::new(line.amount_micros)))?;
        let Some(total) = money(app, total.get(), &batch.currency) else { return Ok(false) };
        let new = PayoutBatchRow {
            id,
            count: i64::try_from(batch.payouts.len()).map_err(Error::internal)?,
            total,
            file_hash: parse_hash(&batch.file_hash),
            created_by: None,
            created_at: batch.at,
            approved_by: None,
            handed_at: None,
            journaled_at: None,
            sent_at: None,
            discarded_at: None,
        };
        // Its bytes are gone: only the bank has them.
        payout_batches::create(tx, &new, &[]).await?;
    }
    payout_batches::set_handed(tx, id, batch.at).await?;
    payout_batches::set_journaled(tx, id, batch.at).await?;
    payout_batches::set_sent(tx, id, now).await?;
    Ok(true)
}

/// Reads a hash; zeros where it is none.
fn parse_hash(text: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    for (place, byte) in hash.iter_mut().enumerate() {
        let digits = text.get(place * 2..place * 2 + 2).unwrap_or_default();
        *byte = u8::from_str_radix(digits, 16).unwrap_or_default();
    }
    hash
}

/// Books one payout; none where it was booked before.
async fn apply_payout(
    app: &App,
    tx: &mut Tx,
    batch: &Batch,
    payout: &Payout,
) -> Result<Option<Outcome>> {
    let Some(amount) = money(app, payout.amount_micros, &batch.currency) else {
        return Ok(Some(Outcome::Unclear));
    };
    let left = Left { account: AccountId::new(payout.account), amount };
    let (id, batch) = (PayoutId::new(payout.payout), BatchId::new(batch.batch));
    if let Some(row) = payouts::locked(tx, id).await? {
        return apply_to_row(app, tx, &row, (batch, left)).await;
    }
    if accounts::find(tx, left.account).await?.is_none() {
        let entry = (Reason::PayoutSent, Fact::new("payout", id, "sent"));
        let is_new = book_stranger(app, tx, entry, amount).await?;
        return Ok(is_new.then_some(Outcome::Stranger));
    }
    let is_owed = create(app, tx, (id, left)).await?;
    send(app, tx, (id, batch), amount).await?;
    Ok(Some(if is_owed { Outcome::Owed } else { Outcome::Booked }))
}

/// Books a payout whose row the backup had.
async fn apply_to_row(
    app: &App,
    tx: &mut Tx,
    row: &PayoutRow,
    (batch, left): (BatchId, Left),
) -> Result<Option<Outcome>> {
    let is_same = row.account == left.account && row.amount == left.amount;
    match row.state {
        // Also one that the bank refused later on.
        _ if row.sent_entry.is_some() => return Ok(None),
        PayoutState::Requested | PayoutState::Batched if is_same => {}
        _ => return Ok(Some(Outcome::Unclear)),
    }
    if let Some(other) = row.batch.filter(|other| *other != batch) {
        // It stands in a second file: that one must never leave.
        if !payout_batches::set_discarded(tx, other, app.now()).await? {
            return Ok(Some(Outcome::Unclear));
        }
        payouts::set_requested(tx, other).await?;
    }
    send(app, tx, (row.id, batch), row.amount).await?;
    Ok(Some(Outcome::Booked))
}

/// Makes the row of a payout that was asked for after the backup. Its bank account is the one that
/// is known now: where the money went to, the bank knows. Says whether something is owed.
async fn create(app: &App, tx: &mut Tx, (id, left): (PayoutId, Left)) -> Result<bool> {
    let from = LedgerAccount::earnings(left.account, left.amount.currency);
    let entry = (Reason::PayoutRequested, Fact::new("payout", id, "request"));
    let (request_entry, is_owed) = book_request(app, tx, entry, (from, left)).await?;
    let known = bank_accounts::find(tx, left.account).await?;
    let new = NewPayout {
        id,
        account: left.account,
        amount: left.amount,
        holder: known.as_ref().map_or("", |known| known.holder.as_str()),
        iban_sealed: known.as_ref().map_or(&[], |known| known.iban_sealed.as_slice()),
        iban_last4: known.as_ref().map_or("", |known| known.iban_last4.as_str()),
        request_entry,
        requested_at: app.now(),
    };
    payouts::create(tx, &new).await?;
    Ok(is_owed)
}

async fn send(
    app: &App,
    tx: &mut Tx,
    (id, batch): (PayoutId, BatchId),
    money: Money,
) -> Result<()> {
    let entry = (Reason::PayoutSent, Fact::new("payout", id, "sent"));
    let entry = book_left(app, tx, entry, money).await?;
    if payouts::set_recovered(tx, id, (batch, entry), app.now()).await? {
        return Ok(());
    }
    Err(Error::internal(format!("the payout {id} moved while it was booked")))
}
