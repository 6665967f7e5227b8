//! What moved in a wallet or in earnings, in words.

use jiff::Timestamp;
use obole_app::App;
use obole_domain::ledger::{LedgerKind, Reason};
use obole_domain::{AccountId, Money, Period};
use obole_language::Language;
use obole_store::ledger::{self, Movement};

use crate::address::with_query;
use crate::form::Form;
use crate::problem::Problem;
use crate::visitor::Visitor;

/// How many movements a page shows.
const PAGE: usize = 50;

/// A movement as a page shows it.
#[derive(Clone, Debug)]
pub struct Line {
    /// The day, as people read it.
    pub date: String,
    /// The same for machines.
    pub datetime: String,
    /// Why.
    pub what: String,
    /// For which month; empty where it is about none.
    pub month: String,
    /// Positive for money that came, negative for money that went.
    pub amount: Money,
}

/// A page of movements.
#[derive(Clone, Debug, Default)]
pub struct Movements {
    /// The lines, newest first.
    pub lines: Vec<Line>,
    /// Where the newer ones are; empty on the first page.
    pub previous: String,
    /// Where the older ones are; empty on the last page.
    pub next: String,
}

/// The movements of an account's wallets or earnings, on the page that `before` in the query says.
pub async fn page(
    visitor: &Visitor,
    whose: (AccountId, LedgerKind),
    query: &Form,
    path: &str,
) -> Result<Movements, Problem> {
    let before: Option<i64> = query.text("before").parse().ok();
    let found = read(&visitor.app, whose, before.unwrap_or(i64::MAX)).await?;
    let last = found.get(PAGE - 1).filter(|_| found.len() > PAGE);
    let next = last.map(|last| with_query(path, &[("before", &last.seq.to_string())]));
    Ok(Movements {
        lines: found.iter().take(PAGE).map(|movement| line(visitor, movement)).collect(),
        previous: if before.is_some() { path.to_owned() } else { String::new() },
        next: next.unwrap_or_default(),
    })
}

/// One more than a page shows, to know whether there is another.
async fn read(
    app: &App,
    whose: (AccountId, LedgerKind),
    before: i64,
) -> obole_app::Result<Vec<Movement>> {
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    app.read((), move |read, ()| {
        Box::pin(async move { Ok(ledger::history(read, whose.0, whose.1, (before, limit)).await?) })
    })
    .await
}

fn line(visitor: &Visitor, movement: &Movement) -> Line {
    Line {
        date: day(visitor, movement.at),
        datetime: movement.at.to_string(),
        what: visitor.text(key(movement.reason)),
        month: month(visitor.language, movement),
        amount: movement.amount,
    }
}

/// The text of a reason.
const fn key(reason: Reason) -> &'static str {
    match reason {
        Reason::VouchersMade => "wallet-moved-vouchers-made",
        Reason::VoucherRedeemed => "wallet-moved-voucher-redeemed",
        Reason::VoucherVoided => "wallet-moved-voucher-voided",
        Reason::PlayMoney => "wallet-moved-play-money",
        Reason::Given => "wallet-moved-given",
        Reason::PromisesCollected => "wallet-moved-promises-collected",
        Reason::ToPool => "wallet-moved-to-pool",
        Reason::Received => "wallet-moved-received",
        Reason::TeamShared => "wallet-moved-team-shared",
        Reason::PassedOn => "wallet-moved-passed-on",
        Reason::Fee => "wallet-moved-fee",
        Reason::EarningsMoved => "wallet-moved-earnings-moved",
        Reason::EarningsReturned => "wallet-moved-earnings-returned",
        Reason::PayoutRequested => "wallet-moved-payout-requested",
        Reason::PayoutSent => "wallet-moved-payout-sent",
        Reason::RefundRequested => "wallet-moved-refund-requested",
        Reason::RefundExecuted => "wallet-moved-refund-executed",
        Reason::GiftsReturned => "wallet-moved-gifts-returned",
        Reason::SuspenseCleared => "wallet-moved-suspense-cleared",
        Reason::Reversal => "wallet-moved-reversal",
    }
}

/// The day of a moment in the instance's zone.
#[must_use]
pub fn day(visitor: &Visitor, moment: Timestamp) -> String {
    let zoned = moment.to_zoned(visitor.app.zone().clone());
    obole_language::date(visitor.language, zoned.date())
}

/// The month that a settlement's entry is about: its external id begins with it.
fn month(language: Language, movement: &Movement) -> String {
    use Reason::{Given, PassedOn, PromisesCollected, Received, TeamShared, ToPool};
    let of_settlements = [Given, PassedOn, PromisesCollected, Received, TeamShared, ToPool];
    if !of_settlements.contains(&movement.reason) {
        return String::new();
    }
    let period = movement.external_id.get(..7).and_then(|text| Period::parse(text).ok());
    period.map(|period| obole_language::period(language, period)).unwrap_or_default()
}
