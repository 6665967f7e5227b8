//! `/profiles/{handle}`: an account's public page. What it gives is private (P1).

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use obole_app::accounts;
use obole_domain::Handle;
use obole_store::works;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::works::Work;
use crate::problem::Problem;

/// The most works that a profile lists.
const WORKS_MAX: i64 = 200;

/// What everybody sees of an account.
#[derive(Serialize, ToSchema)]
pub struct PublicProfile {
    /// Its public name.
    #[schema(example = "ada")]
    pub handle: String,
    /// What it calls itself; its handle where it says nothing.
    pub name: String,
    /// The works that it controls and collects for, those claimed last first, 200 at most.
    pub works: Vec<Work>,
}

/// What everybody sees of an account: its name and the works that it controls
#[utoipa::path(
    get, path = "/profiles/{handle}", tag = "Works",
    params(("handle" = String, Path, description = "The account's handle", example = "ada")),
    responses((status = 200, description = "The profile", body = PublicProfile)),
)]
pub async fn get_profile(caller: Caller, Path(handle): Path<String>) -> Answer {
    let handle = Handle::parse(&handle).map_err(|_| Problem::not_found())?;
    let account = accounts::find_by_handle(&caller.app, handle).await?;
    let account = account.filter(|account| account.suspended_at.is_none());
    let account = account.ok_or_else(Problem::not_found)?;
    let id = account.id;
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(works::owned_by(read, id, WORKS_MAX).await?) })
    });
    let collecting = found.await?.into_iter().filter(|work| work.refused_at.is_none());
    let shape = PublicProfile {
        handle: account.handle.to_string(),
        name: account.shown_name().to_owned(),
        works: collecting.map(Work::from).collect(),
    };
    Ok(Json(shape).into_response())
}
