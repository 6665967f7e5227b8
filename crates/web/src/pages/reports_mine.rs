//! What one reported, and what became of it.

use askama::Template;
use obole_domain::report::{ReportReason, ReportState};
use obole_store::reports::{self, ReportRow, Subject};

use crate::answer::{Answer, html};
use crate::page::{Page, Place};
use crate::visitor::{Patron, Visitor};

/// The most reports that the page lists.
const LISTED: i64 = 100;

#[derive(Template)]
#[template(path = "pages/reports_mine.html")]
struct MinePage {
    page: Page,
    reports: Vec<Report>,
}

/// A report in words.
pub(super) struct Report {
    pub(super) row: ReportRow,
    pub(super) shown: String,
    pub(super) link: String,
    pub(super) why: String,
    pub(super) class: &'static str,
    pub(super) state: String,
    pub(super) at: String,
}

/// The text of a reason.
pub(super) const fn reason_key(why: ReportReason) -> &'static str {
    match why {
        ReportReason::Poses => "reports-poses",
        ReportReason::LooksLike => "reports-looks-like",
        ReportReason::Unlawful => "reports-unlawful",
        ReportReason::Hateful => "reports-hateful",
        ReportReason::Deceptive => "reports-deceptive",
        ReportReason::Other => "reports-other",
    }
}

/// A report in words.
pub(super) fn report(visitor: &Visitor, row: ReportRow) -> Report {
    let (shown, link) = match &row.subject {
        Subject::Work(work, url) => (url.to_string(), format!("/w/{work}")),
        Subject::Account(_, handle) => (format!("@{handle}"), format!("/@{handle}")),
    };
    let (class, key) = match row.state {
        ReportState::Waiting => ("waiting", "reports-waiting"),
        ReportState::Kept => ("", "reports-kept"),
        ReportState::Hidden => ("good", "reports-hidden"),
        ReportState::Suspended => ("good", "reports-suspended"),
    };
    Report {
        shown,
        link,
        why: visitor.text(reason_key(row.why)),
        class,
        state: visitor.text(key),
        at: visitor.moment(row.reported_at),
        row,
    }
}

/// `GET /settings/reports`
pub async fn show(patron: Patron) -> Answer {
    let account = patron.account();
    let found = patron.app.read((), move |read, ()| {
        Box::pin(async move { Ok(reports::of_reporter(read, account, LISTED).await?) })
    });
    html(&MinePage {
        page: patron.page(Place::Elsewhere, patron.text("reports-mine")),
        reports: found.await?.into_iter().map(|row| report(&patron, row)).collect(),
    })
}
