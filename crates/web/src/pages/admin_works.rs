//! Works for administrators: search, and who controls them.

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant};
use obole_app::clicks::Target;
use obole_domain::{CanonicalUrl, Handle, WorkId};
use obole_store::works::{self, WorkRow};

use crate::address::with_query;
use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form, Query};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Admin;

/// How many works a page shows.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "pages/admin_works.html")]
struct WorksPage {
    page: Page,
    search: String,
    /// The work before the first of this page; empty on the first page.
    after: String,
    works: Vec<WorkRow>,
    previous: String,
    next: String,
    form: Filled,
    /// What was refused of the form that ends the claim of one work.
    ended: Filled,
}

/// `GET /admin/works`
pub async fn show(admin: Admin, Query(query): Query) -> Answer {
    answer::html(&page(&admin, &query, (Filled::default(), Filled::default())).await?)
}

/// `POST /admin/works/grant`: the operator vouches for a claim.
pub async fn grant(admin: Admin, mut form: Form) -> Answer {
    let url = form.read("url", CanonicalUrl::parse);
    let handle = form.read("account", Handle::parse);
    let reason = form.reason();
    if let Some(((url, handle), reason)) = url.zip(handle).zip(reason) {
        let done = Done::new("admin-work-granted").with("handle", handle.to_string());
        let grant = Grant { target: Target::Url(url), handle, reason };
        match claims::grant(&admin.app, Actor::Page(admin.account()), grant).await {
            Ok(_) => return Ok(admin.done("/admin/works", &done)),
            Err(error) => form.refused(error)?,
        }
    }
    answer::unprocessable(&page(&admin, &form, (form.filled(), Filled::default())).await?)
}

/// `POST /admin/works/revoke`
pub async fn revoke(admin: Admin, mut form: Form) -> Answer {
    let work = WorkId::parse(form.text("work")).ok_or_else(Problem::malformed)?;
    let Some(reason) = form.reason() else {
        let page = page(&admin, &form, (Filled::default(), form.filled())).await?;
        let is_there = page.works.iter().any(|one| one.id == work && one.owner_handle.is_some());
        return answer::unprocessable_one(&page, is_there);
    };
    let actor = Actor::Page(admin.account());
    claims::revoke(&admin.app, actor, work, &reason).await?;
    Ok(admin.done("/admin/works", &Done::new("admin-work-revoked")))
}

async fn page(
    admin: &Admin,
    query: &Form,
    (form, ended): (Filled, Filled),
) -> Result<WorksPage, Problem> {
    let search = query.text("q").chars().take(200).collect::<String>();
    let after = WorkId::parse(query.text("after"));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let found = admin.app.read(search.clone(), move |read, search: &String| {
        Box::pin(async move {
            let containing = Some(search.trim()).filter(|text| !text.is_empty());
            Ok(works::list(read, containing, after, limit).await?)
        })
    });
    let mut works: Vec<WorkRow> = found.await?;
    let is_more = works.len() > PAGE;
    works.truncate(PAGE);
    let address = |after: &str| with_query("/admin/works", &[("q", &search), ("after", after)]);
    let last = works.last().filter(|_| is_more).map(|work| address(&work.id.to_string()));
    Ok(WorksPage {
        page: admin.page(Place::Admin, admin.text("admin-tab-works")),
        previous: if after.is_some() { address("") } else { String::new() },
        next: last.unwrap_or_default(),
        after: after.map(|work| work.to_string()).unwrap_or_default(),
        search,
        works,
        form,
        ended,
    })
}
