//! `/me/notes`: thanks on the account's works. The day and the handle of who signed, nothing more
//! (P3).

use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use obole_app::notes::{self as commands, Signed};
use obole_domain::token::Scope;
use obole_domain::{Handle, Period};
use obole_store::notes::{self, NoteRow, Which};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::body;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::query::{PageParameters, Query};
use crate::api::works;
use crate::problem::Problem;

/// A note of thanks.
#[derive(Serialize, ToSchema)]
pub struct ReceivedNote {
    /// The month of the click that it signs.
    #[schema(example = "2026-11", pattern = r"^\d{4}-\d{2}$")]
    pub period: String,
    /// The work's id.
    pub work: String,
    /// The work's canonical address.
    #[schema(format = "uri", example = "https://example.org/song")]
    pub url: String,
    /// Who signed it.
    #[schema(example = "ada")]
    pub handle: String,
    /// What it says.
    #[schema(example = "Thank you")]
    pub note: String,
    /// The day it was signed, in the instance's time zone.
    #[schema(format = Date, example = "2026-11-03")]
    pub date: String,
    /// Whether it is hidden.
    pub is_hidden: bool,
    /// Whether a report of it waits for an administrator.
    pub is_reported: bool,
}

/// Whether a note is hidden.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeNote {
    /// Hides it from the account, or shows it again.
    #[schema(example = true)]
    pub is_hidden: bool,
}

/// What is wrong with a note.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportNote {
    /// In the account's own words; administrators read it.
    #[schema(min_length = 1, max_length = 500, example = "This is an insult.")]
    pub reason: String,
}

/// Notes of thanks on the account's works, newest first
#[utoipa::path(
    get, path = "/me/notes", tag = "Works",
    security(("token" = ["works:write"]), ("token" = ["stats:read"])),
    params(
        PageParameters,
        ("period" = Option<String>, Query, example = "2026-11",
            pattern = r"^([12]\d{3}-(0[1-9]|1[0-2]))?$", description = "Of one month only"),
        ("hidden" = Option<String>, Query, example = "no", pattern = "^(yes|no)?$",
            description = "`yes` for the hidden ones, which are left out otherwise"),
    ),
    responses((status = 200, description = "The notes", body = List<ReceivedNote>)),
)]
pub async fn list_notes(caller: Caller, mut query: Query) -> Answer {
    let owner = caller.allow_any(&[Scope::WorksWrite, Scope::StatsRead])?;
    let (asked, hidden) = (query.text("period")?, query.text("hidden")?);
    let period = asked.as_deref().map(Period::parse).transpose()?;
    let is_hidden = match hidden.as_deref() {
        None | Some("no") => false,
        Some("yes") => true,
        Some(_) => return Err(Problem::bad_request("choice_unknown").at("hidden")),
    };
    let page = query.page()?;
    let before = page.after(read_cursor)?.unwrap_or(0);
    let rows = page.rows();
    let found = caller.app.read((), move |read, ()| {
        let which = Which { period, is_hidden };
        Box::pin(async move { Ok(notes::of_owner(read, owner, which, (rows, before)).await?) })
    });
    let rows: Vec<(i64, NoteRow)> = (before + 1..).zip(found.await?).collect();
    let cursor = |row: &(i64, _)| row.0.to_be_bytes().to_vec();
    let zone = caller.app.zone().clone();
    let list = List::of(rows, &page, cursor, |(_, row)| ReceivedNote {
        period: row.key.period.to_string(),
        work: row.key.work.to_string(),
        url: row.url.to_string(),
        handle: row.handle.to_string(),
        note: row.text,
        date: row.at.to_zoned(zone.clone()).date().to_string(),
        is_hidden: row.is_hidden,
        is_reported: row.is_reported,
    });
    let filters = [
        ("period", asked.as_deref().unwrap_or_default()),
        ("hidden", hidden.as_deref().unwrap_or_default()),
    ];
    Ok(list.answer(&caller, "/me/notes", &page, &filters))
}

/// Nobody has more notes than so many; a cursor that says more is not ours.
const NOTES_MAX: i64 = 1_000_000;

/// How many notes stand on the pages before.
fn read_cursor(bytes: &[u8]) -> Option<i64> {
    let before = i64::from_be_bytes(bytes.try_into().ok()?);
    (0..=NOTES_MAX).contains(&before).then_some(before)
}

/// Hide a note of thanks, or show it again
#[utoipa::path(
    patch, path = "/me/notes/{period}/{work}/{handle}", tag = "Works",
    security(("token" = ["works:write"])),
    params(
        ("period" = String, Path, description = "The month", example = "2026-11"),
        ("work" = String, Path, description = "The work's id"),
        ("handle" = String, Path, description = "Who signed it", example = "ada"),
    ),
    request_body = ChangeNote,
    responses((status = 204, description = "It is so")),
)]
pub async fn change_note(
    caller: Caller,
    Path(signed): Path<(String, String, String)>,
    request: Request,
) -> Answer {
    let owner = caller.allow(Scope::WorksWrite)?;
    let signed = read_signed(&signed)?;
    let sent: ChangeNote = body::read(request).await?;
    commands::set_hidden(&caller.app, owner, signed, sent.is_hidden).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Report a note of thanks to the administrators, and hide it
#[utoipa::path(
    post, path = "/me/notes/{period}/{work}/{handle}/report", tag = "Works",
    security(("token" = ["works:write"])),
    params(
        ("period" = String, Path, description = "The month", example = "2026-11"),
        ("work" = String, Path, description = "The work's id"),
        ("handle" = String, Path, description = "Who signed it", example = "ada"),
    ),
    request_body = ReportNote,
    responses((status = 204, description = "It is reported")),
)]
pub async fn report_note(
    caller: Caller,
    Path(signed): Path<(String, String, String)>,
    request: Request,
) -> Answer {
    let owner = caller.allow(Scope::WorksWrite)?;
    let signed = read_signed(&signed)?;
    let sent: ReportNote = body::read(request).await?;
    let reported = commands::report(&caller.app, owner, signed, &sent.reason).await;
    reported.map_err(|error| Problem::from(error).about("reason"))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

fn read_signed((period, work, handle): &(String, String, String)) -> Result<Signed, Problem> {
    Ok(Signed {
        period: Period::parse(period).map_err(|_| Problem::not_found())?,
        work: works::parse_id(work)?,
        handle: Handle::parse(handle).map_err(|_| Problem::not_found())?,
    })
}
