//! Backups for administrators: how they stand, and what waits after a restore (V1, V3).

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::backup::automatic;
use obole_app::quarantine::{self, Found, Outcome, Quarantine};
use obole_app::recovery;
use obole_domain::{Micros, Money};
use obole_language::Arg;

use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Admin;

#[derive(Template)]
#[template(path = "pages/admin_backups.html")]
struct BackupsPage {
    page: Page,
    /// How the last backup that counts stands, in a sentence.
    last: String,
    /// Why the one after it failed; empty where it did not.
    failed: String,
    restored: Option<Restored>,
    filled: Filled,
}

/// What is told of a quarantine.
struct Restored {
    /// Why the instance waits.
    why: String,
    /// What the comparison came to, or what is missing for it.
    compared: String,
    is_compared: bool,
    lines: Vec<Line>,
}

/// What left and was not in the books.
struct Line {
    kind: &'static str,
    handle: String,
    amount: String,
    outcome: &'static str,
    class: &'static str,
    id: String,
}

/// `GET /admin/backups`
pub async fn show(admin: Admin) -> Answer {
    answer::html(&page(&admin, Filled::default()).await?)
}

/// `POST /admin/backups/compare`: the outbound journal is compared again, now.
pub async fn compare(admin: Admin, _form: Form) -> Answer {
    recovery::compare(&admin.app, Actor::Page(admin.account()), Vec::new()).await?;
    Ok(admin.done("/admin/backups", &Done::new("quarantine-compared-again")))
}

/// `POST /admin/backups/end`: payouts, refunds and settlement go on.
pub async fn end(admin: Admin, mut form: Form) -> Answer {
    let (actor, reason) = (Actor::Page(admin.account()), form.text("reason").to_owned());
    let is_bank_checked = form.is_checked("checked");
    match quarantine::end(&admin.app, actor, &reason, is_bank_checked).await {
        Ok(()) => return Ok(admin.done("/admin/backups", &Done::new("quarantine-ended"))),
        Err(obole_app::Error::Refused(mut said)) if said.field.is_empty() => {
            said.field = "reason".to_owned();
            form.refused(obole_app::Error::Refused(said))?;
        }
        Err(error) => form.refused(error)?,
    }
    answer::unprocessable(&page(&admin, form.filled()).await?)
}

async fn page(admin: &Admin, filled: Filled) -> Result<BackupsPage, Problem> {
    let found = admin.app.read((), |read, ()| {
        Box::pin(
            async move { Ok((automatic::standing(read).await?, quarantine::find(read).await?)) },
        )
    });
    let (standing, state) = found.await?;
    let is_off = admin.app.config().backup.folder.is_empty();
    let page = admin.page(Place::Admin, admin.text("admin-tab-backups"));
    let last = match &standing.last {
        Some(last) => page.with_all(
            "backups-last",
            &[
                ("at", admin.moment(last.at()).into()),
                ("file", last.file.as_str().into()),
                ("rows", Arg::from(i64::try_from(last.rows).unwrap_or(i64::MAX))),
            ],
        ),
        None => page.text(if is_off { "backups-off" } else { "backups-none" }),
    };
    let failed = standing.failed.map(|failed| {
        let at = ("at", admin.moment(failed.at()).into());
        page.with_all("backups-failed", &[at, ("reason", failed.reason.into())])
    });
    let restored = state.map(|state| restored(admin, &state));
    Ok(BackupsPage { page, last, failed: failed.unwrap_or_default(), restored, filled })
}

fn restored(admin: &Admin, state: &Quarantine) -> Restored {
    let text =
        |key: &str, values: &[(&str, Arg)]| obole_language::text_with(admin.language, key, values);
    let moments = [
        ("since", admin.moment(state.since()).into()),
        ("backup", admin.moment(state.backup()).into()),
    ];
    let compared = match state.compared() {
        Some(at) => {
            let known = i64::try_from(state.known).unwrap_or(i64::MAX);
            let count = i64::try_from(state.found_count).unwrap_or(i64::MAX);
            let at = ("at", admin.moment(at).into());
            text("quarantine-compared", &[at, ("known", known.into()), ("count", count.into())])
        }
        None => admin.text("quarantine-absent"),
    };
    Restored {
        why: text("quarantine-why", &moments),
        compared,
        is_compared: state.compared().is_some(),
        lines: state.found.iter().map(|found| line(admin, found)).collect(),
    }
}

fn line(admin: &Admin, found: &Found) -> Line {
    let amount = Micros::new(found.amount_micros);
    let amount = match admin.app.currency(&found.currency) {
        Ok(currency) => obole_language::money(admin.language, Money::new(amount, currency)),
        Err(_) => format!("{} {}", amount.to_decimal(2), found.currency),
    };
    let (outcome, class) = match found.outcome {
        Outcome::Booked => ("quarantine-outcome-booked", "good"),
        Outcome::Owed => ("quarantine-outcome-owed", "waiting"),
        Outcome::Stranger => ("quarantine-outcome-stranger", "bad"),
        Outcome::Unclear => ("quarantine-outcome-unclear", "bad"),
    };
    let is_payout = found.kind == "payout";
    let kind = if is_payout { "quarantine-kind-payout" } else { "quarantine-kind-refund" };
    let (handle, id) = (found.handle.clone(), found.id.clone());
    Line { kind, handle, amount, outcome, class, id }
}
