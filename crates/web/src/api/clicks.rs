//! `/clicks`: give, list, change, take back.

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use obole_app::clicks::{self as commands, Give, Given, Giver, Target};
use obole_app::{IdempotencyKey, month};
use obole_domain::click::Way;
use obole_domain::token::Scope;
use obole_domain::{AccountId, CanonicalUrl, Note, Period, Refusal, WorkId};
use obole_store::clicks::{self, Shown};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::Answer;
use crate::api::body::{self, KeyParameter};
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::money::Money;
use crate::api::query::{Page, PageParameters, Query};
use crate::api::works::{self, Work};
use crate::problem::Problem;

/// A click to give.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    url: Option<String>,
    work: Option<String>,
    points: Option<i64>,
    note: Option<String>,
}

/// A click to give: on an address, which becomes a work with its first click, or on a work.
#[derive(ToSchema)]
#[schema(as = GiveClick)]
#[serde(untagged)]
pub enum GiveClick {
    /// By an address.
    Url(GiveClickByUrl),
    /// By a work's id.
    Work(GiveClickByWork),
}

/// A click on the page at an address.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by the description only; Sent reads the values")]
pub struct GiveClickByUrl {
    /// The address of a page.
    #[schema(example = "https://example.org/song", min_length = 1, max_length = 8192)]
    url: String,
    /// The points to add. One where nothing is sent.
    #[schema(minimum = 1, default = 1)]
    points: Option<i64>,
    /// A note of thanks that the creator sees.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// A click on a work that is known already.
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "read by the description only; Sent reads the values")]
pub struct GiveClickByWork {
    /// The id of a work.
    work: String,
    /// The points to add. One where nothing is sent.
    #[schema(minimum = 1, default = 1)]
    points: Option<i64>,
    /// A note of thanks that the creator sees.
    #[schema(max_length = 500)]
    note: Option<String>,
}

/// The points that a click is to have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetClick {
    /// A whole number.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub points: i64,
}

/// A click as it stands after it was given or changed.
#[derive(Serialize, ToSchema)]
pub struct GivenClick {
    /// On what.
    pub work: Work,
    /// The month it counts in.
    #[schema(example = "2026-11", pattern = r"^\d{4}-\d{2}$")]
    pub period: String,
    /// Its points now.
    pub points: i64,
    /// What it would come to if the month ended now; null where there is no budget with enough
    /// money.
    #[schema(required)]
    pub estimate: Option<Money>,
}

/// A click of a month.
#[derive(Serialize, ToSchema)]
pub struct Click {
    /// On what.
    pub work: Work,
    /// The month it counts in.
    #[schema(example = "2026-11", pattern = r"^\d{4}-\d{2}$")]
    pub period: String,
    /// Its points.
    pub points: i64,
    /// The note of thanks; empty where there is none.
    pub note: String,
    /// How many times it has moved to the next month because there was no money.
    pub carries: i64,
    /// When points were last added.
    #[schema(format = DateTime, example = "2026-11-03T09:15:00Z")]
    pub clicked_at: String,
}

impl Click {
    fn of(period: Period, shown: Shown) -> Self {
        Self {
            work: Work {
                id: shown.work.to_string(),
                url: shown.url.to_string(),
                title: shown.title,
                owner: shown.owner.map(|handle| handle.to_string()),
                is_refused: shown.is_refused,
            },
            period: period.to_string(),
            points: shown.points.get(),
            note: shown.note,
            carries: shown.carries,
            clicked_at: shown.last_at.to_string(),
        }
    }
}

/// Give a click
///
/// Points add up: clicking again adds to what stands.
#[utoipa::path(
    post, path = "/clicks", tag = "Clicks", security(("token" = ["click"])),
    params(KeyParameter),
    request_body = GiveClick,
    responses(
        (status = 201, description = "A new click", body = GivenClick),
        (status = 200, description = "Points were added to a click", body = GivenClick),
    ),
)]
pub async fn give_click(caller: Caller, request: Request) -> Answer {
    let (giver, give, key) = match read_request(&caller, request).await {
        Ok(read) => read,
        // The token comes from memory: whether it still stands is asked where the click is given.
        Err(problem) => return Err(caller.confirm().await.err().unwrap_or(problem)),
    };
    let once = commands::give(&caller.app, giver, &key, give).await?;
    let is_new = !once.value.is_added;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    let response = (status, Json(given(once.value))).into_response();
    Ok(replayed(response, once.is_replayed))
}

async fn read_request(
    caller: &Caller,
    request: Request,
) -> Result<(Giver, Give, IdempotencyKey), Problem> {
    let patron = caller.allow(Scope::Click)?;
    let (sent, key) = body::read_once::<Sent>(request).await?;
    let mut access = caller.grant.as_ref().and_then(|grant| grant.access);
    if let Some(access) = &mut access {
        access.owes = caller.owes;
    }
    let way = caller.grant.as_ref().map_or(Way::Api, |grant| grant.way());
    Ok((Giver { patron, access }, read_give(sent, way)?, key))
}

fn read_give(sent: Sent, way: Way) -> Result<Give, Problem> {
    let target = match (sent.url, sent.work) {
        (Some(url), None) => Target::Url(CanonicalUrl::parse(&url).map_err(at("url"))?),
        (None, Some(work)) => Target::Work(works::parse_id(&work)?),
        _ => return Err(Problem::bad_request("field_either").at("url")),
    };
    Ok(Give {
        target,
        title: String::new(),
        points: sent.points.unwrap_or(1),
        note: Note::parse(&sent.note.unwrap_or_default()).map_err(at("note"))?,
        way,
    })
}

fn at(field: &'static str) -> impl FnOnce(Refusal) -> Problem {
    move |refusal| Problem::from(refusal).at(field)
}

fn given(given: Given) -> GivenClick {
    GivenClick {
        period: given.period().to_string(),
        points: given.points,
        estimate: given.estimate.map(|estimate| estimate.money().into()),
        work: Work {
            id: given.work.to_string(),
            url: given.url,
            title: given.title,
            owner: given.owner,
            is_refused: false,
        },
    }
}

/// Marks an answer that was given before (K3).
#[must_use]
pub fn replayed(mut response: Response, is_replayed: bool) -> Response {
    if is_replayed {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}

/// The clicks of a month, newest first
#[utoipa::path(
    get, path = "/clicks", tag = "Clicks", security(("token" = ["clicks:read"])),
    params(
        PageParameters,
        ("period" = Option<String>, Query, example = "2026-11",
            pattern = r"^([12]\d{3}-(0[1-9]|1[0-2]))?$",
            description = "Of which month; the open one where nothing is sent"),
    ),
    responses((status = 200, description = "The clicks", body = List<Click>)),
)]
pub async fn list_clicks(caller: Caller, mut query: Query) -> Answer {
    let patron = caller.allow(Scope::ClicksRead)?;
    let asked = query.text("period")?;
    let period = asked.as_deref().map(Period::parse).transpose()?;
    let page = query.page()?;
    let (period, rows) = find(&caller, patron, period, &page).await?;
    let cursor = |row: &Shown| {
        let at = row.last_at.as_microsecond().to_be_bytes();
        [at.as_slice(), row.work.uuid().as_bytes()].concat()
    };
    let list = List::of(rows, &page, cursor, |row| Click::of(period, row));
    Ok(list.answer(&caller, "/clicks", &page, &[("period", asked.as_deref().unwrap_or_default())]))
}

async fn find(
    caller: &Caller,
    patron: AccountId,
    period: Option<Period>,
    page: &Page,
) -> Result<(Period, Vec<Shown>), Problem> {
    let (before, rows) = (page.after(read_cursor)?, page.rows());
    let clock = caller.app.clock_period();
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move {
            let period = match period {
                Some(period) => period,
                None => clicks::shown_period(read, clock).await?,
            };
            Ok((period, clicks::shown(read, (period, patron), before, rows).await?))
        })
    });
    Ok(found.await?)
}

fn read_cursor(bytes: &[u8]) -> Option<(Timestamp, WorkId)> {
    let (at, work) = bytes.split_first_chunk::<8>()?;
    let at = Timestamp::from_microsecond(i64::from_be_bytes(*at)).ok()?;
    Some((at, WorkId::new(Uuid::from_slice(work).ok()?)))
}

/// One click of the open month, and what it would come to
#[utoipa::path(
    get, path = "/clicks/{work}", tag = "Clicks", security(("token" = ["clicks:read"])),
    params(("work" = String, Path, description = "The work's id")),
    responses((status = 200, description = "The click as it stands", body = GivenClick)),
)]
pub async fn get_click(caller: Caller, Path(work): Path<String>) -> Answer {
    let patron = caller.allow(Scope::ClicksRead)?;
    let work = works::parse_id(&work)?;
    let clock = caller.app.clock_period();
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move {
            let period = clicks::shown_period(read, clock).await?;
            Ok((period, clicks::find(read, period, patron, work).await?))
        })
    });
    let (period, click) = found.await?;
    let click = click.ok_or_else(|| Problem::of(StatusCode::NOT_FOUND, "click_missing"))?;
    let estimate = month::estimate(&caller.app, patron, work).await?;
    let shape = GivenClick {
        work: works::find(&caller.app, work).await?.into(),
        period: period.to_string(),
        points: click.points.get(),
        estimate: estimate.map(Money::from),
    };
    Ok(Json(shape).into_response())
}

/// Set the points of a click of the open month
#[utoipa::path(
    put, path = "/clicks/{work}", tag = "Clicks", security(("token" = ["click"])),
    params(("work" = String, Path, description = "The work's id")),
    request_body = SetClick,
    responses((status = 200, description = "The click as it stands", body = GivenClick)),
)]
pub async fn set_click(caller: Caller, Path(work): Path<String>, request: Request) -> Answer {
    let patron = caller.allow(Scope::Click)?;
    let work = works::parse_id(&work)?;
    let sent: SetClick = body::read(request).await?;
    let set = commands::set_points(&caller.app, patron, work, sent.points).await;
    let set = set.map_err(or_not_found)?;
    let estimate = month::estimate(&caller.app, patron, work).await?;
    let shape = GivenClick {
        work: works::find(&caller.app, work).await?.into(),
        period: set.period().to_string(),
        points: set.points,
        estimate: estimate.map(Money::from),
    };
    Ok(Json(shape).into_response())
}

/// Take a click of the open month back, with its note
#[utoipa::path(
    delete, path = "/clicks/{work}", tag = "Clicks", security(("token" = ["click"])),
    params(("work" = String, Path, description = "The work's id")),
    responses((status = 204, description = "The click is taken back")),
)]
pub async fn take_back_click(caller: Caller, Path(work): Path<String>) -> Answer {
    let patron = caller.allow(Scope::Click)?;
    let work = works::parse_id(&work)?;
    commands::take_back(&caller.app, patron, work).await.map_err(or_not_found)?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A click that does not stand is not found at its address.
fn or_not_found(error: obole_app::Error) -> Problem {
    let mut problem = Problem::from(error);
    if problem.code == (Refusal::ClickMissing {}).code() {
        problem.status = StatusCode::NOT_FOUND;
    }
    problem
}
