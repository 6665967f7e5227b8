//! Taking everything along, and leaving, as browsers meet them.

use axum::http::StatusCode;
use jiff::SignedDuration;
use obole_app::testing::{Instance, account, engines, fund, sqlite};
use obole_app::{exports, outbox};
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
