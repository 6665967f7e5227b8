//! `/me/settings` and `/me/feed`: what the account says of itself and lets others read.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use obole_app::{accounts, feeds};
use obole_domain::AccountId;
use obole_domain::token::Scope;
use obole_store::accounts::{AccountRow, Profile};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::body;
use crate::api::caller::Caller;
use crate::problem::Problem;

/// What an account says of itself and wishes.
#[derive(Serialize, ToSchema)]
pub struct Settings {
    /// What it calls itself; empty where it says nothing.
    pub name: String,
    /// The language that it chose; null where it chose none.
    #[schema(required, example = "fr")]
    pub language: Option<String>,
    /// Whether what it gives may be shown, where the creator agrees too.
    pub is_public: bool,
    /// Whether a budget without clicks goes to the common pool.
    pub gives_unspent: bool,
    /// Whether it keeps which works it gave to for longer than fourteen months after a settlement.
    pub keeps_details: bool,
}

impl From<AccountRow> for Settings {
    fn from(row: AccountRow) -> Self {
        Self {
            name: row.name,
            language: Some(row.language).filter(|language| !language.is_empty()),
            is_public: row.is_public,
            gives_unspent: row.gives_unspent,
            keeps_details: row.keeps_details,
        }
    }
}

/// A language of the instance.
#[derive(Clone, Copy, Deserialize, ToSchema)]
pub enum LanguageChoice {
    /// None: what the browser or program asks for.
    #[serde(rename = "none")]
    Unset,
    /// English.
    #[serde(rename = "en")]
    English,
    /// French.
    #[serde(rename = "fr")]
    French,
}

impl LanguageChoice {
    const fn code(self) -> &'static str {
        match self {
            Self::Unset => "",
            Self::English => "en",
            Self::French => "fr",
        }
    }
}

/// What to change; what is not sent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSettings {
    /// What to call the account.
    #[schema(max_length = 80, example = "Ada")]
    pub name: Option<String>,
    /// Its language; `none` leaves it to what is asked for.
    pub language: Option<LanguageChoice>,
    /// Whether what it gives may be shown, where the creator agrees too.
    pub is_public: Option<bool>,
    /// Whether a budget without clicks goes to the common pool.
    pub gives_unspent: Option<bool>,
    /// Whether it keeps which works it gave to for longer than fourteen months after a settlement.
    pub keeps_details: Option<bool>,
}

/// What of the account can be read without a sign-in.
#[derive(Serialize, ToSchema)]
pub struct Feed {
    /// The public feed of what it controls.
    #[schema(format = "uri", example = "https://obole.example/feed/creator/ada")]
    pub public_url: String,
    /// Whether that says how many patrons its works had.
    pub tells_patrons: bool,
    /// Since when it has a private feed of what it gives; null without one. Its address is a
    /// secret that only a page shows, after a fresh sign-in.
    #[schema(required, format = "date-time")]
    pub private_since: Option<String>,
}

/// What the public feed tells.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeFeed {
    /// Whether it says how many patrons the account's works had.
    #[schema(example = true)]
    pub tells_patrons: bool,
}

/// What the account says of itself and wishes
#[utoipa::path(
    get, path = "/me/settings", tag = "Settings", security(("token" = ["settings"])),
    responses((status = 200, description = "The settings", body = Settings)),
)]
pub async fn get_settings(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    Ok(Json(Settings::from(row(&caller, account).await?)).into_response())
}

/// Change what the account says of itself and wishes
#[utoipa::path(
    patch, path = "/me/settings", tag = "Settings", security(("token" = ["settings"])),
    request_body = ChangeSettings,
    responses((status = 200, description = "The settings as they stand", body = Settings)),
)]
pub async fn change_settings(caller: Caller, request: Request) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    let sent: ChangeSettings = body::read(request).await?;
    let now = row(&caller, account).await?;
    let profile = Profile {
        name: sent.name.unwrap_or(now.name),
        language: sent.language.map_or(now.language, |language| language.code().to_owned()),
        is_public: sent.is_public.unwrap_or(now.is_public),
        gives_unspent: sent.gives_unspent.unwrap_or(now.gives_unspent),
        keeps_details: sent.keeps_details.unwrap_or(now.keeps_details),
    };
    let set = accounts::set_profile(&caller.app, account, profile).await;
    set.map_err(|error| Problem::from(error).about("name"))?;
    Ok(Json(Settings::from(row(&caller, account).await?)).into_response())
}

async fn row(caller: &Caller, account: AccountId) -> Result<AccountRow, Problem> {
    accounts::find(&caller.app, account).await?.ok_or_else(Problem::not_found)
}

/// What of the account can be read without a sign-in
#[utoipa::path(
    get, path = "/me/feed", tag = "Settings", security(("token" = ["settings"])),
    responses((status = 200, description = "The feeds", body = Feed)),
)]
pub async fn get_feed(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    Ok(Json(feed(&caller, account).await?).into_response())
}

/// Say what the public feed tells
#[utoipa::path(
    patch, path = "/me/feed", tag = "Settings", security(("token" = ["settings"])),
    request_body = ChangeFeed,
    responses((status = 200, description = "The feeds as they stand", body = Feed)),
)]
pub async fn change_feed(caller: Caller, request: Request) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    let sent: ChangeFeed = body::read(request).await?;
    feeds::set_tells_patrons(&caller.app, account, sent.tells_patrons).await?;
    Ok(Json(feed(&caller, account).await?).into_response())
}

/// Switch the private feed off: its address opens nothing any more
#[utoipa::path(
    delete, path = "/me/feed/private", tag = "Settings", security(("token" = ["settings"])),
    responses((status = 204, description = "There is no private feed")),
)]
pub async fn end_private_feed(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    feeds::end(&caller.app, account).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn feed(caller: &Caller, account: AccountId) -> Result<Feed, Problem> {
    let found = feeds::find(&caller.app, account).await?;
    let handle = caller.grant.as_ref().map(|grant| grant.handle.to_string()).unwrap_or_default();
    Ok(Feed {
        public_url: format!("{}/feed/creator/{handle}", caller.app.config().base_url()),
        tells_patrons: found.tells_patrons,
        private_since: found.made_at.map(|at| at.to_string()),
    })
}
