//! A program over the router: it sends JSON with a token and reads what comes back.

use std::sync::OnceLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use obole_app::App;
use obole_app::audit_log::Actor;
use obole_app::testing::account;
use obole_app::tokens::{self, NewToken};
use obole_domain::token::Scope;
use obole_domain::{AccountId, Currency, Micros, Money};
use serde_json::{Value, json};
use tower::ServiceExt as _;

/// Compares JSON with what stands in the test, which is the same on both engines.
macro_rules! assert_shape {
    ($value:expr, @$shape:literal) => {{
        let value = $crate::api_client::sorted($value);
        insta::allow_duplicates! { insta::assert_json_snapshot!(value, @$shape) }
    }};
}
pub(crate) use assert_shape;

/// Everything that a personal token can be allowed.
pub const ALL: &str =
    "profile email click clicks:read stats:read works:write webhooks wallet budget settings";

#[derive(Clone)]
pub struct Client {
    router: Router,
    token: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Client {
    /// A client without a token.
    pub fn stranger(app: &App) -> Self {
        Self { router: obole_web::router(app.clone()), token: String::new() }
    }

    /// A client of an account with a token for these scopes.
    pub async fn of(app: &App, account: AccountId, scopes: &str) -> Self {
        let scopes = Scope::parse_list(scopes).expect("scopes");
        let new = NewToken { name: "Test".to_owned(), scopes };
        let token = tokens::create(app, Actor::CommandLine, account, new).await.expect("a token");
        Self { token, ..Self::stranger(app) }
    }

    /// A client of a new account that is allowed everything.
    pub async fn new(app: &App, handle: &str) -> (Self, AccountId) {
        let id = account(app, handle).await;
        (Self::of(app, id, ALL).await, id)
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// The same client asking another node.
    pub fn on(&self, app: &App) -> Self {
        Self { router: obole_web::router(app.clone()), token: self.token.clone() }
    }

    pub fn with_token(&self, token: &str) -> Self {
        Self { token: token.to_owned(), ..self.clone() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).expect("a request")).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request("DELETE", path).body(Body::empty()).expect("a request")).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send_json(self.request("PUT", path), body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send_json(self.request("PATCH", path), body).await
    }

    /// Posts under an idempotency key.
    pub async fn post(&self, path: &str, key: &str, body: Value) -> Answer {
        self.send_json(self.request("POST", path).header("idempotency-key", key), body).await
    }

    /// Gives one point under the address as key.
    pub async fn click(&self, url: &str) -> Answer {
        self.post("/clicks", url, json!({ "url": url })).await
    }

    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("host", "127.0.0.1:8080");
        if self.token.is_empty() {
            return request;
        }
        request.header("authorization", format!("Bearer {}", self.token))
    }

    async fn send_json(&self, request: axum::http::request::Builder, body: Value) -> Answer {
        let request = request.header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).expect("a request")).await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let asked = (request.method().to_string(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10_000_000).await.expect("a body");
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            let text = String::from_utf8_lossy(&bytes);
            serde_json::from_slice(&bytes)
                .unwrap_or_else(|_| panic!("not JSON: {} {text}", parts.status))
        };
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        assert_described(&asked.0, &asked.1, &answer);
        answer
    }
}

/// The description of the API, as it is served.
fn description() -> &'static Value {
    static DESCRIPTION: OnceLock<Value> = OnceLock::new();
    let read = || serde_json::from_slice(obole_web::api::description::text()).expect("JSON");
    DESCRIPTION.get_or_init(read)
}

/// What a reference in the description leads to, or the value itself.
pub fn resolved(value: &'static Value) -> &'static Value {
    let Some(reference) = value.get("$ref").and_then(Value::as_str) else { return value };
    let place = reference.trim_start_matches('#');
    description().pointer(place).unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

/// The operation of a request; none where the address or the method is not the API's.
pub fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let path = path.strip_prefix("/api/v1")?;
    let is_like = |template: &str| {
        let (mut parts, mut wanted) = (path.split('/'), template.split('/'));
        let is_same = wanted.by_ref().all(|part| {
            parts.next().is_some_and(|own| part == own || part.starts_with('{') && !own.is_empty())
        });
        is_same && parts.next().is_none()
    };
    let paths = description()["paths"].as_object().expect("paths");
    let exact = paths.get(path);
    let found = exact.or_else(|| paths.iter().find(|(path, _)| is_like(path)).map(|(_, all)| all));
    found?.get(method.to_lowercase())
}

/// Checks that the description names the status of an answer, and the code of a problem.
fn assert_described(method: &str, path: &str, answer: &Answer) {
    let Some(operation) = operation(method, path) else { return };
    let status = answer.status.as_str();
    let described = operation["responses"].get(status);
    let described = described.unwrap_or_else(|| panic!("{method} {path}: {status} undescribed"));
    let Some(code) = answer.body.get("code").and_then(Value::as_str) else { return };
    if answer.header("content-type") != "application/problem+json" {
        return;
    }
    let schema = &resolved(described)["content"]["application/problem+json"]["schema"];
    let schema = resolved(schema);
    let codes = schema["allOf"][1]["properties"]["code"]["enum"].as_array().expect("codes");
    assert!(codes.contains(&json!(code)), "{method} {path}: {status} {code} is not described");
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    pub fn text(&self, name: &str) -> &str {
        self.body
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no {name} in {}", self.body))
    }

    /// The body of a success, ids made plain.
    pub fn ok(&self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        plain(self.body.clone())
    }

    /// Checks that it is a problem with all that one has.
    pub fn assert_problem(&self, status: u16, code: &str) {
        assert_eq!((self.status.as_u16(), self.text("code")), (status, code), "{}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.body.get("status"), Some(&json!(status)));
        let page = format!("/api/problems#{code}");
        assert!(self.text("type").ends_with(&page), "{}", self.text("type"));
        assert!(!self.text("title").is_empty() && self.text("detail").ends_with('.'));
        assert_eq!(self.text("request_id"), self.header("x-request-id"));
        assert!(self.body.get("errors").is_some_and(Value::is_array));
        let waits = [429, 503].contains(&status) || code == "still_running";
        assert_eq!(self.headers.contains_key("retry-after"), waits, "{:?}", self.headers);
    }
}

/// The value with each id written as `[id]`.
pub fn plain(value: Value) -> Value {
    match value {
        Value::String(text) if uuid::Uuid::try_parse(&text).is_ok() && text.len() == 36 => {
            json!("[id]")
        }
        Value::Array(items) => items.into_iter().map(plain).collect(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, plain(value))).collect())
        }
        other => other,
    }
}

/// The value with each amount of money on one line, for long shapes.
pub fn brief(value: Value) -> Value {
    match value {
        Value::Object(fields) if fields.len() == 2 && fields.contains_key("amount") => {
            let text = |name| fields.get(name).and_then(Value::as_str).unwrap_or_default();
            json!(format!("{} {}", text("amount"), text("currency")))
        }
        Value::Array(items) => items.into_iter().map(brief).collect(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, brief(value))).collect())
        }
        other => other,
    }
}

/// So many euros.
pub fn euros(units: i64) -> Money {
    Money::new(Micros::units(units), Currency::EUR)
}

/// A value with its keys in order: whether a map keeps the order of its making depends on what
/// else is built with it.
pub fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<_> = map.into_iter().collect();
            pairs.sort_by(|one, other| one.0.cmp(&other.0));
            pairs.into_iter().map(|(key, value)| (key, sorted(value))).collect()
        }
        Value::Array(values) => values.into_iter().map(sorted).collect(),
        other => other,
    }
}
