//! Reported notes of thanks for administrators: remove or leave, with a reason. Who signed is not
//! shown (P3).

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::{notes as commands, suspensions};
use obole_domain::note::{NoteReportId, NoteVerdict};
use obole_store::notes::{self, ReportRow};

use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form};
use crate::movements::day;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Admin;

/// The most reports that are listed.
const LISTED: i64 = 100;

#[derive(Template)]
#[template(path = "pages/admin_notes.html")]
struct ReportsPage {
    page: Page,
    reports: Vec<Reported>,
    /// What was refused of the form of one report.
    form: Filled,
}

struct Reported {
    id: String,
    date: String,
    row: ReportRow,
}

/// `GET /admin/notes`
pub async fn show(admin: Admin) -> Answer {
    answer::html(&page(&admin, Filled::default()).await?)
}

async fn page(admin: &Admin, form: Filled) -> Result<ReportsPage, Problem> {
    let found = admin
        .app
        .read((), |read, ()| Box::pin(async move { Ok(notes::reports(read, LISTED).await?) }));
    let found = found.await?;
    if !found.is_empty() {
        let actor = Actor::Page(admin.account());
        suspensions::log_reading(&admin.app, actor, "notes.read", "reported").await?;
    }
    let reports = found.into_iter();
    Ok(ReportsPage {
        page: admin.page(Place::Admin, admin.text("notes-admin-waiting")),
        reports: reports.map(|row| reported(admin, row)).collect(),
        form,
    })
}

fn reported(admin: &Admin, row: ReportRow) -> Reported {
    Reported { id: row.id.to_string(), date: day(admin, row.reported_at), row }
}

/// `POST /admin/notes`: the form's button says which.
pub async fn answer(admin: Admin, mut form: Form) -> Answer {
    let id = NoteReportId::parse(form.text("report")).ok_or_else(Problem::malformed)?;
    let (verdict, done) = match form.text("answer") {
        "remove" => (NoteVerdict::Removed, "notes-admin-removed"),
        "keep" => (NoteVerdict::Kept, "notes-admin-kept"),
        _ => return Err(Problem::malformed()),
    };
    let Some(reason) = form.reason() else {
        let page = page(&admin, form.filled()).await?;
        let is_there = page.reports.iter().any(|one| one.row.id == id);
        return answer::unprocessable_one(&page, is_there);
    };
    let actor = Actor::Page(admin.account());
    commands::judge(&admin.app, actor, id, (verdict, &reason)).await?;
    Ok(admin.done("/admin/notes", &Done::new(done)))
}
