//! Whatever is sent to the API, the answer is a problem with a sentence, never plain text and
//! never a fault of ours (E2).

use axum::body::Body;
use axum::http::Request;
use obole_app::testing::{account, engines, sqlite};
use serde_json::json;

use crate::api_client::Client;
use crate::browser::Browser;

#[tokio::test]
async fn hostile_bodies_are_refused_with_a_sentence() {
    for instance in engines().await {
        let (client, _) = Client::new(&instance.app, "ada").await;
        let work = client.click("https://example.org/").await.body["work"]["id"].clone();
        let click = format!("/clicks/{}", work.as_str().expect("an id"));
        let deep = format!("{{\"url\": {}1{}}}", "[".repeat(20_000), "]".repeat(20_000));
        let big = format!("{{\"url\": \"{}\"}}", "x".repeat(70_000));
        let bodies: [(&[u8], u16, &str, &str); 19] = [
            (b"", 400, "json_malformed", ""),
            (b"{", 400, "json_malformed", ""),
            (b"nonsense", 400, "json_malformed", ""),
            (b"\xff\xfe", 400, "json_malformed", ""),
            (b"{\"url\": \"\\ud800\"}", 400, "json_malformed", ""),
            (b"{\"url\": \"a.example\"} x", 400, "json_malformed", ""),
            (b"{\"url\": \"a.example\", \"points\": 1e999}", 400, "json_malformed", ""),
            (deep.as_bytes(), 400, "json_malformed", ""),
            (b"null", 400, "wrong_type", ""),
            (b"[]", 400, "wrong_type", ""),
            (b"\"text\"", 400, "wrong_type", ""),
            (b"{\"url\": 1}", 400, "wrong_type", "url"),
            (b"{\"url\": [\"a.example\"]}", 400, "wrong_type", "url"),
            (b"{\"url\": \"a.example\", \"points\": \"1\"}", 400, "wrong_type", "points"),
            (b"{\"url\": \"a.example\", \"points\": 206.5}", 400, "wrong_type", "points"),
            (
                b"{\"url\": \"a.example\", \"points\": 99999999999999999999}",
                400,
                "wrong_type",
                "points",
            ),
            (b"{\"url\": \"a.example\", \"admin\": true}", 400, "field_unknown", "admin"),
            (b"{\"url\": \"a.example\", \"work\": \"b\"}", 400, "field_either", "url"),
            (b"{}", 400, "field_either", "url"),
        ];
        for (number, (body, status, code, field)) in bodies.into_iter().enumerate() {
            let request = client.request("POST", "/clicks").header("idempotency-key", number);
            let request = request.header("content-type", "application/json; charset=utf-8");
            let answer = client.send(request.body(Body::from(body.to_vec())).unwrap()).await;
            answer.assert_problem(status, code);
            let named = answer.body["errors"][0]["field"].as_str().unwrap_or_default();
            assert_eq!(named, field, "{}", answer.body);
        }
        for (method, path) in [("POST", "/clicks"), ("PUT", click.as_str()), ("PATCH", "/works/x")]
        {
            let send = async |kind: &str, body: &str| {
                let request = client.request(method, path).header("idempotency-key", "k");
                let request = request.header("content-type", kind);
                client.send(request.body(Body::from(body.to_owned())).unwrap()).await
            };
            if path != "/works/x" {
                send("application/json", &big).await.assert_problem(413, "too_large");
                for kind in ["text/plain", "", "application/x-www-form-urlencoded", "json"] {
                    send(kind, "{}").await.assert_problem(415, "unsupported_type");
                }
            }
        }
        assert_eq!(client.get("/clicks").await.body["items"][0]["points"], 1);
    }
}

#[tokio::test]
async fn amounts_and_codes_are_texts() {
    let instance = sqlite().await;
    let (client, _) = Client::new(&instance.app, "ada").await;
    for amount in [json!(5), json!(5.0), json!(null), json!(true), json!({ "amount": "5" })] {
        let answer = client.put("/me/budgets/EUR", json!({ "amount": amount })).await;
        answer.assert_problem(400, "wrong_type");
        assert_eq!(answer.body["errors"][0]["field"], "amount");
    }
    client.put("/me/budgets/EUR", json!({})).await.assert_problem(400, "field_missing");
    let answer = client.post("/me/vouchers", "k", json!({ "code": 5 })).await;
    answer.assert_problem(400, "wrong_type");
}

#[tokio::test]
async fn unknown_addresses_and_methods_are_problems_too() {
    let instance = sqlite().await;
    let stranger = Client::stranger(&instance.app);
    for path in ["", "/", "/none", "/me/", "/clicks/a/b", "/%2e%2e"] {
        stranger.get(path).await.assert_problem(404, "not_found");
    }
    stranger.get("/works/%ff").await.assert_problem(400, "malformed");
    for path in ["/api/", "/api/v2/me", "/api/v1", "/api/v1/"] {
        let request = Request::get(path).header("host", "127.0.0.1:8080");
        let answer = stranger.send(request.body(Body::empty()).unwrap()).await;
        answer.assert_problem(404, "not_found");
    }
    for (method, path) in [("DELETE", "/works"), ("OPTIONS", "/me"), ("TRACE", "/settlements")] {
        let answer = stranger.send(stranger.request(method, path).body(Body::empty()).unwrap());
        let answer = answer.await;
        answer.assert_problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "GET,HEAD", "{path}");
    }
    let request = stranger.request("GET", "/works").header("x-long", "y".repeat(20_000));
    let answer = stranger.send(request.body(Body::empty()).unwrap()).await;
    answer.assert_problem(431, "too_large");
    let request = Request::get("/api/v1/works").header("host", "evil.example");
    stranger.send(request.body(Body::empty()).unwrap()).await.assert_problem(421, "misdirected");
}

#[tokio::test]
async fn a_token_that_is_not_known_is_refused_everywhere() {
    let instance = sqlite().await;
    let (client, _) = Client::new(&instance.app, "ada").await;
    let zero = obole_domain::token::print(obole_domain::token::TokenKind::Personal, [0; 32]);
    for token in ["x", "", "obo_pt_", &"x".repeat(5_000), zero.as_str(), "a b"] {
        for path in ["/me", "/works", "/settlements"] {
            let request = Request::get(format!("/api/v1{path}")).header("host", "127.0.0.1:8080");
            let request = request.header("authorization", format!("Bearer {token}"));
            let answer = client.send(request.body(Body::empty()).unwrap()).await;
            answer.assert_problem(401, "token_unknown");
            assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"");
        }
    }
    for header in ["Basic YTpi", "Bearer", "obo_pt_x"] {
        let request = Request::get("/api/v1/me").header("host", "127.0.0.1:8080");
        let request = request.header("authorization", header);
        client
            .send(request.body(Body::empty()).unwrap())
            .await
            .assert_problem(401, "token_unknown");
    }
}

#[tokio::test]
async fn cookies_open_nothing() {
    for instance in engines().await {
        let (mut browser, _) = Browser::signed_in(&instance.app, "ada").await;
        let answer = browser.get("/api/v1/me").await;
        assert_eq!(answer.status.as_u16(), 401);
        assert_eq!(answer.header("set-cookie"), "");
        let request = browser.request("PUT", "/api/v1/me/budgets/EUR");
        let request = request.header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/json");
        let request = request.body(Body::from("{\"amount\": \"5\"}")).unwrap();
        assert_eq!(browser.send(request).await.status.as_u16(), 401);
    }
}

#[tokio::test]
async fn sentences_are_in_the_language_that_is_asked_for() {
    let instance = sqlite().await;
    let (client, _) = Client::new(&instance.app, "ada").await;
    let say = async |language: &str| {
        let request = client.request("GET", "/clicks?period=x").header("accept-language", language);
        client.send(request.body(Body::empty()).unwrap()).await
    };
    let french = say("fr-CH, en;q=0.5").await;
    assert!(french.text("detail").starts_with("Ce n’est pas un mois"), "{}", french.body);
    assert_eq!(french.body["errors"][0]["detail"], french.body["detail"]);
    assert!(say("de").await.text("detail").starts_with("This is not a month"));
    assert!(say("\u{e9}").await.text("detail").starts_with("This is not a month"));
}

#[tokio::test]
async fn six_hundred_requests_a_minute_are_enough() {
    let instance = sqlite().await;
    let ada = account(&instance.app, "ada").await;
    let client = Client::of(&instance.app, ada, "profile").await;
    for done in 1..=600 {
        let answer = client.get("/me").await;
        answer.ok(200);
        assert_eq!(answer.header("ratelimit-remaining"), (600 - done).to_string());
        let standing = format!("\"requests\";r={};t=60", 600 - done);
        assert_eq!(answer.header("ratelimit"), standing);
    }
    let answer = client.get("/me").await;
    answer.assert_problem(429, "too_many");
    assert_eq!(answer.header("ratelimit-policy"), "\"requests\";q=600;w=60");
    let classic = ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"];
    assert_eq!(classic.map(|name| answer.header(name)), ["600", "0", "60"]);
    assert_eq!(answer.header("retry-after"), "60");
    // Whoever has no token is counted apart.
    assert_eq!(client.with_token("").get("/works").await.status.as_u16(), 200);
    instance.at("2026-01-15T12:01:00Z");
    client.get("/me").await.ok(200);
}
