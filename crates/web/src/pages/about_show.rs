//! Pages that only tell: how to claim a work here, what programs can use, where the source is.

use askama::Template;
use obole_domain::CanonicalUrl;
use obole_store::works::{self, WorkRow};

use crate::answer::{self, Answer};
use crate::form::{Filled, Query};
use crate::page::{Page, Place};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/claim_show.html")]
struct ClaimPage {
    page: Page,
    form: Filled,
    url: Option<CanonicalUrl>,
    work: Option<WorkRow>,
    contact: String,
    sign_up: String,
}

/// `GET /claim`
pub async fn claim(visitor: Visitor, Query(mut query): Query) -> Answer {
    let is_asked = query.has("url");
    let url = if is_asked { query.read("url", CanonicalUrl::parse) } else { None };
    let found = visitor.app.read(url.clone(), |read, url| {
        Box::pin(async move {
            let Some(url) = url else { return Ok(None) };
            Ok(works::find_by_url(read, url).await?)
        })
    });
    let back =
        url.as_ref().map(|url| crate::address::with_query("/claim", &[("url", url.as_str())]));
    let page = ClaimPage {
        page: visitor.page(Place::Elsewhere, visitor.text("claiming-title")),
        work: found.await?.filter(|work| work.owner.is_some()),
        contact: visitor.app.config().instance.contact.clone(),
        sign_up: crate::address::with_query("/sign-up", &[("back", &back.unwrap_or_default())]),
        form: query.filled(),
        url,
    };
    if query.is_well() { answer::html(&page) } else { answer::unprocessable(&page) }
}

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
