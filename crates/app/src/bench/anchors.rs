//! What a settlement is measured against: the same shares computed in memory, by one statement of
//! SQL, and a bare reading of all clicks.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use obole_domain::{Micros, Period, WorkId, share_out};
use obole_store::freeze::Range;
use obole_store::settlements;
use obole_store::{bench, shares};

use crate::app::App;
use crate::error::{Error, Result};
use crate::settle::share;

/// What each work got, promises included, and how long it took to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// By work, in millionths.
    pub by_work: BTreeMap<WorkId, i64>,
    /// How long the way itself took.
    pub took: Duration,
}

async fn ranges(app: &App, period: Period) -> Result<Vec<Range>> {
    let ranges = app.read((), move |read, ()| {
        Box::pin(async move { Ok(settlements::ranges(read, period).await?) })
    });
    Ok(ranges.await?.into_iter().map(|(_, range)| range).collect())
}

/// What the settlement stored.
pub async fn by_settlement(app: &App, period: Period) -> Result<Sums> {
    let started = Instant::now();
    let mut by_work = BTreeMap::<WorkId, i64>::new();
    for range in ranges(app, period).await? {
        let statements = app.read((), move |read, ()| {
            Box::pin(async move { Ok(shares::statements_between(read, period, range).await?) })
        });
        for (_, statement) in statements.await? {
            for line in statement.lines.iter().filter(|line| line.state.has_share()) {
                *by_work.entry(line.work).or_default() += line.share.get();
            }
        }
    }
    Ok(Sums { by_work, took: started.elapsed() })
}

/// A patron's month as arrays: means, places of works, points.
struct Packed {
    means: Micros,
    works: Vec<u32>,
    points: Vec<u64>,
}

/// In memory, one thread: everything is read first, only the share-out and the sums are timed.
pub async fn by_memory(app: &App, period: Period) -> Result<Sums> {
    let minimum = frozen_minimum(app, period).await?;
    let mut places = BTreeMap::<WorkId, u32>::new();
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
                let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
                *places.entry(work).or_insert(next)
            };
            packed.push(Packed {
                means,
                works: patron.clicks.iter().map(|click| place(click.work)).collect(),
                points: patron.clicks.iter().map(|click| click.points.weight()).collect(),
            });
        }
    }
    let mut sums = vec![0_i64; places.len()];
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
    let sum = |place: u32| sums.get(place as usize).copied().unwrap_or_default();
    let by_work = places.into_iter().map(|(work, place)| (work, sum(place))).collect();
    Ok(Sums { by_work, took })
}

/// By one statement of SQL.
pub async fn by_sql(app: &App, period: Period) -> Result<Sums> {
    let minimum = frozen_minimum(app, period).await?;
    let started = Instant::now();
    let by_work = app.read((), move |read, ()| {
        Box::pin(async move { Ok(bench::sums_by_sql(read, period, minimum).await?) })
    });
    Ok(Sums { by_work: by_work.await?, took: started.elapsed() })
}

/// How long it takes to read all clicks and do nothing with them.
pub async fn by_scan(app: &App, period: Period) -> Result<Duration> {
    let started = Instant::now();
    let scanned =
        app.read((), move |read, ()| Box::pin(async move { Ok(bench::scan(read, period).await?) }));
    scanned.await?;
    Ok(started.elapsed())
}

async fn frozen_minimum(app: &App, period: Period) -> Result<Micros> {
    let row = app.read((), move |read, ()| {
        Box::pin(async move { Ok(settlements::find(read, period).await?) })
    });
    Ok(row.await?.ok_or(Error::NotFound)?.policy.budget_min)
}
