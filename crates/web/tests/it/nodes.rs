//! Several nodes behind a proxy that sends each request somewhere else: a browser and a program
//! notice nothing of it.

use axum::http::StatusCode;
use obole_app::audit_log::Actor;
use obole_app::testing::{Instance, PASSWORD, account, nodes};
use obole_app::vouchers::{self, NewVouchers};
use obole_app::{App, audit, outbox};
use obole_store::StoreError;
use obole_store::idempotency::{self, KeyName};
use serde_json::json;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::api_client::{Client, euros};
use crate::browser::Browser;

fn apps(nodes: &[Instance]) -> impl Iterator<Item = &App> {
    nodes.iter().map(|node| &node.app)
}

async fn a_voucher(app: &App) -> String {
    let new = NewVouchers { amount: euros(20), count: 1, expires_at: None };
    let codes = vouchers::create(app, Actor::CommandLine, new).await.expect("made");
    codes.into_iter().next().expect("a code")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_at_home_on_every_node() {
    let nodes = nodes(3).await;
    let mut browser = Browser::over(apps(&nodes));
    let page = browser.get("/sign-up").await;
    let fields = [("email", "zoe@obole.example"), ("handle", "zoe"), ("password", PASSWORD)];
    let answer = browser.submit(&page, "/sign-up", &fields).await;
    let page = browser.follow(answer).await;
    outbox::deliver(&nodes[2].app).await.expect("delivered");
    let letters = nodes[2].app.mailer().as_memory().expect("memory").letters();
    let line = letters[0].text.lines().find(|line| line.starts_with("    ")).expect("a code");
    let answer = browser.submit(&page, "/confirm", &[("code", line.trim())]).await;
    assert_eq!(answer.header("location"), "/month");
    browser.follow(answer).await;

    let code = a_voucher(&nodes[0].app).await;
    let page = browser.get("/wallet").await;
    for _ in 0..3 {
        // The same form once on each node.
        let sent = browser.submit(&page, "/wallet/voucher", &[("code", &code)]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    }
    browser.get("/wallet").await.assert_has("€20.00");
    let page = browser.get("/give?url=nobody.example/a&points=5").await;
    for _ in 0..3 {
        let answer = browser.submit(&page, "/give", &[]).await;
        browser.follow(answer).await.assert_has("has 5 points from you this month");
    }
    // Signed out on one node is signed out on all.
    let page = browser.get("/month").await;
    browser.submit(&page, "/sign-out", &[]).await;
    for _ in 0..3 {
        assert_eq!(browser.get("/month").await.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(audit::run(&nodes[1].app).await.expect("an audit").breaches, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_with_one_key_have_one_effect_whichever_node_they_ask() {
    let nodes = nodes(2).await;
    let (client, _) = Client::new(&nodes[0].app, "ada").await;
    let clients = [client.clone(), client.on(&nodes[1].app)];
    let code = a_voucher(&nodes[0].app).await;
    let mut tries = JoinSet::new();
    for number in 0..50 {
        let (client, code) = (clients[number % 2].clone(), code.clone());
        let sent = async move { client.post("/me/vouchers", "k", json!({ "code": code })).await };
        tries.spawn(sent);
    }
    let answers = tries.join_all().await;
    // Ten tries an hour: the rest was refused before it was tried.
    let tried: Vec<_> = answers.iter().filter(|one| one.status.as_u16() != 429).collect();
    assert_eq!(tried.len(), 10);
    assert!(tried.iter().all(|one| one.status.is_success() && one.body == tried[0].body));
    let fresh = tried.iter().filter(|one| one.header("idempotent-replayed") != "true");
    assert_eq!(fresh.count(), 1);
    let wallets = clients[1].get("/me/wallets").await;
    assert_eq!(wallets.body["items"][0]["available"]["amount"], "20.00", "{}", wallets.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn six_hundred_requests_a_minute_are_counted_over_all_nodes() {
    let nodes = nodes(2).await;
    let (client, _) = Client::new(&nodes[0].app, "ada").await;
    let clients = [client.clone(), client.on(&nodes[1].app)];
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..14 {
        let mut tries = JoinSet::new();
        for number in 0..50 {
            let client = clients[number % 2].clone();
            tries.spawn(async move { client.get("/me").await });
        }
        for answer in tries.join_all().await {
            if answer.status.is_success() {
                taken += 1;
            } else {
                answer.assert_problem(429, "too_many");
                assert_eq!(answer.header("retry-after"), "60");
                refused += 1;
            }
        }
    }
    assert_eq!((taken, refused), (600, 100));
    nodes[0].at("2026-01-15T12:01:00Z");
    clients[1].get("/me").await.ok(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_repeats_what_another_node_is_doing_waits_and_is_told_to_ask_again() {
    let nodes = nodes(2).await;
    let ada = account(&nodes[0].app, "ada").await;
    let client = Client::of(&nodes[1].app, ada, "wallet").await;
    let code = a_voucher(&nodes[0].app).await;
    // The first node has taken the key and does not come to an end.
    let (taken, is_taken) = oneshot::channel();
    let (end, ended) = oneshot::channel::<()>();
    let channels = std::sync::Mutex::new(Some((taken, ended)));
    let now = nodes[0].app.now();
    let store = nodes[0].app.store().clone();
    let first = tokio::spawn(async move {
        store
            .write(channels, move |tx, channels| {
                let channels = channels.lock().expect("a lock").take().expect("once");
                Box::pin(async move {
                    let key = "k".to_owned();
                    let name = KeyName { account: ada, route: "vouchers.redeem", key };
                    idempotency::take(tx, &name, [0; 32], now).await?;
                    channels.0.send(()).expect("somebody waits");
                    channels.1.await.expect("the end");
                    Err::<(), _>(StoreError::Conflict("given up".to_owned()))
                })
            })
            .await
    });
    is_taken.await.expect("taken");
    let redeem = || client.post("/me/vouchers", "k", json!({ "code": code }));
    let begun = std::time::Instant::now();
    let answer = redeem().await;
    assert_eq!((answer.status.as_u16(), answer.text("code")), (409, "still_running"));
    assert_eq!(answer.header("retry-after"), "5");
    let waited = begun.elapsed().as_secs_f64();
    assert!((4.0..8.0).contains(&waited), "{waited}");
    end.send(()).expect("it waits");
    assert!(first.await.expect("no panic").is_err());
    redeem().await.ok(200);
    assert_eq!(redeem().await.header("idempotent-replayed"), "true");
}
