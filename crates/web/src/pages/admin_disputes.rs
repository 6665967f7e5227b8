//! Disputes for administrators: what both sides say, a decision with its reason, and filing one on
//! one's word for somebody who cannot prove it (C6).

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::claims::disputes;
use obole_domain::claim::{DisputeId, is_ripe};
use obole_domain::{CanonicalUrl, Handle};
use obole_store::claims::disputes::{self as stored, DisputeRow};

use crate::answer::{Answer, Done, html, unprocessable, unprocessable_one};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::pages::claim_disputes::{Dispute, shown};
use crate::problem::Problem;
use crate::visitor::Admin;

const HERE: &str = "/admin/disputes";

/// The most disputes that are listed.
const LISTED: i64 = 100;

#[derive(Template)]
#[template(path = "pages/admin_disputes.html")]
struct DisputesPage {
    page: Page,
    /// Each with whether it can be decided by now.
    disputes: Vec<(Dispute, bool)>,
    filled: Filled,
}

/// `GET /admin/disputes`
pub async fn show(admin: Admin) -> Answer {
    html(&page(&admin, Filled::default()).await?)
}

/// `POST /admin/disputes`: the form's button says which.
pub async fn judge(admin: Admin, mut form: Form) -> Answer {
    let id = DisputeId::parse(form.text("dispute")).ok_or_else(Problem::malformed)?;
    let is_upheld = match form.text("verdict") {
        "uphold" => true,
        "reject" => false,
        _ => return Err(Problem::malformed()),
    };
    let Some(reason) = form.reason() else {
        let page = page(&admin, form.filled()).await?;
        let is_there = page.disputes.iter().any(|(one, _)| one.id == id);
        return unprocessable_one(&page, is_there);
    };
    let actor = Actor::Page(admin.account());
    disputes::judge(&admin.app, actor, id, (is_upheld, &reason)).await?;
    let key = if is_upheld { "disputes-judged-upheld" } else { "disputes-judged-rejected" };
    Ok(admin.done(HERE, &Done::new(key)))
}

/// `POST /admin/disputes/file`
pub async fn file(admin: Admin, mut form: Form) -> Answer {
    let filer = form.read("account", Handle::parse);
    let url = form.read("url", CanonicalUrl::parse);
    if let Some(about) = filer.zip(url) {
        let actor = Actor::Page(admin.account());
        match disputes::file_for(&admin.app, actor, about, form.text("words")).await {
            Ok(_) => return Ok(admin.done(HERE, &Done::new("disputes-filed"))),
            Err(error) => form.refused_at("words", error)?,
        }
    }
    unprocessable(&page(&admin, form.filled()).await?)
}

async fn page(admin: &Admin, filled: Filled) -> Result<DisputesPage, Problem> {
    let found = admin
        .app
        .read((), |read, ()| Box::pin(async move { Ok(stored::open(read, LISTED).await?) }));
    let dispute = |row: DisputeRow| {
        let is_ripe = is_ripe(row.filed_at, row.answered_at.is_some(), admin.now);
        (shown(admin, row, None), is_ripe)
    };
    Ok(DisputesPage {
        page: admin.page(Place::Admin, admin.text("disputes-title")),
        disputes: found.await?.into_iter().map(dispute).collect(),
        filled,
    })
}
