//! Vouchers for administrators: make a batch, see the codes once, list, make void.

use askama::Template;
use axum::extract::Path;
use jiff::Timestamp;
use jiff::civil::Date;
use obole_app::audit_log::Actor;
use obole_app::vouchers::{self, NewVouchers};
use obole_domain::voucher::{BATCH_MAX, VoucherBatchId, VoucherId};
use obole_domain::{Money, Refusal};
use obole_store::vouchers::{self as rows, BatchRow, VoucherRow};

use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form, Query};
use crate::money_form::{self, codes};
use crate::movements::day;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Admin, Visitor};

/// How many batches a page shows.
const PAGE: i64 = 50;

#[derive(Template)]
#[template(path = "pages/admin_vouchers.html")]
struct VouchersPage {
    page: Page,
    batches: Vec<Batch>,
    next: String,
    currencies: Vec<String>,
    form: Filled,
    most: String,
    op: String,
}

#[derive(Template)]
#[template(path = "pages/admin_vouchers_made.html")]
struct MadePage {
    page: Page,
    codes: Vec<String>,
    amount: Money,
    /// Until when, in words; empty for ever.
    end: String,
    redeem_at: String,
    batch: VoucherBatchId,
}

#[derive(Template)]
#[template(path = "pages/admin_voucher_batch.html")]
struct BatchPage {
    page: Page,
    batch: Batch,
    vouchers: Vec<Voucher>,
}

struct Batch {
    row: BatchRow,
    made: String,
    end: String,
    left: i64,
}

struct Voucher {
    row: VoucherRow,
    state: String,
    badge: &'static str,
    is_open: bool,
}

fn batch(visitor: &Visitor, row: BatchRow) -> Batch {
    Batch {
        row,
        made: day(visitor, row.created_at),
        end: end(visitor, row.expires_at),
        left: row.count - row.redeemed - row.voided,
    }
}

/// The last day of something that ends; empty for what never does.
fn end(visitor: &Visitor, expires_at: Option<Timestamp>) -> String {
    let last = |end: Timestamp| end.checked_sub(jiff::SignedDuration::from_nanos(1)).unwrap_or(end);
    expires_at.map(|end| day(visitor, last(end))).unwrap_or_default()
}

/// `GET /admin/vouchers`
pub async fn show(admin: Admin, Query(query): Query) -> Answer {
    answer::html(&page(&admin, &query, Filled::default()).await?)
}

/// `POST /admin/vouchers`: the answer shows the codes, this once.
pub async fn create(admin: Admin, mut form: Form) -> Answer {
    let key = form.key()?;
    let amount = money_form::amount(&admin.app, &mut form);
    let count = form.read("count", |text| {
        text.trim().parse().map_err(|_| Refusal::VoucherCount { limit: BATCH_MAX })
    });
    let expires_at = form.read("expires", |text| last_moment(&admin, text));
    if let Some(((amount, count), expires_at)) = amount.zip(count).zip(expires_at) {
        let new = NewVouchers { amount, count, expires_at };
        match vouchers::create_once(&admin.app, admin.account(), &key, new).await {
            Ok(once) => return made(&admin, once.value, new),
            Err(error) => form.refused(error)?,
        }
    }
    answer::unprocessable(&page(&admin, &form, form.filled()).await?)
}

/// The codes; or, when the form was sent before, the batch without them.
fn made(admin: &Admin, made: vouchers::Made, new: NewVouchers) -> Answer {
    let batch = VoucherBatchId::new(made.batch);
    if made.codes.is_empty() {
        let done = Done::new("admin-voucher-made-before").tone(crate::page::Tone::Warning);
        return Ok(admin.done(&format!("/admin/vouchers/{batch}"), &done));
    }
    answer::html(&MadePage {
        page: admin.page(Place::Admin, admin.text("admin-voucher-codes")),
        codes: made.codes,
        amount: new.amount,
        end: end(admin, new.expires_at),
        redeem_at: format!("{}/wallet", admin.app.config().base_url()),
        batch,
    })
}

/// The end of a typed day in the instance's zone; none where nothing was typed.
fn last_moment(visitor: &Visitor, text: &str) -> Result<Option<Timestamp>, Refusal> {
    let malformed = || Refusal::DateMalformed {};
    if text.trim().is_empty() {
        return Ok(None);
    }
    let day: Date = text.trim().parse().map_err(|_| malformed())?;
    let next = day.tomorrow().map_err(|_| malformed())?;
    let begins = next.to_zoned(visitor.app.zone().clone()).map_err(|_| malformed())?;
    Ok(Some(begins.timestamp()))
}

/// `GET /admin/vouchers/{batch}`
pub async fn show_batch(admin: Admin, Path(id): Path<String>) -> Answer {
    let id = VoucherBatchId::parse(&id).ok_or_else(Problem::not_found)?;
    let found = admin.app.read((), move |read, ()| {
        Box::pin(async move { Ok((rows::batch(read, id).await?, rows::of_batch(read, id).await?)) })
    });
    let (row, vouchers) = found.await?;
    let batch = batch(&admin, row.ok_or_else(Problem::not_found)?);
    let is_over = batch.row.expires_at.is_some_and(|end| end <= admin.now);
    answer::html(&BatchPage {
        page: admin.page(Place::Admin, admin.text("admin-voucher-batch")),
        vouchers: vouchers.into_iter().map(|row| voucher(&admin, row, is_over)).collect(),
        batch,
    })
}

fn voucher(visitor: &Visitor, row: VoucherRow, is_over: bool) -> Voucher {
    let (key, badge) = match (row.redeemed_at, row.voided_at) {
        (Some(_), _) => ("admin-voucher-state-redeemed", "good"),
        (None, Some(_)) => ("admin-voucher-state-void", "bad"),
        (None, None) if is_over => ("admin-voucher-expired", "bad"),
        (None, None) => ("admin-voucher-open", "waiting"),
    };
    let is_open = row.redeemed_at.is_none() && row.voided_at.is_none();
    Voucher { row, state: visitor.text(key), badge, is_open }
}

/// `POST /admin/vouchers/{batch}/void`: one voucher, or what is left of the batch.
pub async fn void(admin: Admin, Path(id): Path<String>, form: Form) -> Answer {
    let batch = VoucherBatchId::parse(&id).ok_or_else(Problem::not_found)?;
    let actor = Actor::Page(admin.account());
    let path = format!("/admin/vouchers/{batch}");
    if form.text("voucher").is_empty() {
        let count = vouchers::void_batch(&admin.app, actor, batch).await?;
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        return Ok(admin.done(&path, &Done::new("admin-voucher-voided-all").with("count", count)));
    }
    let voucher = VoucherId::parse(form.text("voucher")).ok_or_else(Problem::malformed)?;
    vouchers::void(&admin.app, actor, voucher).await?;
    Ok(admin.done(&path, &Done::new("admin-voucher-voided")))
}

async fn page(admin: &Admin, query: &Form, form: Filled) -> Result<VouchersPage, Problem> {
    let before = query.text("before").parse().ok();
    let before = before.and_then(|micros| Timestamp::from_microsecond(micros).ok());
    let before = before.unwrap_or(Timestamp::MAX);
    let found = admin.app.read((), move |read, ()| {
        Box::pin(async move { Ok(rows::batches(read, before, PAGE).await?) })
    });
    let found: Vec<BatchRow> = found.await?;
    let is_full = i64::try_from(found.len()) == Ok(PAGE);
    let last = found.last().filter(|_| is_full);
    let next =
        last.map(|last| format!("/admin/vouchers?before={}", last.created_at.as_microsecond()));
    Ok(VouchersPage {
        page: admin.page(Place::Admin, admin.text("admin-tab-vouchers")),
        batches: found.into_iter().map(|row| batch(admin, row)).collect(),
        next: next.unwrap_or_default(),
        currencies: codes(&admin.app),
        form,
        most: obole_language::number(admin.language, BATCH_MAX),
        op: admin.op(),
    })
}
