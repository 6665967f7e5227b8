//! Where a creator's payouts go. Shown and changed only after a fresh sign-in (W3, M8).

use askama::Template;
use obole_app::bank_accounts::{self, Iban, NewBankAccount, rest_hours};
use obole_domain::Refusal;
use obole_domain::policy::BANK_REST_HOURS;

use obole_store::bank_accounts as rows;

use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/creator_bank.html")]
struct BankPage {
    page: Page,
    /// Holder and last four of the account that stands.
    now: Option<(String, String)>,
    /// For how many hours it rests.
    rests: Option<i64>,
    rest_hours: i64,
    form: Filled,
}

/// `GET /creator/bank`
pub async fn show(patron: Patron) -> Answer {
    patron.proved()?;
    answer::html(&page(&patron, None).await?)
}

/// `POST /creator/bank`
pub async fn set(patron: Patron, mut form: Form) -> Answer {
    patron.proved()?;
    let holder = form.read("holder", |text| {
        if text.trim().is_empty() { Err(Refusal::Missing {}) } else { Ok(text.to_owned()) }
    });
    let iban = form.read("iban", Iban::parse);
    if let Some((holder, iban)) = holder.zip(iban) {
        let new = NewBankAccount { holder, iban };
        match bank_accounts::set(&patron.app, patron.account(), new).await {
            Ok(()) => return Ok(patron.done("/creator/bank", &Done::new("creator-bank-set"))),
            Err(error) => form.refused(error)?,
        }
    }
    answer::unprocessable(&page(&patron, Some(form.filled())).await?)
}

async fn page(patron: &Patron, refused: Option<Filled>) -> Result<BankPage, Problem> {
    let account = patron.account();
    let found = patron
        .app
        .read((), move |read, ()| Box::pin(async move { Ok(rows::find(read, account).await?) }));
    let found = found.await?;
    let holder = found.as_ref().map(|row| row.holder.clone()).unwrap_or_default();
    Ok(BankPage {
        page: patron.page(Place::Creator, patron.text("creator-bank")),
        rests: found.as_ref().and_then(|row| rest_hours(row, patron.now)),
        now: found.map(|row| (row.holder, row.iban_last4)),
        rest_hours: BANK_REST_HOURS,
        form: refused.unwrap_or_else(|| Filled::new([("holder", holder)])),
    })
}
