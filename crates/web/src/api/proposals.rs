//! `/me/proposals`: what was brought along from elsewhere and waits for a yes. A yes is a click
//! (`POST /clicks`) and then no proposal any more.

use axum::Json;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use obole_app::proposals::{self as commands, Brought};
use obole_domain::token::Scope;
use obole_domain::{CanonicalUrl, Refusal};
use obole_store::proposals::ProposalRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::body;
use crate::api::caller::Caller;
use crate::problem::Problem;
use crate::upload::UPLOAD_MAX;

/// Proposals that wait.
#[derive(Serialize, ToSchema)]
pub struct Proposals {
    /// How many wait in all.
    pub count: i64,
    /// The first 25 of them; dismiss or click these to see more.
    pub items: Vec<Proposal>,
}

/// Something to click, perhaps.
#[derive(Serialize, ToSchema)]
pub struct Proposal {
    /// Its canonical address.
    #[schema(format = "uri", example = "https://example.org/song")]
    pub url: String,
    /// What the file called it; perhaps empty.
    pub title: String,
}

impl From<ProposalRow> for Proposal {
    fn from(row: ProposalRow) -> Self {
        Self { url: row.url.to_string(), title: row.title }
    }
}

/// The longest list, in characters.
const FILE_MAX: usize = 100_000;

/// A list to bring along.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BringProposals {
    /// What another program handed out: bookmarks, a feed list, a starred list, addresses.
    #[schema(min_length = 1, max_length = 100_000, example = "https://example.org/song")]
    pub file: String,
}

/// What became of a list.
#[derive(Serialize, ToSchema)]
pub struct BroughtProposals {
    /// Proposals that wait now and did not before.
    pub new: i64,
    /// Entries that waited already, stood there twice, or have a click this month.
    pub known: i64,
    /// Entries without an address that can be given to.
    pub unusable: i64,
    /// Entries for which there was no room any more.
    pub left_out: i64,
}

impl From<Brought> for BroughtProposals {
    fn from(brought: Brought) -> Self {
        let Brought { new, known, unusable, left_out } = brought;
        Self { new, known, unusable, left_out }
    }
}

/// Proposals to forget.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissProposals {
    /// Their addresses.
    #[schema(min_items = 1, max_items = 25, example = json!(["https://example.org/song"]))]
    pub urls: Vec<String>,
}

/// What was forgotten.
#[derive(Serialize, ToSchema)]
pub struct Dismissed {
    /// How many proposals.
    pub count: i64,
}

/// What waits for a yes or no
#[utoipa::path(
    get, path = "/me/proposals", tag = "Clicks", security(("token" = ["clicks:read"])),
    responses((status = 200, description = "The proposals", body = Proposals)),
)]
pub async fn list_proposals(caller: Caller) -> Answer {
    let account = caller.allow(Scope::ClicksRead)?;
    let waiting = caller
        .app
        .read((), move |read, ()| Box::pin(async move { commands::waiting(read, account).await }));
    let waiting = waiting.await?;
    let items = waiting.first.into_iter().map(Proposal::from).collect();
    Ok(Json(Proposals { count: waiting.count, items }).into_response())
}

/// Bring a list along from elsewhere: each entry waits for a yes, nothing is clicked
#[utoipa::path(
    post, path = "/me/proposals", tag = "Clicks", security(("token" = ["click"])),
    request_body = BringProposals,
    responses((status = 200, description = "What became of it", body = BroughtProposals)),
)]
pub async fn bring_proposals(caller: Caller, request: Request) -> Answer {
    let account = caller.allow(Scope::Click)?;
    let sent: BringProposals = body::read_up_to(request, UPLOAD_MAX).await?;
    if sent.file.chars().count() > FILE_MAX {
        return Err(Problem::from(Refusal::TooLong { limit: FILE_MAX as i64 }).at("file"));
    }
    let brought = commands::bring(&caller.app, account, sent.file).await;
    let brought = brought.map_err(|error| Problem::from(error).about("file"))?;
    Ok(Json(BroughtProposals::from(brought)).into_response())
}

/// Say no to some proposals
#[utoipa::path(
    post, path = "/me/proposals/dismiss", tag = "Clicks", security(("token" = ["click"])),
    request_body = DismissProposals,
    responses((status = 200, description = "How many are forgotten", body = Dismissed)),
)]
pub async fn dismiss_proposals(caller: Caller, request: Request) -> Answer {
    let account = caller.allow(Scope::Click)?;
    let sent: DismissProposals = body::read(request).await?;
    let most = usize::try_from(commands::PAGE).unwrap_or(usize::MAX);
    if !(1..=most).contains(&sent.urls.len()) {
        return Err(Problem::bad_request("wrong_type").at("urls"));
    }
    let urls: Result<Vec<_>, _> = sent.urls.iter().map(|url| CanonicalUrl::parse(url)).collect();
    let urls = urls.map_err(|refusal| Problem::from(refusal).at("urls"))?;
    let count = commands::dismiss(&caller.app, account, urls).await?;
    Ok(Json(Dismissed { count }).into_response())
}

/// Say no to everything that waits
#[utoipa::path(
    delete, path = "/me/proposals", tag = "Clicks", security(("token" = ["click"])),
    responses((status = 204, description = "Nothing waits")),
)]
pub async fn dismiss_all_proposals(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Click)?;
    commands::dismiss_all(&caller.app, account).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
