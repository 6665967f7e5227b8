//! `/me/reports`, `/works/{id}/reports`, `/profiles/{handle}/reports`: saying that something is
//! wrong with a work or an account, and what became of it (product.md section 6).

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use obole_app::reports::{self as commands, About};
use obole_domain::Handle;
use obole_domain::report::ReportReason;
use obole_domain::token::Scope;
use obole_store::reports::{self, ReportRow, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::body;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::works;
use crate::problem::Problem;

/// The most reports of an account that are listed.
const LISTED: i64 = 200;

/// A report that the account made.
#[derive(Serialize, ToSchema)]
pub struct MadeReport {
    /// Its id.
    pub id: String,
    /// The id of the work that it is about; null where it is about an account.
    #[schema(required)]
    pub work: Option<String>,
    /// The handle of the account that it is about; null where it is about a work.
    #[schema(required, example = "mallory")]
    pub handle: Option<String>,
    /// What is wrong: `poses`, `unlawful`, `hateful`, `deceptive` or `other`.
    #[schema(example = "poses")]
    pub why: &'static str,
    /// In the account's words.
    #[schema(example = "It is a copy of my page.")]
    pub words: String,
    /// Where it stands: `waiting`, `kept`, where nothing is wrong, `hidden`, where words were
    /// hidden, or `suspended`.
    #[schema(example = "waiting")]
    pub state: &'static str,
    /// Why it ended so; empty while it waits.
    pub reason: String,
    /// When it was made.
    #[schema(format = DateTime, example = "2026-11-03T09:15:00Z")]
    pub reported_at: String,
    /// When an administrator answered; null before.
    #[schema(required, format = DateTime)]
    pub decided_at: Option<String>,
}

impl From<ReportRow> for MadeReport {
    fn from(row: ReportRow) -> Self {
        let (work, handle) = match &row.subject {
            Subject::Work(work, _) => (Some(work.to_string()), None),
            Subject::Account(_, handle) => (None, Some(handle.to_string())),
        };
        Self {
            id: row.id.to_string(),
            work,
            handle,
            why: row.why.code(),
            words: row.words,
            state: row.state.code(),
            reason: row.reason,
            reported_at: row.reported_at.to_string(),
            decided_at: row.decided_at.map(|at| at.to_string()),
        }
    }
}

/// What is wrong.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It poses as somebody else.
    Poses,
    /// It is against the law.
    Unlawful,
    /// It attacks people.
    Hateful,
    /// It deceives, or is spam.
    Deceptive,
    /// Something else.
    Other,
}

impl From<Why> for ReportReason {
    fn from(why: Why) -> Self {
        match why {
            Why::Poses => Self::Poses,
            Why::Unlawful => Self::Unlawful,
            Why::Hateful => Self::Hateful,
            Why::Deceptive => Self::Deceptive,
            Why::Other => Self::Other,
        }
    }
}

/// What is wrong with a work or an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeReport {
    /// What is wrong.
    pub why: Why,
    /// What the account saw, in its own words; administrators read it.
    #[schema(min_length = 1, max_length = 2000, example = "It is a copy of my page.")]
    pub words: String,
}

/// What the account reported and what became of it, the newest 200
#[utoipa::path(
    get, path = "/me/reports", tag = "Account", security(("token" = ["settings"])),
    responses((status = 200, description = "The reports", body = List<MadeReport>)),
)]
pub async fn list_reports(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(reports::of_reporter(read, account, LISTED).await?) })
    });
    let reports = found.await?.into_iter().map(MadeReport::from);
    Ok(Json(List::whole(reports.collect())).into_response())
}

/// Report a work to the administrators
///
/// They answer within a week; both sides are told the outcome.
#[utoipa::path(
    post, path = "/works/{id}/reports", tag = "Works", security(("token" = ["settings"])),
    params(("id" = String, Path, description = "The work's id")),
    request_body = MakeReport,
    responses((status = 204, description = "It is reported")),
)]
pub async fn report_work(caller: Caller, Path(id): Path<String>, request: Request) -> Answer {
    let work = works::parse_id(&id)?;
    report(&caller, About::Work(work), request).await
}

/// Report an account, or its name, to the administrators
#[utoipa::path(
    post, path = "/profiles/{handle}/reports", tag = "Account",
    security(("token" = ["settings"])),
    params(("handle" = String, Path, description = "The account's public name", example = "ada")),
    request_body = MakeReport,
    responses((status = 204, description = "It is reported")),
)]
pub async fn report_profile(
    caller: Caller,
    Path(handle): Path<String>,
    request: Request,
) -> Answer {
    let handle = Handle::parse(&handle).map_err(|_| Problem::not_found())?;
    report(&caller, About::Account(handle), request).await
}

async fn report(caller: &Caller, about: About, request: Request) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    let sent: MakeReport = body::read(request).await?;
    let said = (sent.why.into(), &*sent.words);
    let reported = commands::file(&caller.app, account, about, said).await;
    reported.map_err(|error| Problem::from(error).about("words"))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
