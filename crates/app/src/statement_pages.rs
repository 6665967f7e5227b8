//! A statement a page at a time: the sums are those of the whole month, the lines those of the
//! page. Who gives two thousand clicks or receives for ten thousand works waits for neither.

use obole_domain::{AccountId, Currency, Micros, Period, WorkId};
use obole_store::Read;
use obole_store::settlements::{self, SettlementRow, Stage};
use obole_store::shares::{self, CreditRow};

use crate::app::App;
use crate::error::Result;
use crate::statements::{
    CreditSum, Given, Other, Received, ReceivedLine, by_id, given_of, others_in,
};

/// How many lines stand on one page.
pub const PAGE: usize = 100;

/// Which side of a statement, and where its page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What was given; what was received where nothing was given.
    Any,
    /// What was given: in all currencies, or in one after so many lines.
    Given(Option<(Currency, usize)>),
    /// What was received: in all currencies, or in one after a line.
    Received(Option<(Currency, Cursor)>),
}

/// The last line of a page of what was received: its net amount, and its work.
pub type Cursor = (Micros, WorkId);

/// A page of a statement.
#[derive(Clone, Debug)]
pub struct StatementPage {
    /// The settlement.
    pub settlement: SettlementRow,
    /// Whether what was received is shown.
    pub is_creator: bool,
    /// What was given, by currency, and after how many lines the next page begins.
    pub given: Vec<(Given, Option<usize>)>,
    /// What was received, by currency, and after which line the next page begins.
    pub received: Vec<(Received, Option<Cursor>)>,
    /// What came of teams, and what works passed on to one another; on the first page.
    pub others: Vec<Other>,
}

/// A page of an account's statement of a period; none while the period is not settled.
pub async fn page(
    app: &App,
    account: AccountId,
    period: Period,
    side: Side,
) -> Result<Option<StatementPage>> {
    app.read((), move |read, ()| Box::pin(page_in(read, account, period, side))).await
}

async fn page_in(
    read: &mut Read,
    account: AccountId,
    period: Period,
    side: Side,
) -> Result<Option<StatementPage>> {
    let settlement = settlements::find(read, period).await?;
    let Some(settlement) = settlement.filter(|row| row.stage == Stage::Done) else {
        return Ok(None);
    };
    let mut page = StatementPage {
        settlement,
        is_creator: matches!(side, Side::Received(_)),
        given: Vec::new(),
        received: Vec::new(),
        others: Vec::new(),
    };
    if let Side::Any | Side::Given(_) = side {
        let after = if let Side::Given(after) = side { after } else { None };
        page.given = given(read, (account, period), after, page.settlement.policy.fee_ppm).await?;
    }
    if let Side::Any | Side::Received(_) = side
        && page.given.is_empty()
    {
        let after = if let Side::Received(after) = side { after } else { None };
        page.received = received(read, account, period, after).await?;
        if after.is_none() {
            page.others = others_in(read, account, period).await?;
        }
        page.is_creator |= !page.received.is_empty() || !page.others.is_empty();
    }
    Ok(Some(page))
}

async fn given(
    read: &mut Read,
    (account, period): (AccountId, Period),
    after: Option<(Currency, usize)>,
    fee_ppm: u32,
) -> Result<Vec<(Given, Option<usize>)>> {
    let mut given = Vec::new();
    for statement in shares::statements_of(read, account, period).await? {
        let is_asked = after.is_none_or(|(currency, _)| currency == statement.currency);
        if !is_asked {
            continue;
        }
        let begin = after.map_or(0, |(_, place)| place);
        let end = begin.saturating_add(PAGE);
        let is_more = end < statement.lines.len() + statement.collected.len();
        let part = given_of(read, statement, fee_ppm, begin..end).await?;
        given.push((part, is_more.then_some(end)));
    }
    Ok(given)
}

async fn received(
    read: &mut Read,
    account: AccountId,
    period: Period,
    after: Option<(Currency, Cursor)>,
) -> Result<Vec<(Received, Option<Cursor>)>> {
    let mut received = Vec::new();
    for (currency, sum) in shares::credit_sums(read, account, period).await? {
        if after.is_some_and(|(asked, _)| asked != currency) {
            continue;
        }
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
        let after = after.map(|(_, cursor)| cursor);
        let of = (account, period, currency);
        let mut credits = shares::credits_page(read, of, after, limit).await?;
        let is_more = credits.len() > PAGE;
        credits.truncate(PAGE);
        let next = credits.last().filter(|_| is_more).map(|last| (last.net, last.work));
        let part = Received {
            currency,
            lines: lines(read, &credits).await?,
            sum: CreditSum { clicks: sum.clicks, gross: sum.gross, fee: sum.fee, net: sum.net },
        };
        received.push((part, next));
    }
    Ok(received)
}

async fn lines(read: &mut Read, credits: &[CreditRow]) -> Result<Vec<ReceivedLine>> {
    let works = by_id(read, credits.iter().map(|credit| credit.work).collect()).await?;
    let lines = credits.iter().filter_map(|credit| {
        let work = works.get(&credit.work)?.clone();
        Some(ReceivedLine { work, sum: CreditSum::of(credit) })
    });
    Ok(lines.collect())
}
