//! Passing on: what works promised to the works that they build on is collected, one step a
//! settlement. What those pass on in turn is due in the next one, so circles do no harm. A batch is
//! one transaction; what is collected is marked, so each is collected once however often this runs.

use std::collections::BTreeMap;

use jiff::Timestamp;
use obole_domain::ledger::{Entry, LedgerAccount, Posting, Reason};
use obole_domain::{AccountId, Currency, Micros, Period, Policy};
use obole_store::passes::{self, PassRow};
use obole_store::{Tx, ledger};

use super::arrivals::{Arrivals, Arrived};
use super::{Run, Terms, booking};
use crate::app::App;
use crate::error::Result;

/// How many are collected in one transaction: each may be passed on to hundreds of works in turn.
const BATCH: i64 = 100;

/// Collects all that is due.
pub(super) async fn run(run: &Run<'_>) -> Result<()> {
    let terms = run.terms().await?;
    loop {
        let batch = (run.app.clone(), run.policy.clone(), terms.clone());
        let period = run.period;
        let collected = run.app.write(batch, move |tx, (app, policy, terms)| {
            Box::pin(async move { collect(tx, (app, policy, terms), period).await })
        });
        if !collected.await? {
            return Ok(());
        }
    }
}

/// Collects one batch. False where nothing was due.
async fn collect(
    tx: &mut Tx,
    (app, policy, terms): (&App, &Policy, &Terms),
    period: Period,
) -> Result<bool> {
    let due = passes::due(tx, period, BATCH).await?;
    if due.is_empty() {
        return Ok(false);
    }
    let taken = passes::collect(tx, (period, app.now()), &due).await?;
    // Another node may have been faster with some.
    let taken = due.into_iter().zip(taken).filter(|(_, is_taken)| *is_taken);
    let taken: Vec<(PassRow, AccountId)> = taken.map(|(pass, _)| pass).collect();
    let Some((first, _)) = taken.first() else { return Ok(true) };
    let id = name(period, first);
    let mut arrivals = Arrivals::new(period, period.next());
    let mut held = Vec::with_capacity(taken.len());
    for (pass, payee) in &taken {
        let PassRow { target: work, currency, amount, payer, .. } = *pass;
        held.push((LedgerAccount::earnings(payer, currency), amount.negated()?));
        arrivals.add(terms, Arrived { work, payee: *payee, currency, amount })?;
    }
    held.extend_from_slice(arrivals.held());
    let mut entries = handed(&id, &taken)?;
    entries.extend(arrivals.entries(&id)?);
    ledger::post_all(tx, app.now(), &entries, &held).await?;
    arrivals.store(tx).await?;
    arrivals.hold_what_waits(tx, (app, policy), period).await?;
    Ok(true)
}

/// What the entries of a batch are booked under: by its first pass, which no other one has (L5).
fn name(period: Period, first: &PassRow) -> String {
    let PassRow { arisen, due, payer, work, target, currency, .. } = first;
    format!("{period}/pass/{arisen}/{due}/{payer}/{work}/{target}/{currency}")
}

/// The entries that take what is collected from payers to payees. Who passes on to a work of their
/// own keeps it.
fn handed(id: &str, taken: &[(PassRow, AccountId)]) -> Result<Vec<Entry>> {
    let mut by_payer = BTreeMap::<(AccountId, Currency), Vec<Posting>>::new();
    for (pass, payee) in taken.iter().filter(|(pass, payee)| pass.payer != *payee) {
        let account = LedgerAccount::earnings(*payee, pass.currency);
        let posting = Posting { account, amount: pass.amount.negated()? };
        by_payer.entry((pass.payer, pass.currency)).or_default().push(posting);
    }
    let mut made = Vec::new();
    for ((payer, currency), postings) in by_payer {
        let id = format!("{id}/{payer}/{currency}");
        let from = LedgerAccount::earnings(payer, currency);
        made.extend(booking::entries(Reason::PassedOn, &id, from, postings)?);
    }
    Ok(made)
}

/// Ends what nobody collected in a year, and what is for works that are refused by now.
pub(super) async fn end_over(tx: &mut Tx, period: Period, now: Timestamp) -> Result<()> {
    let ended = passes::end_over(tx, period, now).await?;
    release(tx, ended).await
}

/// Frees what earnings held for passes that ended.
pub(crate) async fn release(tx: &mut Tx, ended: Vec<(AccountId, Currency, Micros)>) -> Result<()> {
    let changes = ended.into_iter().map(|(payer, currency, amount)| {
        Ok((LedgerAccount::earnings(payer, currency), amount.negated()?))
    });
    let changes = changes.collect::<Result<Vec<_>>>()?;
    Ok(ledger::change_held_many(tx, &changes).await?)
}
