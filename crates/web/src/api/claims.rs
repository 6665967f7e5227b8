//! `/me/works`, `/me/claims`, `/claims/{id}`: what the account controls, and how it came to. Claims
//! are granted by the operator (`/claim` says how to ask).

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use obole_domain::token::Scope;
use obole_domain::{AccountId, ClaimId, WorkId};
use obole_store::claims::{self, ClaimRow};
use obole_store::works::{self, WorkRow};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::query::{PageParameters, Query};
use crate::api::works::Work;
use crate::problem::Problem;

/// A claim: how the account came to control a work.
#[derive(Serialize, ToSchema)]
pub struct Claim {
    /// Its id.
    pub id: String,
    /// The work's id.
    pub work: String,
    /// The work's canonical address.
    #[schema(format = "uri", example = "https://example.org/song")]
    pub url: String,
    /// How it was proven: `operator`, by the operator's word.
    #[schema(example = "operator")]
    pub method: String,
    /// `proven` while it stands, `lost` once it has ended.
    #[schema(example = "proven")]
    pub state: &'static str,
    /// Since when.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// When it ended; null while it stands.
    #[schema(required, format = "date-time")]
    pub ended_at: Option<String>,
}

impl From<ClaimRow> for Claim {
    fn from(row: ClaimRow) -> Self {
        Self {
            id: row.id.to_string(),
            work: row.work.to_string(),
            url: row.url.to_string(),
            method: row.method,
            state: if row.ended_at.is_some() { "lost" } else { "proven" },
            created_at: row.created_at.to_string(),
            ended_at: row.ended_at.map(|at| at.to_string()),
        }
    }
}

fn owner(caller: &Caller) -> Result<AccountId, Problem> {
    caller.allow_any(&[Scope::WorksWrite, Scope::StatsRead])
}

/// The works that the account controls, those that refuse money included
#[utoipa::path(
    get, path = "/me/works", tag = "Works",
    security(("token" = ["works:write"]), ("token" = ["stats:read"])),
    params(PageParameters),
    responses((status = 200, description = "The works", body = List<Work>)),
)]
pub async fn list_own_works(caller: Caller, mut query: Query) -> Answer {
    let account = owner(&caller)?;
    let page = query.page()?;
    let after = page.after(|bytes| uuid::Uuid::from_slice(bytes).ok().map(WorkId::new))?;
    let rows = page.rows();
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(works::owned_after(read, account, after, rows).await?) })
    });
    let cursor = |row: &WorkRow| row.id.uuid().into_bytes().to_vec();
    let list = List::of(found.await?, &page, cursor, Work::from);
    Ok(list.answer(&caller, "/me/works", &page, &[]))
}

/// The account's claims, newest first, those that have ended included
#[utoipa::path(
    get, path = "/me/claims", tag = "Works",
    security(("token" = ["works:write"]), ("token" = ["stats:read"])),
    params(PageParameters),
    responses((status = 200, description = "The claims", body = List<Claim>)),
)]
pub async fn list_claims(caller: Caller, mut query: Query) -> Answer {
    let account = owner(&caller)?;
    let page = query.page()?;
    let after = page.after(|bytes| uuid::Uuid::from_slice(bytes).ok().map(ClaimId::new))?;
    let rows = page.rows();
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(claims::of_account(read, account, (after, rows)).await?) })
    });
    let cursor = |row: &ClaimRow| row.id.uuid().into_bytes().to_vec();
    let list = List::of(found.await?, &page, cursor, Claim::from);
    Ok(list.answer(&caller, "/me/claims", &page, &[]))
}

/// One of the account's claims
#[utoipa::path(
    get, path = "/claims/{id}", tag = "Works",
    security(("token" = ["works:write"]), ("token" = ["stats:read"])),
    params(("id" = String, Path, description = "The claim's id")),
    responses((status = 200, description = "The claim", body = Claim)),
)]
pub async fn get_claim(caller: Caller, Path(id): Path<String>) -> Answer {
    let account = owner(&caller)?;
    let id = ClaimId::parse(&id).ok_or_else(Problem::not_found)?;
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(claims::find(read, account, id).await?) })
    });
    Ok(Json(Claim::from(found.await?.ok_or_else(Problem::not_found)?)).into_response())
}
