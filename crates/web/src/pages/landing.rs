//! The first page: one sentence, one picture.

use askama::Template;

use crate::answer::{self, Answer};
use crate::page::{Page, Place};
use crate::pictures::{Flow, flow};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/landing.html")]
struct Landing {
    page: Page,
    flow: Flow,
}

/// `GET /`
pub async fn show(visitor: Visitor) -> Answer {
    if visitor.session.is_some() {
        return Ok(answer::see_other("/month"));
    }
    let mut page = visitor.page(Place::Elsewhere, visitor.app.config().instance.name.clone());
    page.description = visitor.text("landing-sentence");
    answer::html(&Landing { flow: flow(visitor.language, visitor.app.main_currency()), page })
}
