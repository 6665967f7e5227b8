//! A work's own page, and what its owner says about it (security.md C7, P2).

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue};
use axum::response::Response;
use obole_app::audit_log::Actor;
use obole_app::public_gifts::{self, ShownPatrons};
use obole_app::{pass_on, teams, works as commands};
use obole_domain::click::clean_text;
use obole_domain::work::TITLE_MAX;
use obole_domain::{WorkId, public_count};
use obole_language::text_with;
use obole_store::shares;
use obole_store::works::{self, WorkRow};

use crate::address::with_query;
use crate::answer::{self, Answer, Done};
use crate::chart::{Passing, Tie, passing};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::pages::subscriptions_list::{Offer, offer_on};
use crate::preview::Preview;
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};
use crate::words::shorten;

#[derive(Template)]
#[template(path = "pages/work_show.html")]
struct WorkPage {
    page: Page,
    work: WorkRow,
    heading: String,
    patrons: Option<i64>,
    give: String,
    claim: String,
    is_own: bool,
    /// What passes between it and others.
    passing: Option<Passing>,
    /// Who supports it and shows it, and what the reader can say to that.
    supporters: ShownPatrons,
    /// Whether somebody is signed in.
    is_signed_in: bool,
    /// A subscription, where somebody is signed in who can give to it.
    offer: Option<Offer>,
    form: Filled,
}

/// `GET /w/{id}`
pub async fn show(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let work = find(&visitor, &id).await?;
    let form = Filled::new([("title", work.title.clone())]);
    let is_indexed = work.owner.is_some() && work.refused_at.is_none();
    let mut response = answer::html(&page(&visitor, work, form).await?)?;
    if !is_indexed {
        forbid_index(&mut response);
    }
    Ok(response)
}

/// Search engines are asked to leave a page out: nobody has said yes to it (C7).
pub fn forbid_index(response: &mut Response) {
    let name = HeaderName::from_static("x-robots-tag");
    response.headers_mut().insert(name, HeaderValue::from_static("noindex, nofollow"));
}

/// `POST /w/{id}/title`
pub async fn set_title(patron: Patron, Path(id): Path<String>, mut form: Form) -> Answer {
    let work = find(&patron, &id).await?;
    let title = form.read("title", |typed| clean_text(typed, TITLE_MAX));
    let actor = Actor::Page(patron.account());
    if let Some(title) = title {
        match commands::set_title(&patron.app, actor, work.id, &title).await {
            Ok(()) => return Ok(patron.done(&address(work.id), &Done::new("work-title-set"))),
            Err(error) => form.refused_at("title", error)?,
        }
    }
    refused(&patron, work, form.filled()).await
}

/// `POST /w/{id}/refuse`: no more money for this work, or money again.
pub async fn set_refused(patron: Patron, Path(id): Path<String>, form: Form) -> Answer {
    let work = find(&patron, &id).await?;
    let is_refused = form.text("refused") == "yes";
    let actor = Actor::Page(patron.account());
    commands::set_refused(&patron.app, actor, work.id, is_refused).await?;
    let done = Done::new(if is_refused { "work-refused-set" } else { "work-refused-ended" });
    Ok(patron.done(&address(work.id), &done))
}

async fn refused(patron: &Patron, work: WorkRow, form: Filled) -> Answer {
    if !acts(patron, &work).await? {
        return Err(Problem::not_found());
    }
    answer::unprocessable(&page(patron, work, form).await?)
}

async fn page(visitor: &Visitor, work: WorkRow, form: Filled) -> Result<WorkPage, Problem> {
    let id = work.id;
    let patrons = visitor.app.read((), move |read, ()| {
        Box::pin(async move { Ok(shares::patrons_most(read, id).await?) })
    });
    let is_own = acts(visitor, &work).await?;
    let passing = passing_of(visitor, &work).await?;
    let reader = visitor.session.as_ref().map(|session| session.account);
    let supporters = public_gifts::of(&visitor.app, id, reader).await?;
    let heading = shorten(work.shown_title(), 120);
    let has_counters = visitor.app.config().instance.public_counters;
    let give = with_query("/give", &[("url", work.url.as_str())]);
    let mut page = visitor.page(Place::Elsewhere, heading.clone());
    page.description = described(visitor, &work);
    page.preview = Some(preview(visitor, &work, &give));
    Ok(WorkPage {
        offer: offer_on(visitor, &work).await?,
        page,
        patrons: public_count(patrons.await?).filter(|_| has_counters),
        give,
        claim: with_query("/claim", &[("url", work.url.as_str())]),
        is_own,
        is_signed_in: reader.is_some(),
        supporters,
        passing,
        heading,
        work,
        form,
    })
}

/// Whether the reader acts for the work's owner.
async fn acts(visitor: &Visitor, work: &WorkRow) -> Result<bool, Problem> {
    let Some((session, owner)) = visitor.session.as_ref().zip(work.owner) else {
        return Ok(false);
    };
    Ok(teams::may_act(&visitor.app, session.account, owner).await?)
}

/// What passes between a work and others, as everybody sees it.
async fn passing_of(visitor: &Visitor, work: &WorkRow) -> Result<Option<Passing>, Problem> {
    let found = pass_on::of(&visitor.app, work.id).await?;
    let tie = |other: &WorkRow, (part, weight, weights): (i64, i64, i64)| Tie {
        title: shorten(other.shown_title(), 60),
        link: address(other.id),
        ppm: u32::try_from(part * 100 * weight / weights.max(1)).unwrap_or_default(),
    };
    let weights: i64 = found.targets.iter().map(|(_, weight)| weight).sum();
    let to = found.targets.iter().map(|(to, weight)| tie(to, (found.part, *weight, weights)));
    let to: Vec<Tie> = to.collect();
    let from = found
        .sources
        .iter()
        .map(|source| tie(&source.work, (source.part, source.weight, source.weights)));
    let from: Vec<Tie> = from.collect();
    let title = shorten(work.shown_title(), 60);
    let passed = u32::try_from(found.part * 100).unwrap_or_default();
    Ok(passing(visitor.language, (&title, passed), &from, &to))
}

/// Who controls it, in one sentence.
fn described(visitor: &Visitor, work: &WorkRow) -> String {
    let host = ("host", work.url.host().into());
    match &work.owner_handle {
        Some(handle) => {
            let values = [host, ("handle", handle.as_str().into())];
            text_with(visitor.language, "preview-work", &values)
        }
        None => text_with(visitor.language, "preview-work-unclaimed", &[host]),
    }
}

/// Nothing that looks like a yes stands on the page of a work that nobody claimed (C7).
fn preview(visitor: &Visitor, work: &WorkRow, give: &str) -> Preview {
    let preview = Preview::new(visitor, &address(work.id));
    match (&work.owner, work.refused_at) {
        (Some(_), None) => preview.kind("article").embeddable().paid_at(give),
        (Some(_), Some(_)) => preview,
        (None, _) => preview.without_picture(),
    }
}

/// The work of an address; not found where there is none.
pub async fn find(visitor: &Visitor, id: &str) -> Result<WorkRow, Problem> {
    let id = WorkId::parse(id).ok_or_else(Problem::not_found)?;
    let found = visitor
        .app
        .read((), move |read, ()| Box::pin(async move { Ok(works::find(read, id).await?) }));
    found.await?.ok_or_else(Problem::not_found)
}

fn address(id: WorkId) -> String {
    format!("/w/{id}")
}
