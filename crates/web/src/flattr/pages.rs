//! Addresses of Flattr's site that old programs and pages build by themselves
//! (research/flattr-api-v2.md sections 1 and 16): each leads to the page of ours that is meant.

use axum::extract::{Path, State};
use axum::response::Response;
use obole_app::{App, flattr_numbers};

use crate::answer::{Answer, see_other};
use crate::problem::Problem;

/// `GET /thing/{id}`
pub async fn thing(State(app): State<App>, Path(id): Path<String>) -> Answer {
    Ok(see_other(&format!("/w/{}", work(&app, &id).await?)))
}

/// `GET /thing/{id}/{slug}`: whatever the thing was called then.
pub async fn thing_named(state: State<App>, Path((id, _)): Path<(String, String)>) -> Answer {
    thing(state, Path(id)).await
}

/// `GET /thing/qr/{id}`: the sheet to print.
pub async fn sheet(State(app): State<App>, Path(id): Path<String>) -> Answer {
    Ok(see_other(&format!("/w/{}/sheet", work(&app, &id).await?)))
}

async fn work(app: &App, id: &str) -> Result<String, Problem> {
    let number = id.parse().map_err(|_| Problem::not_found())?;
    let works = flattr_numbers::works(app, vec![number]).await?;
    works.first().map(ToString::to_string).ok_or_else(Problem::not_found)
}

/// `GET /profile/{name}`, `GET /user/{name}`, `GET /donation/give/to/{name}`
pub async fn profile(Path(name): Path<String>) -> Response {
    see_other(&format!("/@{}", crate::address::escape(&name)))
}

/// `GET /apps/new`
pub async fn apps() -> Response {
    see_other("/apps")
}

/// `GET /dashboard/transactions`: where the monthly reports are.
pub async fn transactions() -> Response {
    see_other("/creator/earnings")
}

/// `GET /settings/account/subscription`
pub async fn budget() -> Response {
    see_other("/budget")
}
