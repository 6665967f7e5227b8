//! Idempotency keys (K1 to K4): once, however often it is asked for.

use axum::body::Body;
use obole_app::testing::{engines, sqlite};
use serde_json::{Value, json};

use crate::api_client::{Answer, Client};

const SONG: &str = "https://example.org/song";

#[tokio::test]
async fn fifty_at_once_with_one_key_have_one_effect() {
    for instance in engines().await {
        let (client, _) = Client::new(&instance.app, "ada").await;
        let mut tries = tokio::task::JoinSet::new();
        for _ in 0..50 {
            let client = client.clone();
            tries.spawn(async move { client.click(SONG).await });
        }
        let answers: Vec<Answer> = tries.join_all().await;
        let first = &answers[0];
        assert!(answers.iter().all(|one| one.status.as_u16() == 201 && one.body == first.body));
        let is_replayed = |one: &&Answer| one.header("idempotent-replayed") == "true";
        assert_eq!(answers.iter().filter(is_replayed).count(), 49);
        let clicks = client.get("/clicks").await;
        assert_eq!(clicks.body["items"][0]["points"], 1);
    }
}

#[tokio::test]
async fn a_repeated_request_is_told_what_it_was_told() {
    for instance in engines().await {
        let (client, ada) = Client::new(&instance.app, "ada").await;
        obole_app::testing::fund(&instance.app, ada, crate::api_client::euros(9)).await;
        let answer = client.put("/me/budgets/EUR", json!({ "amount": "6.00" })).await;
        answer.ok(200);
        let first = client.click(SONG).await;
        assert_eq!(first.ok(201)["estimate"]["amount"], "6.00");
        client.click("https://example.org/other").await.ok(201);
        let again = client.click(SONG).await;
        assert_eq!((again.status, &again.body), (first.status, &first.body));
        assert_eq!(again.header("idempotent-replayed"), "true");
    }
}

#[tokio::test]
async fn a_key_stands_for_one_request() {
    for instance in engines().await {
        let (client, _) = Client::new(&instance.app, "ada").await;
        client.post("/clicks", "k", json!({ "url": SONG })).await.ok(201);
        let answer = client.post("/clicks", "k", json!({ "url": SONG, "points": 2 })).await;
        answer.assert_problem(422, "idempotency_key_reused");
        // A quoted string spells the same key, and another account's key is another key.
        let quoted = client.post("/clicks", "\"k\"", json!({ "url": SONG })).await;
        assert_eq!(quoted.header("idempotent-replayed"), "true");
        let (other, _) = Client::new(&instance.app, "bob").await;
        other.post("/clicks", "k", json!({ "url": "https://example.org/b" })).await.ok(201);
    }
}

#[tokio::test]
async fn a_key_is_needed_and_has_a_form() {
    let instance = sqlite().await;
    let (client, _) = Client::new(&instance.app, "ada").await;
    let send = async |path: &str, keys: &[&[u8]], body: Value| {
        let mut request = client.request("POST", path).header("content-type", "application/json");
        for key in keys {
            request = request.header("idempotency-key", *key);
        }
        client.send(request.body(Body::from(body.to_string())).expect("a request")).await
    };
    let long = "x".repeat(256);
    for (path, body) in
        [("/clicks", json!({ "url": SONG })), ("/me/vouchers", json!({ "code": "x" }))]
    {
        let none = send(path, &[], body.clone()).await;
        none.assert_problem(400, "idempotency_key_missing");
        let cases: [&[&[u8]]; 9] = [
            &[b""],
            &[b"\"\""],
            &[b"a b"],
            &[b"\"a b\""],
            &[b"\"a"],
            &[b"a", b"b"],
            &["é".as_bytes()],
            &[b"\"a\";q=1"],
            &[long.as_bytes()],
        ];
        for keys in cases {
            let answer = send(path, keys, body.clone()).await;
            answer.assert_problem(400, "idempotency_key_malformed");
        }
    }
    assert_eq!(client.get("/clicks").await.body["items"], json!([]));
}
