//! The second step of a sign-in: the code of the app, or a recovery code (A1).

use askama::Template;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use obole_app::sign_in;
use obole_domain::Refusal;

use super::sign_in::back_of;
use crate::address::with_query;
use crate::answer::{Answer, html, see_other, unprocessable};
use crate::cookies::Cookie;
use crate::enter::{browser, enter};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/sign_in_code.html")]
struct CodePage {
    page: Page,
    filled: Filled,
}

/// `GET /sign-in/code`
pub async fn ask(visitor: Visitor, headers: HeaderMap, query: Query) -> Answer {
    let back = back_of(&query.0);
    let half = Cookie::Half.find(&visitor.app, &headers).unwrap_or_default();
    if visitor.session.is_some() || !sign_in::is_half(&visitor.app, half).await? {
        return Ok(see_other(&with_query("/sign-in", &[("back", &back)])));
    }
    html(&page(&visitor, Filled::new([("back", back)])))
}

/// `POST /sign-in/code`
pub async fn send(visitor: Visitor, headers: HeaderMap, mut form: Form) -> Answer {
    let half = Cookie::Half.find(&visitor.app, &headers).unwrap_or_default();
    let code = form.read("code", |typed| match typed.trim() {
        "" => Err(Refusal::Missing {}),
        code => Ok(code.to_owned()),
    });
    if let Some(code) = code {
        let browser = browser(&visitor, &headers);
        match sign_in::finish(&visitor.app, half, &code, &browser).await {
            Ok(new) => {
                let mut response = enter(&visitor.app, &new, &back_of(&form));
                response.headers_mut().append(SET_COOKIE, Cookie::Half.end(&visitor.app));
                return Ok(response);
            }
            Err(error) => form.refused(error)?,
        }
    }
    form.replace("code", "");
    unprocessable(&page(&visitor, form.filled()))
}

fn page(visitor: &Visitor, filled: Filled) -> CodePage {
    CodePage { page: visitor.page(Place::SignIn, visitor.text("signin-code-title")), filled }
}
