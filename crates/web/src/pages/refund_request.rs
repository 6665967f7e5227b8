//! A patron asks for unspent money back (M5).

use askama::Template;
use obole_app::refunds::{self, RefundRequest};
use obole_app::wallets;
use obole_domain::payout::RefundState;
use obole_domain::{Money, Note};
use obole_store::refunds::{self as rows, RefundRow};

use crate::answer::{self, Answer, Done};
use crate::form::{Filled, Form};
use crate::money_form::{self, codes};
use crate::movements::day;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Patron;

/// The most earlier requests that are listed.
const EARLIER: i64 = 50;

#[derive(Template)]
#[template(path = "pages/refund_request.html")]
struct RefundPage {
    page: Page,
    /// What can go back to where it came from, in each currency.
    refundable: Vec<Money>,
    /// What came from earnings and can only go back to them, with the number of its form.
    returnable: Vec<(Money, String)>,
    earlier: Vec<Earlier>,
    currencies: Vec<String>,
    form: Filled,
    note_max: usize,
    op: String,
}

struct Earlier {
    date: String,
    row: RefundRow,
    state: String,
    badge: &'static str,
}

/// `GET /wallet/refund`: money leaves only after a fresh sign-in (W3).
pub async fn show(patron: Patron) -> Answer {
    patron.proved()?;
    answer::html(&page(&patron, Filled::default()).await?)
}

/// `POST /wallet/earnings`: what came from earnings goes back to them, to leave as a payout.
pub async fn return_earnings(patron: Patron, mut form: Form) -> Answer {
    let key = form.key()?;
    if let Some(currency) = money_form::currency(&patron.app, &mut form) {
        match wallets::return_earnings(&patron.app, patron.account(), &key, currency).await {
            Ok(once) => {
                let done = Done::new("wallet-returned").with("amount", once.value.money());
                return Ok(patron.done("/creator", &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    answer::unprocessable(&page(&patron, form.without_fields().filled()).await?)
}

/// `POST /wallet/refund`
pub async fn request(patron: Patron, mut form: Form) -> Answer {
    patron.proved()?;
    let key = form.key()?;
    let amount = money_form::amount(&patron.app, &mut form);
    let note =
        form.read("note", |text| Note::parse(text)?.ok_or(obole_domain::Refusal::Missing {}));
    if let Some((amount, note)) = amount.zip(note) {
        let request = RefundRequest { amount, note: note.as_str().to_owned() };
        match refunds::request(&patron.app, patron.account(), &key, request).await {
            Ok(once) => {
                let done =
                    Done::new("wallet-refund-asked").with("amount", once.value.amount.money());
                return Ok(patron.done("/wallet/refund", &done));
            }
            Err(error) => form.refused(error)?,
        }
    }
    answer::unprocessable(&page(&patron, form.filled()).await?)
}

async fn page(patron: &Patron, form: Filled) -> Result<RefundPage, Problem> {
    let account = patron.account();
    let earlier = patron.app.read((), move |read, ()| {
        Box::pin(async move { Ok(rows::of_account(read, account, EARLIER).await?) })
    });
    let earlier = earlier.await?.into_iter().map(|row| {
        let (key, badge) = key_and_badge(row.state);
        Earlier { date: day(patron, row.requested_at), state: patron.text(key), badge, row }
    });
    let parts = wallets::parts(&patron.app, account).await?;
    let returnable = parts.iter().map(|parts| (parts.returnable, patron.op()));
    Ok(RefundPage {
        page: patron.page(Place::Wallet, patron.text("wallet-refund")),
        refundable: parts.iter().map(|parts| parts.refundable).collect(),
        returnable: returnable.filter(|(money, _)| money.amount.is_positive()).collect(),
        earlier: earlier.collect(),
        currencies: codes(&patron.app),
        form,
        note_max: Note::LENGTH_MAX,
        op: patron.op(),
    })
}

/// The text of a state and the class of its badge.
const fn key_and_badge(state: RefundState) -> (&'static str, &'static str) {
    match state {
        RefundState::Requested | RefundState::Executing => ("wallet-refund-requested", "waiting"),
        RefundState::Executed => ("wallet-refund-executed", "good"),
        RefundState::Declined => ("wallet-refund-declined", "bad"),
    }
}
