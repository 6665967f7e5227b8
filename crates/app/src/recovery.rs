//! Comparing the outbound journal with a restored database (V3, M9): every payout and refund that
//! left is booked by its own id, once, whether its row is here or not. The rest of what its account
//! cannot bear waits on a suspense account, and what the account had asked for meanwhile goes back.

mod debtors;
mod instructions;
mod payouts;
mod refunds;

use std::path::PathBuf;

use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::{AccountId, Currency, Money};
use obole_store::{Tx, accounts, ledger, settings, suspense as rows};

use crate::app::App;
use crate::audit_log::Actor;
use crate::deletions;
use crate::error::{Error, Result};
use crate::quarantine::{self, Found, Outcome, Quarantine};
use crate::suspense;
use crate::suspensions::require_admin;
use instructions::Instructions;

/// Comparisons queue for this setting's row, so that two never book the same.
const TURN: &str = "recovery.turn";

/// How many findings are kept for the page.
const FOUND_MAX: usize = 200;

/// What a comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Whether the journal that belongs to the backup was among what was compared.
    pub is_whole: bool,
    /// How many instructions were here already.
    pub known: u64,
    /// Those that were not.
    pub found: Vec<Found>,
}

/// Compares the instance's own outbound journal, where it is that of the backup, and others that
/// are given. It may be done again and at once: each instruction is booked once.
///
/// Refused for a file that is no journal; then nothing was compared.
pub async fn compare(app: &App, actor: Actor, others: Vec<PathBuf>) -> Result<Comparison> {
    let quarantine = quarantine::find_in(app).await?;
    let own = app.journal().read_all().await.map_err(Error::internal)?;
    let is_of_backup =
        |lines: &[String]| quarantine.as_ref().is_some_and(|state| state.is_own(lines));
    let mut journals = Vec::new();
    if is_of_backup(&own) {
        journals.push(own);
    }
    for path in others {
        let text = tokio::fs::read_to_string(&path).await;
        let text = text.map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
        journals.push(text.lines().map(str::to_owned).collect());
    }
    let is_whole = journals.iter().any(|lines| is_of_backup(lines));
    let instructions = Instructions::read(&journals)?;
    let mut comparison = Comparison { is_whole, ..Comparison::default() };
    for batch in instructions.batches {
        note(&mut comparison, payouts::apply(app, actor, batch).await?);
    }
    for refund in instructions.refunds {
        note(&mut comparison, vec![refunds::apply(app, actor, refund).await?]);
    }
    for deletion in instructions.deletions {
        // V2: whoever has left does not come back with a backup.
        if !deletions::replay(app, deletion).await? {
            comparison.known += 1;
        }
    }
    conclude(app, actor, &comparison).await?;
    Ok(comparison)
}

/// Takes off what is owed where there are earnings by now, before anybody wonders where they went.
pub async fn even_out(app: &App) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            for (owner, currency) in rows::debtors(tx).await? {
                suspense::clear(&app, tx, LedgerAccount::earnings(owner, currency)).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Adds what one transaction found; none is what was here already.
fn note(comparison: &mut Comparison, found: Vec<Option<Found>>) {
    for found in found {
        match found {
            None => comparison.known += 1,
            Some(found) => comparison.found.push(found),
        }
    }
}

/// Evens out what can be, and notes on the quarantine what was compared.
async fn conclude(app: &App, actor: Actor, comparison: &Comparison) -> Result<()> {
    let (handle, comparison) = (app.clone(), comparison.clone());
    app.write(comparison, move |tx, comparison| {
        let app = handle.clone();
        Box::pin(async move {
            begin(&app, tx, actor).await?;
            debtors::settle(&app, tx, actor).await?;
            if let Some(mut state) = quarantine::find(tx).await? {
                merge(&mut state, comparison);
                if comparison.is_whole {
                    state.note_compared(app.now());
                }
                quarantine::store(tx, &state).await?;
            }
            let found = comparison.found.len();
            let details = format!("{} known, {found} found", comparison.known);
            app.log(tx, actor, "journal.compare", ("journal".to_owned(), details)).await
        })
    })
    .await
}

/// What was found before stays: the second time it is known.
fn merge(state: &mut Quarantine, comparison: &Comparison) {
    state.known = comparison.known;
    for found in &comparison.found {
        let same = |other: &&mut Found| (&other.kind, &other.id) == (&found.kind, &found.id);
        if let Some(before) = state.found.iter_mut().find(same) {
            before.clone_from(found);
            continue;
        }
        state.found_count += 1;
        if state.found.len() < FOUND_MAX {
            state.found.push(found.clone());
        }
    }
}

/// Begins a transaction of a comparison: one after another.
async fn begin(app: &App, tx: &mut Tx, actor: Actor) -> Result<()> {
    require_admin(tx, actor).await?;
    Ok(settings::set(tx, TURN, &app.now().to_string()).await?)
}

/// What left, as the journal has it.
#[derive(Clone, Copy, Debug)]
struct Left {
    account: AccountId,
    amount: Money,
}

/// A finding about what left.
async fn found(
    tx: &mut Tx,
    (kind, id): (&str, String),
    left: (AccountId, i64, &str),
    outcome: Outcome,
) -> Result<Found> {
    let (account, amount_micros, currency) = left;
    let row = accounts::find(tx, account).await?;
    let handle = row.map(|row| row.handle.to_string()).unwrap_or_default();
    let (kind, currency) = (kind.to_owned(), currency.to_owned());
    Ok(Found { kind, id, handle, amount_micros, currency, outcome })
}

/// Books that money was asked for: from what the account has, and the rest from suspense. Gives the
/// entry, and whether there was a rest.
async fn book_request(
    app: &App,
    tx: &mut Tx,
    (reason, fact): (Reason, Fact),
    (from, left): (LedgerAccount, Left),
) -> Result<(i64, bool)> {
    let currency = left.amount.currency;
    let available = ledger::balance(tx, from).await?.available().amount;
    let borne = available.max(obole_domain::Micros::ZERO).min(left.amount.amount);
    let rest = left.amount.amount.minus(borne)?;
    let suspense = LedgerAccount::suspense(left.account, currency);
    let in_transit = LedgerAccount::common(LedgerKind::InTransit, currency);
    let postings = vec![
        Posting { account: from, amount: borne },
        Posting { account: suspense, amount: rest },
        Posting { account: in_transit, amount: left.amount.amount.negated()? },
    ];
    let entry = Entry::new(reason, fact, postings)?;
    Ok((ledger::post(tx, app.now(), &entry).await?, rest.is_positive()))
}

/// Books that money in transit left.
async fn book_left(
    app: &App,
    tx: &mut Tx,
    (reason, fact): (Reason, Fact),
    money: Money,
) -> Result<i64> {
    let common = |kind| LedgerAccount::common(kind, money.currency);
    let between = (common(LedgerKind::InTransit), common(LedgerKind::Bank));
    let entry = Entry::transfer(reason, fact, between, money.amount)?;
    Ok(ledger::post(tx, app.now(), &entry).await?)
}

/// Books what left for an account that is not here; false where it was booked before.
async fn book_stranger(
    app: &App,
    tx: &mut Tx,
    (reason, fact): (Reason, Fact),
    money: Money,
) -> Result<bool> {
    if rows::is_booked(tx, &fact).await? {
        return Ok(false);
    }
    let common = |kind| LedgerAccount::common(kind, money.currency);
    let between = (common(LedgerKind::Suspense), common(LedgerKind::Bank));
    let entry = Entry::transfer(reason, fact, between, money.amount)?;
    ledger::post(tx, app.now(), &entry).await?;
    Ok(true)
}

/// An amount in a currency of this instance; none where it has none of the code.
fn money(app: &App, micros: i64, code: &str) -> Option<Money> {
    let currency: Currency = app.currency(code).ok()?;
    let amount = obole_domain::Micros::new(micros);
    amount.is_positive().then_some(Money::new(amount, currency))
}
