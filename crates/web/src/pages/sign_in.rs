//! Signing in, with a passkey or a password, and signing out (W1, A1).

use askama::Template;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use obole_app::limits::PASSKEY_ADDRESS;
use obole_app::sign_in::{Entered, SignIn, sign_in};
use obole_app::{passkeys as keys, sessions};

use crate::address::{safe_path, with_query};
use crate::answer::{Answer, html, see_other, unprocessable};
use crate::cookies::Cookie;
use crate::enter::{browser, enter, leave};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::passkeys::{self, Offer};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage {
    page: Page,
    filled: Filled,
    passkeys: Offer,
    /// Whether the browser offers passkeys by itself: not where something was just refused, or a
    /// passkey that does not fit would be offered again and again.
    wish: &'static str,
}

/// `GET /sign-in`
pub async fn show(visitor: Visitor, query: Query) -> Answer {
    let back = back_of(&query.0);
    if visitor.session.is_some() {
        return Ok(see_other(&back));
    }
    html(&page(&visitor, Filled::new([("back", back)])))
}

/// `POST /sign-in`
pub async fn send(visitor: Visitor, headers: HeaderMap, mut form: Form) -> Answer {
    let name = form.read("name", |typed| Ok(typed.to_owned()));
    let password = form.password("password");
    if let (Some(name), Some(password)) = (name, password) {
        let browser = browser(&visitor, &headers);
        match sign_in(&visitor.app, SignIn { name, password, browser }).await {
            Ok(Entered::In(new)) => return Ok(enter(&visitor.app, &new, &back_of(&form))),
            Ok(Entered::Half(half)) => return Ok(ask_code(&visitor, &half, &back_of(&form))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&visitor, form.filled()))
}

/// Goes on to the question for the code, with what this browser has of the sign-in so far.
fn ask_code(visitor: &Visitor, half: &str, back: &str) -> axum::response::Response {
    let mut response = see_other(&with_query("/sign-in/code", &[("back", back)]));
    response.headers_mut().append(SET_COOKIE, Cookie::Half.set(&visitor.app, half));
    response
}

/// `POST /sign-in/passkey/start`
pub async fn start_passkey(visitor: Visitor, _form: Form) -> Answer {
    visitor.limit(PASSKEY_ADDRESS).await?;
    passkeys::question(keys::start_sign_in(&visitor.app, visitor.subject()).await?)
}

/// `POST /sign-in/passkey`
pub async fn send_passkey(visitor: Visitor, headers: HeaderMap, mut form: Form) -> Answer {
    let (answered, browser) = (passkeys::answered(&form), browser(&visitor, &headers));
    match keys::finish_sign_in(&visitor.app, visitor.subject(), &answered, &browser).await {
        Ok(new) => Ok(enter(&visitor.app, &new, &back_of(&form))),
        Err(error) => {
            form.refused(error)?;
            unprocessable(&page(&visitor, form.filled()))
        }
    }
}

/// `POST /sign-out`
pub async fn end(visitor: Visitor, _form: Form) -> Answer {
    sessions::sign_out(&visitor.app, &visitor.secret).await?;
    Ok(leave(&visitor.app))
}

fn page(visitor: &Visitor, filled: Filled) -> SignInPage {
    let page = visitor.page(Place::SignIn, visitor.text("signin-title"));
    let wish = if filled.is_refused() { "" } else { "offers" };
    SignInPage { page, filled, passkeys: passkeys::offer(visitor), wish }
}

/// Where to go on to: a path of this instance, else this month (W6).
pub(super) fn back_of(form: &Form) -> String {
    safe_path(form.text("back")).unwrap_or("/month").to_owned()
}
