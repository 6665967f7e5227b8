//! What a settlement is measured against: the same shares computed in memory, by one statement of
//! SQL, and a bare reading of all clicks.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use obole_domain::{AccountId, Micros, Period, WorkId, share_out};
use obole_store::freeze::Range;
use obole_store::settlements;
use obole_store::{bench, shares};
use sha2::{Digest as _, Sha256};

use crate::app::App;
use crate::error::{Error, Result};
use crate::settle::share;

/// What a way of sharing out came to, promises included, and how long it took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// What each work got, in millionths; without those that got nothing.
    pub by_work: BTreeMap<WorkId, i64>,
    /// Every share, as one hash: what is the same here agrees share by share.
    pub shares: [u8; 32],
    /// How long the way itself took to know what each work gets.
    pub took: Duration,
    /// How long it took with every share stored; none where none is.
    pub stored: Option<Duration>,
}

/// Hashes every share that is more than nothing, in the order of patrons and works.
#[derive(Default)]
struct Shares(Sha256);

impl Shares {
    fn add(&mut self, patron: AccountId, work: WorkId, share: Micros) {
        if share.is_positive() {
            self.0.update(patron.uuid().as_bytes());
            self.0.update(work.uuid().as_bytes());
            self.0.update(share.get().to_be_bytes());
        }
    }

    fn hash(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

async fn ranges(app: &App, period: Period) -> Result<Vec<Range>> {
    let ranges = app.read((), move |read, ()| {
        Box::pin(async move { Ok(settlements::ranges(read, period).await?) })
    });
    Ok(ranges.await?.into_iter().map(|(_, range)| range).collect())
}

/// What the settlement stored.
pub async fn by_settlement(app: &App, period: Period) -> Result<Shared> {
    let started = Instant::now();
    let mut by_work = BTreeMap::<WorkId, i64>::new();
    let mut shares = Shares::default();
    for range in ranges(app, period).await? {
        let statements = app.read((), move |read, ()| {
            Box::pin(async move { Ok(shares::statements_between(read, period, range).await?) })
        });
        for (patron, mut statement) in statements.await? {
            statement.lines.retain(|line| line.state.has_share() && line.share.is_positive());
            statement.lines.sort_unstable_by_key(|line| line.work);
            for line in &statement.lines {
                *by_work.entry(line.work).or_default() += line.share.get();
                shares.add(patron, line.work, line.share);
            }
        }
    }
    Ok(Shared { by_work, shares: shares.hash(), took: started.elapsed(), stored: None })
}

/// A patron's month as arrays: means, places of works, points.
struct Packed {
    patron: AccountId,
    means: Micros,
    works: Vec<u32>,
    points: Vec<u64>,
}

/// All patrons' months as arrays, and the works by place.
async fn packed(app: &App, period: Period) -> Result<(Vec<Packed>, Vec<WorkId>)> {
    let minimum = frozen_minimum(app, period).await?;
    let (mut places, mut works) = (HashMap::<WorkId, u32>::new(), Vec::new());
    let mut packed = Vec::new();
    for range in ranges(app, period).await? {
        let inputs = app.read((), move |read, ()| {
            Box::pin(async move { share::inputs(read, period, range).await })
        });
        for patron in inputs.await? {
            let means = patron.purses.first().map_or(Micros::ZERO, |purse| purse.means());
            if means < minimum || patron.clicks.is_empty() {
                continue;
            }
            let mut place = |work| {
                *places.entry(work).or_insert_with(|| {
                    works.push(work);
                    u32::try_from(works.len() - 1).unwrap_or(u32::MAX)
                })
            };
            packed.push(Packed {
                patron: patron.patron,
                means,
                works: patron.clicks.iter().map(|click| place(click.work)).collect(),
                points: patron.clicks.iter().map(|click| click.points.weight()).collect(),
            });
        }
    }
    Ok((packed, works))
}

/// In memory, one thread: everything is read first, only the share-out and the sums are timed.
pub async fn by_memory(app: &App, period: Period) -> Result<Shared> {
    let (packed, works) = packed(app, period).await?;
    let mut sums = vec![0_i64; works.len()];
    let started = Instant::now();
    for patron in &packed {
        let shares = share_out(patron.means, &patron.points)?;
        for (work, share) in patron.works.iter().zip(shares) {
            if let Some(sum) = sums.get_mut(*work as usize) {
                *sum += share.get();
            }
        }
    }
    let took = started.elapsed();
    let mut all = Shares::default();
    for patron in &packed {
        let shares = share_out(patron.means, &patron.points)?;
        for (place, share) in patron.works.iter().zip(shares) {
            let work = works.get(*place as usize).ok_or(Error::NotFound)?;
            all.add(patron.patron, *work, share);
        }
    }
    let by_work = works.into_iter().zip(sums).filter(|(_, sum)| *sum > 0).collect();
    Ok(Shared { by_work, shares: all.hash(), took, stored: None })
}

/// By one statement of SQL for what works get, and by one that stores every share.
pub async fn by_sql(app: &App, period: Period) -> Result<Shared> {
    let minimum = frozen_minimum(app, period).await?;
    let patient = app.patient();
    let shared = patient.write((), move |tx, ()| {
        Box::pin(async move {
            let started = Instant::now();
            let mut by_work = bench::sums_by_sql(tx, period, minimum).await?;
            let took = started.elapsed();
            by_work.retain(|_, sum| *sum > 0);
            let started = Instant::now();
            bench::put_shares_by_sql(tx, period, minimum).await?;
            let stored = Some(started.elapsed());
            let mut shares = Shares::default();
            let each = |patron, work, share| shares.add(patron, work, share);
            bench::each_share_by_sql(tx, each).await?;
            bench::drop_shares(tx).await?;
            Ok(Shared { by_work, shares: shares.hash(), took, stored })
        })
    });
    shared.await
}

/// How long it takes to read all clicks and do nothing with them.
pub async fn by_scan(app: &App, period: Period) -> Result<Duration> {
    let (patient, started) = (app.patient(), Instant::now());
    let scanned = patient
        .read((), move |read, ()| Box::pin(async move { Ok(bench::scan(read, period).await?) }));
    scanned.await?;
    Ok(started.elapsed())
}

async fn frozen_minimum(app: &App, period: Period) -> Result<Micros> {
    let row = app.read((), move |read, ()| {
        Box::pin(async move { Ok(settlements::find(read, period).await?) })
    });
    Ok(row.await?.ok_or(Error::NotFound)?.policy.budget_min)
}
