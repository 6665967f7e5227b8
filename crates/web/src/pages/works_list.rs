//! Works to find: those that somebody controls. What is only clicked is not listed (P2).

use askama::Template;
use obole_domain::{CanonicalUrl, WorkId};
use obole_store::works::{self, WorkRow};

use crate::address::with_query;
use crate::answer::{self, Answer};
use crate::form::{Filled, Query};
use crate::page::{Page, Place};
use crate::preview::Preview;
use crate::visitor::Visitor;

/// Works on one page.
const PAGE: usize = 50;

/// The longest search, in characters.
const QUERY_MAX: usize = 200;

#[derive(Template)]
#[template(path = "pages/works_list.html")]
struct WorksPage {
    page: Page,
    works: Vec<WorkRow>,
    form: Filled,
    /// Where to click on the address that was typed, if it is one.
    give: String,
    previous: String,
    next: String,
}

/// `GET /works`
pub async fn show(visitor: Visitor, Query(mut query): Query) -> Answer {
    let sought = query.read("q", |typed| obole_domain::click::clean_text(typed, QUERY_MAX));
    let after = WorkId::parse(query.text("after"));
    let q = sought.clone().unwrap_or_default();
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let works = visitor.app.read(q.clone(), move |read, sought| {
        Box::pin(async move {
            let sought = Some(sought.as_str()).filter(|sought| !sought.is_empty());
            Ok(works::claimed(read, sought, after, limit).await?)
        })
    });
    let mut works = if sought.is_some() { works.await? } else { Vec::new() };
    let is_more = works.len() > PAGE;
    works.truncate(PAGE);
    let last = works.last().filter(|_| is_more).map(|work| work.id.to_string());
    let next = last.map(|last| with_query("/works", &[("q", &q), ("after", &last)]));
    let is_address = q.contains('.') && !q.contains(' ');
    let url = CanonicalUrl::parse(&q).ok().filter(|_| is_address);
    let mut page = visitor.page(Place::Elsewhere, visitor.text("works-title"));
    page.description = visitor.text("landing-sentence");
    let preview = || Preview::new(&visitor, "/works").feed("feeds-works", "/feed/works");
    page.preview = (q.is_empty() && after.is_none()).then(preview);
    answer::html(&WorksPage {
        page,
        works,
        form: query.filled(),
        give: url.map(|url| with_query("/give", &[("url", url.as_str())])).unwrap_or_default(),
        previous: if after.is_some() { with_query("/works", &[("q", &q)]) } else { String::new() },
        next: next.unwrap_or_default(),
    })
}
