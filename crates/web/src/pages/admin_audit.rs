//! The audit for administrators: its last result, a run now, and what it holds.

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::{Error, audit, clock_watch};
use obole_language::{moment, text_with};

use crate::answer::{self, Answer, Done};
use crate::form::Form;
use crate::page::{Page, Place, Tone};
use crate::problem::Problem;
use crate::visitor::Admin;

#[derive(Template)]
#[template(path = "pages/admin_audit.html")]
struct AuditPage {
    page: Page,
    /// What the last audit, or the one of this request, found.
    result: Option<(Tone, String)>,
    rules: Vec<&'static str>,
    breaches: Vec<audit::Breach>,
    /// What holds settlement and payouts.
    held: Vec<String>,
}

/// `GET /admin/audit`
pub async fn show(admin: Admin) -> Answer {
    answer::html(&page(&admin, None).await?)
}

/// `POST /admin/audit/run`: every rule is asked again, now.
pub async fn run(admin: Admin, _form: Form) -> Answer {
    let report = audit::run_and_hold(&admin.app).await?;
    answer::html(&page(&admin, Some(report)).await?)
}

/// `POST /admin/audit/release`: an administrator has looked, settlement and payouts go on.
pub async fn release(admin: Admin, _form: Form) -> Answer {
    let actor = Actor::Page(admin.account());
    for released in
        [audit::release(&admin.app, actor).await, clock_watch::release(&admin.app, actor).await]
    {
        match released {
            Err(error) if error.code() != "state_moved" => return Err(error.into()),
            _ => {}
        }
    }
    Ok(admin.done("/admin/audit", &Done::new("audit-released")))
}

async fn page(admin: &Admin, report: Option<audit::Report>) -> Result<AuditPage, Problem> {
    let known = admin.app.read((), |read, ()| {
        Box::pin(async move {
            let broken = obole_store::settings::find(read, audit::HELD).await?;
            let clock = clock_watch::held(read).await?;
            Ok::<_, Error>((audit::last(read).await?, broken.into_iter().chain(clock).collect()))
        })
    });
    let (last, held) = known.await?;
    let result = last.map(|(at, breaches)| {
        let tone = if breaches == 0 { Tone::Success } else { Tone::Problem };
        let key = if breaches == 0 { "audit-clean" } else { "audit-broken" };
        let at = moment(admin.language, at, admin.app.zone());
        (tone, text_with(admin.language, key, &[("at", at.into()), ("count", breaches.into())]))
    });
    let report = report.unwrap_or_default();
    Ok(AuditPage {
        page: admin.page(Place::Admin, admin.text("audit-title")),
        result,
        rules: report.checked,
        breaches: report.breaches,
        held,
    })
}
