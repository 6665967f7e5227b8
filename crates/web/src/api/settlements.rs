//! `/settlements`: what each closed month came to. Public, without a token.

use axum::extract::Path;
use axum::http::HeaderMap;
use obole_app::secrets::hex;
use obole_domain::Period;
use obole_store::Read;
use obole_store::settlements::{self, SettlementRow, Stage, Totals};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::cached::cached;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::money::Money;
use crate::api::query::{PageParameters, Query};
use crate::problem::Problem;

/// What a month came to, once it is settled to the end.
#[derive(Serialize, ToSchema)]
pub struct Settlement {
    /// Which month.
    #[schema(example = "2026-11", pattern = r"^\d{4}-\d{2}$")]
    pub period: String,
    /// When the month was closed.
    #[schema(format = DateTime)]
    pub closed_at: String,
    /// When everything was booked.
    #[schema(required, format = DateTime)]
    pub settled_at: Option<String>,
    /// What it came to, by currency.
    pub totals: Vec<SettlementTotals>,
    /// How many patrons gave.
    pub patrons: i64,
    /// How many works received.
    pub works: i64,
    /// How many clicks were shared out.
    pub clicks: i64,
    /// SHA-256 of what was frozen: `obole export inputs` has it in full.
    #[schema(required)]
    pub inputs_hash: Option<String>,
    /// SHA-256 of what came of it: the same inputs always give the same.
    #[schema(required)]
    pub plan_hash: Option<String>,
}

/// What a month came to in one currency.
#[derive(Serialize, ToSchema)]
pub struct SettlementTotals {
    /// The currency's code.
    #[schema(example = "EUR")]
    pub currency: String,
    /// What left the wallets.
    pub taken: Money,
    /// What was newly promised to works that nobody has claimed: it stays on the wallets.
    pub promised: Money,
    /// What works received, before the fee.
    pub gross: Money,
    /// The instance's part.
    pub fee: Money,
    /// What creators received.
    pub net: Money,
    /// What went to the common pool.
    pub pool: Money,
}

impl From<Totals> for SettlementTotals {
    fn from(totals: Totals) -> Self {
        let money = |amount| Money::new(amount, totals.currency);
        Self {
            currency: totals.currency.code().to_owned(),
            taken: money(totals.taken),
            promised: money(totals.promised),
            gross: money(totals.gross),
            fee: money(totals.fee),
            net: money(totals.net),
            pool: money(totals.pool),
        }
    }
}

impl Settlement {
    fn of((row, totals): (SettlementRow, Vec<Totals>)) -> Self {
        Self {
            period: row.period.to_string(),
            closed_at: row.started_at.to_string(),
            settled_at: row.finished_at.map(|at| at.to_string()),
            totals: totals.into_iter().map(SettlementTotals::from).collect(),
            patrons: row.patrons,
            works: row.works,
            clicks: row.clicks,
            inputs_hash: row.inputs_hash.map(|hash| hex(&hash)),
            plan_hash: row.plan_hash.map(|hash| hex(&hash)),
        }
    }
}

/// The settled months, newest first
#[utoipa::path(
    get, path = "/settlements", tag = "Settlements", params(PageParameters),
    responses((status = 200, description = "The settlements", body = List<Settlement>)),
)]
pub async fn list_settlements(caller: Caller, mut query: Query) -> Answer {
    let page = query.page()?;
    let read_cursor = |bytes: &[u8]| Period::from_number(i64::from_be_bytes(*bytes.first_chunk()?));
    let (before, rows) = (page.after(read_cursor)?, page.rows());
    let before = before.or(Period::new(9_999, 12)).ok_or_else(Problem::not_found)?;
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move {
            let mut settled = Vec::new();
            for row in settlements::list_done(read, before, rows).await? {
                let totals = settlements::totals(read, row.period).await?;
                settled.push((row, totals));
            }
            Ok(settled)
        })
    });
    let cursor = |row: &(SettlementRow, _)| row.0.period.number().to_be_bytes().to_vec();
    let list = List::of(found.await?, &page, cursor, Settlement::of);
    Ok(list.answer(&caller, "/settlements", &page, &[]))
}

/// What one month came to
#[utoipa::path(
    get, path = "/settlements/{period}", tag = "Settlements",
    params(("period" = String, Path, description = "The month", example = "2026-11")),
    responses((status = 200, description = "The settlement", body = Settlement)),
)]
pub async fn get_settlement(
    caller: Caller,
    Path(period): Path<String>,
    headers: HeaderMap,
) -> Answer {
    let period = Period::parse(&period).map_err(|_| Problem::not_found())?;
    let found = caller.app.read((), move |read, ()| Box::pin(find(read, period))).await?;
    cached(&headers, &Settlement::of(found.ok_or_else(Problem::not_found)?))
}

async fn find(
    read: &mut Read,
    period: Period,
) -> obole_app::Result<Option<(SettlementRow, Vec<Totals>)>> {
    let row = settlements::find(read, period).await?;
    let Some(row) = row.filter(|row| row.stage == Stage::Done) else { return Ok(None) };
    Ok(Some((row, settlements::totals(read, period).await?)))
}
