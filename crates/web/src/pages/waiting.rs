//! The link of the waiting list: a button that confirms the address, and one that takes it off.

use askama::Template;
use axum::extract::Path;
use obole_app::waiting::{self, Wish};
use obole_domain::Refusal;

use crate::answer::{Answer, Done, html};
use crate::enter::secret;
use crate::form::Form;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/waiting.html")]
struct WaitingPage {
    page: Page,
    email: String,
    is_confirmed: bool,
    action: String,
}

/// `GET /waiting/{link}`: it consumes nothing, as mail scanners open links.
pub async fn ask(visitor: Visitor, Path(link): Path<String>) -> Answer {
    let found = waiting::find(&visitor.app, &link).await?;
    let found = found.ok_or_else(|| Problem::from(Refusal::CodeWrong {}))?;
    secret(html(&WaitingPage {
        page: visitor.page(Place::Elsewhere, visitor.text("waitlist-title")),
        email: found.email.to_string(),
        is_confirmed: found.confirmed_at.is_some(),
        action: format!("/waiting/{link}"),
    }))
}

/// `POST /waiting/{link}`
pub async fn answer(visitor: Visitor, Path(link): Path<String>, form: Form) -> Answer {
    let (wish, done) = match form.text("wish") {
        "wait" => (Wish::Wait, "waitlist-confirmed"),
        "leave" => (Wish::Leave, "waitlist-left"),
        _ => return Err(Problem::malformed()),
    };
    waiting::answer(&visitor.app, &link, wish).await?;
    Ok(visitor.done("/", &Done::new(done)))
}
