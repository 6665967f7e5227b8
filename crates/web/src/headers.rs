//! What every answer says to the browser (W4), and the host name that is answered at all (W6).

use std::net::SocketAddr;
use std::sync::LazyLock;

use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::Response;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use obole_app::App;
use sha2::{Digest as _, Sha256};

use crate::address::{is_https, is_own_host};
use crate::problem::Problem;
use crate::visitor::Visitor;
use crate::{assets, csrf, flattr};

/// The address that the instance really listens on, where a server says so.
#[derive(Clone, Copy, Debug)]
pub struct Listening(pub SocketAddr);

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; \
    frame-ancestors 'none'; base-uri 'none'";

/// The same for a page with the style and the script of the giving window in it: these two texts
/// are allowed by their hashes, and nothing else inline (docs/decisions/0054).
pub fn window_policy() -> &'static HeaderValue {
    static WINDOW: LazyLock<HeaderValue> = LazyLock::new(|| {
        let allow = |kind: &str, text: &str| {
            let hash = BASE64_STANDARD.encode(Sha256::digest(text));
            format!("{kind}-src 'self' 'sha256-{hash}'")
        };
        let policy = POLICY.replace("script-src 'self'", &allow("script", assets::WINDOW_SCRIPT));
        let policy = policy.replace("style-src 'self'", &allow("style", assets::WINDOW_STYLE));
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static(POLICY))
    });
    &WINDOW
}

/// The same for a page whose form may lead on to an address of others: browsers look at where an
/// answer to a form leads, too. None where the source cannot stand in a header.
pub fn leading_to(source: &str) -> Option<HeaderValue> {
    // A policy cannot name an address of IPv6.
    let source = if source.contains('[') { "http:" } else { source };
    let action = format!("form-action 'self' {source}");
    HeaderValue::try_from(POLICY.replace("form-action 'self'", &action)).ok()
}

const PERMISSIONS: &str = "accelerometer=(), autoplay=(), bluetooth=(), browsing-topics=(), \
    camera=(), display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), \
    geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), magnetometer=(), \
    microphone=(), midi=(), payment=(), picture-in-picture=(), screen-wake-lock=(), serial=(), \
    usb=(), web-share=(), xr-spatial-tracking=(), publickey-credentials-create=(self), \
    publickey-credentials-get=(self)";

const DEFAULTS: [(HeaderName, &str); 9] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
    (HeaderName::from_static("x-permitted-cross-domain-policies"), "none"),
];

/// Adds the headers that an answer does not set otherwise.
pub async fn add(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in DEFAULTS {
        set_missing(headers, name, value);
    }
    if is_https(app.config()) {
        set_missing(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Sets a header where there is none.
pub fn set_missing(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}

/// The most bytes of a request's head (security.md section 12).
const HEAD_MAX: usize = 16 * 1024;

/// Whether a request's head is larger than is taken in.
#[must_use]
pub fn is_head_too_large(headers: &HeaderMap, uri: &Uri) -> bool {
    let lines = headers.iter().map(|(name, value)| name.as_str().len() + value.len());
    let query = uri.path_and_query().map_or(0, |path| path.as_str().len());
    lines.sum::<usize>() + query > HEAD_MAX
}

/// Answers only under the instance's own name (W6), and only requests with a head of reasonable
/// size. The probes of a machine that watches the instance know its address only.
pub async fn check_request(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let listening = parts.extensions.get::<Listening>().map(|listening| listening.0.port());
    let is_probe = matches!(parts.uri.path(), "/healthz" | "/readyz");
    let host = csrf::host(&parts.headers, &parts);
    if !is_probe && !is_own_host(app.config(), host, listening) {
        return refuse(&app, &parts, &Problem::misdirected());
    }
    if is_head_too_large(&parts.headers, &parts.uri) {
        let too_large = Problem::of_status(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
        return refuse(&app, &parts, &too_large);
    }
    next.run(Request::from_parts(parts, body)).await
}

/// Programs are answered as the API answers, everybody else with a page.
fn refuse(app: &App, parts: &Parts, problem: &Problem) -> Response {
    let visitor = Visitor::stranger(app, parts);
    if parts.uri.path().starts_with(flattr::ROOT) {
        let fault = flattr::Fault::from(problem.clone());
        return fault.answer(visitor.language, &app.config().base_url());
    }
    if parts.uri.path().starts_with("/api/") {
        return problem.json(
            &visitor.app.config().base_url(),
            visitor.language,
            &visitor.request_id,
        );
    }
    problem.page(&visitor)
}
