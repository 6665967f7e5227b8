//! The wallet, the budget and refunds as a browser meets them.

use axum::http::StatusCode;
use jiff::SignedDuration;
use obole_app::audit_log::Actor;
use obole_app::testing::{engines, fund, key, sqlite, sqlite_with_currencies};
use obole_app::vouchers::{self, NewVouchers};
use obole_app::wallets;
use obole_domain::{Currency, Micros, Money};

use crate::browser::Browser;
use crate::creator::earn;

fn euros(units: i64) -> Money {
    Money::new(Micros::units(units), Currency::EUR)
}

#[tokio::test]
async fn a_voucher_is_redeemed_once_even_when_the_form_is_sent_twice() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, _) = Browser::signed_in(app, "ada").await;
        let new = NewVouchers { amount: euros(20), count: 2, expires_at: None };
        let codes = vouchers::create(app, Actor::CommandLine, new).await.expect("vouchers");
        let page = browser.get("/wallet").await;
        page.assert_has("Nothing has moved yet");
        let fields = [("code", codes[0].as_str())];
        let sent = browser.submit(&page, "/wallet/voucher", &fields).await;
        let next = browser.follow(sent).await;
        next.assert_has("€20.00 is in your wallet");
        next.assert_has("Voucher redeemed");
        let again = browser.submit(&page, "/wallet/voucher", &fields).await;
        browser.follow(again).await.assert_has("€20.00 is in your wallet");
        let used = browser.submit(&next, "/wallet/voucher", &fields).await;
        assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY);
        used.assert_has("cannot be redeemed");
        let mistyped = browser.submit(&next, "/wallet/voucher", &[("code", "ABCD")]).await;
        mistyped.assert_has("typing mistake");
        browser.get("/wallet").await.assert_has("To spend €20.00");
    }
}

#[tokio::test]
async fn play_money_comes_up_to_the_limit() {
    for instance in engines().await {
        let (mut browser, _) = Browser::signed_in(&instance.app, "ada").await;
        let page = browser.get("/wallet").await;
        let taken = browser.submit(&page, "/wallet/play-money", &[("amount", "12.50")]).await;
        let page = browser.follow(taken).await;
        page.assert_has("€12.50 of play money");
        let refused = browser.submit(&page, "/wallet/play-money", &[("amount", "500")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.assert_has("at most €500.00 of play money");
        assert!(refused.body.contains("value=\"500\""), "what was typed stays");
    }
}

#[tokio::test]
async fn a_budget_is_set_ended_and_has_a_minimum() {
    for instance in engines().await {
        let (browser, _) = Browser::signed_in(&instance.app, "ada").await;
        let mut browser = browser.speaking("fr");
        let page = browser.get("/budget").await;
        page.assert_has("Vous n’avez pas encore de budget en EUR");
        let refused = browser.submit(&page, "/budget", &[("amount", "1,99")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.assert_has("le plus petit budget est de 2,00");
        let set = browser.submit(&page, "/budget", &[("amount", "10")]).await;
        browser.follow(set).await.assert_has("Votre budget est désormais de 10,00");
        let ended = browser.submit(&page, "/budget", &[("amount", "0")]).await;
        browser.follow(ended).await.assert_has("Votre budget a pris fin");
    }
}

#[tokio::test]
async fn money_goes_out_only_after_a_fresh_sign_in() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, patron) = Browser::signed_in(app, "ada").await;
        fund(app, patron, euros(20)).await;
        let page = browser.get("/wallet/refund").await;
        let fields = [("amount", "15"), ("note", "In cash, please")];
        let sent = browser.submit(&page, "/wallet/refund", &fields).await;
        let next = browser.follow(sent).await;
        next.assert_has("You asked for €15.00 back");
        next.assert_has("In cash, please waiting");
        let refused = browser.submit(&next, "/wallet/refund", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.assert_has("€5.00");
        refused.assert_has("In cash, please");

        let later = app.now().checked_add(SignedDuration::from_mins(11)).expect("later");
        app.clock().set(later);
        let stale = browser.get("/wallet/refund").await;
        assert!(stale.header("location").starts_with("/sign-in/proof"), "{}", stale.body);
        let stale = browser.submit(&next, "/wallet/refund", &fields).await;
        assert!(stale.header("location").starts_with("/sign-in/proof"), "{}", stale.body);
    }
}

#[tokio::test]
async fn earnings_in_the_wallet_go_back_to_the_earnings() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, patron) = Browser::signed_in(app, "ada").await;
        fund(app, patron, euros(20)).await;
        browser.get("/wallet/refund").await.assert_lacks("What came from your earnings");
        earn(app, patron, 5).await;
        wallets::move_earnings(app, patron, &key(app), euros(5)).await.expect("moved");
        let page = browser.get("/wallet/refund").await;
        page.assert_has("Can go back · €20.00");
        let fields = [("amount", "25"), ("note", "In cash, please")];
        let refused = browser.submit(&page, "/wallet/refund", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        refused.assert_has("At most €20.00 can go back this way");
        refused.assert_has("In cash, please");
        page.assert_has("Move €5.00 back to the earnings");
        let unknown = browser.submit(&page, "/wallet/earnings", &[("currency", "XXX")]).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        let returned = browser.submit(&page, "/wallet/earnings", &[]).await;
        browser.follow(returned).await.assert_has("€5.00 is in your earnings again");
        browser.get("/wallet").await.assert_has("Earnings moved back from the wallet");
        let page = browser.get("/wallet/refund").await;
        page.assert_lacks("What came from your earnings");
    }
}

#[tokio::test]
async fn strangers_are_sent_to_the_sign_in() {
    let instance = sqlite().await;
    let mut browser = Browser::new(&instance.app);
    for path in ["/wallet", "/budget", "/wallet/refund", "/creator", "/admin"] {
        let answer = browser.get(path).await;
        assert!(answer.header("location").starts_with("/sign-in?back="), "{path}");
    }
}

#[tokio::test]
async fn where_there_are_several_currencies_a_form_asks_which() {
    let instance = sqlite_with_currencies(&["EUR", "CHF"]).await;
    let (mut browser, _) = Browser::signed_in(&instance.app, "ada").await;
    let page = browser.get("/wallet").await;
    assert!(page.body.contains("<option value=\"CHF\">CHF</option>"), "{}", page.body);
    let fields = [("amount", "12"), ("currency", "CHF")];
    let taken = browser.submit(&page, "/wallet/play-money", &fields).await;
    browser.follow(taken).await.assert_has("CHF");
    let refused = browser.submit(&page, "/wallet/play-money", &[("amount", "1")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for path in ["/budget", "/wallet/refund", "/creator"] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
    let page = browser.get("/creator").await;
    let set = browser.submit(&page, "/creator/currencies", &[("taken", "EUR")]).await;
    let page = browser.follow(set).await;
    page.assert_has("Your choice of currencies is saved");
    assert!(page.body.contains("value=\"CHF\"><span>"), "CHF is not ticked");
}
