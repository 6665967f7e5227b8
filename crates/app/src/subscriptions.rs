//! Subscriptions: subscribe, change, pause, start again, stop (product.md section 7). What they
//! give is given by `giving.rs`, once for a work in a period.

mod giving;
mod told;

use obole_domain::click::Way;
use obole_domain::subscription::{Ending, Length, Miss, SUBSCRIPTIONS_MAX, State};
use obole_domain::{AccountId, Period, Points, Refusal, SubscriptionId, WorkId};
use obole_store::clicks::{self, ClickKey};
use obole_store::subscriptions::{self, Due, SubscriptionRow};
use obole_store::works::{self, NewWork, WorkRow};
use obole_store::{Tx, accounts, limits as counts, settings};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::clicks::{Target, may_click};
use crate::error::{Error, Result};
use crate::idempotency::{IdempotencyKey, Once};
use crate::limits::{CLICK_DAY, CLICK_MINUTE, WORK};

pub use giving::give_due;
pub(crate) use giving::give_until;
pub use told::Told;

/// The name that subscribing has among the commands under a key.
const ROUTE: &str = "subscriptions.subscribe";

/// In which period a new subscription gives first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// In this one, at once.
    Now,
    /// In the next one: this one's click has been given by hand.
    Next,
}

/// A subscription to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscribe {
    /// To what. A work that nobody has clicked yet comes into being.
    pub target: Target,
    /// What to call the work if nobody has named it yet; cleaned text.
    pub title: String,
    /// What it gives each period, before the policy is asked.
    pub points: i64,
    /// For how long.
    pub length: Length,
    /// When it gives first.
    pub begins: Begins,
}

/// What became of subscribing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscribed {
    /// The subscription as it was then.
    pub told: Told,
    /// Whether it gave at once.
    pub is_given: bool,
}

impl Subscribed {
    /// The subscription.
    #[must_use]
    pub const fn id(&self) -> SubscriptionId {
        SubscriptionId::new(self.told.id)
    }

    /// Its work.
    #[must_use]
    pub const fn work(&self) -> WorkId {
        WorkId::new(self.told.work)
    }

    /// Why it did not give at once though it was to.
    #[must_use]
    pub fn missed(&self) -> Option<Miss> {
        self.told.missed.as_ref().and_then(|(_, why)| Miss::from_code(why))
    }
}

/// Subscribes a patron to a work; it gives at once unless it begins with the next period.
///
/// Refused for a work of one's own, for one whose owner refused for good, where a subscription to
/// it stands, for a suspended account, for points outside the policy, over the limits of clicks.
pub async fn subscribe(
    app: &App,
    patron: AccountId,
    key: &IdempotencyKey,
    subscribe: Subscribe,
) -> Result<Once<Subscribed>> {
    if subscribe.begins == Begins::Now {
        app.limit(CLICK_MINUTE, patron).await?;
        app.limit(CLICK_DAY, patron).await?;
    }
    let handle = app.clone();
    app.once((patron, ROUTE), key, subscribe, move |tx, subscribe| {
        let app = handle.clone();
        Box::pin(async move { make(&app, tx, patron, subscribe).await })
    })
    .await
}

async fn make(
    app: &App,
    tx: &mut Tx,
    patron: AccountId,
    subscribe: &Subscribe,
) -> Result<Subscribed> {
    hold_account(tx, patron).await?;
    let policy = settings::policy(tx).await?;
    let points = Points::for_click(subscribe.points, &policy)?;
    // As clicks do: limits, then the period, then the work (D6).
    let known = find_work(app, tx, patron, &subscribe.target).await?;
    let period = clicks::open_period(tx, app.clock_period()).await?;
    let work = find_or_make(app, tx, (patron, known), subscribe).await?;
    may_click(&work, patron)?;
    refuse_full(tx, patron).await?;
    let now = app.now();
    let row = SubscriptionRow {
        id: SubscriptionId::new(app.chance().id(now)),
        patron,
        work: work.id,
        points,
        periods_left: subscribe.length.periods(),
        periods_given: 0,
        state: State::Running,
        due: if subscribe.begins == Begins::Now { period } else { period.next() },
        last_given: None,
        missed: None,
        created_at: now,
        started_at: now,
        ended_at: None,
    };
    if !subscriptions::create(tx, &row).await? {
        return Err(Refusal::Subscribed {}.into());
    }
    give_now(app, tx, &row, period).await?;
    let shown = subscriptions::find_shown(tx, patron, row.id).await?;
    let shown = shown.ok_or_else(|| Error::internal("a subscription vanished"))?;
    let is_given = shown.subscription.last_given == Some(period);
    Ok(Subscribed { told: Told::from(shown), is_given })
}

/// The patron's account is the caller's until the transaction ends: of many at once each counts
/// what the others made. Refused while it is suspended.
async fn hold_account(tx: &mut Tx, patron: AccountId) -> Result<()> {
    let account = accounts::find_locked(tx, patron).await?.ok_or(Error::NotFound)?;
    if account.suspended_at.is_some() {
        return Err(Refusal::AccountSuspended {}.into());
    }
    Ok(())
}

async fn refuse_full(tx: &mut Tx, patron: AccountId) -> Result<()> {
    let count = subscriptions::count_standing(tx, patron).await?;
    let full = Refusal::SubscriptionsFull { limit: SUBSCRIPTIONS_MAX };
    if count < SUBSCRIPTIONS_MAX { Ok(()) } else { Err(full.into()) }
}

/// The work that is meant; where nobody has clicked it yet, one more is counted that comes into
/// being. Refused over the limit of new works.
async fn find_work(
    app: &App,
    tx: &mut Tx,
    patron: AccountId,
    target: &Target,
) -> Result<Option<WorkRow>> {
    let url = match target {
        Target::Work(id) => return works::find(tx, *id).await?.ok_or(Error::NotFound).map(Some),
        Target::Url(url) => url,
    };
    let found = works::find_by_url(tx, url).await?;
    if found.is_some() || app.config().limits.off {
        return Ok(found);
    }
    let (now, subject) = (app.now(), patron.to_string());
    let count = counts::count(tx, WORK.name, &subject, WORK.begins(now)).await?;
    if count > WORK.count {
        return Err(Refusal::TooMany { seconds: WORK.left(now) }.into());
    }
    Ok(None)
}

async fn find_or_make(
    app: &App,
    tx: &mut Tx,
    (patron, known): (AccountId, Option<WorkRow>),
    subscribe: &Subscribe,
) -> Result<WorkRow> {
    let (None, Target::Url(url)) = (&known, &subscribe.target) else {
        return known.ok_or(Error::NotFound);
    };
    let now = app.now();
    let id = WorkId::new(app.chance().id(now));
    let (title, created_by) = (subscribe.title.as_str(), Some(patron));
    let new = NewWork { id, url, title, created_by, created_at: now };
    Ok(works::find_or_create(tx, &new).await?)
}

/// Gives what is due in the open period, and reads what came of it.
async fn give_now(
    app: &App,
    tx: &mut Tx,
    row: &SubscriptionRow,
    period: Period,
) -> Result<SubscriptionRow> {
    let due = find(tx, row.patron, row.id).await?;
    if due.subscription.due > period || due.subscription.state != State::Running {
        return Ok(due.subscription);
    }
    giving::give_each(app, tx, period, &[due]).await?;
    Ok(find(tx, row.patron, row.id).await?.subscription)
}

async fn find(tx: &mut Tx, patron: AccountId, id: SubscriptionId) -> Result<Due> {
    let found = subscriptions::find_due(tx, patron, id).await?;
    found.ok_or_else(|| Refusal::SubscriptionMissing {}.into())
}

/// A subscription that its patron is about to change, and the open period. What it was to give in
/// periods that are over and not closed is given first, as it was then.
async fn begin(
    app: &App,
    tx: &mut Tx,
    patron: AccountId,
    id: SubscriptionId,
) -> Result<(Due, Period)> {
    let period = clicks::open_period(tx, app.clock_period()).await?;
    let mut due = find(tx, patron, id).await?;
    while due.subscription.state == State::Running && due.subscription.due < period {
        let earlier = clicks::open_period(tx, due.subscription.due).await?;
        if earlier >= period {
            break;
        }
        giving::give_each(app, tx, earlier, &[due]).await?;
        due = find(tx, patron, id).await?;
    }
    Ok((due, period))
}

/// Pauses a subscription: it gives nothing until it is started again. Doing it again changes
/// nothing, so it needs no key. Refused for what has ended.
pub async fn pause(app: &App, patron: AccountId, id: SubscriptionId) -> Result<SubscriptionRow> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let (due, _) = begin(&app, tx, patron, id).await?;
            due.subscription.state.standing()?;
            let row = SubscriptionRow { state: State::Paused, ..due.subscription };
            subscriptions::set(tx, &row).await?;
            Ok(row)
        })
    })
    .await
}

/// Starts a subscription again that was paused, or that its patron stopped; it gives in the open
/// period unless it has. Doing it again changes nothing, so it needs no key.
///
/// Refused for what ended by itself, where another one to the work stands, and for all that
/// subscribing is refused for.
pub async fn resume(app: &App, patron: AccountId, id: SubscriptionId) -> Result<SubscriptionRow> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            hold_account(tx, patron).await?;
            let (due, period) = begin(&app, tx, patron, id).await?;
            start(&app, tx, due.subscription, period).await
        })
    })
    .await
}

/// Starts a subscription whose patron's account is held.
async fn start(
    app: &App,
    tx: &mut Tx,
    row: SubscriptionRow,
    period: Period,
) -> Result<SubscriptionRow> {
    if row.state == State::Running {
        return Ok(row);
    }
    let state = row.state.resumed()?;
    let work = works::find(tx, row.work).await?.ok_or(Error::NotFound)?;
    may_click(&work, row.patron)?;
    Points::for_click(row.points.get(), &settings::policy(tx).await?)?;
    if !row.state.is_standing() {
        if subscriptions::find_of_work(tx, row.patron, row.work).await?.is_some() {
            return Err(Refusal::Subscribed {}.into());
        }
        refuse_full(tx, row.patron).await?;
    }
    let (due, started_at) = (row.due.max(period), app.now());
    let row = SubscriptionRow { state, due, started_at, ended_at: None, ..row };
    subscriptions::set(tx, &row).await?;
    give_now(app, tx, &row, period).await
}

/// What to change of a subscription; what is none stays as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What it gives from its next click on.
    pub points: Option<i64>,
    /// For how long it runs from its next click on.
    pub length: Option<Length>,
    /// Whether it is paused.
    pub is_paused: Option<bool>,
}

/// Changes what a subscription gives from its next click on, and whether it does; the click of
/// this period stays as it is. Doing it again changes nothing, so it needs no key. Refused for what
/// has ended and for points outside the policy; to start it again, for what starting is refused
/// for.
pub async fn change(
    app: &App,
    patron: AccountId,
    id: SubscriptionId,
    change: Change,
) -> Result<SubscriptionRow> {
    let handle = app.clone();
    app.write(change, move |tx, change| {
        let app = handle.clone();
        Box::pin(async move {
            if change.is_paused == Some(false) {
                hold_account(tx, patron).await?;
            }
            let (due, period) = begin(&app, tx, patron, id).await?;
            let mut row = due.subscription;
            row.state.standing()?;
            if let Some(points) = change.points {
                row.points = Points::for_click(points, &settings::policy(tx).await?)?;
            }
            if let Some(length) = change.length {
                row.periods_left = length.periods();
            }
            if change.is_paused == Some(true) {
                row.state = State::Paused;
            }
            subscriptions::set(tx, &row).await?;
            let is_started = change.is_paused == Some(false);
            if is_started { start(&app, tx, row, period).await } else { Ok(row) }
        })
    })
    .await
}

/// Stops a subscription; the click of this period stands. Doing it again changes nothing, so it
/// needs no key.
pub async fn stop(app: &App, patron: AccountId, id: SubscriptionId) -> Result<SubscriptionRow> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let (due, _) = begin(&app, tx, patron, id).await?;
            let row = due.subscription;
            if !row.state.is_standing() {
                return Ok(row);
            }
            let (state, ended_at) = (State::Ended(Ending::Stopped), Some(app.now()));
            let row = SubscriptionRow { state, ended_at, ..row };
            subscriptions::set(tx, &row).await?;
            Ok(row)
        })
    })
    .await
}

/// Takes back all clicks of the open period that subscriptions began, and gives how many (B6).
/// They stay taken back in this period.
pub async fn take_back_all(app: &App, patron: AccountId) -> Result<i64> {
    let clock = app.clock_period();
    app.write((), move |tx, ()| {
        Box::pin(async move {
            let period = clicks::open_period(tx, clock).await?;
            let begun = clicks::begun(tx, (period, patron), Way::Subscription).await?;
            for (work, _) in &begun {
                clicks::remove(tx, ClickKey { period, patron, work: *work }).await?;
            }
            Ok(i64::try_from(begun.len()).unwrap_or(i64::MAX))
        })
    })
    .await
}
