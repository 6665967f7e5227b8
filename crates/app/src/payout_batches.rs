//! Bank files: the payouts that wait go into one file, whose bytes never change; above a limit a
//! second administrator approves; the outbound journal has it before it leaves (M8, M9).

use jiff::{Timestamp, ToSpan};
use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Reason};
use obole_domain::payout::{BatchId, PayoutState};
use obole_domain::{Currency, Micros, Money, Period, Policy, Refusal};
use obole_gateway::sepa::{CreditTransfer, CreditTransferFile, Iban, credit_transfer};
use obole_store::payout_batches::{self, PayoutBatchRow};
use obole_store::payouts::{self, PayoutRow};
use obole_store::{Tx, ledger, settings};

use crate::app::App;
use crate::audit::refuse_held;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::notices;
use crate::payouts::refuse_unbanked;
use crate::secrets::{digest, hex};
use crate::suspensions::require_admin;

/// The most payouts in one file; what waits beyond goes into the next.
const PAYOUTS_MAX: i64 = 1_000;

/// How many payouts stand in one line of the outbound journal.
const JOURNAL_PAYOUTS: usize = 200;

/// Puts the payouts that wait into a bank file. They stay there: a payout enters a file once (M8).
///
/// Refused when nothing waits, when the operator's own bank account is not configured, and in what
/// banks do not move.
pub async fn create(app: &App, actor: Actor, currency: Currency) -> Result<PayoutBatchRow> {
    refuse_unbanked(currency)?;
    let waiting = app.read((), move |read, ()| {
        Box::pin(async move {
            refuse_held(read).await?;
            Ok(payouts::requested(read, currency, PAYOUTS_MAX).await?)
        })
    });
    let waiting: Vec<PayoutRow> = waiting.await?;
    if waiting.is_empty() {
        return Err(Refusal::NothingToPay {}.into());
    }
    let (now, id) = (app.now(), BatchId::new(app.chance().id(app.now())));
    let file = write_file(app, id, &waiting)?;
    let total = Micros::sum(waiting.iter().map(|payout| payout.amount.amount))?;
    let batch = PayoutBatchRow {
        id,
        count: i64::try_from(waiting.len()).map_err(Error::internal)?,
        total: Money::new(total, currency),
        file_hash: digest(&file),
        created_by: actor.account(),
        created_at: now,
        approved_by: None,
        handed_at: None,
        journaled_at: None,
        sent_at: None,
        discarded_at: None,
    };
    let handle = app.clone();
    app.write((batch, file, waiting), move |tx, (batch, file, waiting)| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            payout_batches::create(tx, batch, file).await?;
            for payout in waiting {
                // Another file may have taken it meanwhile, or it was reversed.
                if !payouts::set_batched(tx, payout.id, batch.id).await? {
                    return Err(Refusal::StateMoved {}.into());
                }
            }
            let details = format!("{} payouts, {}", batch.count, batch.total);
            app.log(tx, actor, "payout-batch.create", (batch.id.to_string(), details)).await?;
            Ok(*batch)
        })
    })
    .await
}

/// The file's bytes.
fn write_file(app: &App, id: BatchId, waiting: &[PayoutRow]) -> Result<Vec<u8>> {
    let bank = &app.config().bank;
    let missing = || Error::from(Refusal::OperatorBankMissing {});
    let debtor_iban = Iban::parse(&bank.iban).map_err(|_| missing())?;
    if bank.holder.trim().is_empty() {
        return Err(missing());
    }
    let now = app.now();
    let today = now.to_zoned(app.zone().clone()).date();
    let remittance = format!("{} {}", app.config().instance.name, Period::at(now, app.zone()));
    let transfers = waiting.iter().map(|payout| {
        let iban = app.secrets().open(&payout.iban_sealed)?;
        Ok(CreditTransfer {
            id: payout.id.uuid().simple().to_string(),
            name: payout.holder.clone(),
            iban: Iban::parse(&iban)?,
            amount: payout.amount.amount,
            remittance: remittance.clone(),
        })
    });
    let file = CreditTransferFile {
        batch: id.uuid().simple().to_string(),
        made_at: now,
        execute_on: today.checked_add(1.day()).map_err(Error::internal)?,
        debtor_name: bank.holder.clone(),
        debtor_iban,
        debtor_bic: None,
        transfers: transfers.collect::<Result<Vec<_>>>()?,
    };
    credit_transfer(&file).map_err(Error::internal)
}

/// Whether a batch still needs a second administrator.
#[must_use]
pub fn needs_approval(batch: &PayoutBatchRow, policy: &Policy) -> bool {
    batch.total.amount > policy.second_admin_above && batch.approved_by.is_none()
}

/// A second administrator agrees to a batch. Refused to the one who made it (M8).
pub async fn approve(app: &App, actor: Actor, id: BatchId) -> Result<()> {
    let approver = actor.account().ok_or(Error::Forbidden)?;
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let batch = payout_batches::locked(tx, id).await?.ok_or(Error::NotFound)?;
            if batch.created_by == Some(approver) {
                let limit = settings::policy(tx).await?.second_admin_above;
                let limit = Money::new(limit, batch.total.currency);
                return Err(Refusal::SecondAdminNeeded { limit }.into());
            }
            if !payout_batches::set_approved(tx, id, approver).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            let details = batch.total.to_string();
            app.log(tx, actor, "payout-batch.approve", (id.to_string(), details)).await
        })
    })
    .await
}

/// The file, to be given to the bank: the same bytes each time. The first time the outbound
/// journal gets it before it is handed out (M9), and from then on it cannot be discarded.
pub async fn hand_out(app: &App, actor: Actor, id: BatchId) -> Result<Vec<u8>> {
    let handle = app.clone();
    let handed = app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            refuse_held(tx).await?;
            let batch = approved(tx, id).await?;
            if !payout_batches::set_handed(tx, id, app.now()).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            let details = hex(&batch.file_hash);
            app.log(tx, actor, "payout-batch.hand-out", (id.to_string(), details)).await?;
            let file = payout_batches::file(tx, id).await?.ok_or(Error::NotFound)?;
            Ok((batch, file, payouts::of_batch(tx, id).await?))
        })
    });
    let (batch, file, lines) = handed.await?;
    if batch.journaled_at.is_none() {
        journal(app, &batch, &lines).await?;
        let now = app.now();
        let noted = app.write((), move |tx, ()| {
            Box::pin(async move { Ok(payout_batches::set_journaled(tx, id, now).await?) })
        });
        noted.await?;
    }
    Ok(file)
}

/// A batch that may leave, locked.
async fn approved(tx: &mut Tx, id: BatchId) -> Result<PayoutBatchRow> {
    let batch = payout_batches::locked(tx, id).await?.ok_or(Error::NotFound)?;
    let policy = settings::policy(tx).await?;
    if needs_approval(&batch, &policy) {
        let limit = Money::new(policy.second_admin_above, batch.total.currency);
        return Err(Refusal::SecondAdminNeeded { limit }.into());
    }
    Ok(batch)
}

/// Appends what is needed to book these payouts again after a restore (V3).
async fn journal(app: &App, batch: &PayoutBatchRow, lines: &[PayoutRow]) -> Result<()> {
    for part in lines.chunks(JOURNAL_PAYOUTS) {
        let payouts = part.iter().map(|payout| {
            serde_json::json!({
                "payout": payout.id.uuid(),
                "account": payout.account.uuid(),
                "amount_micros": payout.amount.amount.get(),
            })
        });
        let line = serde_json::json!({
            "kind": "payout-batch",
            "at": app.now().to_string(),
            "batch": batch.id.uuid(),
            "currency": batch.total.currency.code(),
            "file_hash": hex(&batch.file_hash),
            "payouts": payouts.collect::<Vec<_>>(),
        });
        app.journal().append(&line.to_string()).await.map_err(Error::internal)?;
    }
    Ok(())
}

/// Notes that the bank has the file: each payout leaves the instance with an entry of its own.
/// Doing it again changes nothing. Refused before the file was handed out.
pub async fn mark_sent(app: &App, actor: Actor, id: BatchId) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let batch = payout_batches::locked(tx, id).await?.ok_or(Error::NotFound)?;
            if batch.sent_at.is_some() {
                return Ok(());
            }
            if !payout_batches::set_sent(tx, id, app.now()).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            for payout in payouts::of_batch(tx, id).await? {
                send(&app, tx, &payout).await?;
            }
            let details = format!("{} payouts, {}", batch.count, batch.total);
            app.log(tx, actor, "payout-batch.mark-sent", (id.to_string(), details)).await
        })
    })
    .await
}

async fn send(app: &App, tx: &mut Tx, payout: &PayoutRow) -> Result<()> {
    let (now, currency) = (app.now(), payout.amount.currency);
    let common = |kind| LedgerAccount::common(kind, currency);
    let between = (common(LedgerKind::InTransit), common(LedgerKind::Bank));
    let fact = Fact::new("payout", payout.id, "sent");
    let entry = Entry::transfer(Reason::PayoutSent, fact, between, payout.amount.amount)?;
    let entry = ledger::post(tx, now, &entry).await?;
    if !payouts::set_sent(tx, payout.id, entry, now).await? {
        return Err(Refusal::StateMoved {}.into());
    }
    let (of, news) = ((payout.account, payout.id), (PayoutState::Sent, payout.amount, ""));
    notices::payout_moved(app, tx, of, news).await
}

/// Gives a batch up before its file was handed out: its payouts wait again. Refused afterwards,
/// since the bank may have it.
pub async fn discard(app: &App, actor: Actor, id: BatchId) -> Result<()> {
    let (handle, now): (App, Timestamp) = (app.clone(), app.now());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let batch = payout_batches::locked(tx, id).await?.ok_or(Error::NotFound)?;
            if !payout_batches::set_discarded(tx, id, now).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            payouts::set_requested(tx, id).await?;
            let details = format!("{} payouts, {}", batch.count, batch.total);
            app.log(tx, actor, "payout-batch.discard", (id.to_string(), details)).await
        })
    })
    .await
}
