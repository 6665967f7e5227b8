//! The freeze: for each patron, what they may spend, set aside on the wallet until the share-out,
//! so that the plan depends on nothing that happens afterwards (L8).

use std::collections::{BTreeMap, BTreeSet};

use obole_domain::budget::means;
use obole_domain::ledger::LedgerAccount;
use obole_domain::policy::{PROMISE_MONTHS, Unspent};
use obole_domain::settlement::FrozenClick;
use obole_domain::{AccountId, Currency, Micros, Period, Policy};
use obole_store::freeze::{self, PromiseFreeze, PurseRow, Range};
use obole_store::settlements::{self, ChunkRow, Stage, Step};
use obole_store::{Tx, ledger};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{CHUNK_PATRONS, Run};
use crate::app::App;
use crate::error::{Error, Result};

/// Freezes chunk after chunk until no patron is left, then moves on.
pub(super) async fn run(run: &Run<'_>) -> Result<()> {
    loop {
        let frozen = chunk(run).await?;
        run.tell(Stage::Freezing, frozen.clicks, 0);
        if frozen.is_last {
            return Ok(());
        }
    }
}

/// What a chunk came to.
struct Frozen {
    /// The clicks frozen so far.
    clicks: i64,
    is_last: bool,
}

/// What a chunk is made of.
#[derive(Clone)]
struct Freeze {
    app: App,
    period: Period,
    policy: Policy,
}

async fn chunk(run: &Run<'_>) -> Result<Frozen> {
    let freeze = Freeze { app: run.app.clone(), period: run.period, policy: run.policy.clone() };
    run.app.write(freeze, |tx, freeze| Box::pin(freeze_chunk(tx, freeze))).await
}

async fn freeze_chunk(tx: &mut Tx, freeze: &Freeze) -> Result<Frozen> {
    let Freeze { app, period, .. } = freeze;
    let period = *period;
    // Another run may have ended the freeze meanwhile: nothing is frozen after its end.
    if settlements::locked_stage(tx, period).await? != Some(Stage::Freezing) {
        return Ok(Frozen { clicks: 0, is_last: true });
    }
    let done = settlements::chunks(tx, period, Step::Freeze).await?;
    let clicks: i64 = done.iter().map(|chunk| chunk.rows).sum();
    let after = done.last().map_or(Uuid::nil(), |chunk| chunk.last);
    let patrons = freeze::next_patrons(tx, period, after, CHUNK_PATRONS).await?;
    let Some((first, last)) = patrons.first().zip(patrons.last()) else {
        end(tx, period, &done).await?;
        return Ok(Frozen { clicks, is_last: true });
    };
    let range = Range { after, last: last.uuid() };
    let number = done.last().map_or(0, |chunk| chunk.number + 1);
    let (first, last) = (first.uuid(), last.uuid());
    let taken = ChunkRow { number, first, last, rows: 0, hash: Vec::new() };
    if !settlements::take_chunk(tx, period, Step::Freeze, &taken).await? {
        return Ok(Frozen { clicks, is_last: false });
    }
    free_promises(
        tx,
        PromiseFreeze { period, range, expired: period.back(PROMISE_MONTHS), now: app.now() },
    )
    .await?;
    let (rows, hash) = freeze_range(tx, freeze, range).await?;
    settlements::set_chunk(tx, period, Step::Freeze, (number, rows, hash)).await?;
    Ok(Frozen { clicks: clicks + rows, is_last: false })
}

/// Ends promises that are over and marks those that this settlement collects.
async fn free_promises(tx: &mut Tx, promises: PromiseFreeze) -> Result<()> {
    let freed = freeze::freeze_promises(tx, promises).await?;
    let mut changes = BTreeMap::<LedgerAccount, Micros>::new();
    for (patron, currency, amount) in freed {
        let change = changes.entry(LedgerAccount::wallet(patron, currency)).or_default();
        *change = change.minus(amount)?;
    }
    let changes: Vec<_> = changes.into_iter().collect();
    Ok(ledger::change_held_many(tx, &changes).await?)
}

/// Freezes the purses of a range and hashes all that the plan will depend on. Gives the number of
/// clicks and the hash.
async fn freeze_range(tx: &mut Tx, freeze: &Freeze, range: Range) -> Result<(i64, [u8; 32])> {
    let Freeze { app, period, policy } = freeze;
    let clicks = freeze::clicks(tx, *period, range).await?;
    let clickers: BTreeSet<AccountId> = clicks.iter().map(|(patron, _)| *patron).collect();
    let collecting = freeze::promises_of_settlement(tx, *period, range).await?;
    let open = freeze::open_purses(tx, range, period.ends(app.zone())).await?;
    let owed: BTreeSet<_> =
        collecting.iter().map(|(patron, currency, _)| (*patron, *currency)).collect();
    let purses =
        choose(Chosen { open, owed, clickers: &clickers, policy, main: app.main_currency() });
    hold(tx, &purses).await?;
    freeze::freeze_purses(tx, *period, &purses).await?;

    let mut hash = Sha256::new();
    for purse in &purses {
        hash.update(purse.patron.uuid().as_bytes());
        hash.update(purse.currency.code().as_bytes());
        hash.update(means(purse.budget, purse.available).get().to_be_bytes());
        hash.update([u8::from(purse.gives_unspent)]);
    }
    for (patron, FrozenClick { work, points, carries }) in &clicks {
        hash.update(patron.uuid().as_bytes());
        hash.update(work.uuid().as_bytes());
        hash.update(points.get().to_be_bytes());
        hash.update(carries.to_be_bytes());
    }
    for (patron, currency, promise) in &collecting {
        hash.update(patron.uuid().as_bytes());
        hash.update(currency.code().as_bytes());
        hash.update(promise.work.uuid().as_bytes());
        hash.update(promise.amount.get().to_be_bytes());
    }
    let count = i64::try_from(clicks.len()).map_err(Error::internal)?;
    Ok((count, hash.finalize().into()))
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
async fn end(tx: &mut Tx, period: Period, chunks: &[ChunkRow]) -> Result<()> {
    if !settlements::move_on(tx, period, Stage::Freezing, Stage::Sharing).await? {
        return Ok(());
    }
    let mut hash = Sha256::new();
    chunks.iter().for_each(|chunk| hash.update(&chunk.hash));
    Ok(settlements::set_inputs_hash(tx, period, hash.finalize().into()).await?)
}
