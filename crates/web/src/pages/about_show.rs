//! Pages that only tell: what programs can use, where the source is.

use askama::Template;

use crate::answer::{self, Answer};
use crate::page::{Page, Place};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/developers_show.html")]
struct DevelopersPage {
    page: Page,
    base_url: String,
}

/// `GET /developers`
pub async fn developers(visitor: Visitor) -> Answer {
    answer::html(&DevelopersPage {
        page: visitor.page(Place::Elsewhere, visitor.text("developers-title")),
        base_url: visitor.app.config().base_url(),
    })
}

#[derive(Template)]
#[template(path = "pages/source_show.html")]
struct SourcePage {
    page: Page,
    version: &'static str,
    repository: &'static str,
}

/// `GET /source`: what the licence asks to be offered to everybody who uses the instance.
pub async fn source(visitor: Visitor) -> Answer {
    answer::html(&SourcePage {
        page: visitor.page(Place::Elsewhere, visitor.text("layout-source")),
        version: env!("CARGO_PKG_VERSION"),
        repository: env!("CARGO_PKG_REPOSITORY"),
    })
}
