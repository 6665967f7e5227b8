//! A new password for who forgot theirs: known and unknown addresses look alike (A1).

use askama::Template;
use axum::extract::Path;
use obole_app::limits::SIGN_IN_ADDRESS;
use obole_app::resets;
use obole_domain::{EmailAddress, Refusal};

use crate::answer::{Answer, Done, html, unprocessable};
use crate::enter::secret;
use crate::form::{Filled, Form};
use crate::page::{Page, Place, Tone};
use crate::problem::Problem;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/reset.html")]
struct ResetPage {
    page: Page,
    filled: Filled,
}

#[derive(Template)]
#[template(path = "pages/reset_link.html")]
struct LinkPage {
    page: Page,
    filled: Filled,
    action: String,
    handle: String,
}

/// `GET /reset`
pub async fn show(visitor: Visitor) -> Answer {
    html(&ResetPage { page: page(&visitor), filled: Filled::default() })
}

/// `POST /reset`
pub async fn send(visitor: Visitor, mut form: Form) -> Answer {
    visitor.limit(SIGN_IN_ADDRESS).await?;
    if let Some(email) = form.read("email", EmailAddress::parse) {
        match resets::ask(&visitor.app, email).await {
            Ok(()) => {
                let done = Done::new("reset-sent").tone(Tone::Info);
                return Ok(visitor.done("/reset", &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&ResetPage { page: page(&visitor), filled: form.filled() })
}

/// `GET /reset/{link}`
pub async fn ask(visitor: Visitor, Path(link): Path<String>) -> Answer {
    secret(html(&link_page(&visitor, &link, Filled::default()).await?))
}

/// `POST /reset/{link}`
pub async fn set(visitor: Visitor, Path(link): Path<String>, mut form: Form) -> Answer {
    if let Some(password) = form.password("password") {
        match resets::finish(&visitor.app, &link, password).await {
            Ok(_) => return Ok(visitor.done("/sign-in", &Done::new("reset-done"))),
            Err(error) => form.refused(error)?,
        }
    }
    secret(unprocessable(&link_page(&visitor, &link, form.filled()).await?))
}

fn page(visitor: &Visitor) -> Page {
    visitor.page(Place::SignIn, visitor.text("reset-title"))
}

async fn link_page(visitor: &Visitor, link: &str, filled: Filled) -> Result<LinkPage, Problem> {
    let account = resets::ask_link(&visitor.app, link).await?;
    let account = account.ok_or_else(|| Problem::from(Refusal::CodeWrong {}))?;
    Ok(LinkPage {
        page: page(visitor),
        filled,
        action: format!("/reset/{link}"),
        handle: account.handle.to_string(),
    })
}
