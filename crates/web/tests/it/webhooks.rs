//! The pages of an account's endpoints: adding, secrets, switching, the log, hostile answers.

use axum::http::StatusCode;
use obole_app::testing::{Instance, engines, sqlite};
use obole_app::{App, Error, webhooks};
use obole_domain::{AccountId, WebhookId};
use obole_store::webhook_deliveries::{self, Next, Tried};
use obole_store::webhooks::{self as rows, Off};

use crate::browser::{Answer, Browser};

const PAGE: &str = "/settings/webhooks";

/// Adds an endpoint that is told of payouts; the page shows its secret.
async fn add(browser: &mut Browser, url: &str) -> Answer {
    let page = browser.get(PAGE).await;
    browser.submit(&page, PAGE, &[("url", url), ("event", "payout.sent")]).await
}

async fn first(app: &App, account: AccountId) -> WebhookId {
    webhooks::list(app, account).await.expect("a list")[0].id
}

fn secret_in(page: &Answer) -> String {
    let text = page.text();
    let secret = text.split_whitespace().find(|word| word.starts_with("whsec_"));
    secret.unwrap_or_else(|| panic!("no secret in: {text}")).to_owned()
}

#[tokio::test]
async fn an_endpoint_is_added_and_its_secret_is_shown_once() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut stranger, _) = Browser::signed_in(app, "late").await;
        instance.at("2026-01-15T12:30:00Z");
        let page = stranger.get(PAGE).await;
        page.assert_has("You have no endpoints.");
        assert!(page.body.contains("/sign-in/proof?back=/settings/webhooks"));
        let csrf = page.form("/sign-out", &[]).remove(0).1;
        let url = ("url", "https://hooks.example/");
        let fields = [("csrf", csrf.as_str()), url, ("event", "payout.sent")];
        let answer = stranger.post(PAGE, &fields).await;
        assert!(answer.header("location").starts_with("/sign-in/proof?back="), "W3");

        let (mut browser, account) = Browser::signed_in(app, "ada").await;
        let made = add(&mut browser, "https://hooks.example/obole?a=b").await;
        assert_eq!((made.status, made.header("cache-control")), (StatusCode::OK, "no-store"));
        let secret = secret_in(&made);
        made.assert_has("It is shown only now.");
        let page = browser.get(PAGE).await;
        page.assert_has("https://hooks.example/obole?a=b");
        page.assert_has("payout.sent");
        assert!(!page.body.contains(&secret));

        // A new secret beside it, once; then the old one ends.
        let rotated = browser.submit(&page, "/settings/webhooks/rotate", &[]).await;
        assert_ne!(secret_in(&rotated), secret);
        rotated.assert_has("Two secrets are valid, and both sign.");
        let answer = browser.submit(&rotated, "/settings/webhooks/end-secret", &[]).await;
        let page = browser.follow(answer).await;
        page.assert_has("The old secret is ended; only the new one signs.");

        let answer = browser.submit(&page, "/settings/webhooks/switch", &[]).await;
        let page = browser.follow(answer).await;
        page.assert_has("The endpoint is off; nothing is sent there.");
        let answer = browser.submit(&page, "/settings/webhooks/switch", &[]).await;
        let page = browser.follow(answer).await;
        page.assert_has("The endpoint is on again");

        let answer = browser.submit(&page, "/settings/webhooks/test", &[]).await;
        let log = browser.follow(answer).await;
        log.assert_has("A test is on its way.");
        log.assert_has("webhook.test waiting");

        // Nobody else sees or does anything there.
        let id = first(app, account).await;
        let (mut other, _) = Browser::signed_in(app, "eve").await;
        assert_eq!(other.get(&format!("{PAGE}/{id}")).await.status, StatusCode::NOT_FOUND);
        let answer = browser.submit(&page, "/settings/webhooks/delete", &[]).await;
        browser.follow(answer).await.assert_has("The endpoint and its log are deleted.");
        assert_eq!(browser.get(&format!("{PAGE}/{id}")).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn what_cannot_be_comes_back_with_a_sentence_in_both_languages() {
    let instance = sqlite().await;
    let (mut browser, _) = Browser::signed_in(&instance.app, "ada").await;
    for url in
        ["", "http://hooks.example/", "https://127.0.0.1/", "https://localhost/x", "nonsense"]
    {
        let refused = add(&mut browser, url).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
        refused.assert_has("This address cannot be reached from here.");
        let kept = refused.form(PAGE, &[]);
        assert!(kept.contains(&("url".to_owned(), url.to_owned())), "what was typed stays: {url}");
        assert!(kept.contains(&("event".to_owned(), "payout.sent".to_owned())));
    }
    let page = browser.get(PAGE).await;
    let none = browser.submit(&page, PAGE, &[("url", "https://hooks.example/")]).await;
    none.assert_has("This endpoint would be told nothing. Please choose at least one event.");
    let mut french = browser.speaking("fr");
    let page = french.get(PAGE).await;
    let hostile = "https://x.example\"><script>alert(1)</script>";
    let refused = french.submit(&page, PAGE, &[("url", hostile), ("event", "payout.sent")]).await;
    refused.assert_has("Cette adresse ne peut pas être atteinte d’ici.");
    assert!(!refused.body.contains("<script>alert"));
    for number in 0..10 {
        add(&mut french, &format!("https://hooks.example/{number}")).await;
    }
    let full = add(&mut french, "https://hooks.example/10").await;
    full.assert_has("Vous avez 10 points d’accès, le maximum.");
}

/// Notes an answer as if it had come.
async fn answered(instance: &Instance, id: WebhookId, answer: &str) {
    let (now, answer) = (instance.app.now(), answer.to_owned());
    let written = instance.app.store().write(answer, move |tx, answer| {
        Box::pin(async move {
            rows::take(tx, id, (now, now)).await?.expect("on");
            let due = webhook_deliveries::take(tx, id, (now, now)).await?.expect("due");
            let tried = Tried {
                at: now,
                headers: "webhook-id: msg_1\nwebhook-signature: v1,<b>".to_owned(),
                status: Some(500),
                answer: answer.clone(),
                problem: String::new(),
            };
            let again = now + jiff::SignedDuration::from_hours(1);
            webhook_deliveries::record(tx, id, &due, (&tried, Next::Again(again))).await?;
            Ok::<_, Error>(())
        })
    });
    written.await.expect("written");
}

#[tokio::test]
async fn the_log_shows_request_and_answer_and_a_hostile_answer_stays_text() {
    for instance in engines().await {
        let app = &instance.app;
        let (mut browser, account) = Browser::signed_in(app, "ada").await;
        add(&mut browser, "https://hooks.example/").await;
        let id = first(app, account).await;
        let here = format!("{PAGE}/{id}");
        browser.get(&here).await.assert_has("Nothing yet");
        webhooks::test(app, account, id).await.expect("a test");
        answered(&instance, id, "</pre><script>alert(1)</script>\" onclick='x' &amp;").await;
        let log = browser.get(&here).await;
        log.assert_has("HTTP 500");
        log.assert_has("webhook-id: msg_1 webhook-signature: v1,<b> {\"type\":\"webhook.test\"");
        log.assert_has("</pre><script>alert(1)</script>\" onclick='x' &amp;");
        log.assert_has("Next try");
        assert!(!log.body.contains("<script>alert") && !log.body.contains("v1,<b>"));

        let replay = format!("{here}/replay");
        let answer = browser.submit(&log, &replay, &[]).await;
        let log = browser.follow(answer).await;
        log.assert_has("It is sent once more, under the same id.");
        let missing = [("event", "019bc186-de00-77c0-a559-b74fdab168e5")];
        let answer = browser.submit(&log, &replay, &missing).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);

        // Switched off, it says why and offers no sending.
        let now = app.now();
        let off = app.store().write((), move |tx, ()| {
            Box::pin(async move {
                rows::switch_off(tx, id, Off::Gone, now).await?;
                Ok::<_, Error>(())
            })
        });
        off.await.expect("off");
        let log = browser.get(&here).await;
        log.assert_has("off: it said that it is gone");
        log.assert_lacks("Send once more");
        let mut french = browser.speaking("fr");
        french.get(&here).await.assert_has("il a dit ne plus exister");
    }
}

#[tokio::test]
async fn a_long_log_has_pages() {
    let instance = sqlite().await;
    let app = &instance.app;
    let (mut browser, account) = Browser::signed_in(app, "ada").await;
    add(&mut browser, "https://hooks.example/").await;
    let id = first(app, account).await;
    for minute in 0..30 {
        instance.at(&format!("2026-01-15T12:{minute:02}:00Z"));
        webhooks::test(app, account, id).await.expect("a test");
    }
    let page = browser.get(&format!("{PAGE}/{id}")).await;
    let count = |page: &Answer| page.body.matches("Send once more").count();
    assert_eq!(count(&page), 25);
    let next = page.body.split("rel=\"next\" href=\"").nth(1).expect("a next page");
    let next = crate::browser::unescape(next.split('"').next().unwrap_or_default());
    assert_eq!(count(&browser.get(&next).await), 5);
}
