//! A program that was written for Flattr: it sends whatever bodies and heads it likes.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use obole_app::App;
use obole_app::audit_log::Actor;
use obole_app::budgets;
use obole_app::testing::{account, fund, own};
use obole_app::tokens::{self, NewToken};
use obole_domain::token::Scope;
use obole_domain::{AccountId, WorkId};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::api_client::euros;

/// The scopes that stand for all of Flattr's.
pub const ALL: &str = "profile email click clicks:read stats:read works:write";

/// The page of Bob's in tests.
pub const SONG: &str = "https://bob.example/song";

#[derive(Clone)]
pub struct Program {
    router: Router,
    pub token: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub body: Value,
}

impl Answer {
    #[track_caller]
    pub fn ok(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    #[track_caller]
    pub fn assert_fault(&self, status: u16, error: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.body["error"], error, "{}", self.text);
        for name in ["error_description", "error_uri"] {
            let text = self.body[name].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{name}: {}", self.text);
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The ids of a list of things.
    pub fn ids(&self) -> Vec<i64> {
        let things = self.body.as_array().expect("a list").iter();
        things.map(|thing| thing["id"].as_i64().expect("a number")).collect()
    }
}

impl Program {
    pub fn stranger(app: &App) -> Self {
        Self { router: obole_web::router(app.clone()), token: String::new() }
    }

    pub async fn of(app: &App, account: AccountId, scopes: &str) -> Self {
        let scopes = Scope::parse_list(scopes).expect("scopes");
        let new = NewToken { name: "Old program".to_owned(), scopes };
        let token = tokens::create(app, Actor::CommandLine, account, new).await.expect("a token");
        Self { token, ..Self::stranger(app) }
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder().method(method).uri(path).header("host", "127.0.0.1:8080");
        if self.token.is_empty() {
            return request;
        }
        request.header("authorization", format!("Bearer {}", self.token))
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10_000_000).await.expect("a body");
        let text = String::from_utf8(bytes.to_vec()).expect("text");
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, text, body }
    }

    pub async fn call(&self, method: &str, path: &str) -> Answer {
        let request = self.request(method, &format!("/rest/v2{path}"));
        self.send(request.body(Body::empty()).expect("a request")).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.call("GET", path).await
    }

    pub async fn post(&self, path: &str) -> Answer {
        self.call("POST", path).await
    }

    /// Sends a body of a kind, or of none where that is empty.
    pub async fn with_body(&self, method: &str, path: &str, sent: (&str, &str)) -> Answer {
        let (kind, body) = sent;
        let mut request = self.request(method, &format!("/rest/v2{path}"));
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        self.send(request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    pub async fn post_json(&self, path: &str, body: Value) -> Answer {
        self.with_body("POST", path, ("application/json", &body.to_string())).await
    }

    pub async fn post_form(&self, path: &str, body: &str) -> Answer {
        self.with_body("POST", path, (FORM, body)).await
    }

    /// Submits a page and gives its number.
    pub async fn submit(&self, url: &str, title: &str) -> i64 {
        let answer = self.post_json("/things", json!({ "url": url, "title": title })).await;
        answer.ok(201).body["id"].as_i64().expect("a number")
    }
}

pub const FORM: &str = "application/x-www-form-urlencoded";

/// Ada gives and has the money for it; Bob controls [`SONG`].
pub struct World {
    pub ada: Program,
    pub ada_id: AccountId,
    pub bob: Program,
    pub bob_id: AccountId,
    pub stranger: Program,
    /// Bob's work, and its number.
    pub song: WorkId,
    pub number: i64,
}

impl World {
    pub async fn new(app: &App) -> Self {
        let (ada_id, bob_id) = (account(app, "ada").await, account(app, "bob").await);
        fund(app, ada_id, euros(10)).await;
        budgets::set(app, ada_id, euros(6)).await.expect("a budget");
        let song = own(app, bob_id, SONG).await;
        let (ada, bob) = (Program::of(app, ada_id, ALL).await, Program::of(app, bob_id, ALL).await);
        let bobs = bob.get("/user/things").await.ok(200).ids();
        let number = *bobs.first().expect("the song");
        Self { ada, ada_id, bob, bob_id, stranger: Program::stranger(app), song, number }
    }

    /// The path of Bob's work, with something behind it.
    pub fn path(&self, rest: &str) -> String {
        format!("/things/{}{rest}", self.number)
    }
}
