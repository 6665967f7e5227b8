//! The loader of Flattr's old buttons, and the small pictures that pages link to
//! (research/flattr-api-v2.md sections 11.1 to 11.4 and 11.7). The pictures are ours.

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::embed::{FOR_ALL, old_badges, open_to_all};

const SOURCE: &str = include_str!("../../static/flattr-load.js");

/// `GET /js/0.6/load.js`, `GET /js/0.5/load.js`
pub async fn script() -> Response {
    answer("text/javascript; charset=utf-8", SOURCE.as_bytes())
}

static LARGE: LazyLock<Vec<u8>> = LazyLock::new(old_badges::large);
static SMALL: LazyLock<Vec<u8>> = LazyLock::new(old_badges::small);
static TALL: LazyLock<Vec<u8>> = LazyLock::new(old_badges::tall);

/// `GET /button/flattr-badge-large.png`
pub async fn large() -> Response {
    answer("image/png", &LARGE)
}

/// `GET /button/flattr-badge-small.png`, `GET /_img/icons/flattr_logo_16.png`
pub async fn small() -> Response {
    answer("image/png", &SMALL)
}

/// `GET /button/button-static-50x60.png`
pub async fn tall() -> Response {
    answer("image/png", &TALL)
}

fn answer(kind: &'static str, bytes: &'static [u8]) -> Response {
    let headers: [(HeaderName, &str); 2] = [(CONTENT_TYPE, kind), (CACHE_CONTROL, FOR_ALL)];
    let mut response = (StatusCode::OK, headers, bytes).into_response();
    open_to_all(response.headers_mut());
    response
}
