//! `/me/promises`: what is set aside for works that nobody has claimed yet.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use obole_app::promises as commands;
use obole_domain::token::Scope;
use obole_domain::{Period, Refusal};
use obole_store::promises::{self, PromiseRow};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::money::Money;
use crate::api::query::{PageParameters, Query};
use crate::api::works;
use crate::problem::Problem;

/// What was promised to a work in a month.
#[derive(Serialize, ToSchema)]
pub struct Promise {
    /// In which month.
    #[schema(example = "2026-10", pattern = r"^\d{4}-\d{2}$")]
    pub period: String,
    /// The work's id.
    pub work: String,
    /// Its canonical address.
    #[schema(format = "uri", example = "https://example.org/song")]
    pub url: String,
    /// How much. It stays in the wallet, on hold.
    pub amount: Money,
}

impl From<PromiseRow> for Promise {
    fn from(row: PromiseRow) -> Self {
        Self {
            period: row.period.to_string(),
            work: row.work.to_string(),
            url: row.url.to_string(),
            amount: row.amount.into(),
        }
    }
}

/// The account's standing promises
#[utoipa::path(
    get, path = "/me/promises", tag = "Account", security(("token" = ["wallet"])),
    params(PageParameters),
    responses((status = 200, description = "The promises", body = List<Promise>)),
)]
pub async fn list_promises(caller: Caller, mut query: Query) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let page = query.page()?;
    let before = page.after(read_cursor)?.unwrap_or(0);
    let wanted = before.saturating_add(page.limit).saturating_add(1);
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(promises::standing(read, account, wanted).await?) })
    });
    let rows: Vec<(usize, PromiseRow)> =
        found.await?.into_iter().enumerate().skip(before).collect();
    let cursor =
        |row: &(usize, _)| u32::try_from(row.0 + 1).unwrap_or(u32::MAX).to_be_bytes().into();
    let list = List::of(rows, &page, cursor, |(_, row)| Promise::from(row));
    Ok(list.answer(&caller, "/me/promises", &page, &[]))
}

/// How many promises stand on the pages before.
fn read_cursor(bytes: &[u8]) -> Option<usize> {
    let number: [u8; 4] = bytes.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(number)).ok().filter(|number| *number <= PROMISES_MAX)
}

/// Nobody has more promises than so many; a cursor that says more is not ours.
const PROMISES_MAX: usize = 1_000_000;

/// Let go of a promise: the money is free again
///
/// The answer has what is free again, by currency.
#[utoipa::path(
    delete, path = "/me/promises/{period}/{work}", tag = "Account",
    security(("token" = ["wallet"])),
    params(
        ("period" = String, Path, description = "The month it was made in", example = "2026-10"),
        ("work" = String, Path, description = "The work's id"),
    ),
    responses((status = 200, description = "What is free again", body = List<Money>)),
)]
pub async fn let_go_of_promise(
    caller: Caller,
    Path((period, work)): Path<(String, String)>,
) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let period = Period::parse(&period).map_err(|_| Problem::not_found())?;
    let work = works::parse_id(&work)?;
    let freed = commands::let_go(&caller.app, account, period, work).await.map_err(|error| {
        let problem = Problem::from(error);
        let is_gone = problem.code == (Refusal::StateMoved {}).code();
        if is_gone { Problem::not_found() } else { problem }
    })?;
    let items = freed.into_iter().map(Money::from).collect();
    Ok(Json(List::whole(items)).into_response())
}
