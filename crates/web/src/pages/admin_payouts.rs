//! Payouts for administrators: what waits, the bank files, and single payouts undone.

use askama::Template;
use jiff::Timestamp;
use obole_app::audit_log::Actor;
use obole_app::{payout_batches, payouts};
use obole_domain::payout::{BatchId, PayoutId};
use obole_domain::{Currency, Policy};
use obole_store::payout_batches::{self as batch_rows, PayoutBatchRow};
use obole_store::{payouts as rows, settings};

use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form};
use crate::movements::day;
use crate::page::{Page, Place};
use crate::pages::admin_payout_batch;
use crate::pages::creator_payouts::{Payout, payout};
use crate::problem::Problem;
use crate::visitor::{Admin, Visitor};

/// The most waiting payouts and the most batches that are listed.
const LISTED: i64 = 200;

#[derive(Template)]
#[template(path = "pages/admin_payouts.html")]
struct PayoutsPage {
    page: Page,
    waiting: Vec<Payout>,
    batches: Vec<Batch>,
    /// What was refused of the form that takes one payout back.
    form: Filled,
}

/// A batch as a page shows it.
pub struct Batch {
    /// The day it was made.
    pub made: String,
    /// Where it stands, in words.
    pub state: String,
    /// The class of that badge.
    pub badge: &'static str,
    /// The batch.
    pub row: PayoutBatchRow,
}

/// What a page shows of a batch.
#[must_use]
pub fn batch(visitor: &Visitor, row: PayoutBatchRow, policy: &Policy) -> Batch {
    let (key, badge) = if row.discarded_at.is_some() {
        ("admin-batch-discarded", "bad")
    } else if row.sent_at.is_some() {
        ("admin-batch-sent", "good")
    } else if row.handed_at.is_some() {
        ("admin-batch-handed", "waiting")
    } else if payout_batches::needs_approval(&row, policy) {
        ("admin-batch-approval", "waiting")
    } else {
        ("admin-batch-ready", "waiting")
    };
    Batch { made: day(visitor, row.created_at), state: visitor.text(key), badge, row }
}

/// `GET /admin/payouts`
pub async fn show(admin: Admin) -> Answer {
    answer::html(&page(&admin, Filled::default()).await?)
}

async fn page(admin: &Admin, form: Filled) -> Result<PayoutsPage, Problem> {
    let found = admin.app.read((), |read, ()| {
        Box::pin(async move {
            let waiting = rows::requested(read, Currency::EUR, LISTED).await?;
            let batches = batch_rows::list(read, Timestamp::MAX, LISTED).await?;
            Ok((waiting, batches, settings::policy(read).await?))
        })
    });
    let (waiting, batches, policy) = found.await?;
    Ok(PayoutsPage {
        page: admin.page(Place::Admin, admin.text("admin-tab-payouts")),
        waiting: waiting.into_iter().map(|row| payout(admin, row)).collect(),
        batches: batches.into_iter().map(|row| batch(admin, row, &policy)).collect(),
        form,
    })
}

/// `POST /admin/payouts`: what waits becomes a bank file.
pub async fn create(admin: Admin, _form: Form) -> Answer {
    let actor = Actor::Page(admin.account());
    let made = payout_batches::create(&admin.app, actor, Currency::EUR).await?;
    let done = Done::new("admin-batch-made").with("amount", made.total);
    Ok(admin.done(&format!("/admin/payouts/{}", made.id), &done))
}

/// `POST /admin/payouts/reverse`: one payout comes back.
pub async fn reverse(admin: Admin, mut form: Form) -> Answer {
    let id = PayoutId::parse(form.text("payout")).ok_or_else(Problem::malformed)?;
    let batch = BatchId::parse(form.text("batch"));
    let Some(reason) = form.reason() else {
        if let Some(batch) = batch {
            return admin_payout_batch::refused(&admin, batch, (id, form.filled())).await;
        }
        let page = page(&admin, form.filled()).await?;
        let is_there = page.waiting.iter().any(|one| one.row.id == id);
        return answer::unprocessable_one(&page, is_there);
    };
    let actor = Actor::Page(admin.account());
    payouts::reverse(&admin.app, actor, id, &reason).await?;
    let path = match batch {
        Some(batch) => format!("/admin/payouts/{batch}"),
        None => "/admin/payouts".to_owned(),
    };
    Ok(admin.done(&path, &Done::new("admin-payout-reversed")))
}
