//! What stands around the routes: time limits, request numbers, the log of requests.

use std::any::Any;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use obole_app::App;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::api;
use crate::headers;
use crate::measures;
use crate::problem::Problem;
use crate::visitor::{ForAll, RequestNumber};

/// How long an answer may take (security.md section 12).
const ANSWER: Duration = Duration::from_secs(30);

/// What stands around all routes, pages or not.
pub(crate) fn around(router: Router, app: &App) -> Router {
    router
        .layer(from_fn_with_state(app.clone(), headers::check_request))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), headers::add))
        .layer(CatchPanicLayer::custom(caught))
        .layer(from_fn_with_state(app.clone(), number))
}

/// What stands around the handlers of one group, inside its frame: a panic or a slow answer
/// becomes a problem.
pub(crate) fn inside(router: Router<App>) -> Router<App> {
    router
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, ANSWER))
        .layer(CatchPanicLayer::custom(caught))
}

fn caught(_: Box<dyn Any + Send + 'static>) -> Response {
    Problem::internal("a handler panicked").into_response()
}

/// Gives each request a number, and logs it without its query (P4).
async fn number(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let begun = app.now();
    let id = app.chance().id(begun).to_string();
    request.extensions_mut().insert(RequestNumber(id.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let is_for_all = request.extensions().get::<ForAll>().is_some();
    let started = Instant::now();
    let mut response = next.run(request).await;
    measures::made(&path, (response.status(), is_for_all), started.elapsed());
    if leaves_a_line(&path) {
        let milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let status = response.status().as_u16();
        let path = without_secret(&path);
        tracing::info!(%method, path, status, milliseconds, request = id, "answered");
    }
    if let Ok(value) = HeaderValue::try_from(id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// What leaves no line: what a button loads (B1), and which pages clients ask about.
const SILENT_PATHS: [&str; 5] =
    ["/button/", "/button.", "/js/0.", api::work_prefixes::PATH, "/rest/v2/things/lookup"];

fn leaves_a_line(path: &str) -> bool {
    !SILENT_PATHS.iter().any(|prefix| path.starts_with(prefix))
}

/// Addresses whose last part is a secret.
const SECRET_PATHS: [&str; 11] = [
    "/confirm/",
    "/reset/",
    "/set-up/",
    "/feed/private/",
    "/invitation/",
    "/team-invitation/",
    "/waiting/",
    "/export/",
    "/deletion/",
    "/appeal/",
    "/letters/",
];

/// A path as the log may keep it: links that came by mail open accounts (S1), that of a private
/// feed shows what somebody gives.
fn without_secret(path: &str) -> &str {
    SECRET_PATHS.into_iter().find(|prefix| path.starts_with(prefix)).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_look_at_leaves_no_line() {
        for path in [
            "/button/small.svg",
            "/button/count",
            "/button.js",
            "/api/v1/works/prefix/8198d",
            "/js/0.6/load.js",
            "/rest/v2/things/lookup/q/https%3A%2F%2Fa.example%2F",
        ] {
            assert!(!leaves_a_line(path), "{path}");
        }
        for path in ["/", "/buttons", "/month", "/api/v1/works", "/api/v1/clicks"] {
            assert!(leaves_a_line(path), "{path}");
        }
    }

    #[test]
    fn the_log_keeps_no_link_that_opens_something() {
        assert_eq!(without_secret("/reset/0123456789abcdef"), "/reset/");
        assert_eq!(without_secret("/set-up/0123456789abcdef"), "/set-up/");
        assert_eq!(without_secret("/confirm/0123456789abcdef"), "/confirm/");
        assert_eq!(without_secret("/feed/private/0123456789abcdef"), "/feed/private/");
        for path in ["/invitation/", "/team-invitation/", "/waiting/", "/export/", "/deletion/"] {
            assert_eq!(without_secret(&format!("{path}0123456789abcdef")), path);
        }
        assert_eq!(without_secret("/feed/works"), "/feed/works");
        assert_eq!(without_secret("/reset"), "/reset");
        assert_eq!(without_secret("/settings/tokens"), "/settings/tokens");
    }
}
