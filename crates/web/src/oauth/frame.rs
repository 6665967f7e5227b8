//! What stands around the endpoints: requests are counted, and whatever goes wrong is said in the
//! protocol's words.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, PRAGMA};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use obole_app::App;
use obole_language::Language;

use super::fault::Fault;
use crate::problem::Problem;
use crate::visitor::client_address;

/// The language in which a program is answered.
pub fn language(parts: &Parts) -> Language {
    let asked = parts.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Language::negotiate(asked.unwrap_or_default())
}

/// The frame of the endpoints.
pub async fn answer(State(app): State<App>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let (language, address) = (language(&parts), client_address(app.config(), &parts));
    let is_counted = !app.config().limits.off && !address.is_empty();
    if is_counted {
        let subject = app.address_subject(&address);
        if let Err(error) = app.requests().count(&app, subject).await {
            return Fault::from(error).answer(language);
        }
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Fault::from(problem).answer(language);
    }
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}
