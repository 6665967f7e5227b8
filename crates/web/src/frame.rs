//! What stands around every page: who asks is found once, a form from elsewhere is refused (W2),
//! a problem becomes a page in the reader's language, cookies and caching are set.

use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE, VARY};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use obole_app::App;

use crate::cookies::Cookie;
use crate::csrf;
use crate::headers::set_missing;
use crate::problem::Problem;
use crate::visitor::Visitor;

/// The frame of pages.
pub async fn page(State(app): State<App>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let visitor = match Visitor::arrive(&app, &parts).await {
        Ok(visitor) => visitor,
        Err(error) => return Problem::from(error).page(&Visitor::stranger(&app, &parts)),
    };
    let is_allowed = visitor.is_safe || csrf::is_own_page(&app, &parts);
    parts.extensions.insert(visitor.clone());
    let mut response = if is_allowed {
        next.run(Request::from_parts(parts, body)).await
    } else {
        Problem::foreign_form().into_response()
    };
    if let Some(problem) = Problem::taken(&mut response) {
        let cookies: Vec<_> = response.headers().get_all(SET_COOKIE).iter().cloned().collect();
        response = problem.page(&visitor);
        cookies.into_iter().for_each(|cookie| {
            response.headers_mut().append(SET_COOKIE, cookie);
        });
    }
    finish(&visitor, &mut response);
    response
}

/// How long a page for all may be shown by browsers and caches on the way: a minute, and five more
/// while it is fetched again.
const FOR_ALL: &str = "public, max-age=60, stale-while-revalidate=300";

fn finish(visitor: &Visitor, response: &mut Response) {
    if visitor.is_for_all && response.status() == StatusCode::OK {
        set_missing(response.headers_mut(), CACHE_CONTROL, FOR_ALL);
        return;
    }
    let is_see_other = response.status() == StatusCode::SEE_OTHER;
    let kind = response.headers().get(CONTENT_TYPE);
    let is_page = kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    let headers = response.headers_mut();
    if is_page && visitor.session.is_none() && !visitor.is_for_all {
        headers.append(SET_COOKIE, Cookie::Visit.set(&visitor.app, &visitor.visit));
    }
    if is_page && visitor.done.is_some() {
        headers.append(SET_COOKIE, Cookie::Notice.end(&visitor.app));
    }
    let is_private = visitor.session.is_some() || is_see_other;
    set_missing(headers, CACHE_CONTROL, if is_private { "no-store" } else { "private, no-cache" });
    headers.append(VARY, HeaderValue::from_static("cookie, accept-language"));
}
