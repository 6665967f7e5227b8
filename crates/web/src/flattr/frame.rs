//! What stands around every call of the old API: odd addresses and bodies become plain ones, the
//! token is looked up, requests are counted, faults are said in Flattr's words
//! (research/flattr-api-v2.md sections 2 to 5).

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, AUTHORIZATION, CACHE_CONTROL,
    CONTENT_LENGTH, CONTENT_TYPE, VARY,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use obole_app::App;
use obole_app::limits::FLATTR;
use tokio::time::timeout;
use tower::ServiceExt as _;

use super::ROOT;
use super::asked::{Asked, Format};
use super::fault::Fault;
use super::fields::Fields;
use crate::api::caller::{Caller, Proof};
use crate::form::{BODY_MAX, BODY_WAIT};
use crate::headers::set_missing;

/// Scripts of every site may ask, without cookies, and script tags may load what is made for them
/// (section 2.4).
const CORS: [(HeaderName, &str); 6] = [
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE"),
    (ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, accept, x-requested-with"),
    (
        ACCESS_CONTROL_EXPOSE_HEADERS,
        "x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-current, x-ratelimit-reset, \
         location, retry-after, www-authenticate",
    ),
    (ACCESS_CONTROL_MAX_AGE, "7200"),
];

/// Answers a call.
pub async fn answer(app: App, calls: Router, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let mut caller = Caller::stranger(&app, &parts);
    let mut response = match parts.method {
        Method::OPTIONS => StatusCode::NO_CONTENT.into_response(),
        _ => match call(&mut caller, calls, (&parts, body)).await {
            Ok(response) => response,
            Err(fault) => fault.into_response(),
        },
    };
    if let Some(fault) = Fault::taken(&mut response) {
        response = fault.answer(caller.language, &app.config().base_url());
    }
    let query = Fields::of_query(parts.uri.query().unwrap_or_default());
    if let Some(name) = script_name(&parts.method, &query) {
        response = as_script(response, name).await;
    }
    let headers = response.headers_mut();
    for (name, value) in CORS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    set_missing(headers, CACHE_CONTROL, "no-store");
    headers.append(VARY, HeaderValue::from_static("authorization, accept-language, accept"));
    if parts.method != Method::OPTIONS {
        add_rates(&caller, headers).await;
    }
    response
}

async fn call(
    caller: &mut Caller,
    calls: Router,
    (parts, body): (&Parts, Body),
) -> Result<Response, Fault> {
    let whole = parts.uri.path();
    let path = whole.strip_prefix(ROOT).unwrap_or(whole);
    let (path, suffix) = plain_path(path)?;
    let query = parts.uri.query().unwrap_or_default();
    let proved = prove(caller, &parts.headers, &Fields::of_query(query)).await;
    let is_counted = path != "/rate_limit" && !caller.app.config().limits.off;
    if is_counted {
        let subject = caller.subject();
        caller.app.flattr_requests().count(&caller.app, subject).await?;
    }
    proved?;
    let fields = read_fields(parts, body, query).await?;
    if fields.list.is_some() && path != "/flattr/bulk" {
        return Err(Fault::malformed());
    }
    // An old form of the token (bearer draft 08).
    if let Some(token) = fields.find("access_token").filter(|_| caller.grant.is_none()) {
        caller.prove_token(token, Proof::Database).await?;
    }
    let method = method_of(&parts.method, &fields);
    let format = suffix.unwrap_or_else(|| Format::of_headers(&parts.headers));
    let is_script = script_name(&parts.method, &Fields::of_query(query)).is_some();
    let fields = Arc::new(fields);
    let asked = Asked { caller: caller.clone(), fields, format, is_script };
    let mut request = Request::builder().method(method).uri(uri(path)?);
    if let Some(extensions) = request.extensions_mut() {
        extensions.insert(asked);
    }
    let request = request.body(Body::empty()).map_err(|_| Fault::malformed())?;
    let Ok(response) = calls.oneshot(request).await;
    Ok(response)
}

/// A path without the slash and the suffix at its end. What a lookup carries in its path is an
/// address of its own, and stays as it is.
fn plain_path(path: &str) -> Result<(&str, Option<Format>), Fault> {
    if path.starts_with("/things/lookup/q/") {
        return Ok((path, None));
    }
    let (path, format) = Format::of_path(path.trim_end_matches('/'))?;
    let path = path.trim_end_matches('/');
    Ok((if path.is_empty() { "/" } else { path }, format))
}

fn uri(path: &str) -> Result<Uri, Fault> {
    path.parse().map_err(|_| Fault::route_missing())
}

async fn prove(caller: &mut Caller, headers: &HeaderMap, query: &Fields) -> Result<(), Fault> {
    let line = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let scheme = line.and_then(|line| line.split(' ').next()).unwrap_or_default();
    // Old libraries send their client's id and secret where they have no token: a known program,
    // and nobody who gives.
    if line.is_some() && !scheme.eq_ignore_ascii_case("basic") {
        return Ok(caller.prove(headers, Proof::Database).await?);
    }
    match query.find("access_token") {
        Some(token) => Ok(caller.prove_token(token, Proof::Database).await?),
        None => Ok(()),
    }
}

async fn read_fields(parts: &Parts, body: Body, query: &str) -> Result<Fields, Fault> {
    // What comes with these means nothing (section 2.1).
    if matches!(parts.method, Method::GET | Method::HEAD | Method::DELETE) {
        return Ok(Fields::of_query(query));
    }
    let read = timeout(BODY_WAIT, to_bytes(body, BODY_MAX)).await;
    let bytes = read.map_err(|_| Fault::malformed())?.map_err(|_| Fault::malformed())?;
    Fields::read(&parts.headers, &bytes, query)
}

/// The method that is meant: libraries without PATCH name it in a field.
fn method_of(method: &Method, fields: &Fields) -> Method {
    if *method != Method::POST {
        return method.clone();
    }
    match fields.get("_method").to_ascii_lowercase().as_str() {
        "patch" => Method::PATCH,
        "put" => Method::PUT,
        "delete" => Method::DELETE,
        _ => Method::POST,
    }
}

/// The function that a script tag wants called, if it is a name and nothing else.
fn script_name<'a>(method: &Method, query: &'a Fields) -> Option<&'a str> {
    let name = query.find("jsonp").filter(|_| *method == Method::GET)?;
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"_.$".contains(&byte);
    (!name.is_empty() && name.len() <= 100 && name.bytes().all(is_letter)).then_some(name)
}

/// An answer as a call of a function. Always 200: a script tag reads nothing else.
async fn as_script(response: Response, name: &str) -> Response {
    let (mut parts, body) = response.into_parts();
    let json = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let json = if json.is_empty() { "null".into() } else { json };
    parts.status = StatusCode::OK;
    parts.headers.remove(CONTENT_LENGTH);
    let kind = HeaderValue::from_static("text/javascript; charset=utf-8");
    parts.headers.insert(CONTENT_TYPE, kind);
    // JSON may hold these two, and old engines end a line at them.
    let json = String::from_utf8_lossy(&json);
    let json = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    Response::from_parts(parts, Body::from(format!("/**/{name}({json});")))
}

/// How many requests the limit allows and how many were made (section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Allowed in the period.
    pub limit: i64,
    /// Made in it.
    pub current: i64,
    /// When it ends, as Unix time.
    pub reset: i64,
}

impl Rates {
    /// Those of who asks.
    pub async fn of(caller: &Caller) -> Self {
        let (counter, now) = (caller.app.flattr_requests(), caller.app.now());
        let standing = counter.standing(&caller.subject(), now).await;
        let limit = FLATTR.count;
        let left = standing.map_or(limit, |standing| standing.left);
        Self { limit, current: limit - left, reset: FLATTR.ends(now).as_second() }
    }

    /// How many are left.
    pub fn remaining(self) -> i64 {
        self.limit - self.current
    }
}

async fn add_rates(caller: &Caller, headers: &mut HeaderMap) {
    let rates = Rates::of(caller).await;
    for (name, value) in [
        ("x-ratelimit-limit", rates.limit),
        ("x-ratelimit-remaining", rates.remaining()),
        ("x-ratelimit-current", rates.current),
        ("x-ratelimit-reset", rates.reset),
    ] {
        headers.insert(name, HeaderValue::from(value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_paths_become_plain_ones() {
        for (path, plain, format) in [
            ("", "/", None),
            ("/", "/", None),
            ("/things/", "/things", None),
            ("/categories.txt", "/categories", Some(Format::Text)),
            ("/user.json/", "/user", Some(Format::Json)),
            ("/users/ada/activities.as", "/users/ada/activities", Some(Format::Stream)),
            ("/things/3,1,2/", "/things/3,1,2", None),
            ("/things/lookup/q/https%3A%2F%2Fa.example%2Fb.json/", "", None),
        ] {
            let plain = if plain.is_empty() { path } else { plain };
            assert_eq!(plain_path(path), Ok((plain, format)), "{path}");
        }
        assert_eq!(plain_path("/user.xml").map_err(|fault| fault.error), Err("not_acceptable"));
    }

    #[test]
    fn a_script_calls_a_name_only() {
        let name =
            |query: &str| script_name(&Method::GET, &Fields::of_query(query)).map(str::to_owned);
        assert_eq!(name("jsonp=a.b_C$1"), Some("a.b_C$1".to_owned()));
        for query in ["", "jsonp=", "jsonp=alert(1)", "jsonp=a%0Ab", "jsonp=%3Cscript%3E"] {
            assert_eq!(name(query), None, "{query}");
        }
        assert_eq!(script_name(&Method::POST, &Fields::of_query("jsonp=a")), None);
    }
}
