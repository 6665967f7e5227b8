//! Closing a period (product.md section 4, security.md D14): freeze, share out, book, credit, pass
//! on, finish.
//! Each step goes in chunks of one transaction; it may be killed at any moment, started twice or
//! run on two nodes: a chunk is taken by its key, so each share is paid exactly once.

mod arrivals;
mod booking;
mod chunks;
mod credit;
mod finish;
mod freeze;
mod passing;
mod results;
pub(crate) mod share;
mod tell;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(crate) use arrivals::hold_unless_giving;
pub(crate) use freeze::free;
use jiff::SignedDuration;
use obole_domain::pass_on::Arrival;
use obole_domain::sheet::Parts;
use obole_domain::team::Percentages;
use obole_domain::{AccountId, Micros, PassOn, Period, Policy, Refusal, WorkId};
use obole_store::Read;
use obole_store::freeze::Works;
use obole_store::settlements;
pub use obole_store::settlements::Stage;
use obole_store::subscriptions as subscriptions_due;
use obole_store::{accounts, clicks, freeze as frozen, promises, settings};
pub(crate) use passing::release;

use tokio::sync::OnceCell;

use crate::app::App;
use crate::audit_log::Actor;
use crate::claims;
use crate::clock_watch;
use crate::error::{Error, Result};
use crate::leases::{Alone, alone};
use crate::signals;
use crate::subscriptions;

/// How many accounts are in a chunk: few commits, and none that keeps clicks waiting for long.
const CHUNK_ACCOUNTS: i64 = 4_000;

/// How far a settlement has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Of which period.
    pub period: Period,
    /// In which stage.
    pub stage: Stage,
    /// How many clicks, postings or parts are done in this stage.
    pub done: i64,
    /// Of how many; 0 while it is not known.
    pub of: i64,
}

/// What a settlement came to for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was closed now.
    Closed(Period),
    /// It had been closed before.
    Already(Period),
}

/// Settles one period, or all that are due, oldest first. Gives what was done for each.
///
/// Refused for a period that is not over, and while the instance is held.
pub async fn run(
    app: &App,
    actor: Actor,
    only: Option<Period>,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Vec<Outcome>> {
    let (app, clock) = (&app.patient(), app.clock_period());
    if let Some(period) = only.filter(|period| *period >= clock) {
        return Err(Refusal::PeriodNotOver { period }.into());
    }
    let due = app.read((), move |read, ()| {
        Box::pin(async move {
            crate::audit::refuse_held(read).await?;
            Ok(settlements::due(read, clock).await?)
        })
    });
    let due = due.await?;
    let mut outcomes = Vec::new();
    for period in only.map_or(due.clone(), |period| vec![period]) {
        // A month from before the instance has nothing to settle: it is never opened to be closed.
        if !due.contains(&period) && !was_there(app, period).await? {
            continue;
        }
        outcomes.push(close(app, actor, period, progress).await?);
    }
    Ok(outcomes)
}

/// Whether there was an instance in a period: somebody had an account.
async fn was_there(app: &App, period: Period) -> Result<bool> {
    let first =
        app.read((), |read, ()| Box::pin(async move { Ok(accounts::first_created(read).await?) }));
    Ok(first.await?.is_some_and(|first| Period::at(first, app.zone()) <= period))
}

/// Takes one period from wherever it stands to its end.
async fn close(
    app: &App,
    actor: Actor,
    period: Period,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Outcome> {
    let find = move || {
        app.read((), move |read, ()| {
            Box::pin(async move { Ok(settlements::find(read, period).await?) })
        })
    };
    let is_done = find().await?.is_some_and(|row| row.stage == Stage::Done);
    if !is_done {
        app.prepare_reading().await?;
        begin(app, actor, period).await?;
    }
    let (policy, terms) = (frozen_policy(app, period).await?, OnceCell::new());
    let run = Run { app, period, policy, terms, progress };
    while let Some(row) = find().await? {
        match row.stage {
            Stage::Freezing => freeze::run(&run).await?,
            Stage::Sharing => share::run(&run).await?,
            Stage::Booking => booking::run(&run).await?,
            Stage::Crediting => credit::run(&run).await?,
            Stage::Done => break,
        }
    }
    // The money is settled. X5: nothing of it leaves before it is looked over; a job tries again.
    run.tell(Stage::Done, 0, 0);
    if let Err(error) = signals::look_over(app, period).await {
        tracing::error!(%period, %error, "a settled month could not be looked over");
    }
    if let Err(error) = tell::run(&run).await {
        // Who could not be told is told at the next run.
        tracing::error!(%period, %error, "not everybody could be told of a settlement");
    }
    Ok(if is_done { Outcome::Already(period) } else { Outcome::Closed(period) })
}

/// A settlement under way.
struct Run<'run> {
    app: &'run App,
    period: Period,
    /// The rules when the period closed.
    policy: Policy,
    terms: OnceCell<Arc<Terms>>,
    progress: &'run (dyn Fn(Progress) + Send + Sync),
}

/// What was frozen of works and payees.
pub(crate) struct Terms {
    works: Works,
    parts: Parts,
    /// What works pass on.
    pass_ons: BTreeMap<WorkId, PassOn>,
    /// How teams share out.
    percentages: BTreeMap<AccountId, Percentages>,
}

impl Terms {
    /// What a settlement froze.
    pub(crate) async fn of(read: &mut Read, period: Period) -> Result<Self> {
        let works = frozen::frozen_works(read, period).await?;
        let ranges = settlements::ranges(read, period).await?;
        let ends = ranges.iter().map(|(_, range)| AccountId::new(range.last));
        let parts = Parts::new(&ends.collect::<Vec<_>>());
        let pass_ons = frozen::frozen_pass_ons(read, period).await?;
        let percentages = frozen::frozen_percentages(read, period).await?;
        Ok(Self { works, parts, pass_ons, percentages })
    }

    /// What becomes of an amount that a work brought to its payee.
    pub(crate) fn arrival(
        &self,
        (work, payee): (WorkId, AccountId),
        amount: Micros,
    ) -> Result<Arrival> {
        let (pass_on, percentages) = (self.pass_ons.get(&work), self.percentages.get(&payee));
        Ok(Arrival::of(amount, pass_on, percentages)?)
    }

    /// The payee of a work that a share is paid to.
    pub(crate) fn payee(&self, work: WorkId) -> Result<AccountId> {
        let payee = self.works.get(&work).and_then(|terms| terms.payee);
        payee.ok_or_else(|| Error::internal("a share is paid to a work without a payee"))
    }

    /// The part in which such a work is credited.
    fn part(&self, work: WorkId) -> Result<i64> {
        Ok(self.parts.of_payee(self.payee(work)?))
    }
}

impl Run<'_> {
    /// The works as they were frozen, read once.
    async fn terms(&self) -> Result<Arc<Terms>> {
        let period = self.period;
        let read = || {
            self.app.read((), move |read, ()| {
                Box::pin(async move { Ok(Arc::new(Terms::of(read, period).await?)) })
            })
        };
        self.terms.get_or_try_init(read).await.cloned()
    }

    fn tell(&self, stage: Stage, done: i64, of: i64) {
        (self.progress)(Progress { period: self.period, stage, done, of });
    }
}

/// Closes a period in which every work is whose it is, and every subscription has given what was
/// due.
async fn begin(app: &App, actor: Actor, period: Period) -> Result<()> {
    // What somebody controls by now is theirs in this settlement, however new it is.
    claims::spread(app).await?;
    claims::adopt(app).await?;
    loop {
        subscriptions::give_until(app, period).await?;
        if begin_given(app, actor, period).await? {
            return Ok(());
        }
    }
}

/// Closes the period and freezes the rules and the works, in one transaction. False where a
/// subscription has still to give in it.
async fn begin_given(app: &App, actor: Actor, period: Period) -> Result<bool> {
    let now = app.now();
    let handle = app.clone();
    let begun = app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            if !clicks::hold_open(tx, period).await? {
                return Ok(Begun::Before);
            }
            if subscriptions_due::is_due(tx, period).await? {
                return Ok(Begun::NotYet);
            }
            clicks::close(tx, period, now).await?;
            let policy = settings::policy(tx).await?;
            settlements::begin(tx, period, &policy, now).await?;
            frozen::freeze_works(tx, period, &policy).await?;
            let freed = promises::collect(tx, period, now).await?;
            freeze::free(tx, freed).await?;
            passing::end_over(tx, period, now).await?;
            settlements::cut(tx, period, CHUNK_ACCOUNTS).await?;
            app.log(tx, actor, "settlement.begin", (period.to_string(), String::new())).await?;
            Ok(Begun::Now)
        })
    });
    let begun = begun.await?;
    if begun == Begun::Now {
        tracing::info!(%period, "closed");
    }
    Ok(begun != Begun::NotYet)
}

/// Whether a period is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begun {
    /// It had been closed before.
    Before,
    /// It is closed now.
    Now,
    /// It stays open: a subscription has still to give.
    NotYet,
}

/// The rules that the settlement froze, whatever they are now.
async fn frozen_policy(app: &App, period: Period) -> Result<Policy> {
    let row = app.read((), move |read, ()| {
        Box::pin(async move { Ok(settlements::find(read, period).await?) })
    });
    Ok(row.await?.map_or_else(Policy::obole, |row| row.policy))
}

/// One node audits and closes a period; the others join in when it is closed.
const BEGIN: Alone = Alone::new("settlement begin", SignedDuration::ZERO);

/// One node audits what all have settled.
const END: Alone = Alone::new("settlement end", SignedDuration::from_mins(10));

/// Settles what is due by itself, with an audit before and after: on a breach nothing is closed.
/// Every node that runs it does a part of the work.
pub(crate) async fn run_due(app: &App) -> Result<()> {
    if next_due(app, None).await?.is_none() {
        return Ok(());
    }
    // D13: the clock that says so is looked at first.
    clock_watch::look(app).await?;
    let mut settled = None;
    while let Some((period, is_begun)) = next_due(app, settled).await? {
        if !is_begun && !begin_audited(app, period).await? {
            return Ok(());
        }
        for outcome in run(app, Actor::Job, Some(period), &|_| ()).await? {
            tracing::info!(?outcome, "settled");
        }
        settled = Some(period);
    }
    if settled.is_some() {
        alone(app, app.holder(), END, crate::audit::run_and_hold(app)).await?;
    }
    Ok(())
}

/// The first period after one that is due, and whether it is closed already.
async fn next_due(app: &App, after: Option<Period>) -> Result<Option<(Period, bool)>> {
    let clock = app.clock_period();
    let due = app.read((), move |read, ()| {
        Box::pin(async move {
            // What waits for an administrator is not looked at again meanwhile.
            if crate::audit::refuse_held(read).await.is_err() {
                return Ok(None);
            }
            let due = settlements::due(read, clock).await?;
            let Some(period) = due.into_iter().find(|period| Some(*period) > after) else {
                return Ok(None);
            };
            Ok(Some((period, settlements::find(read, period).await?.is_some())))
        })
    });
    due.await
}

/// Audits and closes a period; false while another node does, and on a breach.
async fn begin_audited(app: &App, period: Period) -> Result<bool> {
    let app = &app.patient();
    let begun = alone(app, app.holder(), BEGIN, async {
        let is_clean = crate::audit::run_and_hold(app).await?.is_clean();
        if is_clean {
            app.prepare_reading().await?;
            begin(app, Actor::Job, period).await?;
        }
        Ok(is_clean)
    });
    Ok(begun.await?.unwrap_or(false))
}
