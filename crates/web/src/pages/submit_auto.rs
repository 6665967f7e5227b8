//! `GET /submit/auto?url=…`: where links and buttons that were made for Flattr lead. It changes
//! nothing (W2) and goes on to the click page. Whom the link names as owner is not even handed on:
//! who controls a work is what we know ourselves (B3, docs/decisions/0052).

use axum::http::header::{LOCATION, REFERRER_POLICY};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use obole_domain::CanonicalUrl;
use obole_domain::click::clean_text;
use obole_domain::work::TITLE_MAX;

use crate::address::with_query;
use crate::answer::Answer;
use crate::form::Form;
use crate::pages::give_show::ask;
use crate::visitor::Visitor;
use crate::words::shorten;

/// `GET /submit/auto`
pub async fn show(visitor: Visitor, parts: Parts) -> Answer {
    // In the wild the text of an attribute was often taken for its value.
    let query = parts.uri.query().unwrap_or_default().replace("&amp;", "&");
    let mut query = Form::of_text(&query, visitor.language);
    match query.read("url", CanonicalUrl::parse) {
        Some(url) => Ok(go_on(&url, query.text("title"))),
        None => ask(&visitor, &query),
    }
}

/// Goes on to the click page. Its address may be longer than one that is returned to, and is made
/// here alone.
fn go_on(url: &CanonicalUrl, title: &str) -> Response {
    let title = clean_text(&shorten(title, TITLE_MAX), TITLE_MAX).unwrap_or_default();
    let path = with_query("/give", &[("url", url.as_str()), ("title", &title)]);
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(location) = HeaderValue::try_from(path) {
        headers.insert(LOCATION, location);
    }
    // With the policy of other answers the click page would not learn which site sent the visitor.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin"));
    response
}
