//! `/me/sites` and `/me/apps`: whom the account trusts, and taking that back (B5, B6, O4). Trust is
//! given on the pages only.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use obole_app::oauth::{self, GrantedApp};
use obole_app::sites::{self, Trusted};
use obole_domain::client::ClientId;
use obole_domain::token::Scope;
use obole_domain::{AccountId, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::query::Query;
use crate::problem::Problem;

/// A site whose buttons give at once.
#[derive(Serialize, ToSchema)]
pub struct TrustedSite {
    /// Its origin.
    #[schema(example = "https://example.org")]
    pub site: String,
    /// Since when.
    #[schema(format = "date-time")]
    pub since: String,
    /// How many clicks of the open month it gave by itself.
    pub clicks: usize,
}

impl From<Trusted> for TrustedSite {
    fn from(trusted: Trusted) -> Self {
        Self {
            site: trusted.site.to_string(),
            since: trusted.at.to_string(),
            clicks: trusted.clicks,
        }
    }
}

/// An app that may do something for the account.
#[derive(Serialize, ToSchema)]
pub struct AllowedApp {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// What it may do.
    #[schema(example = json!(["click", "clicks:read"]))]
    pub scopes: Vec<String>,
    /// Since when.
    #[schema(format = "date-time")]
    pub since: String,
    /// When it last did something.
    #[schema(format = "date-time")]
    pub used_at: String,
    /// How many clicks of the open month it began.
    pub clicks: i64,
}

impl From<GrantedApp> for AllowedApp {
    fn from(app: GrantedApp) -> Self {
        Self {
            id: app.client.to_string(),
            name: app.name,
            scopes: app.scopes.iter().map(|scope| scope.name().to_owned()).collect(),
            since: app.since.to_string(),
            used_at: app.used_at.to_string(),
            clicks: app.clicks,
        }
    }
}

/// What was taken back.
#[derive(Serialize, ToSchema)]
pub struct TakenBack {
    /// How many clicks.
    pub count: i64,
}

/// The sites that the account trusts, by name
#[utoipa::path(
    get, path = "/me/sites", tag = "Trust", security(("token" = ["settings"])),
    responses((status = 200, description = "The sites, 200 at most", body = List<TrustedSite>)),
)]
pub async fn list_sites(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    let found = sites::list(&caller.app, account).await?;
    Ok(Json(List::whole(found.into_iter().map(TrustedSite::from).collect())).into_response())
}

/// Trust a site no more: its buttons ask again
#[utoipa::path(
    delete, path = "/me/sites", tag = "Trust", security(("token" = ["settings"])),
    params(("site" = String, Query, description = "Its origin", example = "https://example.org",
        min_length = 1, max_length = 2048)),
    responses((status = 204, description = "It is trusted no more")),
)]
pub async fn distrust_site(caller: Caller, mut query: Query) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    let site = trusted(&caller, account, &mut query).await?;
    sites::distrust(&caller.app, account, site).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Take back everything that a trusted site gave by itself this month
#[utoipa::path(
    delete, path = "/me/sites/clicks", tag = "Trust", security(("token" = ["settings"])),
    params(("site" = String, Query, description = "Its origin", example = "https://example.org",
        min_length = 1, max_length = 2048)),
    responses((status = 200, description = "How many clicks were taken back", body = TakenBack)),
)]
pub async fn take_back_clicks_of_site(caller: Caller, mut query: Query) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    let site = trusted(&caller, account, &mut query).await?;
    let count = sites::take_back_all(&caller.app, account, site).await?;
    Ok(Json(TakenBack { count }).into_response())
}

/// The site of the query, if the account trusts it.
async fn trusted(caller: &Caller, account: AccountId, query: &mut Query) -> Result<Site, Problem> {
    let asked = query.text("site")?;
    let asked = asked.ok_or_else(|| Problem::bad_request("parameter_missing").at("site"))?;
    let site = Site::parse(&asked).map_err(|refusal| Problem::from(refusal).at("site"))?;
    let all = sites::list(&caller.app, account).await?;
    let is_trusted = all.iter().any(|trusted| trusted.site == site);
    if is_trusted { Ok(site) } else { Err(Problem::not_found()) }
}

/// The apps that may do something for the account, by name
#[utoipa::path(
    get, path = "/me/apps", tag = "Trust", security(("token" = ["settings"])),
    responses((status = 200, description = "The apps", body = List<AllowedApp>)),
)]
pub async fn list_apps(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    let found = oauth::granted(&caller.app, account).await?;
    Ok(Json(List::whole(found.into_iter().map(AllowedApp::from).collect())).into_response())
}

/// Allow an app nothing more; what it clicked stands
#[utoipa::path(
    delete, path = "/me/apps/{app}", tag = "Trust", security(("token" = ["settings"])),
    params(("app" = String, Path, description = "The app's id")),
    responses((status = 204, description = "It may do nothing more")),
)]
pub async fn revoke_app(caller: Caller, Path(app): Path<String>) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    let client = ClientId::parse(&app).ok_or_else(Problem::not_found)?;
    oauth::revoke(&caller.app, account, client).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Take back everything that an app clicked this month
#[utoipa::path(
    delete, path = "/me/apps/{app}/clicks", tag = "Trust", security(("token" = ["settings"])),
    params(("app" = String, Path, description = "The app's id")),
    responses((status = 200, description = "How many clicks were taken back", body = TakenBack)),
)]
pub async fn take_back_clicks_of_app(caller: Caller, Path(app): Path<String>) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    let client = ClientId::parse(&app).ok_or_else(Problem::not_found)?;
    let row = oauth::find(&caller.app, client).await?.ok_or_else(Problem::not_found)?;
    let count = oauth::take_back_all(&caller.app, account, row.id).await?;
    Ok(Json(TakenBack { count }).into_response())
}
