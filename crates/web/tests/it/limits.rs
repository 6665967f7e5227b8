//! How often something may be tried (security.md section 12): 429, when to come back, and a
//! sentence in the reader's language.

use axum::http::StatusCode;
use obole_app::testing::{Instance, PASSWORD, account, engines, sqlite};
use obole_app::{confirmations, outbox};
use serde_json::json;

use crate::api_client::Client;
use crate::browser::{Answer, Browser};

const HERE: &str = "192.0.2.7";

/// Sends a form of a page so often, with other values each time, and gives the last answer.
async fn send(
    browser: &mut Browser,
    (page, action): (&str, &str),
    times: usize,
    fields: impl Fn(usize) -> Vec<(&'static str, String)>,
) -> Answer {
    let mut last = None;
    for number in 0..times {
        let page = browser.get(page).await;
        let fields = fields(number);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        last = Some(browser.submit(&page, action, &fields).await);
    }
    last.expect("sent")
}

fn assert_too_many(answer: &Answer, seconds: &str) {
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text());
    assert_eq!(answer.header("retry-after"), seconds);
    answer.assert_has("Cela fait beaucoup d’essais en peu de temps");
}

fn assert_tried(answer: &Answer) {
    assert_ne!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text());
}

fn a_browser(instance: &Instance, address: &str) -> Browser {
    Browser::new(&instance.app).speaking("fr").at(address)
}

#[tokio::test]
async fn five_sign_ups_an_hour_from_one_address() {
    for instance in engines().await {
        let new = |number: usize| {
            let email = format!("zoe{number}@obole.example");
            vec![
                ("email", email),
                ("handle", format!("zoe{number}")),
                ("password", PASSWORD.into()),
            ]
        };
        for number in 0..5 {
            let mut browser = a_browser(&instance, HERE);
            assert_tried(&send(&mut browser, ("/sign-up", "/sign-up"), 1, |_| new(number)).await);
        }
        let mut here = a_browser(&instance, HERE);
        let sixth = send(&mut here, ("/sign-up", "/sign-up"), 1, |_| new(6)).await;
        assert_too_many(&sixth, "3600");
        let mut away = a_browser(&instance, "192.0.2.8");
        assert_tried(&send(&mut away, ("/sign-up", "/sign-up"), 1, |_| new(6)).await);
    }
}

#[tokio::test]
async fn ten_sign_ins_in_a_quarter_of_an_hour_then_one_of_an_address_in_twenty_seconds() {
    for instance in engines().await {
        account(&instance.app, "ada").await;
        let wrong = |_| vec![("name", "ada".to_owned()), ("password", "not this one".to_owned())];
        let right = |_| vec![("name", "ada".to_owned()), ("password", PASSWORD.to_owned())];
        let sign_in = ("/sign-in", "/sign-in");
        // Strangers try from many places.
        for number in 0..11 {
            let mut browser = a_browser(&instance, &format!("192.0.2.{number}"));
            assert_tried(&send(&mut browser, sign_in, 1, wrong).await);
        }
        let mut stranger = a_browser(&instance, "192.0.2.10");
        assert_too_many(&send(&mut stranger, sign_in, 1, right).await, "20");
        // Nobody is locked out: the owner has slow tries of their own, and so has the stranger.
        let mut owner = a_browser(&instance, HERE);
        assert_eq!(send(&mut owner, sign_in, 1, right).await.status, StatusCode::SEE_OTHER);
        instance.at("2026-01-15T12:00:20Z");
        assert_eq!(send(&mut stranger, sign_in, 1, right).await.status, StatusCode::SEE_OTHER);
    }
}

#[tokio::test]
async fn thirty_sign_ins_an_hour_from_one_address() {
    let instance = sqlite().await;
    let mut browser = a_browser(&instance, "2001:db8::1");
    let names = |number| vec![("name", format!("n{number}")), ("password", "x".to_owned())];
    assert_tried(&send(&mut browser, ("/sign-in", "/sign-in"), 30, names).await);
    // The network of a subscriber counts, not the address in it.
    let mut neighbour = a_browser(&instance, "2001:db8::ffff:ffff");
    assert_too_many(&send(&mut neighbour, ("/sign-in", "/sign-in"), 1, names).await, "3600");
    let mut stranger = a_browser(&instance, "2001:db8:0:1::1");
    assert_tried(&send(&mut stranger, ("/sign-in", "/sign-in"), 1, names).await);
}

#[tokio::test]
async fn three_mails_an_hour_and_eight_a_day_to_one_address() {
    for instance in engines().await {
        account(&instance.app, "ada").await;
        for email in ["ada@obole.example", "nobody@obole.example"] {
            let ask = |_| vec![("email", email.to_owned())];
            let reset = ("/reset", "/reset");
            for (hour, times) in [("12", 3), ("13", 3), ("14", 2)] {
                instance.at(&format!("2026-01-15T{hour}:00:00Z"));
                let mut browser = a_browser(&instance, HERE);
                assert_tried(&send(&mut browser, reset, times, ask).await);
                if times == 3 {
                    assert_too_many(&send(&mut browser, reset, 1, ask).await, "3600");
                }
            }
            let ninth = send(&mut a_browser(&instance, HERE), reset, 1, ask).await;
            assert_too_many(&ninth, "36000");
        }
    }
}

#[tokio::test]
async fn ten_tries_at_a_code() {
    for instance in engines().await {
        let mut browser = a_browser(&instance, HERE);
        let new = |_| {
            let email = "zoe@obole.example".to_owned();
            vec![("email", email), ("handle", "zoe".to_owned()), ("password", PASSWORD.to_owned())]
        };
        send(&mut browser, ("/sign-up", "/sign-up"), 1, new).await;
        outbox::deliver(&instance.app).await.expect("delivered");
        let letters = instance.app.mailer().as_memory().expect("memory").letters();
        let line = letters[0].text.lines().find(|line| line.starts_with("    "));
        let code = line.expect("a code").trim().to_owned();
        let confirm = ("/confirm", "/confirm");
        let wrong = |_| vec![("code", "AAAA-AAAA".to_owned())];
        send(&mut browser, confirm, 10, wrong).await;
        let right = send(&mut browser, confirm, 1, |_| vec![("code", code.clone())]).await;
        assert_eq!(right.status, StatusCode::UNPROCESSABLE_ENTITY, "spoilt by ten wrong ones");
        let session =
            obole_app::sessions::find(&instance.app, browser.cookie("obole").expect("in"));
        let zoe = session.await.expect("found").expect("a session").account;
        assert!(confirmations::pending(&instance.app, zoe).await.expect("read").is_some());
    }
}

#[tokio::test]
async fn ten_vouchers_an_hour_for_an_account_and_twenty_from_an_address() {
    for instance in engines().await {
        let wallet = ("/wallet", "/wallet/voucher");
        let mut browsers = Vec::new();
        for handle in ["ada", "bob", "eve"] {
            account(&instance.app, handle).await;
            let mut browser = a_browser(&instance, HERE);
            browser.sign_in(&instance.app, handle).await;
            browsers.push(browser);
        }
        let code = obole_domain::voucher::VoucherCode::from_random([7; 10]).reveal();
        let voucher = |_| vec![("code", code.clone())];
        let [ada, bob, eve] = &mut browsers[..] else { panic!("three") };
        assert_tried(&send(ada, wallet, 9, voucher).await);
        assert_tried(&send(bob, wallet, 10, voucher).await);
        assert_too_many(&send(bob, wallet, 1, voucher).await, "3600");
        assert_too_many(&send(ada, wallet, 1, voucher).await, "3600");
        assert_too_many(&send(eve, wallet, 1, voucher).await, "3600");
        let mut away = std::mem::replace(eve, a_browser(&instance, HERE)).at("192.0.2.8");
        assert_tried(&send(&mut away, wallet, 1, voucher).await);
    }
}

#[tokio::test]
async fn two_hundred_new_works_a_day() {
    let instance = sqlite().await;
    let (client, _) = Client::new(&instance.app, "ada").await;
    for number in 0..200 {
        // Sixty clicks a minute are enough, too.
        instance.at(&format!("2026-01-15T12:{:02}:00Z", number / 50));
        client.click(&format!("https://example.org/{number}")).await.ok(201);
    }
    instance.at("2026-01-15T12:10:00Z");
    let more = client.click("https://example.org/more").await;
    more.assert_problem(429, "too_many");
    assert_eq!(more.header("retry-after"), "42600");
    // What is known can be clicked, and tomorrow is another day.
    let known = client.post("/clicks", "again", json!({ "url": "https://example.org/1" })).await;
    known.ok(200);
    instance.at("2026-01-16T00:00:00Z");
    client.click("https://example.org/more").await.ok(201);
}
