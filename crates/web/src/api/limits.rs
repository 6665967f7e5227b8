//! How many requests are left, said with every answer (decision 0082).

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use obole_app::limits::API;

use crate::api::caller::Caller;

/// The name of the limit in the headers.
const NAME: &str = "requests";

/// The headers that say so.
pub const HEADERS: [&str; 5] =
    ["ratelimit-policy", "ratelimit", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"];

/// Says where the caller stands. Nothing where nothing is limited, or where only the database
/// knows.
pub async fn say(caller: &Caller, headers: &mut HeaderMap) {
    let app = &caller.app;
    if app.config().limits.off {
        return;
    }
    let standing = app.requests().standing(&caller.subject(), app.now()).await;
    let Some(standing) = standing else { return };
    let (left, seconds) = (standing.left, standing.seconds);
    let values = [
        format!("\"{NAME}\";q={};w={}", API.count, API.seconds),
        format!("\"{NAME}\";r={left};t={seconds}"),
        API.count.to_string(),
        left.to_string(),
        seconds.to_string(),
    ];
    for (name, value) in HEADERS.into_iter().zip(values) {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}
