//! Signing up: three fields, and one is in (A1).

use askama::Template;
use axum::http::HeaderMap;
use axum::response::Response;
use obole_app::limits::SIGN_UP_ADDRESS;
use obole_app::sessions::{Browser, NewSession};
use obole_app::sign_up::{self, SignUp};
use obole_domain::policy::Registration;
use obole_domain::{EmailAddress, Handle, Refusal};
use obole_store::settings;

use crate::address::safe_path;
use crate::answer::{Answer, Done, html, see_other, unprocessable};
use crate::enter::{browser, enter, with_session};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/sign_up.html")]
struct SignUpPage {
    page: Page,
    filled: Filled,
    /// Why nobody can sign up here; empty where everybody can.
    closed: String,
}

/// `GET /sign-up`
pub async fn show(visitor: Visitor, Query(query): Query) -> Answer {
    let back = safe_path(query.text("back")).filter(|back| *back != "/month");
    let back = back.unwrap_or_default().to_owned();
    if visitor.session.is_some() {
        return Ok(see_other(if back.is_empty() { "/month" } else { &back }));
    }
    html(&page(&visitor, Filled::new([("back", back)])).await?)
}

/// `POST /sign-up`
pub async fn send(visitor: Visitor, headers: HeaderMap, mut form: Form) -> Answer {
    visitor.limit(SIGN_UP_ADDRESS).await?;
    if let Some(new) = read(&visitor, &mut form, browser(&visitor, &headers)) {
        match sign_up::sign_up(&visitor.app, new).await {
            Ok(new) => return Ok(come_in(&visitor, &new, form.text("back"))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&visitor, form.filled()).await?)
}

/// To the code that a mail brings, or first to where the visitor wanted to go: an account without a
/// confirmed address can give already (A3).
fn come_in(visitor: &Visitor, new: &NewSession, back: &str) -> Response {
    let Some(back) = safe_path(back) else { return enter(&visitor.app, new, "/confirm") };
    with_session(&visitor.app, new, visitor.done(back, &Done::new("signup-confirm-later")))
}

fn read(visitor: &Visitor, form: &mut Form, browser: Browser) -> Option<SignUp> {
    let email = form.read("email", EmailAddress::parse);
    let handle = form.read("handle", Handle::parse);
    let password = form.password("password");
    let (email, handle, password) = (email?, handle?, password?);
    Some(SignUp { handle, email, password, language: visitor.language, browser })
}

async fn page(visitor: &Visitor, filled: Filled) -> Result<SignUpPage, Problem> {
    let policy =
        visitor.app.read((), |read, ()| Box::pin(async move { Ok(settings::policy(read).await?) }));
    let is_closed = policy.await?.registration == Registration::Invitation;
    let refusal = Refusal::RegistrationByInvitation {};
    let closed =
        if is_closed { obole_language::problem(visitor.language, &refusal) } else { String::new() };
    let page = visitor.page(Place::SignUp, visitor.text("signup-title"));
    Ok(SignUpPage { page, filled, closed })
}
