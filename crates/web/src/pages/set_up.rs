//! The first administrator, by the one-time link that the operator saw when the instance started.

use askama::Template;
use axum::extract::Path;
use axum::http::HeaderMap;
use obole_app::accounts::NewAccount;
use obole_app::limits::SIGN_UP_ADDRESS;
use obole_app::set_up;
use obole_domain::{EmailAddress, Handle};

use crate::answer::{Answer, html, unprocessable};
use crate::enter::{browser, enter, secret};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/set_up.html")]
struct SetUpPage {
    page: Page,
    filled: Filled,
    action: String,
}

/// `GET /set-up/{token}`
pub async fn show(visitor: Visitor, Path(token): Path<String>) -> Answer {
    if !set_up::is_open(&visitor.app, &token).await? {
        return Err(Problem::not_found());
    }
    secret(html(&page(&visitor, &token, Filled::default())))
}

/// `POST /set-up/{token}`
pub async fn send(
    visitor: Visitor,
    Path(token): Path<String>,
    headers: HeaderMap,
    mut form: Form,
) -> Answer {
    visitor.limit(SIGN_UP_ADDRESS).await?;
    if let Some(new) = read(&visitor, &mut form) {
        let browser = browser(&visitor, &headers);
        match set_up::create_admin(&visitor.app, &token, new, &browser).await {
            Ok(new) => return Ok(enter(&visitor.app, &new, "/admin")),
            Err(error) => form.refused(error)?,
        }
    }
    secret(unprocessable(&page(&visitor, &token, form.filled())))
}

fn read(visitor: &Visitor, form: &mut Form) -> Option<NewAccount> {
    let email = form.read("email", EmailAddress::parse);
    let handle = form.read("handle", Handle::parse);
    let password = form.password("password");
    Some(NewAccount {
        handle: handle?,
        email: email?,
        name: String::new(),
        password: password?,
        language: Some(visitor.language),
        is_admin: true,
        is_confirmed: true,
    })
}

fn page(visitor: &Visitor, token: &str, filled: Filled) -> SetUpPage {
    let page = visitor.page(Place::Elsewhere, visitor.text("setup-title"));
    SetUpPage { page, filled, action: format!("/set-up/{token}") }
}
