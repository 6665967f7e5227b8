//! Taking everything along, and leaving, as browsers meet them.

use axum::http::StatusCode;
use jiff::SignedDuration;
use obole_app::audit_log::Actor;
use obole_app::testing::{Instance, account, engines, fund, own, sqlite};
use obole_app::{budgets, details, exports, outbox, settle};
use obole_domain::{Currency, Micros, Money};

use crate::browser::Browser;

async fn last_path(instance: &Instance) -> String {
    outbox::deliver(&instance.app).await.expect("delivered");
    let letters = instance.app.mailer().as_memory().expect("memory").letters();
    let text = letters.last().expect("a letter").text.clone();
    let line = text.lines().find(|line| line.starts_with("http")).expect("a link");
    line.strip_prefix("http://127.0.0.1:8080").expect("our own").to_owned()
}

#[tokio::test]
async fn an_old_month_says_that_its_details_are_gone_and_how_to_keep_them() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut ada, ada_id) = Browser::signed_in(app, "ada").await;
        let zoe = account(app, "zoe").await;
        own(app, zoe, "https://zoe.example/song").await;
        fund(app, ada_id, Money::new(Micros::units(20), Currency::EUR)).await;
        let budget = Money::new(Micros::units(5), Currency::EUR);
        budgets::set(app, ada_id, budget).await.expect("a budget");
        let page = ada.get("/give?url=https%3A%2F%2Fzoe.example%2Fsong").await;
        let given = ada.submit(&page, "/give", &[]).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
        instance.at("2027-04-02T00:00:00Z");
        settle::run(app, Actor::CommandLine, None, &|_| ()).await.expect("settled");
        ada.sign_in(app, "ada").await;
        let before = ada.get("/statements/2026-01").await;
        before.assert_has("zoe.example/song");
        assert!(!before.body.contains("no longer kept"));
        instance.at("2028-06-03T00:00:00Z");
        settle::run(app, Actor::CommandLine, None, &|_| ()).await.expect("settled");
        assert!(details::drop_due(app).await.expect("dropped") > 0);

        ada.sign_in(app, "ada").await;
        let after = ada.get("/statements/2026-01").await;
        after.assert_has("no longer kept");
        assert!(!after.body.contains("zoe.example") && after.body.contains("5.00"));
        let csv = ada.get("/statements/2026-01.csv").await;
        assert!(csv.body.contains("patron,EUR,,,,,,5000000,,,paid"), "{}", csv.body);
        let settings = ada.get("/settings").await;
        let saved = ada.submit(&settings, "/settings", &[("details", "yes")]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER);
        let settings = ada.get("/settings").await.body;
        assert!(settings.contains("name=\"details\" value=\"yes\" checked"), "{settings}");
    }
}

#[tokio::test]
async fn an_archive_is_fetched_once_by_its_owner() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut ada, _) = Browser::signed_in(app, "ada").await;
        let (mut eve, _) = Browser::signed_in(app, "eve").await;
        let page = ada.get("/settings/data").await;
        let answer = ada.submit(&page, "/settings/data", &[]).await;
        ada.follow(answer).await.assert_has("The archive is being made");
        exports::make_due(app).await.expect("made");
        ada.get("/settings/data").await.assert_has("An archive is ready until");
        let path = last_path(&instance).await;
        assert_eq!(eve.get(&path).await.status, StatusCode::UNPROCESSABLE_ENTITY, "another's");
        let mut stranger = Browser::new(app);
        let answer = stranger.get(&path).await;
        assert!(answer.header("location").starts_with("/sign-in"), "{}", answer.body);
        let page = ada.get(&path).await;
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        let page = ada.get(&path).await;
        let answer = ada.submit(&page, &path, &[]).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), "application/zip");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(answer.body.starts_with("PK"));
        let again = ada.submit(&page, &path, &[]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test]
async fn an_archive_needs_a_fresh_sign_in_and_is_limited() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (mut ada, _) = Browser::signed_in(app, "ada").await;
    let page = ada.get("/settings/data").await;
    for _ in 0..3 {
        let answer = ada.submit(&page, "/settings/data", &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    let answer = ada.submit(&page, "/settings/data", &[]).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    exports::make_due(app).await.expect("made");
    app.clock().set(app.now() + SignedDuration::from_mins(11));
    let answer = ada.submit(&page, "/settings/data", &[]).await;
    assert!(answer.header("location").starts_with("/sign-in/proof"), "{}", answer.body);
    let page = ada.get("/settings/data").await;
    assert!(page.body.contains("/sign-in/proof?back=/settings/data"), "{}", page.body);
}

#[tokio::test]
async fn leaving_says_what_goes_and_asks_for_the_money_first() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut ada, id) = Browser::signed_in(app, "ada").await;
        fund(app, id, Money::new(Micros::units(5), Currency::EUR)).await;
        let page = ada.get("/settings/leave").await;
        page.assert_has("for 10 years");
        page.assert_has("In your wallet: €5.00");
        let answer = ada.submit(&page, "/settings/leave", &[]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.assert_has("still empty");
        let agreed = ada.submit(&page, "/settings/leave", &[("agree", "yes")]).await;
        assert_eq!(agreed.status, StatusCode::UNPROCESSABLE_ENTITY);
        agreed.assert_has("There is still money on this account");
        let answer = ada.submit(&page, "/settings/leave/pool", &[]).await;
        let page = ada.follow(answer).await;
        page.assert_has("€5.00 went to the common pool");
        page.assert_has("There is no money on this account");
        let answer = ada.submit(&page, "/settings/leave", &[("agree", "yes")]).await;
        assert_eq!(answer.header("location"), "/");
        assert_eq!(ada.get("/settings").await.status, StatusCode::SEE_OTHER, "signed out");
        let mut other = Browser::new(app);
        assert_eq!(other.get("/@ada").await.status, StatusCode::NOT_FOUND);
        let path = last_path(&instance).await;
        let page = other.get(&path).await;
        page.assert_has("@ada");
        assert_eq!(
            other.get("/@ada").await.status,
            StatusCode::NOT_FOUND,
            "looking changes nothing"
        );
        let answer = other.submit(&page, &path, &[]).await;
        other.follow(answer).await.assert_has("Your account stays");
        assert_eq!(other.get("/@ada").await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_link_that_is_wrong_opens_nothing() {
    let instance = sqlite().await;
    account(&instance.app, "ada").await;
    let (mut eve, _) = Browser::signed_in(&instance.app, "eve").await;
    for path in ["/export/0123", "/deletion/0123", "/waiting/0123", "/invitation/0123"] {
        let answer = eve.get(path).await;
        let is_refused = answer.status == StatusCode::UNPROCESSABLE_ENTITY;
        assert!(is_refused || answer.status == StatusCode::SEE_OTHER, "{path}: {}", answer.body);
    }
}
