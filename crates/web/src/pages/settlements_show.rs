//! The public record of settled months (product.md section 4).

use askama::Template;
use axum::extract::Path;
use obole_app::secrets::hex;
use obole_app::settlements::{self, Settled};
use obole_domain::{Micros, Money, Period};
use obole_language::Language;
use obole_store::settlements::Totals;

use crate::address::with_query;
use crate::answer::{self, Answer};
use crate::form::Query;
use crate::page::{Page, Place};
use crate::preview::Preview;
use crate::problem::Problem;
use crate::visitor::Visitor;
use crate::words::{money_list, month_title};

/// Months on one page.
const PAGE: usize = 24;

#[derive(Template)]
#[template(path = "pages/settlements_list.html")]
struct ListPage {
    page: Page,
    rows: Vec<Row>,
    previous: String,
    next: String,
}

struct Row {
    period: Period,
    title: String,
    given: Vec<Money>,
    fee: Vec<Money>,
    patrons: i64,
    works: i64,
}

#[derive(Template)]
#[template(path = "pages/settlement_show.html")]
struct RecordPage {
    page: Page,
    settled: Settled,
    closed: String,
    fee: String,
    inputs_hash: String,
    plan_hash: String,
}

/// `GET /settlements`
pub async fn list(visitor: Visitor, Query(query): Query) -> Answer {
    let before = Period::parse(query.text("before")).ok();
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let mut settled = settlements::list(&visitor.app, before, limit).await?;
    let is_more = settled.len() > PAGE;
    settled.truncate(PAGE);
    let last = settled.last().filter(|_| is_more).map(|last| last.row.period.to_string());
    let next = last.map(|last| with_query("/settlements", &[("before", &last)]));
    let mut page = visitor.page(Place::Elsewhere, visitor.text("layout-settlements"));
    page.description = visitor.text("settlements-lead");
    page.preview = before.is_none().then(|| Preview::new(&visitor, "/settlements"));
    answer::html(&ListPage {
        page,
        rows: settled.iter().map(|settled| row(visitor.language, settled)).collect(),
        previous: if before.is_some() { "/settlements".to_owned() } else { String::new() },
        next: next.unwrap_or_default(),
    })
}

fn row(language: Language, settled: &Settled) -> Row {
    let list = |amount: fn(&Totals) -> Micros| {
        let amounts =
            settled.totals.iter().map(|totals| Money::new(amount(totals), totals.currency));
        amounts.collect::<Vec<_>>()
    };
    Row {
        period: settled.row.period,
        title: month_title(language, settled.row.period),
        given: list(|totals| totals.gross),
        fee: list(|totals| totals.fee),
        patrons: settled.row.patrons,
        works: settled.row.works,
    }
}

/// A month in one sentence.
fn described(language: Language, settled: &Settled) -> String {
    let given = settled.totals.iter().map(|totals| Money::new(totals.gross, totals.currency));
    let values = [
        ("period", settled.row.period.into()),
        ("given", money_list(language, &given.collect::<Vec<_>>()).into()),
        ("count", settled.row.works.into()),
    ];
    obole_language::text_with(language, "preview-settlement", &values)
}

/// `GET /settlements/{period}`
pub async fn show(visitor: Visitor, Path(period): Path<String>) -> Answer {
    let period = Period::parse(&period).map_err(|_| Problem::not_found())?;
    let settled = settlements::find(&visitor.app, period).await?;
    let settled = settled.ok_or_else(Problem::not_found)?;
    let zone = visitor.app.zone();
    let language = visitor.language;
    let hash = |hash: Option<[u8; 32]>| hash.map(|hash| hex(&hash)).unwrap_or_default();
    let mut page = visitor.page(Place::Elsewhere, month_title(language, period));
    page.description = described(language, &settled);
    page.preview = Some(Preview::new(&visitor, &format!("/settlements/{period}")));
    answer::html(&RecordPage {
        page,
        closed: obole_language::moment(language, settled.row.started_at, zone),
        fee: obole_language::percent(language, settled.row.policy.fee_ppm),
        inputs_hash: hash(settled.row.inputs_hash),
        plan_hash: hash(settled.row.plan_hash),
        settled,
    })
}
