//! The share-out: each chunk of patrons is read in key order and shared by the pure function of the
//! domain as it comes, then written packed (performance.md section 1).

use std::sync::Arc;

use futures_util::StreamExt;
use obole_domain::settlement::{PatronInputs, PatronPlan, Purse, WorkTerms, share_patron};
use obole_domain::statement::Statement;
use obole_domain::{AccountId, Period, Policy};
use obole_store::freeze::{self, PurseRow, Range};
use obole_store::settlements::{self, ChunkRow, Stage, Step};
use obole_store::{Read, Tx, clicks, promises, shares, sheets};
use sha2::{Digest, Sha256};

use super::chunks::{self, Chunk};
use super::results::Results;
use super::{Run, Terms};
use crate::app::App;
use crate::error::{Error, Result};

/// Shares out every frozen chunk that is not done, then moves on.
pub(super) async fn run(run: &Run<'_>) -> Result<()> {
    let (chunks, mut done) = chunks::undone(run, Step::Share).await?;
    let of = frozen_clicks(run).await?;
    let (app, period, terms) = (run.app.clone(), run.period, run.terms().await?);
    let policy = run.policy.clone();
    let mut ahead = chunks::ahead(chunks, chunks::AHEAD, move |chunk| {
        let what = What { period, policy: policy.clone(), terms: terms.clone(), chunk };
        shared(app.clone(), what)
    });
    while let Some(shared) = ahead.next().await {
        let Some(shared) = shared? else { continue };
        done += shared.clicks;
        let share = (run.app.clone(), period, shared);
        let write = run.app.write(share, |tx, (app, period, shared)| {
            Box::pin(store_chunk(tx, app, *period, shared))
        });
        write.await?;
        run.tell(Stage::Sharing, done, of);
    }
    run.app.write((), move |tx, ()| Box::pin(end(tx, period))).await
}

/// How many clicks were frozen.
async fn frozen_clicks(run: &Run<'_>) -> Result<i64> {
    let period = run.period;
    let frozen = run.app.read((), move |read, ()| {
        Box::pin(async move { Ok(settlements::chunks(read, period, Step::Freeze).await?) })
    });
    Ok(frozen.await?.iter().map(|chunk| chunk.rows).sum())
}

/// All is shared out when every chunk is.
async fn end(tx: &mut Tx, period: Period) -> Result<()> {
    let shared = settlements::chunks(tx, period, Step::Share).await?;
    if shared.len() == settlements::ranges(tx, period).await?.len() {
        settlements::move_on(tx, period, Stage::Sharing, Stage::Booking).await?;
    }
    Ok(())
}

/// A chunk to share out.
struct What {
    period: Period,
    policy: Policy,
    terms: Arc<Terms>,
    chunk: Chunk,
}

/// What a chunk came to: all that is written of it.
struct Shared {
    chunk: Chunk,
    clicks: i64,
    hash: [u8; 32],
    results: Results,
}

/// Shares a chunk out; none when somebody else did meanwhile. It reads only what is frozen, so it
/// may be done ahead and done twice: it comes to the same (L8).
async fn shared(app: App, what: What) -> Result<Option<Shared>> {
    let shared = app.read(what, |read, what| {
        Box::pin(async move {
            let What { period, policy, terms, chunk } = what;
            if chunks::is_done(read, (*period, Step::Share), chunk.number).await? {
                return Ok(None);
            }
            let unclaimed = WorkTerms::default();
            let of = |work| terms.works.get(&work).unwrap_or(&unclaimed);
            let (mut results, mut hash, mut clicks) = (Results::default(), Sha256::new(), 0);
            each_patron(read, *period, chunk.range, &mut |patron| {
                clicks += i64::try_from(patron.clicks.len()).map_err(Error::internal)?;
                let plan = share_patron(patron, of, policy)?;
                results.carry(patron, &plan);
                results.add(&plan, &mut hash)
            })
            .await?;
            results.close(terms)?;
            Ok(Some(Shared { chunk: *chunk, clicks, hash: hash.finalize().into(), results }))
        })
    });
    shared.await
}

/// Writes a chunk.
async fn store_chunk(tx: &mut Tx, app: &App, period: Period, shared: &Shared) -> Result<()> {
    let Shared { chunk: Chunk { number, range }, clicks, hash, results } = shared;
    let chunk = ChunkRow {
        rows: *clicks,
        patrons: results.patrons,
        hash: hash.to_vec(),
        ..ChunkRow::new(*number, range.after, range.last)
    };
    if !settlements::take_chunk(tx, period, Step::Share, &chunk).await? {
        return Ok(());
    }
    shares::put_statements(tx, period, &results.statements).await?;
    sheets::put(tx, period, *number, &results.sheets).await?;
    if !results.carried.is_empty() {
        let to = clicks::open_period(tx, period.next()).await?;
        shares::carry(tx, to, &results.carried, app.now()).await?;
    }
    Ok(())
}

/// Hands the frozen inputs of a range on, patron by patron in the order of accounts.
pub(crate) async fn each_patron(
    read: &mut Read,
    period: Period,
    range: Range,
    each: &mut (dyn FnMut(&PatronInputs) -> Result<()> + Send),
) -> Result<()> {
    let purses = freeze::frozen_purses(read, period, range).await?;
    let mut collected = promises::of_settlement(read, period, range).await?;
    collected.reverse();
    let mut groups = purses.chunk_by(|one, other| one.patron == other.patron);
    let mut next = move || {
        let rows = groups.next()?;
        let patron = rows.first()?.patron;
        let mut inputs = PatronInputs {
            patron,
            clicks: Vec::new(),
            purses: rows.iter().map(purse).collect(),
            gives_unspent: rows.iter().any(|row| row.gives_unspent),
        };
        // Both are in the order of accounts.
        while let Some((_, currency, promise)) = collected.pop_if(|(whose, _, _)| *whose == patron)
        {
            let purses = &mut inputs.purses;
            purses.iter_mut().find(|purse| purse.currency == currency)?.collected.push(promise);
        }
        Some(inputs)
    };
    let mut patron = next();
    let mut outcome = Ok(());
    freeze::each_click(read, period, range, |whose, click| {
        while let Some(inputs) = patron.as_ref().filter(|inputs| inputs.patron < whose) {
            if outcome.is_ok() {
                outcome = each(inputs);
            }
            patron = next();
        }
        if let Some(inputs) = patron.as_mut().filter(|inputs| inputs.patron == whose) {
            inputs.clicks.push(click);
        }
    })
    .await?;
    outcome?;
    while let Some(inputs) = patron {
        each(&inputs)?;
        patron = next();
    }
    Ok(())
}

/// A purse as the plan takes it.
fn purse(row: &PurseRow) -> Purse {
    Purse {
        currency: row.currency,
        budget: row.budget,
        available: row.available,
        fixed: Vec::new(),
        collected: Vec::new(),
    }
}

/// The frozen inputs of a range of patrons, by account.
pub(crate) async fn inputs(
    read: &mut Read,
    period: Period,
    range: Range,
) -> Result<Vec<PatronInputs>> {
    let mut patrons = Vec::new();
    each_patron(read, period, range, &mut |patron| {
        patrons.push(patron.clone());
        Ok(())
    })
    .await?;
    Ok(patrons)
}

/// The statements that say something: those that are stored.
pub(crate) fn made(plan: &PatronPlan) -> impl Iterator<Item = (AccountId, &Statement)> {
    let made = plan.statements.iter().filter(|statement| !statement.is_empty());
    made.map(|statement| (plan.patron, statement))
}

/// Adds a stored statement to the hash of a chunk (L8).
pub(crate) fn hash_statement(hash: &mut Sha256, whose: AccountId, of: (&Statement, &[u8; 32])) {
    hash.update(whose.uuid().as_bytes());
    hash.update(of.0.currency.code().as_bytes());
    hash.update(of.1);
}
