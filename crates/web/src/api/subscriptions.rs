//! `/me/subscriptions`: clicks that come back each month (product.md section 7).

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use obole_app::clicks::Target;
use obole_app::subscriptions::{self as commands, Begins, Change, Subscribe, Told};
use obole_domain::subscription::Length;
use obole_domain::token::Scope;
use obole_domain::{AccountId, CanonicalUrl, Refusal, SubscriptionId};
use obole_store::subscriptions::{self, Shown, Which};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::Answer;
use crate::api::body::{self, KeyParameter};
use crate::api::caller::Caller;
use crate::api::clicks::replayed;
use crate::api::list::List;
use crate::api::query::{PageParameters, Query};
use crate::api::works::{self, Work};
use crate::problem::Problem;

/// A subscription: a click on a work that comes back each month.
#[derive(Serialize, ToSchema)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// To what.
    pub work: Work,
    /// The points that it gives each month.
    pub points: i64,
    /// `running`, `paused` or `ended`.
    #[schema(example = "running")]
    pub state: String,
    /// Why it ended, or will end when it is due next: `stopped`, `over` (it has given as often as
    /// it was to), `own_work`, `work_refused`, `disliked`; null otherwise.
    #[schema(required)]
    pub ending: Option<String>,
    /// How many months it will still give in; null where it runs until stopped.
    #[schema(required)]
    pub periods_left: Option<i64>,
    /// In how many months it has given.
    pub periods_given: i64,
    /// The month in which it gives next; null where it is paused, ended or about to end.
    #[schema(required, example = "2026-12", pattern = r"^\d{4}-\d{2}$")]
    pub next_period: Option<String>,
    /// The last month in which it gave; null before the first.
    #[schema(required, example = "2026-11", pattern = r"^\d{4}-\d{2}$")]
    pub last_given: Option<String>,
    /// The last month that was due and got nothing; null where it has given since.
    #[schema(required)]
    pub missed: Option<Missed>,
    /// When it was made.
    #[schema(format = DateTime, example = "2026-11-03T09:15:00Z")]
    pub created_at: String,
    /// When it was last started.
    #[schema(format = DateTime, example = "2026-11-03T09:15:00Z")]
    pub started_at: String,
    /// When it ended; null while it stands.
    #[schema(required, format = DateTime)]
    pub ended_at: Option<String>,
}

/// A month in which a subscription gave nothing though it was due.
#[derive(Serialize, ToSchema)]
pub struct Missed {
    /// Which.
    #[schema(example = "2026-11", pattern = r"^\d{4}-\d{2}$")]
    pub period: String,
    /// `clicked_already`, `points_full`, `points_out_of_range`, `suspended` or `given_already` (by
    /// an earlier subscription to the work).
    #[schema(example = "clicked_already")]
    pub reason: String,
}

impl From<Told> for Subscription {
    fn from(told: Told) -> Self {
        let month = |number| obole_domain::Period::from_number(number).map(|p| p.to_string());
        Self {
            id: told.id.to_string(),
            points: told.points,
            periods_left: told.periods_left,
            periods_given: told.periods_given,
            next_period: told.next().map(|period| period.to_string()),
            last_given: told.last_given().map(|period| period.to_string()),
            created_at: told.created_at().to_string(),
            started_at: told.started_at().to_string(),
            ended_at: told.ended_at().map(|at| at.to_string()),
            state: told.state,
            ending: told.ending,
            missed: told
                .missed
                .and_then(|(period, reason)| Some(Missed { period: month(period)?, reason })),
            work: Work {
                id: told.work.to_string(),
                url: told.url,
                title: told.title,
                owner: told.owner,
                is_refused: told.is_refused,
            },
        }
    }
}

impl From<Shown> for Subscription {
    fn from(shown: Shown) -> Self {
        Self::from(Told::from(shown))
    }
}

/// A subscription to make.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    url: Option<String>,
    work: Option<String>,
    points: Option<i64>,
    periods: Option<i64>,
    begins: Option<Begin>,
}

/// A subscription to make: to an address, which becomes a work, or to a work.
#[derive(ToSchema)]
#[schema(as = MakeSubscription)]
#[serde(untagged)]
pub enum MakeSubscription {
    /// By an address.
    Url(MakeSubscriptionByUrl),
    /// By a work's id.
    Work(MakeSubscriptionByWork),
}

/// A subscription to the page at an address.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by the description only; Sent reads the values")]
pub struct MakeSubscriptionByUrl {
    /// The address of a page.
    #[schema(example = "https://example.org/song", min_length = 1, max_length = 8192)]
    url: String,
    /// The points that it gives each month. One where nothing is sent.
    #[schema(minimum = 1, default = 1)]
    points: Option<i64>,
    /// For how many months it runs: 1, 3, 6 or 12; until stopped where nothing or null is sent.
    #[schema(example = 12)]
    periods: Option<i64>,
    /// `now`: it gives at once. `next`: it gives from the next month on, because this month's
    /// click has been given.
    #[schema(default = "now", example = "now")]
    begins: Option<Begin>,
}

/// A subscription to a work that is known already.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by the description only; Sent reads the values")]
pub struct MakeSubscriptionByWork {
    /// The id of a work.
    work: String,
    /// The points that it gives each month. One where nothing is sent.
    #[schema(minimum = 1, default = 1)]
    points: Option<i64>,
    /// For how many months it runs: 1, 3, 6 or 12; until stopped where nothing or null is sent.
    #[schema(example = 12)]
    periods: Option<i64>,
    /// `now`: it gives at once. `next`: it gives from the next month on, because this month's
    /// click has been given.
    #[schema(default = "now", example = "now")]
    begins: Option<Begin>,
}

/// In which month a subscription gives first.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Begin {
    /// In this one.
    #[default]
    Now,
    /// In the next one.
    Next,
}

/// What to change of a subscription.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSubscription {
    /// The points that it gives from its next click on.
    #[schema(minimum = 1)]
    pub points: Option<i64>,
    /// For how many months it runs from its next click on: 1, 3, 6 or 12; null until stopped.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<i64>, example = 6)]
    pub periods: Option<Option<i64>>,
    /// `paused`: it waits. `running`: it is started again, and gives this month if it has not.
    #[schema(example = "paused")]
    pub state: Option<Standing>,
}

/// How a subscription that has not ended can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// It gives each month.
    Running,
    /// It waits.
    Paused,
}

/// Tells a field that is null from one that is not there.
fn given<'de, D: Deserializer<'de>>(field: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::deserialize(field).map(Some)
}

/// The account's subscriptions, the newest first, those that ended too
#[utoipa::path(
    get, path = "/me/subscriptions", tag = "Subscriptions",
    security(("token" = ["clicks:read"])),
    params(PageParameters),
    responses((status = 200, description = "The subscriptions", body = List<Subscription>)),
)]
pub async fn list_subscriptions(caller: Caller, mut query: Query) -> Answer {
    let patron = caller.allow(Scope::ClicksRead)?;
    let page = query.page()?;
    let before = page.after(|bytes| Uuid::from_slice(bytes).ok().map(SubscriptionId::new))?;
    let rows = page.rows();
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move {
            let page = (before, rows);
            Ok(subscriptions::list_of_patron(read, patron, Which::All, page).await?)
        })
    });
    let cursor = |row: &Shown| row.subscription.id.uuid().into_bytes().to_vec();
    let list = List::of(found.await?, &page, cursor, Subscription::from);
    Ok(list.answer(&caller, "/me/subscriptions", &page, &[]))
}

/// Subscribe to a work
///
/// One subscription of an account to a work stands at a time.
#[utoipa::path(
    post, path = "/me/subscriptions", tag = "Subscriptions", security(("token" = ["click"])),
    params(KeyParameter),
    request_body = MakeSubscription,
    responses((status = 201, description = "The subscription", body = Subscription)),
)]
pub async fn make_subscription(caller: Caller, request: Request) -> Answer {
    let patron = caller.allow(Scope::Click)?;
    let (sent, key) = body::read_once::<Sent>(request).await?;
    let target = match (sent.url, sent.work) {
        (Some(url), None) => Target::Url(CanonicalUrl::parse(&url).map_err(at("url"))?),
        (None, Some(work)) => Target::Work(works::parse_id(&work)?),
        _ => return Err(Problem::bad_request("field_either").at("url")),
    };
    let subscribe = Subscribe {
        target,
        title: String::new(),
        points: sent.points.unwrap_or(1),
        length: Length::new(sent.periods)?,
        begins: match sent.begins.unwrap_or_default() {
            Begin::Now => Begins::Now,
            Begin::Next => Begins::Next,
        },
    };
    let once = commands::subscribe(&caller.app, patron, &key, subscribe).await?;
    let made = Json(Subscription::from(once.value.told));
    Ok(replayed((StatusCode::CREATED, made).into_response(), once.is_replayed))
}

fn at(field: &'static str) -> impl FnOnce(Refusal) -> Problem {
    move |refusal| Problem::from(refusal).at(field)
}

/// One of the account's subscriptions
#[utoipa::path(
    get, path = "/me/subscriptions/{id}", tag = "Subscriptions",
    security(("token" = ["clicks:read"])),
    params(("id" = String, Path, description = "The subscription's id")),
    responses((status = 200, description = "The subscription", body = Subscription)),
)]
pub async fn get_subscription(caller: Caller, Path(id): Path<String>) -> Answer {
    let patron = caller.allow(Scope::ClicksRead)?;
    answer(&caller, patron, parse_id(&id)?).await
}

/// Change a subscription, pause it or start it again
///
/// The click of this month stays as it is: it is changed where all clicks are.
#[utoipa::path(
    patch, path = "/me/subscriptions/{id}", tag = "Subscriptions",
    security(("token" = ["click"])),
    params(("id" = String, Path, description = "The subscription's id")),
    request_body = ChangeSubscription,
    responses((status = 200, description = "The subscription as it stands", body = Subscription)),
)]
pub async fn change_subscription(
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Answer {
    let patron = caller.allow(Scope::Click)?;
    let id = parse_id(&id)?;
    let sent: ChangeSubscription = body::read(request).await?;
    let change = Change {
        points: sent.points,
        length: sent.periods.map(Length::new).transpose()?,
        is_paused: sent.state.map(|state| state == Standing::Paused),
    };
    commands::change(&caller.app, patron, id, change).await.map_err(or_not_found)?;
    answer(&caller, patron, id).await
}

/// Stop a subscription; the click of this month stands
#[utoipa::path(
    delete, path = "/me/subscriptions/{id}", tag = "Subscriptions",
    security(("token" = ["click"])),
    params(("id" = String, Path, description = "The subscription's id")),
    responses((status = 204, description = "The subscription is stopped, or was before")),
)]
pub async fn stop_subscription(caller: Caller, Path(id): Path<String>) -> Answer {
    let patron = caller.allow(Scope::Click)?;
    let stopped = commands::stop(&caller.app, patron, parse_id(&id)?).await;
    stopped.map_err(or_not_found)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn answer(caller: &Caller, patron: AccountId, id: SubscriptionId) -> Answer {
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(subscriptions::find_shown(read, patron, id).await?) })
    });
    let shown = found.await?.ok_or(Refusal::SubscriptionMissing {});
    let shown = shown.map_err(|refusal| or_not_found(refusal.into()))?;
    Ok(Json(Subscription::from(shown)).into_response())
}

fn parse_id(text: &str) -> Result<SubscriptionId, Problem> {
    let missing = || or_not_found(Refusal::SubscriptionMissing {}.into());
    SubscriptionId::parse(text).ok_or_else(missing)
}

/// A subscription that is not the account's is not found at its address (E2).
fn or_not_found(error: obole_app::Error) -> Problem {
    let mut problem = Problem::from(error);
    if problem.code == (Refusal::SubscriptionMissing {}).code() {
        problem.status = StatusCode::NOT_FOUND;
    }
    problem
}
