//! A bank file for administrators: its lines, approval, the file itself, sent or given up.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse;
use obole_app::audit_log::Actor;
use obole_app::payout_batches;
use obole_domain::Money;
use obole_domain::payout::{BatchId, PayoutId, PayoutState};
use obole_store::{payout_batches as rows, payouts, settings};

use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::pages::admin_payouts::{Batch, batch};
use crate::pages::creator_payouts::{Payout, payout};
use crate::problem::Problem;
use crate::visitor::Admin;

#[derive(Template)]
#[template(path = "pages/admin_payout_batch.html")]
struct BatchPage {
    page: Page,
    batch: Batch,
    lines: Vec<Payout>,
    /// The limit above which a second administrator approves.
    limit: Money,
    needs_approval: bool,
    /// Whether this administrator may approve it.
    can_approve: bool,
    is_open: bool,
    /// What was refused of the form that takes one line back.
    form: Filled,
}

fn id_of(path: &str) -> Result<BatchId, Problem> {
    BatchId::parse(path).ok_or_else(Problem::not_found)
}

/// `GET /admin/payouts/{batch}`
pub async fn show(admin: Admin, Path(id): Path<String>) -> Answer {
    answer::html(&page(&admin, id_of(&id)?, Filled::default()).await?)
}

/// The page again where the form that takes one of its lines back was refused.
pub(crate) async fn refused(
    admin: &Admin,
    id: BatchId,
    (line, form): (PayoutId, Filled),
) -> Answer {
    let page = page(admin, id, form).await?;
    let is_there = page.lines.iter().any(|one| one.row.id == line && is_reversible(one));
    answer::unprocessable_one(&page, is_there)
}

async fn page(admin: &Admin, id: BatchId, form: Filled) -> Result<BatchPage, Problem> {
    let found = admin.app.read((), move |read, ()| {
        Box::pin(async move {
            let lines = payouts::of_batch(read, id).await?;
            Ok((rows::find(read, id).await?, lines, settings::policy(read).await?))
        })
    });
    let (row, lines, policy) = found.await?;
    let row = row.ok_or_else(Problem::not_found)?;
    let is_open = row.sent_at.is_none() && row.discarded_at.is_none();
    let needs_approval = is_open && payout_batches::needs_approval(&row, &policy);
    Ok(BatchPage {
        page: admin.page(Place::Admin, admin.text("admin-batch")),
        lines: lines.into_iter().map(|row| payout(admin, row)).collect(),
        limit: Money::new(policy.second_admin_above, row.total.currency),
        can_approve: needs_approval && row.created_by != Some(admin.account()),
        needs_approval,
        is_open,
        batch: batch(admin, row, &policy),
        form,
    })
}

/// `POST /admin/payouts/{batch}/approve`
pub async fn approve(admin: Admin, Path(id): Path<String>, _form: Form) -> Answer {
    let id = id_of(&id)?;
    payout_batches::approve(&admin.app, Actor::Page(admin.account()), id).await?;
    Ok(admin.done(&format!("/admin/payouts/{id}"), &Done::new("admin-batch-approved")))
}

/// `POST /admin/payouts/{batch}/file`: a POST, because from here on the bank may have the file.
pub async fn hand_out(admin: Admin, Path(id): Path<String>, _form: Form) -> Answer {
    let id = id_of(&id)?;
    let actor = Actor::Page(admin.account());
    let file = payout_batches::hand_out(&admin.app, actor, id).await?;
    let name = format!("attachment; filename=\"obole-{}.xml\"", id.uuid().simple());
    let headers =
        [(CONTENT_TYPE, "application/xml; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, file).into_response())
}

/// `POST /admin/payouts/{batch}/sent`
pub async fn mark_sent(admin: Admin, Path(id): Path<String>, _form: Form) -> Answer {
    let id = id_of(&id)?;
    payout_batches::mark_sent(&admin.app, Actor::Page(admin.account()), id).await?;
    Ok(admin.done(&format!("/admin/payouts/{id}"), &Done::new("admin-batch-marked")))
}

/// `POST /admin/payouts/{batch}/discard`
pub async fn discard(admin: Admin, Path(id): Path<String>, _form: Form) -> Answer {
    let id = id_of(&id)?;
    payout_batches::discard(&admin.app, Actor::Page(admin.account()), id).await?;
    Ok(admin.done("/admin/payouts", &Done::new("admin-batch-given-up")))
}

/// Whether a line can be undone by itself.
fn is_reversible(line: &Payout) -> bool {
    line.row.state == PayoutState::Sent
}
