//! Refunds for administrators: give back by hand, or decline with a reason.

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::refunds;
use obole_domain::payout::{RefundId, RefundState};
use obole_store::refunds::{self as rows, RefundRow};

use crate::answer::{self, Answer, Done};
use crate::form::Form;
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
}

struct Waiting {
    date: String,
    /// Whether somebody said that it was given back, and that was not finished.
    is_begun: bool,
    row: RefundRow,
}

/// `GET /admin/refunds`
pub async fn show(admin: Admin) -> Answer {
    let found = admin
        .app
        .read((), |read, ()| Box::pin(async move { Ok(rows::requested(read, LISTED).await?) }));
    let waiting = found.await?.into_iter();
    answer::html(&RefundsPage {
        page: admin.page(Place::Admin, admin.text("admin-tab-refunds")),
        waiting: waiting.map(|row| waiting_row(&admin, row)).collect(),
    })
}

fn waiting_row(admin: &Admin, row: RefundRow) -> Waiting {
    let is_begun = row.state == RefundState::Executing;
    Waiting { date: day(admin, row.requested_at), is_begun, row }
}

/// `POST /admin/refunds`: the form's button says which.
pub async fn answer(admin: Admin, form: Form) -> Answer {
    let id = RefundId::parse(form.text("refund")).ok_or_else(Problem::malformed)?;
    let (actor, words) = (Actor::Page(admin.account()), form.text("reason"));
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
