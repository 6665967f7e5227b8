//! `GET /button/{size}.svg?url=…&lang=…&counter=off`: the button of a work, with the public counter
//! (P2). An address that nobody clicked has a button too: it is where the first click comes from.

use axum::extract::State;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use obole_app::{App, Result, public};
use obole_domain::CanonicalUrl;
use obole_language::Language;

use crate::embed::drawing::{Face, Size, draw};
use crate::form::Form;
use crate::problem::Problem;
use crate::words::public_count;

/// How long a button may be shown before it is asked for again, and how long while it is: the count
/// moves once a month, so an hour is soon.
const FOR_ALL: &str = "public, max-age=3600, stale-while-revalidate=86400";

/// What an SVG that is opened by itself may do: nothing.
const POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/// `GET /button/{size}.svg`
pub async fn show(State(app): State<App>, parts: Parts) -> Response {
    let asked = Form::of_query(&parts, Language::English);
    let language = Language::from_code(asked.text("lang")).unwrap_or(Language::English);
    let mut response = match answer(&app, &parts, (&asked, language)).await {
        Ok(response) => response,
        Err(problem) => {
            let kind = (CONTENT_TYPE, "text/plain; charset=utf-8");
            // Who builds an address by hand is told which part of it is meant.
            let part = if problem.status == StatusCode::BAD_REQUEST { "url: " } else { "" };
            let sentence = format!("{part}{}\n", problem.sentence(language));
            (problem.status, [kind, (CACHE_CONTROL, "no-store")], sentence).into_response()
        }
    };
    let headers = response.headers_mut();
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("cross-origin"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

async fn answer(
    app: &App,
    parts: &Parts,
    asked: (&Form, Language),
) -> std::result::Result<Response, Problem> {
    let (asked, language) = asked;
    let name = parts.uri.path().rsplit('/').next().unwrap_or_default();
    let size = name.strip_suffix(".svg").and_then(Size::from_name);
    let size = size.ok_or_else(Problem::not_found)?;
    let url = CanonicalUrl::parse(asked.text("url"));
    let url =
        url.map_err(|refusal| Problem { status: StatusCode::BAD_REQUEST, ..refusal.into() })?;
    let count = if asked.text("counter") == "off" { None } else { count(app, url).await? };
    let face = Face { size, language, count };
    let svg = draw(face, &app.config().instance.name);
    let headers = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, FOR_ALL)];
    let mut response = (headers, svg).into_response();
    response.extensions_mut().insert(face);
    Ok(response)
}

async fn count(app: &App, url: CanonicalUrl) -> Result<Option<i64>> {
    Ok(public::patrons_of(app, url).await?.and_then(public_count))
}
