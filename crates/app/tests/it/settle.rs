//! The life of a month on both engines: clicks, close, statements, credits, audit.

use obole_app::audit_log::Actor;
use obole_app::clicks::{self, Give, Target};
use obole_app::settle::{self, Outcome};
use obole_app::testing::{Instance, account, engines, fund, key, own, sqlite_with_currencies};
use obole_app::{App, audit, budgets, currencies, promises};
use obole_domain::click::Way;
use obole_domain::ledger::{Balance, LedgerAccount};
use obole_domain::statement::LineState;
use obole_domain::{AccountId, CanonicalUrl, Currency, Micros, Money, Period, WorkId};
use obole_store::settlements::Totals;
use obole_store::{ledger, settlements, shares};

const EUR: Currency = Currency::EUR;

fn euros(cents: i64) -> Money {
    Money::new(Micros::new(cents * 10_000), EUR)
}

fn period(text: &str) -> Period {
    Period::parse(text).expect("a month")
}

async fn give(app: &App, patron: AccountId, url: &str, points: i64) -> WorkId {
    let give = Give {
        target: Target::Url(CanonicalUrl::parse(url).expect("an address")),
        title: String::new(),
        points,
        note: None,
        way: Way::Page,
    };
    let given = clicks::give(app, patron, &key(app), give).await.expect("given");
    WorkId::new(given.value.work)
}

async fn close(instance: &Instance) -> Vec<Outcome> {
    settle::run(&instance.app, Actor::CommandLine, None, &|_| ()).await.expect("settled")
}

async fn assert_clean(app: &App) {
    let report = audit::run(app).await.expect("an audit");
    assert_eq!(report.breaches, []);
    assert!(report.checked.contains(&"L1") && report.checked.contains(&"L13"));
}

async fn balance(app: &App, account: LedgerAccount) -> Balance {
    let read = app.read((), move |read, ()| {
        Box::pin(async move { Ok(ledger::balance(read, account).await?) })
    });
    read.await.expect("a balance")
}

async fn totals(app: &App, month: &str) -> Vec<Totals> {
    let month = period(month);
    let read = app.read((), move |read, ()| {
        Box::pin(async move { Ok(settlements::totals(read, month).await?) })
    });
    read.await.expect("totals")
}

async fn states(app: &App, patron: AccountId, month: &str) -> Vec<(LineState, i64)> {
    let month = period(month);
    let read = app.read((), move |read, ()| {
        Box::pin(async move { Ok(shares::statements_of(read, patron, month).await?) })
    });
    let statements = read.await.expect("statements");
    let lines = statements.into_iter().flat_map(|statement| statement.lines);
    lines.map(|line| (line.state, line.share.get())).collect()
}

#[tokio::test]
async fn a_month_ends_with_the_creator_paid_and_the_rest_promised() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, creator) = (account(app, "patron").await, account(app, "creator").await);
        fund(app, patron, euros(1_000)).await;
        budgets::set(app, patron, euros(600)).await.expect("a budget");
        own(app, creator, "https://creator.example/song").await;
        give(app, patron, "https://creator.example/song", 2).await;
        let unclaimed = give(app, patron, "https://nobody.example/", 1).await;

        assert!(settle::run(app, Actor::Job, Some(period("2026-01")), &|_| ()).await.is_err());
        instance.at("2026-02-01T00:00:00Z");
        assert_eq!(close(&instance).await, [Outcome::Closed(period("2026-01"))]);

        let wallet = balance(app, LedgerAccount::wallet(patron, EUR)).await;
        assert_eq!((wallet.total, wallet.held), (euros(600), Micros::units(2)));
        let earnings = balance(app, LedgerAccount::earnings(creator, EUR)).await;
        assert_eq!(earnings.available(), euros(360));
        let done = totals(app, "2026-01").await;
        assert_eq!((done[0].gross, done[0].fee), (Micros::units(4), Micros::new(400_000)));
        assert_clean(app).await;

        // The promise is let go of: the money is free again, once.
        promises::let_go(app, patron, period("2026-01"), unclaimed).await.expect("let go");
        let again = promises::let_go(app, patron, period("2026-01"), unclaimed).await;
        assert_eq!(again.expect_err("once").code(), "state_moved");
        assert_eq!(balance(app, LedgerAccount::wallet(patron, EUR)).await.available(), euros(600));
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn a_period_is_settled_once_however_often_it_is_started() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        own(app, creator, "https://creator.example/").await;
        for number in 0..20 {
            let patron = account(app, &format!("patron-{number}")).await;
            fund(app, patron, euros(500)).await;
            budgets::set(app, patron, euros(300)).await.expect("a budget");
            give(app, patron, "https://creator.example/", 1).await;
        }
        instance.at("2026-02-02T00:00:00Z");
        let both = tokio::join!(close(&instance), close(&instance));
        assert_eq!(both.0.len(), 1);
        let again = settle::run(app, Actor::Job, Some(period("2026-01")), &|_| ()).await;
        assert_eq!(again.expect("done"), [Outcome::Already(period("2026-01"))]);
        assert_eq!(
            balance(app, LedgerAccount::earnings(creator, EUR)).await.available(),
            euros(5_400)
        );
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn an_unfunded_patrons_clicks_move_three_times_and_lapse() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, creator) = (account(app, "patron").await, account(app, "creator").await);
        own(app, creator, "https://creator.example/").await;
        give(app, patron, "https://creator.example/", 5).await;
        for month in ["2026-02", "2026-03", "2026-04", "2026-05"] {
            instance.at(&format!("{month}-03T00:00:00Z"));
            assert_eq!(close(&instance).await.len(), 1);
            assert_clean(app).await;
        }
        for month in ["2026-01", "2026-02", "2026-03"] {
            assert_eq!(states(app, patron, month).await, [(LineState::Carried, 0)], "{month}");
        }
        assert_eq!(states(app, patron, "2026-04").await, [(LineState::Lapsed, 0)]);
        instance.at("2026-06-03T00:00:00Z");
        close(&instance).await;
        assert_eq!(states(app, patron, "2026-05").await, []);
    }
}

#[tokio::test]
async fn promises_are_collected_when_the_work_is_claimed_and_free_after_a_year() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, creator) = (account(app, "patron").await, account(app, "creator").await);
        fund(app, patron, euros(1_000)).await;
        budgets::set(app, patron, euros(400)).await.expect("a budget");
        give(app, patron, "https://late.example/", 1).await;
        give(app, patron, "https://never.example/", 1).await;
        instance.at("2026-02-01T00:00:00Z");
        close(&instance).await;
        assert_clean(app).await;

        own(app, creator, "https://late.example/").await;
        instance.at("2026-03-01T00:00:00Z");
        close(&instance).await;
        assert_clean(app).await;
        let earnings = balance(app, LedgerAccount::earnings(creator, EUR)).await;
        assert_eq!(earnings.available(), euros(180));
        let wallet = balance(app, LedgerAccount::wallet(patron, EUR)).await;
        assert_eq!((wallet.total, wallet.held), (euros(800), Micros::units(2)));

        instance.at("2027-02-01T00:00:00Z");
        assert_eq!(close(&instance).await.len(), 11);
        assert_clean(app).await;
        let wallet = balance(app, LedgerAccount::wallet(patron, EUR)).await;
        assert_eq!((wallet.total, wallet.held), (euros(800), Micros::ZERO));
    }
}

#[tokio::test]
async fn under_the_rules_of_2010_those_who_receive_must_give() {
    for instance in engines().await {
        let app = &instance.app;
        let preset = obole_app::policy::set_preset(app, Actor::CommandLine, "flattr-2010".into());
        preset.await.expect("a preset");
        let (patron, creator) = (account(app, "patron").await, account(app, "creator").await);
        let idle = account(app, "idle").await;
        for giver in [patron, idle] {
            fund(app, giver, euros(1_000)).await;
            budgets::set(app, giver, euros(300)).await.expect("a budget");
        }
        own(app, creator, "https://creator.example/").await;
        give(app, patron, "https://creator.example/", 1).await;
        instance.at("2026-02-01T00:00:00Z");
        close(&instance).await;
        assert_clean(app).await;

        let earnings = balance(app, LedgerAccount::earnings(creator, EUR)).await;
        assert_eq!((earnings.total, earnings.available()), (euros(270), euros(0)));
        assert_eq!(totals(app, "2026-01").await[0].pool, Micros::units(3));

        fund(app, creator, euros(500)).await;
        budgets::set(app, creator, euros(200)).await.expect("a budget");
        let earnings = balance(app, LedgerAccount::earnings(creator, EUR)).await;
        assert_eq!(earnings.available(), euros(270));
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn a_click_in_the_second_of_the_close_lands_in_exactly_one_period() {
    for instance in engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        give(app, patron, "https://a.example/", 1).await;
        instance.at("2026-02-01T00:00:00Z");
        let closing = settle::run(app, Actor::Job, None, &|_| ());
        let clicking = async {
            for _ in 0..20 {
                give(app, patron, "https://a.example/", 1).await;
            }
        };
        let (closed, ()) = tokio::join!(closing, clicking);
        closed.expect("settled");
        let points = app.read((), move |read, ()| {
            Box::pin(async move {
                let january =
                    obole_store::clicks::of_patron(read, period("2026-01"), patron).await?;
                let february =
                    obole_store::clicks::of_patron(read, period("2026-02"), patron).await?;
                Ok((january[0].points.get(), february[0].points.get()))
            })
        });
        // The one of January moved on: the patron has no budget.
        assert_eq!(points.await.expect("clicks"), (1, 21));
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn a_work_that_is_claimed_in_the_twelfth_month_is_paid() {
    for instance in engines().await {
        let app = &instance.app;
        let (patron, creator) = (account(app, "patron").await, account(app, "creator").await);
        fund(app, patron, euros(1_000)).await;
        budgets::set(app, patron, euros(500)).await.expect("a budget");
        give(app, patron, "https://late.example/", 1).await;
        // Eleven months go by, each closed in its turn.
        instance.at("2027-01-02T00:00:00Z");
        assert_eq!(close(&instance).await.len(), 12);
        let wallet = balance(app, LedgerAccount::wallet(patron, EUR)).await;
        assert_eq!((wallet.total, wallet.held), (euros(1_000), Micros::units(5)));

        instance.at("2027-01-20T00:00:00Z");
        own(app, creator, "https://late.example/").await;
        instance.at("2027-02-01T00:00:00Z");
        assert_eq!(close(&instance).await, [Outcome::Closed(period("2027-01"))]);
        let wallet = balance(app, LedgerAccount::wallet(patron, EUR)).await;
        assert_eq!((wallet.total, wallet.held), (euros(500), Micros::ZERO));
        let earnings = balance(app, LedgerAccount::earnings(creator, EUR)).await;
        assert_eq!(earnings.available(), euros(450));
        assert_clean(app).await;
    }
}

#[tokio::test]
async fn a_promise_to_a_work_that_is_ones_own_now_ends_in_every_currency() {
    let instance = sqlite_with_currencies(&["EUR", "USD"]).await;
    let app = &instance.app;
    let dollars = Currency::iso("USD").expect("a currency");
    let money = |units| Money::new(Micros::units(units), dollars);
    let patron = account(app, "patron").await;
    fund(app, patron, money(9)).await;
    budgets::set(app, patron, money(5)).await.expect("a budget");
    give(app, patron, "https://own.example/", 1).await;
    instance.at("2026-02-01T00:00:00Z");
    close(&instance).await;
    let wallet = balance(app, LedgerAccount::wallet(patron, dollars)).await;
    assert_eq!(wallet.held, Micros::units(5));

    // Its owner, who takes no dollars, keeps nothing aside for a work that nobody else can claim.
    own(app, patron, "https://own.example/").await;
    currencies::set_taken(app, patron, &[EUR]).await.expect("set");
    instance.at("2026-03-01T00:00:00Z");
    close(&instance).await;
    let wallet = balance(app, LedgerAccount::wallet(patron, dollars)).await;
    assert_eq!((wallet.total, wallet.held), (money(9), Micros::ZERO));
    assert_clean(app).await;
}
