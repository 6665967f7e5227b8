//! The share-out: each chunk of patrons is read in key order, shared by the pure function of the
//! domain, and written back packed (performance.md section 1).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::money::AMOUNT_MAX;
use obole_domain::settlement::{PatronInputs, PatronPlan, Purse, WorkTerms, share_patron};
use obole_domain::statement::{LineState, Statement};
use obole_domain::{AccountId, Currency, Micros, Period, Policy, WorkId};
use obole_store::freeze::{self, PurseRow, Range};
use obole_store::settlements::{self, ChunkRow, Stage, Step, Totals};
use obole_store::shares::{self, CreditPart};
use obole_store::{Read, Tx, clicks, ledger};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::Run;
use crate::app::App;
use crate::error::{Error, Result};

/// Shares out every frozen chunk that is not done, then moves on.
pub(super) async fn run(run: &Run<'_>) -> Result<()> {
    let period = run.period;
    let known = run.app.read((), move |read, ()| {
        Box::pin(async move {
            let frozen = settlements::chunks(read, period, Step::Freeze).await?;
            let shared = settlements::chunks(read, period, Step::Share).await?;
            Ok((frozen, shared, freeze::frozen_works(read, period).await?))
        })
    });
    let (frozen, shared, works) = known.await?;
    let works = Arc::new(works);
    let of = frozen.iter().map(|chunk| chunk.rows).sum();
    let mut done: i64 = shared.iter().map(|chunk| chunk.rows).sum();
    let mut after = Uuid::nil();
    for chunk in frozen {
        let range = Range { after, last: chunk.last };
        after = chunk.last;
        if shared.iter().any(|shared| shared.number == chunk.number) {
            continue;
        }
        done += chunk.rows;
        let share = Share {
            app: run.app.clone(),
            period,
            policy: run.policy.clone(),
            works: Arc::clone(&works),
            chunk,
            range,
        };
        run.app.write(share, |tx, share| Box::pin(share_chunk(tx, share))).await?;
        run.tell(Stage::Sharing, done, of);
    }
    run.app
        .write((), move |tx, ()| {
            Box::pin(async move {
                settlements::move_on(tx, period, Stage::Sharing, Stage::Crediting).await?;
                Ok(())
            })
        })
        .await
}

/// A chunk to share out.
struct Share {
    app: App,
    period: Period,
    policy: Policy,
    works: Arc<BTreeMap<WorkId, WorkTerms>>,
    chunk: ChunkRow,
    range: Range,
}

async fn share_chunk(tx: &mut Tx, share: &Share) -> Result<()> {
    let Share { period, chunk, range, .. } = share;
    if !settlements::take_chunk(tx, *period, Step::Share, chunk).await? {
        return Ok(());
    }
    let purses = freeze::frozen_purses(tx, *period, *range).await?;
    let patrons = inputs(tx, *period, *range).await?;
    let unclaimed = WorkTerms::default();
    let terms = |work: WorkId| share.works.get(&work).unwrap_or(&unclaimed);
    let mut plans = Vec::with_capacity(patrons.len());
    for patron in &patrons {
        plans.push(share_patron(patron, terms, &share.policy)?);
    }
    store_statements(tx, *period, &plans).await?;
    let hash = hash(&plans);
    settlements::set_chunk(tx, *period, Step::Share, (chunk.number, chunk.rows, hash)).await?;
    let mut booking = Booking::default();
    for purse in &purses {
        booking.free(purse)?;
    }
    for plan in &plans {
        booking.add(plan, terms)?;
    }
    book(tx, share, &booking).await?;
    shares::end_collecting(tx, *period, *range, share.app.now()).await?;
    carry(tx, share, &patrons, &plans).await
}

/// The frozen inputs of a range of patrons, by account.
pub(crate) async fn inputs(
    read: &mut Read,
    period: Period,
    range: Range,
) -> Result<Vec<PatronInputs>> {
    let mut patrons = BTreeMap::<AccountId, PatronInputs>::new();
    for row in freeze::frozen_purses(read, period, range).await? {
        let patron = patrons.entry(row.patron).or_insert_with(|| PatronInputs {
            patron: row.patron,
            clicks: Vec::new(),
            purses: Vec::new(),
            gives_unspent: false,
        });
        patron.gives_unspent |= row.gives_unspent;
        patron.purses.push(Purse {
            currency: row.currency,
            budget: row.budget,
            available: row.available,
            fixed: Vec::new(),
            collected: Vec::new(),
        });
    }
    for (patron, click) in freeze::clicks(read, period, range).await? {
        if let Some(patron) = patrons.get_mut(&patron) {
            patron.clicks.push(click);
        }
    }
    for (patron, currency, promise) in freeze::promises_of_settlement(read, period, range).await? {
        let purses = patrons.get_mut(&patron).map(|patron| &mut patron.purses);
        let purse = purses.and_then(|all| all.iter_mut().find(|purse| purse.currency == currency));
        purse
            .ok_or_else(|| Error::internal("a promise without its purse"))?
            .collected
            .push(promise);
    }
    Ok(patrons.into_values().collect())
}

/// Stores the packed statements.
async fn store_statements(tx: &mut Tx, period: Period, plans: &[PatronPlan]) -> Result<()> {
    let packed: Vec<_> =
        made(plans).map(|(patron, statement)| (patron, statement, statement.pack())).collect();
    Ok(shares::put_statements(tx, period, &packed).await?)
}

/// The hash of a chunk's statements, in order (L8).
pub(crate) fn hash(plans: &[PatronPlan]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for (patron, statement) in made(plans) {
        hash.update(patron.uuid().as_bytes());
        hash.update(statement.currency.code().as_bytes());
        hash.update(statement.pack());
    }
    hash.finalize().into()
}

/// The statements that say something: those that are stored.
pub(crate) fn made(plans: &[PatronPlan]) -> impl Iterator<Item = (AccountId, &Statement)> {
    plans.iter().flat_map(|plan| {
        let made = plan.statements.iter().filter(|statement| !statement.is_empty());
        made.map(|statement| (plan.patron, statement))
    })
}

/// All that a chunk moves, added up by ledger account and work.
#[derive(Default)]
struct Booking {
    held: BTreeMap<LedgerAccount, Micros>,
    given: BTreeMap<LedgerAccount, Micros>,
    collected: BTreeMap<LedgerAccount, Micros>,
    pooled: BTreeMap<LedgerAccount, Micros>,
    credits: BTreeMap<(WorkId, Currency), CreditPart>,
    promises: Vec<(AccountId, WorkId, Currency, Micros)>,
    totals: BTreeMap<Currency, Totals>,
}

impl Booking {
    /// What the freeze set aside is free for the share-out.
    fn free(&mut self, purse: &PurseRow) -> Result<()> {
        let wallet = LedgerAccount::wallet(purse.patron, purse.currency);
        let held = self.held.entry(wallet).or_default();
        *held = held.minus(purse.held)?;
        Ok(())
    }

    /// One patron's statements.
    fn add<'works>(
        &mut self,
        plan: &PatronPlan,
        terms: impl Fn(WorkId) -> &'works WorkTerms,
    ) -> Result<()> {
        for statement in &plan.statements {
            let currency = statement.currency;
            let wallet = LedgerAccount::wallet(plan.patron, currency);
            let (promised, collected) = (statement.promised_total()?, statement.collected_total()?);
            let held = self.held.entry(wallet).or_default();
            *held = held.plus(promised)?.minus(collected)?;
            self.given.insert(wallet, statement.paid_total()?);
            self.collected.insert(wallet, collected);
            self.pooled.insert(wallet, statement.to_pool);
            let totals = self.totals.entry(currency).or_insert_with(|| Totals::empty(currency));
            totals.taken = totals.taken.plus(statement.taken_total()?)?;
            totals.promised = totals.promised.plus(promised)?;
            totals.pool = totals.pool.plus(statement.to_pool)?;
            self.credit(statement, &terms)?;
            let is_promise =
                |state, share: Micros| state == LineState::Promised && share.is_positive();
            let promised = statement.lines.iter().filter(|line| is_promise(line.state, line.share));
            self.promises.extend(promised.map(|l| (plan.patron, l.work, currency, l.share)));
        }
        Ok(())
    }

    /// What a statement's works receive.
    fn credit<'works>(
        &mut self,
        statement: &Statement,
        terms: &impl Fn(WorkId) -> &'works WorkTerms,
    ) -> Result<()> {
        let mut counted = BTreeSet::new();
        for (work, amount) in statement.paid() {
            let Some(payee) = terms(work).payee else {
                return Err(Error::internal("a share is paid to a work without a payee"));
            };
            let currency = statement.currency;
            let part = self.credits.entry((work, currency)).or_insert(CreditPart {
                work,
                currency,
                payee,
                clicks: 0,
                gross: Micros::ZERO,
            });
            // One patron is one click, however many promises are collected with it (P2).
            part.clicks += i64::from(counted.insert(work));
            part.gross = part.gross.plus(amount)?;
        }
        Ok(())
    }
}

/// Writes what a chunk moves. Holds change first: the means that were set aside pay for it.
async fn book(tx: &mut Tx, share: &Share, booking: &Booking) -> Result<()> {
    let held: Vec<_> = booking.held.iter().map(|(wallet, change)| (*wallet, *change)).collect();
    ledger::change_held_many(tx, &held).await?;
    let clearing = |currency| LedgerAccount::clearing(share.period, currency);
    let pool = |currency| LedgerAccount::common(LedgerKind::Pool, currency);
    take(tx, share, (Reason::Given, &booking.given), clearing).await?;
    take(tx, share, (Reason::PromisesCollected, &booking.collected), clearing).await?;
    take(tx, share, (Reason::ToPool, &booking.pooled), pool).await?;
    let credits: Vec<CreditPart> = booking.credits.values().copied().collect();
    shares::add_credits(tx, share.period, &credits).await?;
    shares::put_promises(tx, share.period, &booking.promises).await?;
    for totals in booking.totals.values() {
        settlements::add_totals(tx, share.period, totals).await?;
    }
    Ok(())
}

/// Books one entry a currency from the chunk's wallets to one ledger account (D8).
async fn take(
    tx: &mut Tx,
    share: &Share,
    what: (Reason, &BTreeMap<LedgerAccount, Micros>),
    to: impl Fn(Currency) -> LedgerAccount,
) -> Result<()> {
    let (reason, amounts) = what;
    let mut by_currency = BTreeMap::<Currency, Vec<Posting>>::new();
    for (wallet, amount) in amounts.iter().filter(|(_, amount)| amount.is_positive()) {
        let postings = by_currency.entry(wallet.currency).or_default();
        postings.push(Posting { account: *wallet, amount: *amount });
    }
    for (currency, postings) in by_currency {
        for (place, mut postings) in within_limit(postings)?.into_iter().enumerate() {
            let total = Micros::sum(postings.iter().map(|posting| posting.amount))?;
            postings.push(Posting { account: to(currency), amount: total.negated()? });
            let id = format!("{}/{}/{}.{place}", share.period, currency, share.chunk.number);
            let entry = Entry::new(reason, Fact::new("settlement", id, reason.code()), postings)?;
            ledger::post(tx, share.app.now(), &entry).await?;
        }
    }
    Ok(())
}

/// Postings in groups, each of which fits into one entry (L14).
fn within_limit(postings: Vec<Posting>) -> Result<Vec<Vec<Posting>>> {
    let mut groups: Vec<(Micros, Vec<Posting>)> = Vec::new();
    for posting in postings {
        let grown = groups.last().map(|(sum, _)| sum.plus(posting.amount)).transpose()?;
        match groups.last_mut().zip(grown.filter(|sum| *sum <= AMOUNT_MAX)) {
            Some(((sum, group), grown)) => {
                *sum = grown;
                group.push(posting);
            }
            None => groups.push((posting.amount, vec![posting])),
        }
    }
    Ok(groups.into_iter().map(|(_, group)| group).collect())
}

/// Moves the clicks of unfunded patrons to the next open period.
async fn carry(
    tx: &mut Tx,
    share: &Share,
    patrons: &[PatronInputs],
    plans: &[PatronPlan],
) -> Result<()> {
    let mut moved = Vec::new();
    for (patron, plan) in patrons.iter().zip(plans) {
        let lines = plan.statements.iter().flat_map(|statement| &statement.lines);
        let mut works: Vec<WorkId> =
            lines.filter(|line| line.state == LineState::Carried).map(|line| line.work).collect();
        works.sort_unstable();
        works.dedup();
        let carried = patron.clicks.iter().filter(|click| works.binary_search(&click.work).is_ok());
        moved.extend(carried.map(|c| (patron.patron, c.work, c.points.get(), c.carries + 1)));
    }
    if moved.is_empty() {
        return Ok(());
    }
    let to = clicks::open_period(tx, share.period.next()).await?;
    Ok(shares::carry(tx, to, &moved, share.app.now()).await?)
}
