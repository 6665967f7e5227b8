//! The API as scripts in browsers ask it: from any origin, without cookies.

use axum::body::Body;
use obole_app::testing::sqlite;
use serde_json::json;

use crate::api_client::Client;

const EXTENSION: &str = "chrome-extension://abcdefghijklmnopabcdefghijklmnop";

/// Asks as a browser does before it sends a request with a token.
fn question(client: &Client, path: &str) -> axum::http::Request<Body> {
    let question = client.request("OPTIONS", path).header("origin", EXTENSION);
    let question = question.header("access-control-request-method", "POST");
    let wanted = "authorization,content-type,idempotency-key";
    question.header("access-control-request-headers", wanted).body(Body::empty()).expect("valid")
}

#[tokio::test]
async fn a_browser_is_told_that_scripts_may_ask() {
    let instance = sqlite().await;
    let stranger = Client::stranger(&instance.app);
    for path in ["/clicks", "/works/prefix/8198d", "/me/budgets/EUR"] {
        let answer = stranger.send(question(&stranger, path)).await;
        assert_eq!(answer.status.as_u16(), 204, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        for header in ["authorization", "content-type", "idempotency-key", "accept-language"] {
            assert!(answer.header("access-control-allow-headers").contains(header), "{header}");
        }
        assert!(answer.header("access-control-allow-methods").contains("DELETE"));
    }
}

#[tokio::test]
async fn scripts_may_read_answers_and_refusals() {
    let instance = sqlite().await;
    let (client, _) = Client::new(&instance.app, "ada").await;
    let body = || Body::from(json!({ "url": "https://example.org/" }).to_string());
    let click = || {
        let request = client.request("POST", "/clicks").header("origin", EXTENSION);
        let request = request.header("idempotency-key", "k");
        request.header("content-type", "application/json").body(body()).expect("valid")
    };
    client.send(click()).await.ok(201);
    let again = client.send(click()).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    let stranger = Client::stranger(&instance.app);
    for answer in [again, stranger.get("/me").await, stranger.get("/nothing").await] {
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(answer.header("access-control-expose-headers").contains("retry-after"));
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
    }
}

#[tokio::test]
async fn a_cookie_still_opens_nothing() {
    let instance = sqlite().await;
    let stranger = Client::stranger(&instance.app);
    let request = stranger.request("GET", "/me").header("origin", EXTENSION);
    let request = request.header("cookie", "__Host-obole=0123456789abcdef");
    let answer = stranger.send(request.body(Body::empty()).expect("valid")).await;
    answer.assert_problem(401, "token_missing");
}

#[tokio::test]
async fn pages_are_for_this_origin_only() {
    let instance = sqlite().await;
    let router = obole_web::router(instance.app.clone());
    for path in ["/", "/how", "/sign-in", "/month"] {
        let request = axum::http::Request::get(path).header("host", "127.0.0.1:8080");
        let request = request.header("origin", EXTENSION).body(Body::empty()).expect("valid");
        let answer = tower::ServiceExt::oneshot(router.clone(), request).await.expect("an answer");
        assert!(!answer.headers().contains_key("access-control-allow-origin"), "{path}");
    }
}
