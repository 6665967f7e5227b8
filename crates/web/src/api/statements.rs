//! `/me/statements`: what settled months came to for the account, as patron and as creator.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use obole_app::statements::{self, CreditSum, Given, GivenLine, PeriodStatement, Received};
use obole_domain::token::Scope;
use obole_domain::{Currency, Micros, Period};
use obole_store::shares::PeriodSum;
use obole_store::works::WorkRow;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::money::Money;
use crate::api::query::{PageParameters, Query};
use crate::api::works::Work;
use crate::problem::Problem;

/// A settled month in short.
#[derive(Default, Serialize, ToSchema)]
pub struct StatementSummary {
    /// Which month.
    #[schema(example = "2026-11", pattern = r"^\d{4}-\d{2}$")]
    pub period: String,
    /// What left the wallet, by currency.
    pub given: Vec<Money>,
    /// What was newly promised and stays in the wallet, by currency.
    pub promised: Vec<Money>,
    /// What the account's works received after the fee, by currency.
    pub received: Vec<Money>,
}

/// A settled month in full.
#[derive(Serialize, ToSchema)]
pub struct Statement {
    /// Which month.
    #[schema(example = "2026-11", pattern = r"^\d{4}-\d{2}$")]
    pub period: String,
    /// When the month was closed.
    #[schema(format = DateTime)]
    pub closed_at: String,
    /// What the account gave, by currency.
    pub given: Vec<StatementGiven>,
    /// What the account's works received, by currency.
    pub received: Vec<StatementReceived>,
}

/// What was given in one currency.
#[derive(Serialize, ToSchema)]
pub struct StatementGiven {
    /// The currency's code.
    #[schema(example = "EUR")]
    pub currency: String,
    /// What could be spent: the smaller of budget and wallet.
    pub means: Money,
    /// What reached creators and the instance.
    pub paid: Money,
    /// What of it was the instance's part.
    pub fee: Money,
    /// What was newly promised: it stays in the wallet.
    pub promised: Money,
    /// What went to the common pool.
    pub pool: Money,
    /// What of the means stays.
    pub stays: Money,
    /// What each click came to, most first.
    pub lines: Vec<StatementShare>,
    /// Promises of earlier months that works have claimed now.
    pub collected: Vec<StatementCollected>,
}

/// What one click came to.
#[derive(Serialize, ToSchema)]
pub struct StatementShare {
    /// On which work.
    pub work: Work,
    /// Its points; 0 for a fixed amount.
    pub points: i64,
    /// What it came to.
    pub share: Money,
    /// What became of it: `paid`, `promised`, `carried` to the next month, `lapsed`, `refused` by
    /// the owner, `currency` not taken by the owner, `skipped`.
    #[schema(example = "paid")]
    pub state: String,
}

/// A promise of an earlier month that was collected.
#[derive(Serialize, ToSchema)]
pub struct StatementCollected {
    /// For which work.
    pub work: Work,
    /// Of which month.
    #[schema(example = "2026-10")]
    pub period: String,
    /// How much.
    pub amount: Money,
}

/// What was received in one currency.
#[derive(Serialize, ToSchema)]
pub struct StatementReceived {
    /// The sum of all works.
    #[serde(flatten)]
    pub sum: StatementSum,
    /// One line for each work, most first.
    pub lines: Vec<StatementCredit>,
}

/// What one work received.
#[derive(Serialize, ToSchema)]
pub struct StatementCredit {
    /// Which work.
    pub work: Work,
    /// What it received.
    #[serde(flatten)]
    pub sum: StatementSum,
}

/// Clicks and what they came to.
#[derive(Serialize, ToSchema)]
pub struct StatementSum {
    /// The currency's code.
    #[schema(example = "EUR")]
    pub currency: String,
    /// How many clicks.
    pub clicks: i64,
    /// What they came to.
    pub gross: Money,
    /// The instance's part.
    pub fee: Money,
    /// What arrived.
    pub net: Money,
}

impl StatementSum {
    fn of(sum: CreditSum, currency: Currency) -> Self {
        Self {
            currency: currency.code().to_owned(),
            clicks: sum.clicks,
            gross: Money::new(sum.gross, currency),
            fee: Money::new(sum.fee, currency),
            net: Money::new(sum.net, currency),
        }
    }
}

impl From<Given> for StatementGiven {
    fn from(given: Given) -> Self {
        let currency = given.statement.currency;
        let money = |amount: Micros| Money::new(amount, currency);
        let share = |line: GivenLine| StatementShare {
            work: line.work.into(),
            points: line.points,
            share: money(line.share),
            state: line.state.code().to_owned(),
        };
        let collected = |(work, period, amount): (WorkRow, Period, Micros)| StatementCollected {
            work: work.into(),
            period: period.to_string(),
            amount: money(amount),
        };
        Self {
            currency: currency.code().to_owned(),
            means: money(given.statement.means),
            paid: money(given.paid),
            fee: money(given.fee),
            promised: money(given.promised),
            pool: money(given.statement.to_pool),
            stays: money(given.stays),
            lines: given.lines.into_iter().map(share).collect(),
            collected: given.collected.into_iter().map(collected).collect(),
        }
    }
}

impl From<Received> for StatementReceived {
    fn from(received: Received) -> Self {
        let currency = received.currency;
        let lines = received.lines.into_iter().map(|line| StatementCredit {
            work: line.work.into(),
            sum: StatementSum::of(line.sum, currency),
        });
        Self { lines: lines.collect(), sum: StatementSum::of(received.sum, currency) }
    }
}

impl From<PeriodStatement> for Statement {
    fn from(month: PeriodStatement) -> Self {
        Self {
            period: month.settlement.period.to_string(),
            closed_at: month.settlement.started_at.to_string(),
            given: month.given.into_iter().map(StatementGiven::from).collect(),
            received: month.received.into_iter().map(StatementReceived::from).collect(),
        }
    }
}

/// The account's settled months, newest first
#[utoipa::path(
    get, path = "/me/statements", tag = "Statements", security(("token" = ["stats:read"])),
    params(PageParameters),
    responses((status = 200, description = "The months", body = List<StatementSummary>)),
)]
pub async fn list_statements(caller: Caller, mut query: Query) -> Answer {
    let account = caller.allow(Scope::StatsRead)?;
    let page = query.page()?;
    let read_cursor = |bytes: &[u8]| Period::from_number(i64::from_be_bytes(*bytes.first_chunk()?));
    let before = page.after(read_cursor)?;
    let (given, received) = statements::overview(&caller.app, account).await?;
    let months = by_month(&given, &received).into_iter().rev();
    let months = months.filter(|(period, _)| before.is_none_or(|before| *period < before));
    let rows: Vec<_> = months.take(page.limit + 1).collect();
    let cursor = |row: &(Period, _)| row.0.number().to_be_bytes().to_vec();
    let list = List::of(rows, &page, cursor, |(_, summary)| summary);
    Ok(list.answer(&caller, "/me/statements", &page, &[]))
}

fn by_month(given: &[PeriodSum], received: &[PeriodSum]) -> BTreeMap<Period, StatementSummary> {
    let mut months = BTreeMap::<Period, StatementSummary>::new();
    let empty = |period: Period| StatementSummary {
        period: period.to_string(),
        ..StatementSummary::default()
    };
    for month in given {
        let summary = months.entry(month.period).or_insert_with(|| empty(month.period));
        summary.given.push(Money::new(month.amount, month.currency));
        summary.promised.push(Money::new(Micros::new(month.other), month.currency));
    }
    for month in received {
        let summary = months.entry(month.period).or_insert_with(|| empty(month.period));
        summary.received.push(Money::new(month.amount, month.currency));
    }
    months
}

/// What one settled month came to
#[utoipa::path(
    get, path = "/me/statements/{period}", tag = "Statements",
    security(("token" = ["stats:read"])),
    params(("period" = String, Path, description = "The month", example = "2026-11")),
    responses((status = 200, description = "The statement", body = Statement)),
)]
pub async fn get_statement(caller: Caller, Path(period): Path<String>) -> Answer {
    let account = caller.allow(Scope::StatsRead)?;
    let period = Period::parse(&period).map_err(|_| Problem::not_found())?;
    let month = statements::month(&caller.app, account, period).await?;
    let shape = Statement::from(month.ok_or_else(Problem::not_found)?);
    Ok(Json(shape).into_response())
}
