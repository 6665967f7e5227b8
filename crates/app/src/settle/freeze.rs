//! The freeze: for each patron, what they may spend, set aside on the wallet until the share-out,
//! so that the plan depends on nothing that happens afterwards (L8).

use std::collections::BTreeSet;

use futures_util::StreamExt;
use obole_domain::budget::means;
use obole_domain::ledger::LedgerAccount;
use obole_domain::policy::{PROMISE_MONTHS, Unspent};
use obole_domain::settlement::FrozenClick;
use obole_domain::{AccountId, Currency, Micros, Period, Policy};
use obole_store::freeze::{self, PurseRow, Range};
use obole_store::settlements::{self, ChunkRow, Stage, Step};
use obole_store::{Tx, ledger, promises};
use sha2::{Digest, Sha256};

use super::Run;
use super::chunks::{self, Chunk};
use crate::app::App;
use crate::error::Result;

/// Freezes every chunk that is not done, then moves on.
pub(super) async fn run(run: &Run<'_>) -> Result<()> {
    let (chunks, mut done) = chunks::undone(run, Step::Freeze).await?;
    let (app, period) = (run.app.clone(), run.period);
    let mut ahead =
        chunks::ahead(chunks, chunks::AHEAD, move |chunk| clicked(app.clone(), period, chunk));
    while let Some(clicked) = ahead.next().await {
        let Some(clicked) = clicked? else { continue };
        done += clicked.clicks;
        let (app, policy) = (run.app.clone(), run.policy.clone());
        let freeze = Freeze { app, period, policy, clicked };
        run.app.write(freeze, |tx, freeze| Box::pin(freeze_chunk(tx, freeze))).await?;
        run.tell(Stage::Freezing, done, 0);
    }
    run.app.write((), move |tx, ()| Box::pin(end(tx, period))).await
}

/// What the clicks of a chunk are: nobody changes them any more, so they are read ahead.
struct Clicked {
    chunk: Chunk,
    /// Who clicked.
    patrons: BTreeSet<AccountId>,
    /// How many clicks there are.
    clicks: i64,
    /// All of them, hashed in their order.
    hash: [u8; 32],
}

/// How many bytes are gathered before they are hashed.
const GATHERED: usize = 1 << 16;

/// Reads and hashes the clicks of a chunk; none when somebody else froze it meanwhile.
async fn clicked(app: App, period: Period, chunk: Chunk) -> Result<Option<Clicked>> {
    let clicked = app.read((), move |read, ()| {
        Box::pin(async move {
            if chunks::is_done(read, (period, Step::Freeze), chunk.number).await? {
                return Ok(None);
            }
            let (mut hash, mut bytes) = (Sha256::new(), Vec::with_capacity(GATHERED + 64));
            let (mut patrons, mut last, mut clicks) = (Vec::new(), None, 0);
            let each = |patron: AccountId, click: FrozenClick| {
                if last.replace(patron) != Some(patron) {
                    patrons.push(patron);
                }
                clicks += 1;
                bytes.extend_from_slice(patron.uuid().as_bytes());
                bytes.extend_from_slice(click.work.uuid().as_bytes());
                bytes.extend_from_slice(&click.points.get().to_be_bytes());
                bytes.extend_from_slice(&click.carries.to_be_bytes());
                if bytes.len() >= GATHERED {
                    hash.update(&bytes);
                    bytes.clear();
                }
            };
            freeze::each_click(read, period, chunk.range, each).await?;
            hash.update(&bytes);
            let patrons = patrons.into_iter().collect();
            Ok(Some(Clicked { chunk, patrons, clicks, hash: hash.finalize().into() }))
        })
    });
    clicked.await
}

/// A chunk to freeze.
struct Freeze {
    app: App,
    period: Period,
    policy: Policy,
    clicked: Clicked,
}

async fn freeze_chunk(tx: &mut Tx, freeze: &Freeze) -> Result<()> {
    let Freeze { period, clicked, .. } = freeze;
    let Chunk { number, range } = clicked.chunk;
    let period = *period;
    // Another run may have ended the freeze meanwhile: nothing is frozen after its end.
    if settlements::shared_stage(tx, period).await? != Some(Stage::Freezing) {
        return Ok(());
    }
    let taken = ChunkRow::new(number, range.after, range.last);
    if !settlements::take_chunk(tx, period, Step::Freeze, &taken).await? {
        return Ok(());
    }
    let over = promises::over(tx, period.back(PROMISE_MONTHS), range).await?;
    free(tx, over).await?;
    let hash = freeze_range(tx, freeze, range).await?;
    Ok(settlements::set_chunk(tx, period, Step::Freeze, (number, clicked.clicks, hash)).await?)
}

/// Frees what promises held that are over.
pub(crate) async fn free(tx: &mut Tx, freed: Vec<(AccountId, Currency, Micros)>) -> Result<()> {
    let changes = freed.into_iter().map(|(patron, currency, amount)| {
        Ok((LedgerAccount::wallet(patron, currency), amount.negated()?))
    });
    let changes = changes.collect::<Result<Vec<_>>>()?;
    Ok(ledger::change_held_many(tx, &changes).await?)
}

/// Freezes the purses of a range and hashes all that the plan will depend on.
async fn freeze_range(tx: &mut Tx, freeze: &Freeze, range: Range) -> Result<[u8; 32]> {
    let Freeze { app, period, policy, clicked } = freeze;
    let clickers = &clicked.patrons;
    let collecting = promises::of_settlement(tx, *period, range).await?;
    let open = freeze::open_purses(tx, range, period.ends(app.zone())).await?;
    let owed: BTreeSet<_> =
        collecting.iter().map(|(patron, currency, _)| (*patron, *currency)).collect();
    let purses = choose(Chosen { open, owed, clickers, policy, main: app.main_currency() });
    hold(tx, &purses).await?;
    freeze::freeze_purses(tx, *period, &purses).await?;

    let mut hash = Sha256::new();
    for purse in &purses {
        hash.update(purse.patron.uuid().as_bytes());
        hash.update(purse.currency.code().as_bytes());
        hash.update(means(purse.budget, purse.available).get().to_be_bytes());
        hash.update([u8::from(purse.gives_unspent)]);
    }
    hash.update(clicked.hash);
    for (patron, currency, promise) in &collecting {
        hash.update(patron.uuid().as_bytes());
        hash.update(currency.code().as_bytes());
        hash.update(promise.work.uuid().as_bytes());
        hash.update(promise.amount.get().to_be_bytes());
    }
    Ok(hash.finalize().into())
}

/// What the frozen purses are chosen from.
struct Chosen<'chosen> {
    open: Vec<PurseRow>,
    owed: BTreeSet<(AccountId, Currency)>,
    clickers: &'chosen BTreeSet<AccountId>,
    policy: &'chosen Policy,
    main: Currency,
}

/// The purses that the settlement needs: those with the minimum where there are clicks or an
/// unspent budget to pass on; all of a patron's where none has the minimum, so that the clicks
/// move on and are listed; and those that owe a promise.
fn choose(chosen: Chosen<'_>) -> Vec<PurseRow> {
    let Chosen { open, mut owed, clickers, policy, main } = chosen;
    let is_funded = |purse: &PurseRow| means(purse.budget, purse.available) >= policy.budget_min;
    let funded: BTreeSet<AccountId> =
        open.iter().filter(|purse| is_funded(purse)).map(|purse| purse.patron).collect();
    let mut purses = Vec::new();
    let mut seen = BTreeSet::new();
    for mut purse in open {
        let clicks = clickers.contains(&purse.patron);
        let gives = purse.gives_unspent || policy.unspent == Unspent::ToPool;
        let is_needed = if is_funded(&purse) {
            clicks || gives
        } else {
            !funded.contains(&purse.patron) && clicks
        };
        let owes = owed.remove(&(purse.patron, purse.currency));
        if !is_needed && !owes {
            continue;
        }
        if is_funded(&purse) && is_needed {
            purse.held = means(purse.budget, purse.available);
        } else if !is_needed {
            // Only a promise is collected: the budget takes no part.
            purse.budget = Micros::ZERO;
        }
        purse.gives_unspent = gives && is_needed;
        seen.insert(purse.patron);
        purses.push(purse);
    }
    let bare = |patron, currency| PurseRow {
        patron,
        currency,
        budget: Micros::ZERO,
        available: Micros::ZERO,
        held: Micros::ZERO,
        gives_unspent: false,
    };
    purses.extend(owed.iter().map(|(patron, currency)| bare(*patron, *currency)));
    let unseen = clickers.iter().filter(|patron| !seen.contains(*patron));
    purses
        .extend(unseen.filter(|p| !owed.contains(&(**p, main))).map(|patron| bare(*patron, main)));
    purses.sort_unstable_by_key(|purse| (purse.patron, purse.currency));
    purses
}

/// Sets the means aside until the share-out.
async fn hold(tx: &mut Tx, purses: &[PurseRow]) -> Result<()> {
    let changes: Vec<_> = purses
        .iter()
        .map(|purse| (LedgerAccount::wallet(purse.patron, purse.currency), purse.held))
        .filter(|(_, held)| held.is_positive())
        .collect();
    Ok(ledger::change_held_many(tx, &changes).await?)
}

/// All is frozen: the inputs' hash is the chunks' hashes in order.
async fn end(tx: &mut Tx, period: Period) -> Result<()> {
    let frozen = settlements::chunks(tx, period, Step::Freeze).await?;
    if frozen.len() != settlements::ranges(tx, period).await?.len()
        || !settlements::move_on(tx, period, Stage::Freezing, Stage::Sharing).await?
    {
        return Ok(());
    }
    let mut hash = Sha256::new();
    frozen.iter().for_each(|chunk| hash.update(&chunk.hash));
    Ok(settlements::set_inputs_hash(tx, period, hash.finalize().into()).await?)
}
