//! Fills an empty database: patrons with funded wallets and budgets, works of which some are
//! claimed, and the clicks of the clock's current period.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Posting, Reason};
use obole_domain::{AccountId, CanonicalUrl, Currency, Handle, Micros, Money, Period, WorkId};
use obole_store::bench::{self, BenchWork};
use obole_store::{Tx, clicks, ledger, settings};
use uuid::Uuid;

use super::sampler::{Popularity, Sampler};
use super::{MARK, is_empty};
use crate::app::App;
use crate::error::{Error, Result};

/// What to fill a database with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// How many patrons.
    pub patrons: u32,
    /// How many clicks a patron gives on average.
    pub mean_clicks: u32,
    /// How many works.
    pub works: u32,
    /// Another number makes another load.
    pub seed: u64,
}

/// Patrons or works in one transaction.
const CHUNK: u32 = 500;

/// Of ten works, so many are claimed; each creator has this many.
const CLAIMED_OF_TEN: u32 = 7;
const WORKS_OF_CREATOR: u32 = 5;

/// The monthly budgets, in whole units; the wallets hold a little more, and one in fifty is empty.
const BUDGETS: [i64; 8] = [2, 3, 5, 5, 8, 10, 20, 50];

/// The most clicks of one patron.
const CLICKS_MAX: u64 = 5_000;

/// Which series of the sampler draws what.
const PATRONS: u64 = 0;
const WORKS: u64 = 1 << 40;

/// Fills a database and gives the number of clicks. Refused for one that has accounts.
pub async fn fill(
    app: &App,
    load: Load,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<u64> {
    if !is_empty(app).await? {
        return Err(Error::internal("this database has accounts already; fill a new one"));
    }
    let filling = begin(app, load).await?;
    let works = Arc::new(put_works(app, &filling).await?);
    let popularity = Popularity::zipf(load.works);
    let mut clicks = 0;
    for first in (0..load.patrons).step_by(CHUNK as usize) {
        let chunk = patrons(&filling, first, (&works, &popularity))?;
        clicks += chunk.clicks.len() as u64;
        app.write(chunk, |tx, chunk| Box::pin(put_patrons(tx, chunk))).await?;
        progress(u64::from(first + CHUNK).min(load.patrons.into()), load.patrons.into());
    }
    Ok(clicks)
}

/// What all chunks share.
struct Filling {
    load: Load,
    period: Period,
    now: Timestamp,
    currency: Currency,
}

/// Opens the period and marks the database.
async fn begin(app: &App, load: Load) -> Result<Filling> {
    let clock = app.clock_period();
    let period = app.write((), move |tx, ()| {
        Box::pin(async move {
            let period = clicks::open_period(tx, clock).await?;
            settings::set(tx, MARK, &period.to_string()).await?;
            Ok(period)
        })
    });
    Ok(Filling { load, period: period.await?, now: app.now(), currency: app.main_currency() })
}

/// An id of the load: in the order of its number, like one that was made at that time.
fn id(seed: u64, series: u64) -> Uuid {
    let mut sampler = Sampler::new(seed, series);
    let mut random = [0; 10];
    let bytes = sampler.next().to_be_bytes().into_iter().chain(sampler.next().to_be_bytes());
    random.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    // The first months of the era: nobody else's ids are there.
    uuid::Builder::from_unix_timestamp_millis(series % (1 << 40), &random).into_uuid()
}

/// Makes the works, the most clicked first, and the creators of those that are claimed.
async fn put_works(app: &App, filling: &Filling) -> Result<Vec<WorkId>> {
    let (load, now) = (filling.load, filling.now);
    let mut ids = Vec::new();
    for first in (0..load.works).step_by(CHUNK as usize) {
        let (mut creators, mut works) = (Vec::new(), Vec::new());
        for number in first..(first + CHUNK).min(load.works) {
            let creator = number / WORKS_OF_CREATOR;
            let owner = AccountId::new(id(load.seed, WORKS | 1 << 39 | u64::from(creator)));
            if number % WORKS_OF_CREATOR == 0 {
                creators.push((owner, Handle::parse(&format!("creator-{creator}"))?));
            }
            let is_claimed = number % 10 < CLAIMED_OF_TEN;
            works.push(BenchWork {
                id: WorkId::new(id(load.seed, WORKS | u64::from(number))),
                url: CanonicalUrl::parse(&format!("https://bench.obole.example/{number}"))?,
                owner: is_claimed.then_some(owner),
            });
        }
        ids.extend(works.iter().map(|work| work.id));
        let put = app.write((creators, works), move |tx, (creators, works)| {
            Box::pin(async move {
                bench::put_accounts(tx, creators, now).await?;
                Ok(bench::put_works(tx, works, now).await?)
            })
        });
        put.await?;
    }
    Ok(ids)
}

/// Some patrons with all that is theirs.
struct Chunk {
    period: Period,
    now: Timestamp,
    accounts: Vec<(AccountId, Handle)>,
    budgets: Vec<(AccountId, Money)>,
    clicks: Vec<(AccountId, WorkId, i64)>,
    funding: Entry,
}

fn patrons(filling: &Filling, first: u32, works: (&[WorkId], &Popularity)) -> Result<Chunk> {
    let Filling { load, period, now, currency } = *filling;
    let (mut accounts, mut budgets, mut clicks) = (Vec::new(), Vec::new(), Vec::new());
    let mut postings = Vec::new();
    for number in first..(first + CHUNK).min(load.patrons) {
        let patron = AccountId::new(id(load.seed, PATRONS | u64::from(number)));
        let mut sampler = Sampler::new(load.seed, 1 << 50 | u64::from(number));
        accounts.push((patron, Handle::parse(&format!("patron-{number}"))?));
        let place = usize::try_from(sampler.below(BUDGETS.len() as u64)).unwrap_or_default();
        let budget = Micros::units(BUDGETS.get(place).copied().unwrap_or(5));
        budgets.push((patron, Money::new(budget, currency)));
        let more = i64::try_from(sampler.below(3_000_000)).unwrap_or_default();
        if sampler.below(50) > 0 {
            let wallet = LedgerAccount::wallet(patron, currency);
            let amount = budget.plus(Micros::new(more))?;
            postings.push(Posting { account: wallet, amount: amount.negated()? });
        }
        for work in drawn(&mut sampler, load, works) {
            let points = if sampler.below(10) == 0 { 1 + sampler.below(10) } else { 1 };
            clicks.push((patron, work, i64::try_from(points).unwrap_or(1)));
        }
    }
    let funding = funding(postings, (first, currency))?;
    Ok(Chunk { period, now, accounts, budgets, clicks, funding })
}

/// The works that a patron clicks, in the order of their keys.
fn drawn(sampler: &mut Sampler, load: Load, works: (&[WorkId], &Popularity)) -> BTreeSet<WorkId> {
    let (ids, popularity) = works;
    let most = CLICKS_MAX.min(u64::from(load.works));
    let count = sampler.log_normal(load.mean_clicks.into()).min(most);
    let mut drawn = BTreeSet::new();
    // Few works and many clicks: what is drawn again and again is left at some point.
    for _ in 0..count * 8 {
        if drawn.len() as u64 >= count {
            break;
        }
        drawn.extend(ids.get(popularity.draw(sampler)).copied());
    }
    drawn
}

/// One entry for the wallets of a chunk.
fn funding(mut postings: Vec<Posting>, which: (u32, Currency)) -> Result<Entry> {
    let (first, currency) = which;
    let sum = Micros::sum(postings.iter().map(|posting| posting.amount))?;
    let source = LedgerAccount::common(LedgerKind::PlayMoney, currency);
    postings.push(Posting { account: source, amount: sum.negated()? });
    let fact = Fact::new("bench", first, "funded");
    Ok(Entry::new(Reason::PlayMoney, fact, postings)?)
}

async fn put_patrons(tx: &mut Tx, chunk: &Chunk) -> Result<()> {
    bench::put_accounts(tx, &chunk.accounts, chunk.now).await?;
    bench::put_budgets(tx, &chunk.budgets, chunk.now).await?;
    ledger::post(tx, chunk.now, &chunk.funding).await?;
    Ok(bench::put_clicks(tx, chunk.period, &chunk.clicks, chunk.now).await?)
}
