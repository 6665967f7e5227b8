//! A creator's pages: bank account, payouts, earnings, threshold.

use axum::http::StatusCode;
use obole_app::testing::{engines, key, own, sqlite};
use obole_app::{App, wallets};
use obole_domain::ledger::{Entry, Fact, LedgerAccount, LedgerKind, Reason};
use obole_domain::{AccountId, Currency, Micros, Money};
use obole_store::ledger;

use crate::browser::Browser;

/// Puts euros into an account's earnings, as a settlement would.
pub async fn earn(app: &App, creator: AccountId, units: i64) {
    let (now, id) = (app.now(), app.chance().id(app.now()));
    let from = LedgerAccount::common(LedgerKind::Bank, Currency::EUR);
    let between = (from, LedgerAccount::earnings(creator, Currency::EUR));
    let fact = Fact::new("test", id, "earned");
    let entry = Entry::transfer(Reason::Received, fact, between, Micros::units(units));
    let posted = app.store().write(entry.expect("an entry"), move |tx, entry| {
        Box::pin(async move { Ok::<_, obole_app::Error>(ledger::post(tx, now, entry).await?) })
    });
    posted.await.expect("posted");
}

/// Sets a bank account and asks for a payout, as a person would.
pub async fn ask_for_payout(browser: &mut Browser) {
    let page = browser.get("/creator/bank").await;
    let fields = [("holder", "Zoé Février"), ("iban", "FR14 2004 1010 0505 0001 3M02 606")];
    let set = browser.submit(&page, "/creator/bank", &fields).await;
    browser.follow(set).await.assert_has("The bank account is saved");
    let page = browser.get("/creator").await;
    let asked = browser.submit(&page, "/creator/payout", &[]).await;
    browser.follow(asked).await.assert_has("You asked for a payout");
}

#[tokio::test]
async fn a_creator_is_paid_out_after_naming_a_bank_account() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, creator) = Browser::signed_in(app, "zoe").await;
        own(app, creator, "https://music.example/song").await;
        earn(app, creator, 25).await;
        let page = browser.get("/creator").await;
        page.assert_has("music.example/song");
        page.assert_has("Earnings available €25.00");
        page.assert_has("Please add your IBAN first");
        let refused = browser.get("/creator/bank").await;
        let fields = [("holder", "山田"), ("iban", "FR00")];
        let refused = browser.submit(&refused, "/creator/bank", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.assert_has("not an IBAN");

        ask_for_payout(&mut browser).await;
        let page = browser.get("/creator/payouts").await;
        page.assert_has("Zoé Février, account ending in 2606. asked for €25.00");
        assert!(!page.body.contains("3M02"), "the IBAN is not shown");
        browser.get("/creator/earnings").await.assert_has("Payout asked for");

        let page = browser.get("/creator/bank").await;
        let fields = [("holder", "Zoé Février"), ("iban", "BE68 5390 0754 7034")];
        let set = browser.submit(&page, "/creator/bank", &fields).await;
        browser.follow(set).await.assert_has("rests for 72 hours more");
    }
}

#[tokio::test]
async fn earnings_move_and_the_threshold_has_a_floor() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, creator) = Browser::signed_in(app, "zoe").await;
        earn(app, creator, 25).await;
        let page = browser.get("/creator").await;
        let moved = browser.submit(&page, "/creator/move", &[("amount", "5")]).await;
        let page = browser.follow(moved).await;
        page.assert_has("€5.00 is in your wallet now");
        let refused = browser.submit(&page, "/creator/move", &[("amount", "20.01")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.assert_has("€20.00");
        let refused = browser.submit(&page, "/creator/threshold", &[("threshold", "9.99")]).await;
        refused.assert_has("begins at €10.00");
        let set = browser.submit(&page, "/creator/threshold", &[("threshold", "30")]).await;
        browser.follow(set).await.assert_has("from €30.00 on");
    }
}

#[tokio::test]
async fn every_page_of_money_speaks_both_languages() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (browser, patron) = Browser::signed_in(app, "zoe").await;
    earn(app, patron, 25).await;
    let amount = Money::new(Micros::units(3), Currency::EUR);
    wallets::move_earnings(app, patron, &key(app), amount).await.expect("moved");
    let mut browser = browser.speaking("fr");
    let paths = [
        "/wallet",
        "/budget",
        "/wallet/refund",
        "/creator",
        "/creator/bank",
        "/creator/payouts",
        "/creator/earnings",
    ];
    for path in paths {
        let page = browser.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.body.contains("<html lang=\"fr\">"), "{path}");
    }
}
