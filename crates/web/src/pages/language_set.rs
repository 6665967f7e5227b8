//! The reader chooses a language: kept in a cookie, which goes over account and browser.

use axum::http::header::SET_COOKIE;
use obole_language::Language;

use crate::address::safe_path;
use crate::answer::{Answer, see_other};
use crate::cookies::Cookie;
use crate::form::FormForAll;
use crate::problem::Problem;
use crate::visitor::Visitor;

/// `POST /language`
pub async fn set(visitor: Visitor, FormForAll(form): FormForAll) -> Answer {
    let language = Language::from_code(form.text("language")).ok_or_else(Problem::malformed)?;
    let mut response = see_other(safe_path(form.text("return")).unwrap_or("/"));
    let cookie = Cookie::Language.set(&visitor.app, language.code());
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}
