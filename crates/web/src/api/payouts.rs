//! `/me/payouts` and `/me/payee`: payouts that were asked for, and how the account receives. A
//! token asks for none (O3): money leaves after a fresh sign-in only.

use axum::Json;
use axum::extract::{Path, Request};
use axum::response::IntoResponse as _;
use obole_app::{Error, bank_accounts as banks, currencies, payouts as payables};
use obole_domain::payout::PayoutId;
use obole_domain::token::Scope;
use obole_domain::{AccountId, Currency, Micros};
use obole_store::bank_accounts::{self, BankAccountRow};
use obole_store::payouts::{self, PayoutRow};
use obole_store::{Read, settings, works};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::body;
use crate::api::budgets::read_amount;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::money::Money;
use crate::api::query::{PageParameters, Query};
use crate::problem::Problem;

/// A payout that was asked for.
#[derive(Serialize, ToSchema)]
pub struct Payout {
    /// Its id.
    pub id: String,
    /// How much.
    pub amount: Money,
    /// Where it stands: `requested`, `batched` into a file for the bank, `sent`, or `reversed`:
    /// then the money is in the earnings again.
    #[schema(example = "sent")]
    pub state: &'static str,
    /// The holder of the bank account that it goes to.
    pub holder: String,
    /// The last four characters of its IBAN.
    #[schema(example = "3000")]
    pub iban_last4: String,
    /// When it was asked for.
    #[schema(format = "date-time")]
    pub requested_at: String,
    /// When it was sent or reversed; null while neither.
    #[schema(required, format = "date-time")]
    pub ended_at: Option<String>,
    /// Why it was reversed; empty where it was not.
    pub end_reason: String,
}

impl From<PayoutRow> for Payout {
    fn from(row: PayoutRow) -> Self {
        Self {
            id: row.id.to_string(),
            amount: row.amount.into(),
            state: row.state.code(),
            holder: row.holder,
            iban_last4: row.iban_last4,
            requested_at: row.requested_at.to_string(),
            ended_at: row.ended_at.map(|at| at.to_string()),
            end_reason: row.end_reason,
        }
    }
}

/// How an account receives.
#[derive(Serialize, ToSchema)]
pub struct Payee {
    /// The smallest payout that the account wants.
    pub threshold: Money,
    /// The smallest that the instance makes.
    pub minimum: Money,
    /// What a payout would come to now; null where none can be asked for.
    #[schema(required)]
    pub payable: Option<Money>,
    /// The code of what stands in the way of a payout; null where nothing does.
    #[schema(required, example = "payout_too_small")]
    pub payable_problem: Option<String>,
    /// The currencies that the account's works take.
    #[schema(example = json!(["EUR"]))]
    pub currencies: Vec<String>,
    /// Where payouts go; null while there is no bank account.
    #[schema(required)]
    pub bank: Option<Bank>,
}

/// A bank account.
#[derive(Serialize, ToSchema)]
pub struct Bank {
    /// Its holder.
    pub holder: String,
    /// The last four characters of its IBAN.
    #[schema(example = "3000")]
    pub iban_last4: String,
    /// Until when no payout goes there, after a change.
    #[schema(format = "date-time")]
    pub rests_until: String,
}

impl From<BankAccountRow> for Bank {
    fn from(row: BankAccountRow) -> Self {
        Self {
            holder: row.holder,
            iban_last4: row.iban_last4,
            rests_until: row.rests_until.to_string(),
        }
    }
}

/// What to change about how an account receives.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePayee {
    /// The smallest payout that the account wants, in the instance's first currency.
    #[schema(example = "20.00", pattern = r"^\d{1,8}(\.\d{1,6})?$")]
    pub threshold: Option<String>,
    /// The currencies that the account's works take; of the others they get no share.
    #[schema(example = json!(["EUR"]))]
    pub currencies: Option<Vec<String>>,
}

/// The account's payouts, newest first
#[utoipa::path(
    get, path = "/me/payouts", tag = "Account", security(("token" = ["wallet"])),
    params(PageParameters),
    responses((status = 200, description = "The payouts", body = List<Payout>)),
)]
pub async fn list_payouts(caller: Caller, mut query: Query) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let page = query.page()?;
    let before = page.after(|bytes| uuid::Uuid::from_slice(bytes).ok().map(PayoutId::new))?;
    let rows = page.rows();
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(payouts::of_account(read, account, before, rows).await?) })
    });
    let cursor = |row: &PayoutRow| row.id.uuid().into_bytes().to_vec();
    let list = List::of(found.await?, &page, cursor, Payout::from);
    Ok(list.answer(&caller, "/me/payouts", &page, &[]))
}

/// One of the account's payouts
#[utoipa::path(
    get, path = "/me/payouts/{id}", tag = "Account", security(("token" = ["wallet"])),
    params(("id" = String, Path, description = "The payout's id")),
    responses((status = 200, description = "The payout", body = Payout)),
)]
pub async fn get_payout(caller: Caller, Path(id): Path<String>) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let id = PayoutId::parse(&id).ok_or_else(Problem::not_found)?;
    let found = caller
        .app
        .read((), move |read, ()| Box::pin(async move { Ok(payouts::find(read, id).await?) }));
    let row = found.await?.filter(|row| row.account == account).ok_or_else(Problem::not_found)?;
    Ok(Json(Payout::from(row)).into_response())
}

/// How the account receives: threshold, currencies, bank account, what could be paid out now
#[utoipa::path(
    get, path = "/me/payee", tag = "Account",
    security(("token" = ["wallet"]), ("token" = ["settings"])),
    responses((status = 200, description = "How it receives", body = Payee)),
)]
pub async fn get_payee(caller: Caller) -> Answer {
    let account = caller.allow_any(&[Scope::Wallet, Scope::Settings])?;
    Ok(Json(payee(&caller, account).await?).into_response())
}

/// Change the smallest payout and the currencies that the account takes
///
/// Bank details change on the pages only, after a fresh sign-in.
#[utoipa::path(
    patch, path = "/me/payee", tag = "Account", security(("token" = ["settings"])),
    request_body = ChangePayee,
    responses((status = 200, description = "How it receives now", body = Payee)),
)]
pub async fn change_payee(caller: Caller, request: Request) -> Answer {
    let account = caller.allow(Scope::Settings)?;
    let sent: ChangePayee = body::read(request).await?;
    let taken = sent.currencies.map(|codes| read_currencies(&caller, &codes)).transpose()?;
    if let Some(threshold) = &sent.threshold {
        let about = |problem: Problem| problem.at("threshold");
        let threshold = read_amount(threshold, caller.app.main_currency());
        let threshold = threshold.map_err(|refusal| about(refusal.into()))?;
        banks::set_threshold(&caller.app, account, threshold).await?;
    }
    if let Some(taken) = taken {
        currencies::set_taken(&caller.app, account, &taken).await?;
    }
    Ok(Json(payee(&caller, account).await?).into_response())
}

fn read_currencies(caller: &Caller, codes: &[String]) -> Result<Vec<Currency>, Problem> {
    let read = |code: &String| caller.app.currency(code);
    let read: Result<_, Error> = codes.iter().map(read).collect();
    read.map_err(|error| Problem::from(error).at("currencies"))
}

/// What is read of a payee in one go.
struct Found {
    threshold: Micros,
    minimum: Micros,
    payable: Result<obole_domain::Money, Error>,
    refused: Vec<Currency>,
    bank: Option<BankAccountRow>,
    is_confirmed: bool,
}

async fn payee(caller: &Caller, account: AccountId) -> Result<Payee, Problem> {
    let (app, main) = (&caller.app, caller.app.main_currency());
    let found = app.read((), move |read, ()| Box::pin(find(read, account))).await?;
    let (payable, payable_problem) = match in_the_way(caller, &found) {
        Some(code) => (None, Some(code)),
        None => match found.payable {
            Ok(money) => (Some(money.into()), None),
            Err(Error::Refused(said)) => (None, Some(said.code)),
            Err(other) => return Err(other.into()),
        },
    };
    let money = |amount| Money::new(amount, main);
    let taken = app.currencies().iter().filter(|currency| !found.refused.contains(currency));
    Ok(Payee {
        threshold: money(found.threshold.max(found.minimum)),
        minimum: money(found.minimum),
        payable,
        payable_problem,
        currencies: taken.map(|currency| currency.code().to_owned()).collect(),
        bank: found.bank.map(Bank::from),
    })
}

/// What stands in the way of any payout, before the amount is looked at.
fn in_the_way(caller: &Caller, found: &Found) -> Option<String> {
    let rests = found.bank.as_ref().map(|bank| banks::rest_hours(bank, caller.app.now()));
    let code = match rests {
        _ if !found.is_confirmed => "email_unconfirmed",
        None => "bank_account_missing",
        Some(Some(_)) => "bank_account_resting",
        Some(None) => return None,
    };
    Some(code.to_owned())
}

async fn find(read: &mut Read, account: AccountId) -> obole_app::Result<Found> {
    let payee = bank_accounts::payee(read, account).await?.ok_or(Error::NotFound)?;
    Ok(Found {
        threshold: payee.threshold,
        minimum: settings::policy(read).await?.payout_min,
        payable: payables::what_is_payable(read, account, Currency::EUR).await,
        refused: works::currencies_refused(read, account).await?,
        bank: bank_accounts::find(read, account).await?,
        is_confirmed: payee.is_confirmed,
    })
}
