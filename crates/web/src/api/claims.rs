//! `/me/works`, `/me/claims`, `/works/{id}/claims`, `/claims/{id}`: what the account controls, and
//! how it proves that it does (security.md section 9).

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use obole_app::audit_log::Actor;
use obole_app::claims as commands;
use obole_app::clicks::Target;
use obole_domain::claim::{ClaimMethod, ClaimState, Reach, Way};
use obole_domain::token::Scope;
use obole_domain::{AccountId, ClaimId, WorkId};
use obole_store::claims::{self, ClaimRow};
use obole_store::works::{self, WorkRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::body;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::query::{PageParameters, Query};
use crate::api::works::{self as api_works, Work};
use crate::problem::Problem;

/// A claim: how the account came to control works, or how it is about to.
#[derive(Serialize, ToSchema)]
pub struct Claim {
    /// Its id.
    pub id: String,
    /// The id of the work that it was begun from.
    pub work: String,
    /// That work's canonical address.
    #[schema(format = "uri", example = "https://example.org/song")]
    pub url: String,
    /// How it is proven: `dns`, `file`, `funding`, `meta` or `rel-me`; `operator`, by the
    /// operator's word.
    #[schema(example = "dns")]
    pub method: &'static str,
    /// How far it reaches.
    pub reach: ClaimReach,
    /// `challenged` while it waits for its proof, `contested` while somebody else's claim decides,
    /// `proven` while it stands, `stale` while its proof is gone, `lost` once it has ended.
    #[schema(example = "proven")]
    pub state: &'static str,
    /// What has to stand where; null where nothing is looked for.
    #[schema(required)]
    pub instructions: Option<Instructions>,
    /// What the last look came to: `found`, `other` (a proof of another claim), `missing`, `unsafe`
    /// (not signed as its zone must be) or `unclear` (nobody could look); null before the first.
    #[schema(required, example = "found")]
    pub finding: Option<&'static str>,
    /// When somebody looked last; null before the first time.
    #[schema(required, format = DateTime)]
    pub checked_at: Option<String>,
    /// When the instance looks by itself; null where it does not.
    #[schema(required, format = DateTime)]
    pub next_check_at: Option<String>,
    /// Whether money for its works is payable: proven for 72 hours and seen again.
    pub pays: bool,
    /// When it was begun.
    #[schema(format = DateTime, example = "2026-11-03T09:15:00Z")]
    pub created_at: String,
    /// When it was proven; null before.
    #[schema(required, format = DateTime)]
    pub proven_at: Option<String>,
    /// When it ended; null while it has not.
    #[schema(required, format = DateTime)]
    pub ended_at: Option<String>,
}

/// How far a claim reaches.
#[derive(Serialize, ToSchema)]
pub struct ClaimReach {
    /// `name`: a host name and those below it; `below`: a page and those below it on its origin;
    /// `page`: this page.
    #[schema(example = "name")]
    pub kind: &'static str,
    /// The name, or the page's address.
    #[schema(example = "example.org")]
    pub value: String,
}

/// What has to stand where.
#[derive(Serialize, ToSchema)]
pub struct Instructions {
    /// A name in the DNS, or the address of a page or file.
    #[schema(example = "_obole.example.org")]
    pub place: String,
    /// What is looked for there: the text of a TXT record, a line of the file, an element of the
    /// page's head, a channel of the manifest, or a link.
    #[schema(example = "obole-verification=obole-0123456789abcdefghjkmnpqrs")]
    pub snippet: String,
}

/// A claim to begin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginClaim {
    /// How it will be proven.
    pub method: Method,
    /// How far it is to reach, of what the method can have there: a host name, or the address of a
    /// page; the widest where nothing is sent.
    #[schema(example = "example.org")]
    pub reach: Option<String>,
}

/// A kind of proof.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// A TXT record.
    Dns,
    /// A well-known file.
    File,
    /// A channel in a `funding.json`.
    Funding,
    /// A meta element in the head of the page.
    Meta,
    /// A `rel="me"` link of the page.
    RelMe,
}

impl From<Method> for ClaimMethod {
    fn from(method: Method) -> Self {
        match method {
            Method::Dns => Self::Dns,
            Method::File => Self::File,
            Method::Funding => Self::Funding,
            Method::Meta => Self::Meta,
            Method::RelMe => Self::RelMe,
        }
    }
}

impl From<&Reach> for ClaimReach {
    fn from(reach: &Reach) -> Self {
        match reach {
            Reach::Name(name) => Self { kind: "name", value: name.clone() },
            Reach::Below(root) => Self { kind: "below", value: root.to_string() },
            Reach::Page(page) => Self { kind: "page", value: page.to_string() },
        }
    }
}

/// A claim as the API tells it.
fn told(caller: &Caller, row: &ClaimRow) -> Claim {
    let config = caller.app.config();
    let (base, name) = (config.base_url(), &config.instance.name);
    let way = Way { method: row.method, reach: row.reach.clone() };
    let is_open = row.life.state != ClaimState::Lost;
    let instructions = row.token.as_ref().filter(|_| is_open).map(|token| {
        let link = token.link(&base, row.handle.as_str());
        let evidence = way.evidence(token, (&link, name));
        Instructions { place: evidence.place, snippet: evidence.snippet }
    });
    let time = |at: Option<jiff::Timestamp>| at.map(|at| at.to_string());
    Claim {
        id: row.id.to_string(),
        work: row.work.to_string(),
        url: row.url.to_string(),
        method: row.method.code(),
        reach: ClaimReach::from(&row.reach),
        state: row.life.state.code(),
        instructions,
        finding: row.finding.map(obole_domain::claim::Finding::code),
        checked_at: time(row.checked_at),
        next_check_at: time(row.next_check_at),
        pays: row.pays(),
        created_at: row.created_at.to_string(),
        proven_at: time(row.life.proven_at),
        ended_at: time(row.ended_at),
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
    let list = List::of(found.await?, &page, cursor, |row| told(&caller, &row));
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
    let found = caller
        .app
        .read((), move |read, ()| Box::pin(async move { Ok(claims::find(read, id).await?) }));
    let found = found.await?.filter(|claim| claim.account == account);
    Ok(Json(told(&caller, &found.ok_or_else(Problem::not_found)?)).into_response())
}

/// Begin a claim of a work
///
/// The answer says what has to stand where; it is looked for by itself too, or at once by
/// `check_claim`. Begun again while it waits, it is the same claim.
#[utoipa::path(
    post, path = "/works/{id}/claims", tag = "Works", security(("token" = ["works:write"])),
    params(("id" = String, Path, description = "The work's id")),
    request_body = BeginClaim,
    responses(
        (status = 201, description = "The claim, which waits for its proof", body = Claim),
        (status = 200, description = "The claim, which waited already", body = Claim),
    ),
)]
pub async fn begin_claim(caller: Caller, Path(id): Path<String>, request: Request) -> Answer {
    let account = caller.allow(Scope::WorksWrite)?;
    let work = api_works::parse_id(&id)?;
    let sent: BeginClaim = body::read(request).await?;
    let reach = sent.reach.as_deref().map(read_reach).transpose()?;
    let target = (Target::Work(work), sent.method.into(), reach);
    let begun = commands::begin(&caller.app, (Actor::Api(account), account), target).await?;
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(claims::find(read, begun.claim).await?) })
    });
    let claim = told(&caller, &found.await?.ok_or_else(Problem::not_found)?);
    let status = if begun.is_known { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(claim)).into_response())
}

/// A host name or a page's address, as a reach of the nearest kind.
fn read_reach(text: &str) -> Result<Reach, Problem> {
    let kind = if text.contains("://") { "below" } else { "name" };
    let reach = Reach::from_key(&format!("{kind}:{text}"));
    reach.ok_or_else(|| Problem::from(obole_domain::Refusal::UrlMalformed {}).at("reach"))
}

/// Look for the proof of a claim now
///
/// Takes as long as the site or the name server takes to answer, some seconds at most.
#[utoipa::path(
    post, path = "/claims/{id}/check", tag = "Works", security(("token" = ["works:write"])),
    params(("id" = String, Path, description = "The claim's id")),
    responses((status = 200, description = "The claim as it stands now", body = Claim)),
)]
pub async fn check_claim(caller: Caller, Path(id): Path<String>) -> Answer {
    let account = caller.allow(Scope::WorksWrite)?;
    let id = ClaimId::parse(&id).ok_or_else(Problem::not_found)?;
    let claim = commands::check(&caller.app, Actor::Api(account), id).await?;
    Ok(Json(told(&caller, &claim)).into_response())
}
