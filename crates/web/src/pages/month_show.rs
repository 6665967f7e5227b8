//! The month: budget, clicks, what each would come to, and everything to change it.

use askama::Template;
use jiff::Timestamp;
use obole_app::month::{self, Cursor, OpenPeriod, OpenPurse, PeriodClick};
use obole_domain::{Money, WorkId};
use obole_store::clicks::Shown;

use crate::address::with_query;
use crate::answer::{self, Answer};
use crate::chart::{BudgetBar, Left, Mark, Segment, budget_bar};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place, Tone};
use crate::visitor::Patron;
use crate::words::{money_list, month_title, rounded_list, shorten};

/// The longest title in the list, in characters.
const TITLE_MAX: usize = 90;

/// A click whose part of the budget is smaller than this has no label in the bar, in thousandths.
const LABEL_MIN: i64 = 9;

/// So few clicks all have one.
const LABELS_ALL: usize = 32;

#[derive(Template)]
#[template(path = "pages/month_show.html")]
struct PeriodPage {
    page: Page,
    month: OpenPeriod,
    budgets: String,
    bars: Vec<Bar>,
    rows: Vec<Row>,
    /// What should be known about the money, each with its tone.
    notices: Vec<(Tone, String)>,
    form: Filled,
    op: String,
    previous: String,
    next: String,
}

struct Bar {
    label: String,
    bar: BudgetBar,
}

struct Row {
    mark: Mark,
    work: WorkId,
    title: String,
    site: String,
    note: String,
    points: i64,
    estimate: String,
    is_promise: bool,
    is_refused: bool,
    is_carried: bool,
}

/// `GET /month`
pub async fn show(patron: Patron, Query(query): Query) -> Answer {
    let page = page(&patron, parse_cursor(query.text("after")), Filled::default()).await?;
    answer::html(&page)
}

/// The page again with what was refused: beside the form's fields, or above everything.
pub async fn refused(patron: &Patron, form: &Form) -> Answer {
    let filled = form.filled();
    let others: Vec<String> =
        filled.others(&["url", "points", "note"]).into_iter().map(ToOwned::to_owned).collect();
    let mut page = page(patron, None, filled).await?;
    page.notices.splice(0..0, others.into_iter().map(|sentence| (Tone::Problem, sentence)));
    answer::unprocessable(&page)
}

async fn page(
    patron: &Patron,
    after: Option<Cursor>,
    form: Filled,
) -> Result<PeriodPage, crate::problem::Problem> {
    let language = patron.language;
    let month = month::view(&patron.app, patron.account(), after).await?;
    let bars = bars(patron, &month).await?;
    let budgets: Vec<Money> = month.purses.iter().map(|purse| purse.budget).collect();
    let by_place = |place: usize| month.clicks.get(month.before + place);
    let rows = month.page.iter().enumerate().map(|(place, shown)| {
        let place_of_all = month.before + place;
        let plain = Mark { number: place_of_all + 1, tone: "tone-others" };
        let mark = bars.first().map_or(plain, |bar| bar.bar.mark(&place_of_all));
        row(language, mark, shown, by_place(place))
    });
    let next = month.next.map(|cursor| with_query("/month", &[("after", &print_cursor(cursor))]));
    Ok(PeriodPage {
        rows: rows.collect(),
        budgets: money_list(language, &budgets),
        notices: month.purses.iter().filter_map(|purse| notice(patron, &month, purse)).collect(),
        op: patron.op(),
        previous: if after.is_some() { "/month".to_owned() } else { String::new() },
        next: next.unwrap_or_default(),
        page: patron.page(Place::Month, month_title(language, month.period)),
        month,
        bars,
        form,
    })
}

fn row(
    language: obole_language::Language,
    mark: Mark,
    shown: &Shown,
    click: Option<&PeriodClick>,
) -> Row {
    let estimates = click.map(|click| click.estimates.as_slice()).unwrap_or_default();
    Row {
        mark,
        work: shown.work,
        title: shorten(&shown.title, TITLE_MAX),
        site: shown.url.host().to_owned(),
        note: shown.note.clone(),
        points: shown.points.get(),
        estimate: rounded_list(language, estimates),
        is_promise: click.is_some_and(|click| click.is_promise),
        is_refused: click.is_some_and(|click| click.is_refused),
        is_carried: shown.carries > 0,
    }
}

/// What a patron should know about a purse: the wallet is behind the budget, or cannot carry it.
fn notice(patron: &Patron, month: &OpenPeriod, purse: &OpenPurse) -> Option<(Tone, String)> {
    let page = |key, values: &[(&str, obole_language::Arg)]| {
        obole_language::text_with(patron.language, key, values)
    };
    let available = ("available", purse.available.into());
    if !purse.is_funded {
        let minimum = Money::new(month.policy.budget_min, purse.budget.currency);
        let values = [available, ("minimum", minimum.into())];
        return Some((Tone::Warning, page("month-unfunded", &values)));
    }
    let is_behind = purse.means.amount < purse.budget.amount;
    let values = [available, ("budget", purse.budget.into())];
    is_behind.then(|| (Tone::Info, page("month-behind", &values)))
}

/// One bar a purse. All clicks are in it, whatever page of the list is shown.
async fn bars(patron: &Patron, month: &OpenPeriod) -> Result<Vec<Bar>, crate::problem::Problem> {
    let total: i64 = month.clicks.iter().map(|click| click.points.get()).sum();
    // Two thousand clicks are not all written out for a bar that draws them together.
    let is_few = month.clicks.len() <= LABELS_ALL;
    let is_large = |click: &PeriodClick| is_few || click.points.get() * 1_000 >= total * LABEL_MIN;
    let large =
        month.clicks.iter().filter(|click| is_large(click)).map(|click| click.work).collect();
    let titles = month::titles(&patron.app, large).await?;
    let mut bars = Vec::with_capacity(month.purses.len());
    for (place, purse) in month.purses.iter().enumerate() {
        let segments = month.clicks.iter().map(|click| {
            let estimate = click.estimates.get(place).copied();
            let has_share = estimate.is_some_and(|money| money.amount.is_positive());
            let title = titles.get(&click.work).map(|title| shorten(title, TITLE_MAX));
            Segment {
                label: title.unwrap_or_default(),
                points: if has_share { click.points.weight() } else { 0 },
                text: match is_large(click) {
                    true => rounded_list(patron.language, estimate.as_slice()),
                    false => String::new(),
                },
            }
        });
        let segments: Vec<Segment> = segments.collect();
        let id = format!("bar-{place}");
        let left = left(patron, month, purse);
        let bar = budget_bar(patron.language, &id, &segments, left);
        bars.push(Bar { label: purse.budget.currency.code().to_owned(), bar });
    }
    Ok(bars)
}

/// The part of the budget that no click takes, and why.
fn left(patron: &Patron, month: &OpenPeriod, purse: &OpenPurse) -> Option<Left> {
    let rest = purse.budget.amount.minus(purse.shared.amount).ok()?;
    if !rest.is_positive() {
        return None;
    }
    let per_mille = rest.times(1_000, u64::try_from(purse.budget.amount.get()).ok()?).ok()?;
    let key = match () {
        () if month.clicks.is_empty() => "month-left-waits",
        () if !purse.is_funded || purse.means.amount < purse.budget.amount => "month-left-wallet",
        () => "month-left-stays",
    };
    let amount = Money::new(rest, purse.budget.currency);
    let text = obole_language::text_with(patron.language, key, &[("amount", amount.into())]);
    Some(Left { per_mille: u64::try_from(per_mille.get()).ok()?, text })
}

fn print_cursor((at, work): Cursor) -> String {
    format!("{}.{work}", at.as_microsecond())
}

fn parse_cursor(text: &str) -> Option<Cursor> {
    let (at, work) = text.split_once('.')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, WorkId::parse(work)?))
}
