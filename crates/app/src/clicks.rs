//! Clicks: give, change, take back (product.md section 4).

mod access;
mod adding;
mod batch;
mod counts;
mod estimates;
mod keys;
mod lane;
mod targets;

use obole_domain::click::Way;
use obole_domain::{AccountId, CanonicalUrl, Note, Period, Points, Policy, Refusal, WorkId};
use obole_store::clicks::{self, ClickKey};
use obole_store::settings;
use obole_store::works::{self, WorkRow};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::idempotency::{IdempotencyKey, Once};
use crate::measures;
use crate::moved::Moved;

pub use batch::{Access, Giver};
pub(crate) use lane::Lanes;
pub(crate) use targets::may_click;

use batch::Asked;

/// The name that clicks have among the commands under a key.
pub(crate) const ROUTE: &str = "clicks.give";

/// Which work is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// By its address; it comes into being with its first click.
    Url(CanonicalUrl),
    /// By its id.
    Work(WorkId),
}

/// A click to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Give {
    /// On what.
    pub target: Target,
    /// What to call the work if nobody has named it yet; cleaned text.
    pub title: String,
    /// Its weight, before the policy is asked.
    pub points: i64,
    /// A note of thanks.
    pub note: Option<Note>,
    /// Where it came in.
    pub way: Way,
}

/// A click as it stands after a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// The work's id.
    pub work: Uuid,
    /// Its address.
    pub url: String,
    /// Its title, as lists show it.
    pub title: String,
    /// The handle of who controls it.
    pub owner: Option<String>,
    /// The period it counts in.
    pub period: i64,
    /// Its points now.
    pub points: i64,
    /// Whether points were added to a click that stood.
    pub is_added: bool,
    /// What it would come to, where a client of the API asked; none without a funded purse.
    pub estimate: Option<Moved>,
}

impl Given {
    fn new(work: &WorkRow, period: Period, points: Points) -> Self {
        Self {
            work: work.id.uuid(),
            url: work.url.to_string(),
            title: work.shown_title().to_owned(),
            owner: work.owner_handle.as_ref().map(ToString::to_string),
            period: period.number(),
            points: points.get(),
            is_added: true,
            estimate: None,
        }
    }

    /// The period it counts in.
    #[must_use]
    pub fn period(&self) -> Period {
        Period::from_number(self.period).unwrap_or_else(|| Period::new(1, 1).expect("a month"))
    }
}

/// Gives a click: adds points to the patron's click on a work in the open period. What waits at the
/// same time is done in one transaction (docs/decisions/0010).
///
/// Refused for a work of one's own, for a work whose owner refused for good, for points outside
/// the policy, over the limits of security.md section 12.
pub async fn give(
    app: &App,
    giver: impl Into<Giver>,
    key: &IdempotencyKey,
    give: Give,
) -> Result<Once<Given>> {
    run(app, Asked { giver: giver.into(), key: key.clone(), give, is_once: false }).await
}

/// The same where a click that stands is not added to, whatever the policy: refused as clicked
/// already (K1: Flattr's old API has no keys).
pub async fn give_once(
    app: &App,
    giver: impl Into<Giver>,
    key: &IdempotencyKey,
    give: Give,
) -> Result<Once<Given>> {
    run(app, Asked { giver: giver.into(), key: key.clone(), give, is_once: true }).await
}

async fn run(app: &App, asked: Asked) -> Result<Once<Given>> {
    let ended = Lanes::give(app, asked).await;
    measures::command(ROUTE, &ended);
    ended
}

/// Sets the points of a click in the open period. Doing it again changes nothing, so it needs no
/// key. A click of more than one command's points may be set to any weight a work can have.
pub async fn set_points(app: &App, patron: AccountId, work: WorkId, points: i64) -> Result<Given> {
    let (now, clock) = (app.now(), app.clock_period());
    app.write((), move |tx, ()| {
        Box::pin(async move {
            let policy = settings::policy(tx).await?;
            let points = settable(points, &policy)?;
            let period = clicks::open_period(tx, clock).await?;
            let key = ClickKey { period, patron, work };
            if !clicks::set_points(tx, key, points, now).await? {
                return Err(Refusal::ClickMissing {}.into());
            }
            let work = works::find(tx, work).await?.ok_or(Error::NotFound)?;
            Ok(Given::new(&work, period, points))
        })
    })
    .await
}

/// The points that a standing click may be set to.
fn settable(points: i64, policy: &Policy) -> Result<Points> {
    let limit = if policy.clicks_once { policy.points_max } else { Points::WORK_MAX };
    let fitting = Points::new(points).filter(|points| points.get() <= limit);
    fitting.ok_or_else(|| Refusal::PointsOutOfRange { limit }.into())
}

/// Takes a click of the open period back, with its note.
pub async fn take_back(app: &App, patron: AccountId, work: WorkId) -> Result<()> {
    let clock = app.clock_period();
    app.write((), move |tx, ()| {
        Box::pin(async move {
            let period = clicks::open_period(tx, clock).await?;
            let is_removed = clicks::remove(tx, ClickKey { period, patron, work }).await?;
            if is_removed { Ok(()) } else { Err(Refusal::ClickMissing {}.into()) }
        })
    })
    .await
}
