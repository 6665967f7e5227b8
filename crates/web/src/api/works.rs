//! `/works`: what can be clicked. Public, without a token.

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use obole_app::audit_log::Actor;
use obole_app::{App, Error, works as commands};
use obole_domain::token::Scope;
use obole_domain::{CanonicalUrl, WorkId};
use obole_store::works::{self, WorkRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::Answer;
use crate::api::body;
use crate::api::cached::cached;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::query::{PageParameters, Query};
use crate::problem::Problem;

/// A work: anything with an address that can be clicked.
#[derive(Clone, Serialize, ToSchema)]
pub struct Work {
    /// Its id.
    pub id: String,
    /// Its canonical address, which is its identity.
    #[schema(format = "uri", example = "https://example.org/song")]
    pub url: String,
    /// Its title; the address where nobody has claimed it.
    pub title: String,
    /// The handle of who controls it; null while nobody has claimed it.
    #[schema(required)]
    pub owner: Option<String>,
    /// Whether its owner refuses money, so that it cannot be clicked.
    pub is_refused: bool,
}

impl From<WorkRow> for Work {
    fn from(row: WorkRow) -> Self {
        Self {
            id: row.id.to_string(),
            title: row.shown_title().to_owned(),
            url: row.url.to_string(),
            owner: row.owner_handle.map(|handle| handle.to_string()),
            is_refused: row.refused_at.is_some(),
        }
    }
}

/// What to change about a work.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeWork {
    /// What to call it; an empty text shows the address again.
    #[schema(max_length = 200, example = "A song")]
    pub title: Option<String>,
    /// Whether it refuses money. What was promised to a work that refuses is let go of.
    #[schema(example = false)]
    pub is_refused: Option<bool>,
}

/// Find works
///
/// By address, which is brought to its canonical form first, or by a text in address or title;
/// without either, all that somebody controls. What is only clicked is not listed.
#[utoipa::path(
    get, path = "/works", tag = "Works",
    params(
        PageParameters,
        ("url" = Option<String>, Query, description = "The address of one work"),
        ("q" = Option<String>, Query, description = "A text in the address or the title"),
    ),
    responses((status = 200, description = "The works", body = List<Work>)),
)]
pub async fn list_works(caller: Caller, mut query: Query) -> Answer {
    let page = query.page()?;
    if let Some(url) = query.text("url")? {
        let found = find_by_url(&caller.app, CanonicalUrl::parse(&url)?).await?;
        let items = found.into_iter().map(Work::from).collect();
        return Ok(Json(List::whole(items)).into_response());
    }
    let containing = query.text("q")?;
    let after = page.after(|bytes| Uuid::from_slice(bytes).ok().map(WorkId::new))?;
    let rows = page.rows();
    let found = caller.app.read(containing.clone(), move |read, containing| {
        Box::pin(async move { Ok(works::claimed(read, containing.as_deref(), after, rows).await?) })
    });
    let cursor = |row: &WorkRow| row.id.uuid().into_bytes().to_vec();
    let list = List::of(found.await?, &page, cursor, Work::from);
    Ok(list.answer(&caller, "/works", &page, &[("q", containing.as_deref().unwrap_or_default())]))
}

async fn find_by_url(app: &App, url: CanonicalUrl) -> Result<Option<WorkRow>, Error> {
    app.read(url, |read, url| Box::pin(async move { Ok(works::find_by_url(read, url).await?) }))
        .await
}

/// One work
#[utoipa::path(
    get, path = "/works/{id}", tag = "Works",
    params(("id" = String, Path, description = "The work's id")),
    responses((status = 200, description = "The work", body = Work)),
)]
pub async fn get_work(caller: Caller, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    let work = find(&caller.app, parse_id(&id)?).await?;
    cached(&headers, &Work::from(work))
}

/// Change a work that the account controls: its title, whether it refuses money
#[utoipa::path(
    patch, path = "/works/{id}", tag = "Works", security(("token" = ["works:write"])),
    params(("id" = String, Path, description = "The work's id")),
    request_body = ChangeWork,
    responses((status = 200, description = "The work as it stands", body = Work)),
)]
pub async fn change_work(caller: Caller, Path(id): Path<String>, request: Request) -> Answer {
    let account = caller.allow(Scope::WorksWrite)?;
    let id = parse_id(&id)?;
    let sent: ChangeWork = body::read(request).await?;
    let work = find(&caller.app, id).await?;
    if work.owner != Some(account) {
        return Err(Problem::not_found());
    }
    if let Some(title) = &sent.title {
        let changed = commands::set_title(&caller.app, Actor::Api(account), id, title).await;
        changed.map_err(|error| Problem::from(error).about("title"))?;
    }
    if let Some(is_refused) = sent.is_refused {
        commands::set_refused(&caller.app, Actor::Api(account), id, is_refused).await?;
    }
    let work = find(&caller.app, id).await?;
    Ok(Json(Work::from(work)).into_response())
}

/// A work's id as it stands in an address or a body.
pub fn parse_id(text: &str) -> Result<WorkId, Problem> {
    WorkId::parse(text).ok_or_else(Problem::not_found)
}

/// The work of an id.
pub async fn find(app: &App, id: WorkId) -> Result<WorkRow, Problem> {
    let found =
        app.read((), move |read, ()| Box::pin(async move { Ok(works::find(read, id).await?) }));
    found.await?.ok_or_else(Problem::not_found)
}
