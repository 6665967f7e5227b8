//! Statements: what each settled month came to for the reader, as patron and as creator.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use obole_app::flattr_reports;
use obole_app::statement_pages::{self, Side};
use obole_app::statements::{self, Given, Other, Received};
use obole_domain::statement::LineState;
use obole_domain::{Currency, Micros, Money, Period, WorkId};
use obole_language::Language;
use obole_store::notes;
use obole_store::shares::PeriodSum;
use obole_store::works::WorkRow;

use crate::address::with_query;
use crate::answer::{self, Answer};
use crate::chart::{Bar, Chart, month_bars};
use crate::form::{Form, Query};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};
use crate::words::{month_title, shorten};

/// The longest title shown, in characters.
const TITLE_MAX: usize = 60;

/// Months in a chart.
const BARS: usize = 12;

#[derive(Template)]
#[template(path = "pages/statements_list.html")]
struct ListPage {
    page: Page,
    charts: Vec<Chart>,
    rows: Vec<Row>,
}

/// A month of the list.
struct Row {
    period: Period,
    title: String,
    given: Vec<Money>,
    promised: Vec<Money>,
    received: Vec<Money>,
}

#[derive(Template)]
#[template(path = "pages/statement_show.html")]
struct StatementPage {
    page: Page,
    period: Period,
    /// What was given, by currency, with the addresses of the first and the next page.
    given: Vec<(Given, String, String)>,
    /// What was received, in the same way.
    received: Vec<(Received, String, String)>,
    others: Vec<OtherLine>,
    title: String,
    fee: String,
    /// How many notes of thanks the reader's works got that month.
    notes: i64,
    /// Whether what was received is shown, not what was given.
    is_creator: bool,
}

/// What came of a team, or passed between works.
pub(super) struct OtherLine {
    /// What it is.
    pub(super) what: String,
    /// The page of the team, or of the other work.
    pub(super) link: String,
    pub(super) amount: Money,
}

impl OtherLine {
    pub(super) fn of(visitor: &Visitor, other: &Other) -> Self {
        let words = |key, from: &WorkRow, to: &WorkRow| {
            let title = |work: &WorkRow| shorten(work.shown_title(), TITLE_MAX);
            visitor.with(key, &[("from", title(from).into()), ("to", title(to).into())])
        };
        match other {
            Other::Team { handle, amount } => Self {
                what: visitor.with("statement-of-team", &[("handle", handle.as_str().into())]),
                link: format!("/teams/{handle}"),
                amount: *amount,
            },
            Other::Handed { from, to, amount } => Self {
                what: words("statement-handed", from, to),
                link: format!("/w/{}", from.id),
                amount: *amount,
            },
            Other::PassedOn { from, to, amount } => Self {
                what: words("statement-passed-on", from, to),
                link: format!("/w/{}", to.id),
                amount: Money::new(
                    amount.amount.negated().unwrap_or(amount.amount),
                    amount.currency,
                ),
            },
        }
    }
}

impl StatementPage {
    fn is_empty(&self) -> bool {
        let nothing =
            |given: &Given| given.statement.is_empty() && given.statement.lines.is_empty();
        let is_received = !self.received.is_empty() || !self.others.is_empty();
        !is_received && self.given.iter().all(|(given, ..)| nothing(given))
    }

    fn state(&self, state: &LineState) -> String {
        self.page.text(match state {
            LineState::Paid => "statement-paid",
            LineState::Promised => "statement-promised",
            LineState::Carried => "statement-carried",
            LineState::Lapsed => "statement-lapsed",
            LineState::Refused => "statement-refused",
            LineState::Currency => "statement-currency",
            LineState::Skipped => "statement-skipped",
        })
    }
}

/// `GET /statements`
pub async fn list(patron: Patron) -> Answer {
    let (given, received) = statements::overview(&patron.app, patron.account()).await?;
    let mut charts = charts(&patron, "statements-given", &given);
    charts.extend(self::charts(&patron, "statements-received", &received));
    let mut periods: Vec<Period> =
        given.iter().chain(&received).map(|month| month.period).collect();
    periods.sort_unstable_by(|one, other| other.cmp(one));
    periods.dedup();
    let row = |period: &Period| {
        let of = |months: &[PeriodSum], amount: fn(&PeriodSum) -> Micros| -> Vec<Money> {
            let months = months.iter().filter(|month| month.period == *period);
            let amounts = months.map(|month| Money::new(amount(month), month.currency));
            amounts.filter(|money| money.amount != Micros::ZERO).collect()
        };
        Row {
            period: *period,
            title: month_title(patron.language, *period),
            given: of(&given, |month| month.amount),
            promised: of(&given, |month| Micros::new(month.other)),
            received: of(&received, |month| month.amount),
        }
    };
    answer::html(&ListPage {
        page: patron.page(Place::Statements, patron.text("layout-statements")),
        rows: periods.iter().map(row).collect(),
        charts,
    })
}

/// One chart a currency, oldest month first.
fn charts(visitor: &Visitor, title: &'static str, months: &[PeriodSum]) -> Vec<Chart> {
    let mut currencies: Vec<Currency> = months.iter().map(|month| month.currency).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let chart = |currency: &Currency| {
        let own = months.iter().filter(|month| month.currency == *currency).take(BARS);
        let mut bars: Vec<Bar> = own.map(|month| bar(visitor.language, month)).collect();
        bars.reverse();
        let code = currency.code();
        let heading = format!("{} · {code}", visitor.text(title));
        month_bars(visitor.language, &format!("{title}-{code}"), &heading, &bars)
    };
    currencies.iter().map(chart).collect()
}

fn bar(language: Language, month: &PeriodSum) -> Bar {
    Bar {
        label: obole_language::period_short(language, month.period),
        value: month.amount.get(),
        text: obole_language::money_rounded(language, Money::new(month.amount, month.currency)),
        is_open: false,
    }
}

/// What was received in a month, as Flattr's monthly report had it.
async fn flattr_report(patron: &Patron, period: &str) -> Answer {
    let period = Period::parse(period).map_err(|_| Problem::not_found())?;
    let file = flattr_reports::export_csv(&patron.app, patron.account(), period).await?;
    Ok(csv(&file.name, file.text))
}

/// `GET /statements/{period}`, the same as `{period}.csv`, and `{period}.flattr.csv`
pub async fn show(patron: Patron, Path(name): Path<String>, Query(query): Query) -> Answer {
    if let Some(period) = name.strip_suffix(".flattr.csv") {
        return flattr_report(&patron, period).await;
    }
    let (period, is_csv) = name.strip_suffix(".csv").map_or((&*name, false), |name| (name, true));
    let period = Period::parse(period).map_err(|_| Problem::not_found())?;
    if is_csv {
        let month = statements::month(&patron.app, patron.account(), period).await?;
        let month = month.ok_or_else(Problem::not_found)?;
        return Ok(csv(&format!("obole-{period}.csv"), statements::print_csv(&month)));
    }
    let side = side(&patron, &query);
    let found = statement_pages::page(&patron.app, patron.account(), period, side).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let title = month_title(patron.language, period);
    let month_name = obole_language::period(patron.language, period);
    let heading = [("month", month_name.into())];
    let heading = obole_language::text_with(patron.language, "statement-title", &heading);
    let account = patron.account();
    let notes = patron.app.read((), move |read, ()| {
        Box::pin(async move { Ok(notes::count(read, account, period).await?) })
    });
    let is_first = matches!(side, Side::Any | Side::Given(None) | Side::Received(None));
    let first = |side| if is_first { String::new() } else { with_query("", &[("side", side)]) };
    let given = found.given.into_iter().map(|(part, next)| {
        let next = next.map(|place| format!("{}.{place}", part.statement.currency.code()));
        (part, first("given"), next_page("given", next))
    });
    let received = found.received.into_iter().map(|(part, next)| {
        let code = part.currency.code();
        let next = next.map(|(net, work)| format!("{code}.{}.{work}", net.get()));
        (part, first("received"), next_page("received", next))
    });
    answer::html(&StatementPage {
        page: patron.page(Place::Statements, heading),
        fee: obole_language::percent(patron.language, found.settlement.policy.fee_ppm),
        given: given.collect(),
        received: received.collect(),
        is_creator: found.is_creator,
        others: found.others.iter().map(|other| OtherLine::of(&patron, other)).collect(),
        title,
        notes: notes.await?,
        period,
    })
}

/// The address of a side's page after a cursor; empty where there is none.
fn next_page(side: &str, after: Option<String>) -> String {
    after.map_or_else(String::new, |after| with_query("", &[("side", side), ("after", &after)]))
}

/// Which side is asked for, and after which line. What cannot be read begins at the first.
fn side(patron: &Patron, query: &Form) -> Side {
    let (code, after) = query.text("after").split_once('.').unwrap_or_default();
    let currency = patron.app.currency(code).ok();
    match query.text("side") {
        "given" => Side::Given(currency.zip(after.parse().ok())),
        "received" => {
            let cursor = after.split_once('.').and_then(|(net, work)| {
                Some((Micros::new(net.parse().ok()?), WorkId::parse(work)?))
            });
            Side::Received(currency.zip(cursor))
        }
        _ => Side::Any,
    }
}

/// A file to keep.
fn csv(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    (headers, text).into_response()
}
