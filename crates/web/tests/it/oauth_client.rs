//! A client of the provider: it is registered, sends a browser to the consent page, and posts to
//! the endpoints.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use jiff::{SignedDuration, Timestamp};
use obole_app::App;
use obole_app::oauth::{self, NewClient};
use obole_app::testing::account;
use obole_domain::AccountId;
use obole_domain::client::{ClientKind, Redirect};
use obole_domain::pkce::Challenge;
use obole_web::address::with_query;
use serde_json::Value;
use tower::ServiceExt as _;

use crate::browser::{self, Browser, encode};

pub const VERIFIER: &str = "a-verifier-of-forty-three-letters-or-more-0123456789";
pub const CALLBACK: &str = "https://songs.example/callback";

/// A client that was registered.
#[derive(Clone)]
pub struct Registered {
    pub router: Router,
    pub id: String,
    pub secret: Option<String>,
    pub redirect: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub fn assert_fault(&self, status: u16, error: &str) {
        assert_eq!((self.status.as_u16(), self.text("error")), (status, error), "{}", self.body);
        assert!(self.text("error_description").ends_with('.'), "{}", self.body);
        assert_eq!(self.headers["cache-control"], "no-store");
    }

    pub fn ok(self) -> Self {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        assert_eq!(self.headers["cache-control"], "no-store");
        self
    }
}

impl Registered {
    pub async fn new(app: &App, owner: AccountId, kind: ClientKind, redirect: &str) -> Self {
        let new = NewClient {
            name: "Song player".to_owned(),
            site: "https://songs.example".to_owned(),
            kind,
            redirects: vec![Redirect::parse(redirect, kind).expect(redirect)],
        };
        let (id, secret) = oauth::register(app, owner, new).await.expect("registered");
        let router = obole_web::router(app.clone());
        Self { router, id: id.to_string(), secret, redirect: redirect.to_owned() }
    }

    /// A public client of a new developer.
    pub async fn public(app: &App) -> Self {
        let owner = account(app, "developer").await;
        Self::new(app, owner, ClientKind::Public, CALLBACK).await
    }

    /// The address of its request, with other values in some fields; empty ones are left out.
    pub fn asks(&self, other: &[(&str, &str)]) -> String {
        let challenge = Challenge::of(VERIFIER);
        let mut fields = vec![
            ("response_type", "code"),
            ("client_id", self.id.as_str()),
            ("redirect_uri", self.redirect.as_str()),
            ("scope", "profile click"),
            ("state", "the state"),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        for (name, value) in other {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        with_query("/oauth/authorize", &fields)
    }

    /// A code that the browser's account gave it.
    pub async fn code(&self, browser: &mut Browser, other: &[(&str, &str)]) -> String {
        let page = browser.get(&self.asks(other)).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let answer = browser.submit(&page, "/oauth/authorize", &[("answer", "yes")]).await;
        let code = answer_of(&answer, "code");
        assert!(!code.is_empty(), "{}", answer.header("location"));
        code
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("client_id", self.id.as_str())];
        all.extend(self.secret.as_deref().map(|secret| ("client_secret", secret)));
        for (name, value) in fields {
            all.retain(|(known, _)| known != name);
            all.push((name, value));
        }
        self.post_as(path, &all, None).await
    }

    /// Posts with what stands here only, and what the head says about the client.
    pub async fn post_as(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        basic: Option<(&str, &str)>,
    ) -> Answer {
        let mut request = Request::builder()
            .method("POST")
            .uri(path)
            .header("host", "127.0.0.1:8080")
            .header("content-type", "application/x-www-form-urlencoded");
        if let Some((id, secret)) = basic {
            let code = BASE64_STANDARD.encode(format!("{id}:{secret}"));
            request = request.header("authorization", format!("Basic {code}"));
        }
        self.send(request.body(Body::from(encode(fields))).expect("a request")).await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 1_000_000).await.expect("a body");
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Exchanges a code, with other values in some fields.
    pub async fn exchange(&self, code: &str, other: &[(&str, &str)]) -> Answer {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", self.redirect.as_str()),
            ("code_verifier", VERIFIER),
        ];
        for (name, value) in other {
            fields.retain(|(known, _)| known != name);
            fields.push((name, value));
        }
        fields.retain(|(_, value)| !value.is_empty());
        self.post("/oauth/token", &fields).await
    }

    pub async fn refresh(&self, refresh: &str, other: &[(&str, &str)]) -> Answer {
        let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", refresh)];
        fields.extend(other);
        self.post("/oauth/token", &fields).await
    }

    /// The access and the refresh token that it gets from the browser's account.
    pub async fn tokens(&self, browser: &mut Browser) -> (String, String) {
        let code = self.code(browser, &[]).await;
        let answer = self.exchange(&code, &[]).await.ok();
        (answer.text("access_token").to_owned(), answer.text("refresh_token").to_owned())
    }
}

/// A value of the answer that a browser is sent on with.
pub fn answer_of(answer: &browser::Answer, name: &str) -> String {
    let location = answer.header("location");
    let query = location.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let found = pairs.into_iter().find(|(found, _)| *found == name);
    found.map_or_else(String::new, |(_, value)| value.replace("%20", " ").replace('+', " "))
}

/// Where answers say that they come from.
pub const ISSUER: &str = "http%3A%2F%2F127.0.0.1%3A8080";

/// Moves the instance's clock on.
pub fn wait(app: &App, seconds: i64) {
    let later = app.now().checked_add(SignedDuration::from_secs(seconds));
    app.clock().set(later.unwrap_or(Timestamp::MAX));
}

/// Whether a token opens the API.
pub async fn opens(app: &App, token: &str) -> bool {
    let client = crate::api_client::Client::stranger(app).with_token(token);
    let answer = client.get("/me").await;
    assert!([200, 401].contains(&answer.status.as_u16()), "{}", answer.body);
    answer.status == StatusCode::OK
}
