//! The administration's first page: what waits for somebody.

use askama::Template;
use obole_app::Error;
use obole_app::audit::refuse_held;
use obole_domain::Money;
use obole_store::claims::disputes;
use obole_store::{notes, payout_batches, payouts, refunds, reports, signals};

use crate::answer::{self, Answer};
use crate::page::{Page, Place};
use crate::visitor::Admin;

/// The pages of administrators: address and key of the name.
pub const TABS: &[(&str, &str)] = &[
    ("/admin", "admin-tab-overview"),
    ("/admin/settlement", "admin-tab-settlement"),
    ("/admin/vouchers", "admin-tab-vouchers"),
    ("/admin/payouts", "admin-tab-payouts"),
    ("/admin/refunds", "admin-tab-refunds"),
    ("/admin/works", "admin-tab-works"),
    ("/admin/notes", "admin-tab-notes"),
    ("/admin/reports", "reports-title"),
    ("/admin/disputes", "disputes-title"),
    ("/admin/signals", "signals-title"),
    ("/admin/accounts", "admin-tab-accounts"),
    ("/admin/invitations", "admin-tab-invitations"),
    ("/admin/apps", "admin-tab-apps"),
    ("/admin/mails", "admin-tab-mails"),
    ("/admin/policy", "admin-tab-policy"),
    ("/admin/audit", "admin-tab-audit"),
    ("/admin/backups", "admin-tab-backups"),
    ("/admin/log", "admin-tab-log"),
];

#[derive(Template)]
#[template(path = "pages/admin_show.html")]
struct AdminPage {
    page: Page,
    is_held: bool,
    payouts: Vec<(i64, Money)>,
    batches: i64,
    refunds: Vec<(i64, Money)>,
    notes: i64,
    disputes: i64,
    signals: i64,
    reports: i64,
}

/// `GET /admin`
pub async fn show(admin: Admin) -> Answer {
    let found = admin.app.read((), |read, ()| {
        Box::pin(async move {
            let is_held = match refuse_held(read).await {
                Ok(()) => false,
                // A restored instance says so on every page by itself.
                Err(Error::Refused(said)) => said.code != "quarantined",
                Err(other) => return Err(other),
            };
            let payouts = payouts::waiting(read).await?;
            let batches = payout_batches::open(read).await?;
            let refunds = refunds::waiting(read).await?;
            let notes = notes::reports_waiting(read).await?;
            let (disputes, signals) =
                (disputes::waiting(read).await?, signals::waiting(read).await?);
            let reports = reports::waiting(read).await?;
            Ok((is_held, payouts, batches, refunds, (notes, reports), disputes, signals))
        })
    });
    let (is_held, payouts, batches, refunds, (notes, reports), disputes, signals) = found.await?;
    let page = admin.page(Place::Admin, admin.text("layout-admin"));
    answer::html(&AdminPage {
        page,
        is_held,
        payouts,
        batches,
        refunds,
        notes,
        disputes,
        signals,
        reports,
    })
}
