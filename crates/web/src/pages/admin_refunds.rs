//! Refunds for administrators: give back by hand, or decline with a reason.

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::refunds;
use obole_domain::payout::{RefundId, RefundState};
use obole_store::refunds::{self as rows, RefundRow};

use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form};
use crate::movements::day;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Admin;

/// The most refunds that are listed.
const LISTED: i64 = 200;

#[derive(Template)]
#[template(path = "pages/admin_refunds.html")]
struct RefundsPage {
    page: Page,
    waiting: Vec<Waiting>,
    /// What was refused of the form of one refund.
    form: Filled,
}

struct Waiting {
    id: String,
    date: String,
    /// Whether somebody said that it was given back, and that was not finished.
    is_begun: bool,
    row: RefundRow,
}

/// `GET /admin/refunds`
pub async fn show(admin: Admin) -> Answer {
    answer::html(&page(&admin, Filled::default()).await?)
}

async fn page(admin: &Admin, form: Filled) -> Result<RefundsPage, Problem> {
    let found = admin
        .app
        .read((), |read, ()| Box::pin(async move { Ok(rows::requested(read, LISTED).await?) }));
    let waiting = found.await?.into_iter();
    Ok(RefundsPage {
        page: admin.page(Place::Admin, admin.text("admin-tab-refunds")),
        waiting: waiting.map(|row| waiting_row(admin, row)).collect(),
        form,
    })
}

fn waiting_row(admin: &Admin, row: RefundRow) -> Waiting {
    let is_begun = row.state == RefundState::Executing;
    let id = row.id.to_string();
    Waiting { id, date: day(admin, row.requested_at), is_begun, row }
}

/// `POST /admin/refunds`: the form's button says which.
pub async fn answer(admin: Admin, mut form: Form) -> Answer {
    let id = RefundId::parse(form.text("refund")).ok_or_else(Problem::malformed)?;
    let Some(words) = form.reason() else {
        let page = page(&admin, form.filled()).await?;
        let is_there = page.waiting.iter().any(|one| one.row.id == id);
        return answer::unprocessable_one(&page, is_there);
    };
    let (actor, words) = (Actor::Page(admin.account()), words.as_str());
    let done = match form.text("answer") {
        "execute" => {
            refunds::execute(&admin.app, actor, id, words).await?;
            "admin-refund-executed"
        }
        "decline" => {
            refunds::decline(&admin.app, actor, id, words).await?;
            "admin-refund-declined"
        }
        _ => return Err(Problem::malformed()),
    };
    Ok(admin.done("/admin/refunds", &Done::new(done)))
}
