//! Months with very many clicks, and statements of very many works: in pages, with the sums of all.

use std::collections::BTreeSet;

use obole_app::audit_log::Actor;
use obole_app::bench::{self, Load, pages};
use obole_app::statement_pages::{self, PAGE, Side, StatementPage};
use obole_app::testing::{Instance, engines};
use obole_app::{App, accounts, currencies, month, settle, statements};
use obole_domain::{AccountId, Currency, Handle, Micros, Period, WorkId};

use crate::support::assert_books_balance;

const WORKS: usize = 230;

/// A filled month with a creator of many works and a patron who clicks on each, and on others.
async fn a_big_month(instance: &Instance) -> (AccountId, AccountId, Period) {
    let app = &instance.app;
    let load = Load { patrons: 20, mean_clicks: 5, works: 120, seed: 1 };
    bench::fill(app, load, &|_, _| ()).await.expect("filled");
    let period = app.clock_period();
    let mut works = pages::works(app, 1_000).await.expect("works");
    works.extend(pages::put_creator(app, "creator", WORKS).await.expect("made"));
    let giver = pages::Giver { handle: "giver", period, works };
    pages::put_giver(app, giver.clone()).await.expect("made");
    // A second time changes nothing.
    pages::put_giver(app, giver).await.expect("there");
    assert!(pages::put_creator(app, "creator", 3).await.expect("there").is_empty());
    (id(app, "giver").await, id(app, "creator").await, period)
}

async fn id(app: &App, handle: &str) -> AccountId {
    let handle = Handle::parse(handle).expect("a handle");
    accounts::find_by_handle(app, handle).await.expect("read").expect("there").id
}

async fn page(app: &App, account: AccountId, period: Period, side: Side) -> StatementPage {
    statement_pages::page(app, account, period, side).await.expect("read").expect("settled")
}

#[tokio::test]
async fn a_big_months_estimate_is_what_the_settlement_comes_to() {
    for instance in engines().await {
        let app = &instance.app;
        let (giver, creator, period) = a_big_month(&instance).await;
        let (mut after, mut shown) = (None, 0);
        let estimates = loop {
            let month = month::view(app, giver, after).await.expect("viewed");
            assert_eq!((month.clicks.len(), month.before), (WORKS + 120, shown));
            shown += month.page.len();
            after = month.next;
            if after.is_none() {
                break month.clicks;
            }
        };
        assert_eq!(shown, WORKS + 120, "each stands on one page");
        // An owner who takes no euros gets none.
        let some = estimates.iter().filter(|click| click.estimates[0].amount > Micros::ZERO);
        assert_eq!(some.count(), WORKS + 120);
        currencies::set_taken(app, creator, &[]).await.expect("set");
        let month = month::view(app, giver, None).await.expect("viewed");
        let refused = month.clicks.iter().filter(|click| click.is_refused);
        assert_eq!(refused.count(), WORKS);
        currencies::set_taken(app, creator, &[Currency::EUR]).await.expect("set");

        instance.at("2026-02-01T00:00:01Z");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        let whole = statements::month(app, giver, period).await.expect("read").expect("settled");
        for line in &whole.given[0].lines {
            let estimate = estimates.iter().find(|click| click.work == line.work.id);
            assert_eq!(estimate.expect("estimated").estimates[0].amount, line.share);
        }
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_patrons_statement_goes_in_pages_with_the_sums_of_all() {
    for instance in engines().await {
        let app = &instance.app;
        let (giver, _, period) = a_big_month(&instance).await;
        instance.at("2026-02-01T00:00:01Z");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        let whole = statements::month(app, giver, period).await.expect("read").expect("settled");
        let whole = &whole.given[0];
        let (mut side, mut lines) = (Side::Any, Vec::new());
        loop {
            let mut found = page(app, giver, period, side).await;
            assert!(!found.is_creator && found.received.is_empty() && found.given.len() == 1);
            let (given, next) = found.given.remove(0);
            assert_eq!((given.paid, given.promised), (whole.paid, whole.promised));
            assert_eq!((given.fee, given.stays), (whole.fee, whole.stays));
            assert!(given.lines.len() <= PAGE);
            lines.extend(given.lines.into_iter().map(|line| (line.work.id, line.share)));
            let Some(next) = next else { break };
            side = Side::Given(Some((Currency::EUR, next)));
        }
        let all: Vec<_> = whole.lines.iter().map(|line| (line.work.id, line.share)).collect();
        assert_eq!(lines, all, "each line once, in the same order");
        let beyond = page(app, giver, period, Side::Given(Some((Currency::EUR, 9_999)))).await;
        assert!(beyond.given[0].0.lines.is_empty() && beyond.given[0].1.is_none());
        let most = Side::Given(Some((Currency::EUR, usize::MAX)));
        assert!(page(app, giver, period, most).await.given[0].0.lines.is_empty());
        let other = Currency::iso("CHF").expect("known");
        assert!(page(app, giver, period, Side::Given(Some((other, 0)))).await.given.is_empty());
    }
}

#[tokio::test]
async fn a_creators_statement_goes_in_pages_with_the_sums_of_all() {
    for instance in engines().await {
        let app = &instance.app;
        let (_, creator, period) = a_big_month(&instance).await;
        let open = statement_pages::page(app, creator, period, Side::Any).await.expect("read");
        assert!(open.is_none(), "the month is not settled");
        instance.at("2026-02-01T00:00:01Z");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        let whole = statements::month(app, creator, period).await.expect("read").expect("settled");
        let whole = &whole.received[0];
        assert_eq!(whole.lines.len(), WORKS);
        let (mut side, mut nets) = (Side::Any, Vec::new());
        let mut works = BTreeSet::<WorkId>::new();
        loop {
            let mut found = page(app, creator, period, side).await;
            assert!(found.is_creator && found.given.is_empty() && found.received.len() == 1);
            let (received, next) = found.received.remove(0);
            assert_eq!(received.sum, whole.sum);
            assert!(received.lines.len() <= PAGE);
            nets.extend(received.lines.iter().map(|line| line.sum.net));
            works.extend(received.lines.iter().map(|line| line.work.id));
            let Some(next) = next else { break };
            side = Side::Received(Some((Currency::EUR, next)));
        }
        assert_eq!((works.len(), nets.len()), (WORKS, WORKS), "each work once");
        assert!(nets.is_sorted_by(|one, other| one >= other), "most first");
        assert_eq!(Micros::sum(nets).expect("a sum"), whole.sum.net);
        // Who is nobody's creator sees an empty side, not somebody else's.
        let giver = id(app, "giver").await;
        let side = Side::Received(None);
        assert!(page(app, giver, period, side).await.received.is_empty());
    }
}
