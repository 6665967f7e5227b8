//! Signing in, signing out, and proving again that it is you (W1, W3).

use askama::Template;
use axum::http::HeaderMap;
use obole_app::sessions::{self, SignIn};

use crate::address::safe_path;
use crate::answer::{Answer, html, see_other, unprocessable};
use crate::enter::{browser, enter, leave};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::visitor::{Patron, Visitor};

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage {
    page: Page,
    filled: Filled,
}

#[derive(Template)]
#[template(path = "pages/sign_in_proof.html")]
struct ProofPage {
    page: Page,
    filled: Filled,
    handle: String,
}

/// `GET /sign-in`
pub async fn show(visitor: Visitor, query: Query) -> Answer {
    let back = back_of(&query.0);
    if visitor.session.is_some() {
        return Ok(see_other(&back));
    }
    let filled = Filled::new([("back", back)]);
    html(&SignInPage { page: sign_in_page(&visitor), filled })
}

/// `POST /sign-in`
pub async fn send(visitor: Visitor, headers: HeaderMap, mut form: Form) -> Answer {
    let name = form.read("name", |typed| Ok(typed.to_owned()));
    let password = form.password("password");
    if let (Some(name), Some(password)) = (name, password) {
        let sign_in = SignIn { name, password, browser: browser(&visitor, &headers) };
        match sessions::sign_in(&visitor.app, sign_in).await {
            Ok(new) => return Ok(enter(&visitor.app, &new, &back_of(&form))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&SignInPage { page: sign_in_page(&visitor), filled: form.filled() })
}

/// `POST /sign-out`
pub async fn end(visitor: Visitor, _form: Form) -> Answer {
    sessions::sign_out(&visitor.app, &visitor.secret).await?;
    Ok(leave(&visitor.app))
}

/// `GET /sign-in/proof`
pub async fn ask_proof(patron: Patron, query: Query) -> Answer {
    let filled = Filled::new([("back", back_of(&query.0))]);
    html(&proof_page(&patron, filled))
}

/// `POST /sign-in/proof`
pub async fn prove(patron: Patron, mut form: Form) -> Answer {
    if let Some(password) = form.password("password") {
        match sessions::prove(&patron.app, &patron.secret, &password).await {
            Ok(()) => return Ok(see_other(&back_of(&form))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&proof_page(&patron, form.filled()))
}

fn sign_in_page(visitor: &Visitor) -> Page {
    visitor.page(Place::SignIn, visitor.text("signin-title"))
}

fn proof_page(patron: &Patron, filled: Filled) -> ProofPage {
    let page = patron.page(Place::Settings, patron.text("proof-title"));
    ProofPage { page, filled, handle: patron.session.handle.to_string() }
}

/// Where to go on to: a path of this instance, else this month (W6).
fn back_of(form: &Form) -> String {
    safe_path(form.text("back")).unwrap_or("/month").to_owned()
}
