//! Administration: reports of works and accounts, the oldest first, and appeals (product.md
//! section 6). Each is answered with a reason that both sides read.

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::reports;
use obole_domain::report::{ReportId, ReportState, answer_by};
use obole_store::reports::{self as stored, ReportRow};

use crate::answer::{Answer, Done, html, unprocessable_one};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::pages::reports_mine::{Report, report};
use crate::problem::Problem;
use crate::visitor::Admin;

const HERE: &str = "/admin/reports";

/// The most that are listed.
const LISTED: i64 = 100;

#[derive(Template)]
#[template(path = "pages/admin_reports.html")]
struct ReportsPage {
    page: Page,
    waits: Vec<Waiting>,
    /// What is hidden now.
    hidden: Vec<Report>,
    filled: Filled,
}

/// A report or an appeal that waits.
struct Waiting {
    one: Report,
    reporter: String,
    /// Whom a decision concerns; empty where that is nobody.
    concerns: String,
    /// Until when it should be answered.
    due: String,
    is_late: bool,
    is_appeal: bool,
}

/// `GET /admin/reports`
pub async fn show(admin: Admin) -> Answer {
    html(&page(&admin, Filled::default()).await?)
}

/// `POST /admin/reports`: the form's button says which.
pub async fn decide(admin: Admin, mut form: Form) -> Answer {
    let (state, done) = match form.text("verdict") {
        "keep" => (ReportState::Kept, "reports-done-kept"),
        "hide" => (ReportState::Hidden, "reports-done-hidden"),
        "suspend" => (ReportState::Suspended, "reports-done-suspended"),
        _ => return Err(Problem::malformed()),
    };
    let id = id_of(&form)?;
    let Some(reason) = form.reason() else { return refused(&admin, id, &form).await };
    let actor = Actor::Page(admin.account());
    match reports::decide(&admin.app, actor, id, (state, &reason)).await {
        Ok(()) => Ok(admin.done(HERE, &Done::new(done))),
        Err(error) => {
            form.refused_at("reason", error)?;
            refused(&admin, id, &form).await
        }
    }
}

/// `POST /admin/reports/appeal`
pub async fn judge_appeal(admin: Admin, mut form: Form) -> Answer {
    let (is_granted, done) = match form.text("verdict") {
        "grant" => (true, "reports-done-granted"),
        "reject" => (false, "reports-done-rejected"),
        _ => return Err(Problem::malformed()),
    };
    let id = id_of(&form)?;
    let Some(reason) = form.reason() else { return refused(&admin, id, &form).await };
    let actor = Actor::Page(admin.account());
    match reports::judge_appeal(&admin.app, actor, id, (is_granted, &reason)).await {
        Ok(()) => Ok(admin.done(HERE, &Done::new(done))),
        Err(error) => {
            form.refused_at("reason", error)?;
            refused(&admin, id, &form).await
        }
    }
}

/// `POST /admin/reports/show-again`
pub async fn show_again(admin: Admin, mut form: Form) -> Answer {
    let id = id_of(&form)?;
    let Some(reason) = form.reason() else { return refused(&admin, id, &form).await };
    let actor = Actor::Page(admin.account());
    match reports::show_again(&admin.app, actor, id, &reason).await {
        Ok(()) => Ok(admin.done(HERE, &Done::new("reports-done-granted"))),
        Err(error) => {
            form.refused_at("reason", error)?;
            refused(&admin, id, &form).await
        }
    }
}

fn id_of(form: &Form) -> Result<ReportId, Problem> {
    ReportId::parse(form.text("report")).ok_or_else(Problem::malformed)
}

async fn refused(admin: &Admin, id: ReportId, form: &Form) -> Answer {
    let page = page(admin, form.filled()).await?;
    let mut shown = page.waits.iter().map(|waiting| &waiting.one).chain(&page.hidden);
    let is_there = shown.any(|one| one.row.id == id);
    unprocessable_one(&page, is_there)
}

async fn page(admin: &Admin, filled: Filled) -> Result<ReportsPage, Problem> {
    let found = admin.app.read((), |read, ()| {
        Box::pin(async move {
            Ok((stored::queue(read, LISTED).await?, stored::hidden_now(read, LISTED).await?))
        })
    });
    let (waits, hidden) = found.await?;
    Ok(ReportsPage {
        page: admin.page(Place::Admin, admin.text("reports-title")),
        waits: waits.into_iter().map(|row| waiting(admin, row)).collect(),
        hidden: hidden.into_iter().map(|row| report(admin, row)).collect(),
        filled,
    })
}

fn waiting(admin: &Admin, row: ReportRow) -> Waiting {
    let since = row.appealed_at.unwrap_or(row.reported_at);
    let due = answer_by(since);
    let name = |who: &Option<(_, obole_domain::Handle)>| {
        who.as_ref().map(|(_, handle)| handle.to_string()).unwrap_or_default()
    };
    Waiting {
        reporter: name(&row.reporter),
        concerns: name(&row.concerns),
        due: admin.moment(due),
        is_late: due < admin.now,
        is_appeal: row.state != ReportState::Waiting,
        one: report(admin, row),
    }
}
