//! A creator's page: works, what they brought, and the way of the money to the bank.

use askama::Template;
use obole_app::bank_accounts::rest_hours;
use obole_app::{Error, payouts, signals, statements, wallets};
use obole_domain::signal::SignalState;
use obole_domain::{AccountId, Currency, Money, Refusal};
use obole_language::money_typed;
use obole_store::bank_accounts::{self, BankAccountRow, PayeeRow};
use obole_store::notes::{self, NoteRow, Which};
use obole_store::shares::PeriodSum;
use obole_store::works::{self, WorkRow};
use obole_store::{Read, settings};

use crate::answer::{self, Answer};
use crate::chart::{Bar, Chart, month_bars};
use crate::form::{Filled, Form};
use crate::money_form::codes;
use crate::page::{Page, Place};
use crate::pages::creator_notes::{Thanks, thanks};
use crate::pages::wallet_show::{Purse, purses};
use crate::problem::{Problem, said};
use crate::visitor::Patron;

/// The most works that are listed.
const WORKS: i64 = 500;

/// How many months of earnings that wait are looked at: none waits for longer than one.
const WAITS: i64 = 12;

/// How many of the newest notes of thanks are shown.
const NOTES: i64 = 3;

/// How many months the chart shows.
const MONTHS: usize = 12;

#[derive(Template)]
#[template(path = "pages/creator_show.html")]
struct CreatorPage {
    page: Page,
    earnings: Vec<Purse>,
    /// Whether something waits because of signals.
    is_waiting: bool,
    chart: Chart,
    works: Vec<Work>,
    notes: Vec<Thanks>,
    /// What a payout would come to now; none with the reason why it cannot be asked for.
    payout: Result<String, String>,
    bank: String,
    /// The currencies, and whether the creator takes each.
    taken: Vec<(String, bool)>,
    currencies: Vec<String>,
    threshold: String,
    minimum: Money,
    filled: Filled,
    problems: Vec<String>,
    ops: [String; 2],
}

struct Work {
    row: WorkRow,
    title: String,
}

/// What is read for the page in one go.
struct Found {
    works: Vec<WorkRow>,
    notes: Vec<NoteRow>,
    refused: Vec<Currency>,
    bank: Option<BankAccountRow>,
    payee: PayeeRow,
    minimum: obole_domain::Micros,
    payable: Result<Money, Error>,
}

/// `GET /creator`
pub async fn show(patron: Patron) -> Answer {
    answer::html(&page(&patron, Filled::default()).await?)
}

/// The page again with what was refused.
pub async fn refused(patron: &Patron, form: &Form) -> Answer {
    answer::unprocessable(&page(patron, form.filled()).await?)
}

async fn page(patron: &Patron, filled: Filled) -> Result<CreatorPage, Problem> {
    let (app, account) = (&patron.app, patron.account());
    let found = app.read((), move |read, ()| Box::pin(find(read, account))).await?;
    let (_, received) = statements::overview(app, account).await?;
    let waits = signals::of(app, account, WAITS).await?;
    let taken = app
        .currencies()
        .iter()
        .map(|currency| (currency.code().to_owned(), !found.refused.contains(currency)));
    let main = app.main_currency();
    let threshold = found.payee.threshold.max(found.minimum);
    Ok(CreatorPage {
        page: patron.page(Place::Creator, patron.text("creator-title")),
        is_waiting: waits.iter().any(|row| row.state == SignalState::Held),
        earnings: purses(patron, &wallets::earnings(app, account).await?),
        chart: chart(patron, main, &received),
        payout: offer(patron, &found)?,
        bank: bank(patron, found.bank.as_ref()),
        taken: taken.collect(),
        works: found
            .works
            .into_iter()
            .map(|row| Work { title: row.shown_title().to_owned(), row })
            .collect(),
        notes: found.notes.into_iter().map(|row| thanks(patron, row)).collect(),
        currencies: codes(app),
        threshold: match filled.value("threshold") {
            "" => money_typed(patron.language, Money::new(threshold, main)),
            typed => typed.to_owned(),
        },
        minimum: Money::new(found.minimum, main),
        problems: filled.others(&["amount", "threshold"]).iter().map(|s| (*s).to_owned()).collect(),
        filled,
        ops: [patron.op(), patron.op()],
    })
}

async fn find(read: &mut Read, account: AccountId) -> obole_app::Result<Found> {
    Ok(Found {
        works: works::owned_by(read, account, WORKS).await?,
        notes: notes::of_owner(read, account, Which::default(), (NOTES, 0)).await?,
        refused: works::currencies_refused(read, account).await?,
        bank: bank_accounts::find(read, account).await?,
        payee: bank_accounts::payee(read, account).await?.ok_or(Error::NotFound)?,
        minimum: settings::policy(read).await?.payout_min,
        payable: payouts::what_is_payable(read, account, Currency::EUR).await,
    })
}

/// What a payout would come to, or the first thing that stands in its way.
fn offer(patron: &Patron, found: &Found) -> Result<Result<String, String>, Problem> {
    let rests = found.bank.as_ref().map(|bank| rest_hours(bank, patron.now));
    let refusal = match rests {
        _ if !found.payee.is_confirmed => Some(Refusal::EmailUnconfirmed {}),
        None => Some(Refusal::BankAccountMissing {}),
        Some(Some(hours)) => Some(Refusal::BankAccountResting { hours }),
        Some(None) => None,
    };
    if let Some(refusal) = refusal {
        return Ok(Err(obole_language::problem(patron.language, &refusal)));
    }
    match &found.payable {
        Ok(money) => Ok(Ok(obole_language::money(patron.language, *money))),
        Err(Error::Refused(why)) => Ok(Err(said(patron.language, &why.code, &why.values))),
        Err(other) => Err(Problem::internal(other)),
    }
}

/// Where payouts go, in a sentence.
fn bank(patron: &Patron, found: Option<&BankAccountRow>) -> String {
    let Some(bank) = found else { return patron.text("creator-bank-none") };
    let values =
        [("holder", bank.holder.as_str().into()), ("last4", bank.iban_last4.as_str().into())];
    obole_language::text_with(patron.language, "creator-bank-now", &values)
}

/// The last months in the main currency, oldest first.
fn chart(patron: &Patron, currency: Currency, received: &[PeriodSum]) -> Chart {
    let own = received.iter().filter(|month| month.currency == currency).take(MONTHS);
    let mut bars: Vec<Bar> = own
        .map(|month| Bar {
            label: obole_language::period_short(patron.language, month.period),
            value: month.amount.get(),
            text: obole_language::money_rounded(
                patron.language,
                Money::new(month.amount, currency),
            ),
            is_open: false,
        })
        .collect();
    bars.reverse();
    month_bars(patron.language, "received", &patron.text("creator-received"), &bars)
}
