//! A creator's payouts and where each stands; what moved in the earnings.

use askama::Template;
use obole_domain::ledger::LedgerKind;
use obole_domain::payout::{PayoutId, PayoutState};
use obole_store::payouts::{self, PayoutRow};

use crate::address::with_query;
use crate::answer::{self, Answer};
use crate::form::Query;
use crate::movements::{self, Movements, day};
use crate::page::{Page, Place};
use crate::visitor::{Patron, Visitor};

/// How many payouts a page shows.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "pages/creator_payouts.html")]
struct PayoutsPage {
    page: Page,
    payouts: Vec<Payout>,
    previous: &'static str,
    next: String,
}

#[derive(Template)]
#[template(path = "pages/creator_earnings.html")]
struct EarningsPage {
    page: Page,
    moved: Movements,
}

/// A payout as a page shows it.
pub struct Payout {
    /// The day it was asked for.
    pub date: String,
    /// Where it stands, in words.
    pub state: String,
    /// The class of that badge.
    pub badge: &'static str,
    /// The payout.
    pub row: PayoutRow,
}

/// What a page shows of a payout.
#[must_use]
pub fn payout(visitor: &Visitor, row: PayoutRow) -> Payout {
    let (key, badge) = match row.state {
        PayoutState::Requested => ("creator-payout-requested", "waiting"),
        PayoutState::Batched => ("creator-payout-batched", "waiting"),
        PayoutState::Sent => ("creator-payout-sent", "good"),
        PayoutState::Reversed => ("creator-payout-reversed", "bad"),
    };
    Payout { date: day(visitor, row.requested_at), state: visitor.text(key), badge, row }
}

/// `GET /creator/payouts`
pub async fn show(patron: Patron, Query(query): Query) -> Answer {
    let before = PayoutId::parse(query.text("before"));
    let account = patron.account();
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let found = patron.app.read((), move |read, ()| {
        Box::pin(async move { Ok(payouts::of_account(read, account, before, limit).await?) })
    });
    let mut found = found.await?;
    let is_more = found.len() > PAGE;
    found.truncate(PAGE);
    let last = found.last().filter(|_| is_more).map(|row| row.id.to_string());
    let next = last.map(|last| with_query("/creator/payouts", &[("before", &last)]));
    answer::html(&PayoutsPage {
        page: patron.page(Place::Creator, patron.text("creator-payouts")),
        payouts: found.into_iter().map(|row| payout(&patron, row)).collect(),
        previous: if before.is_some() { "/creator/payouts" } else { "" },
        next: next.unwrap_or_default(),
    })
}

/// `GET /creator/earnings`
pub async fn earnings(patron: Patron, Query(query): Query) -> Answer {
    let whose = (patron.account(), LedgerKind::Earnings);
    answer::html(&EarningsPage {
        page: patron.page(Place::Creator, patron.text("creator-earnings")),
        moved: movements::page(&patron, whose, &query, "/creator/earnings").await?,
    })
}
