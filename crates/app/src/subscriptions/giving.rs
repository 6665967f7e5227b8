//! What subscriptions give: in chunks of one transaction, by the job of a period's start, by the
//! settlement for the period that it is about to close, and at once for a new one. Any of them may
//! be killed or run twice: whoever moves `due` on gives, and a key for each work and period stands
//! behind that (D9).

use std::collections::HashSet;

use jiff::SignedDuration;
use obole_domain::Period;
use obole_domain::click::Way;
use obole_domain::subscription::{Facts, Miss, Turn};
use obole_store::click_batches::{self, Added};
use obole_store::subscriptions::{self, Due, SubscriptionRow};
use obole_store::{Tx, clicks, settings};

use crate::app::App;
use crate::clock_watch;
use crate::error::Result;
use crate::leases::{Alone, alone};

/// How many give in one transaction: few commits, and none that keeps clicks waiting for long.
const CHUNK: i64 = 256;

/// One node gives; the others would do the same in vain.
const GIVE: Alone = Alone::new("subscriptions", SignedDuration::ZERO);

/// Gives everything that is due by the clock. Not while the clock waits for an administrator
/// (D13): a month that nobody lives in would be given for.
pub async fn give_due(app: &App) -> Result<()> {
    let clock = app.clock_period();
    let is_due = move || {
        app.read((), move |read, ()| {
            Box::pin(async move {
                if clock_watch::held(read).await?.is_some() {
                    return Ok(false);
                }
                let period = clicks::shown_period(read, clock).await?;
                Ok(subscriptions::is_due(read, period).await?)
            })
        })
    };
    if !is_due().await? {
        return Ok(());
    }
    // The clock that says so is looked at first.
    clock_watch::look(app).await?;
    if is_due().await? {
        let app = &app.patient();
        alone(app, app.holder(), GIVE, give_all(app, Until::Clock(clock))).await?;
    }
    Ok(())
}

/// Gives everything that is due in a period which is about to be closed, or was before it.
pub(crate) async fn give_until(app: &App, period: Period) -> Result<()> {
    give_all(app, Until::Period(period)).await
}

/// Up to which period is given.
#[derive(Clone, Copy, Debug)]
enum Until {
    /// The one that is open by the clock.
    Clock(Period),
    /// This one, unless it is closed.
    Period(Period),
}

async fn give_all(app: &App, until: Until) -> Result<()> {
    let count = usize::try_from(CHUNK).unwrap_or_default();
    loop {
        let handle = app.clone();
        let given = app.write_many((), count, move |tx, ()| {
            let app = handle.clone();
            Box::pin(async move { give_chunk(&app, tx, until).await })
        });
        if !given.await? {
            return Ok(());
        }
    }
}

/// Gives one chunk; false where nothing is due.
async fn give_chunk(app: &App, tx: &mut Tx, until: Until) -> Result<bool> {
    let until = match until {
        Until::Clock(clock) => clicks::open_period(tx, clock).await?,
        Until::Period(period) => period,
    };
    let due = subscriptions::due(tx, until, CHUNK).await?;
    let Some(first) = due.first() else { return Ok(false) };
    let period = clicks::open_period(tx, first.subscription.due).await?;
    if period > until {
        return Ok(false);
    }
    give_each(app, tx, period, &due).await?;
    Ok(true)
}

/// Gives what these are due in an open period, which the transaction keeps open. Each is due in it
/// or before it, and each only once, whoever else does the same.
///
/// The locks are taken in this order: period, subscriptions, what they gave, clicks; each kind by
/// patron (D6).
pub(super) async fn give_each(app: &App, tx: &mut Tx, period: Period, due: &[Due]) -> Result<()> {
    let (now, policy) = (app.now(), settings::policy(tx).await?);
    let rows: Vec<SubscriptionRow> = due.iter().map(|due| due.subscription.clone()).collect();
    let taken = subscriptions::take_each(tx, &rows, period.next()).await?;
    let taken: HashSet<_> = taken.into_iter().collect();
    let (mut giving, mut missed, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    for due in due.iter().filter(|due| taken.contains(&due.subscription.id)) {
        let row = &due.subscription;
        match facts(due).turn(&policy) {
            Turn::Give(_) => giving.push(row.clone()),
            Turn::Miss(miss) => missed.push((row, miss)),
            Turn::End(ending) => ended.push((row, ending)),
        }
    }
    let came = give_points(tx, period, &giving, (policy.clicks_once, now)).await?;
    let mut given = Vec::with_capacity(giving.len());
    for (row, came) in giving.iter().zip(came) {
        match came {
            None => given.push(row.clone()),
            Some(miss) => missed.push((row, miss)),
        }
    }
    subscriptions::set_given_each(tx, period, &given, now).await?;
    subscriptions::set_missed_each(tx, period, &missed).await?;
    Ok(subscriptions::end_each(tx, &ended, now).await?)
}

const fn facts(due: &Due) -> Facts {
    let Due { subscription, is_own, is_refused, is_suspended } = due;
    Facts {
        points: subscription.points,
        is_own: *is_own,
        is_refused: *is_refused,
        is_suspended: *is_suspended,
    }
}

/// Adds the points of each that no subscription has given yet, and says of each why it could not.
async fn give_points(
    tx: &mut Tx,
    period: Period,
    rows: &[SubscriptionRow],
    rule: (bool, jiff::Timestamp),
) -> Result<Vec<Option<Miss>>> {
    let (is_once, now) = rule;
    let noted: HashSet<_> =
        subscriptions::note_each(tx, period, rows, now).await?.into_iter().collect();
    let new: Vec<_> = rows.iter().filter(|row| noted.contains(&(row.patron, row.work))).collect();
    let added: Vec<Added> = new.iter().map(|row| added(row)).collect();
    let sums = click_batches::add_each(tx, period, &added, rule).await?;
    let given: HashSet<_> = sums.into_iter().map(|(patron, work, _)| (patron, work)).collect();
    let refused = new.into_iter().filter(|row| !given.contains(&(row.patron, row.work)));
    let refused: Vec<SubscriptionRow> = refused.cloned().collect();
    subscriptions::forget_each(tx, period, &refused).await?;
    let why = if is_once { Miss::ClickedAlready } else { Miss::PointsFull };
    let came = rows.iter().map(|row| match (row.patron, row.work) {
        key if given.contains(&key) => None,
        key if noted.contains(&key) => Some(why),
        _ => Some(Miss::GivenAlready),
    });
    Ok(came.collect())
}

const fn added(row: &SubscriptionRow) -> Added {
    Added { patron: row.patron, work: row.work, points: row.points, way: Way::Subscription }
}
