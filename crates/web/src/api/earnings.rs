//! `/me/earnings`: what the account received, and its way to the wallet and back.

use axum::Json;
use axum::extract::Request;
use axum::response::IntoResponse as _;
use obole_app::signals;
use obole_app::wallets::{self, HeldFor, Holdings};
use obole_domain::token::Scope;
use obole_domain::{Currency, Micros};
use obole_store::signals::SignalHoldRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::body::{self, KeyParameter};
use crate::api::budgets::read_amount;
use crate::api::caller::Caller;
use crate::api::clicks::replayed;
use crate::api::list::List;
use crate::api::money::Money;
use crate::problem::Problem;

/// What an account received in one currency and has not moved or been paid.
#[derive(Serialize, ToSchema)]
pub struct Earnings {
    /// The currency's code.
    #[schema(example = "EUR")]
    pub currency: String,
    /// What can be paid out or moved.
    pub available: Money,
    /// What waits.
    pub held: Vec<Waiting>,
}

/// Money that waits.
#[derive(Serialize, ToSchema)]
pub struct Waiting {
    /// What for: `promises`, `settlement`, `give_to_receive`, until the account's own budget
    /// reaches the minimum, or `signals`, until somebody has looked at gifts that look made.
    #[schema(example = "settlement")]
    pub r#for: &'static str,
    /// How much.
    pub amount: Money,
}

impl From<Holdings> for Earnings {
    fn from(holdings: Holdings) -> Self {
        let waiting = |(why, amount): (HeldFor, obole_domain::Money)| Waiting {
            r#for: match why {
                HeldFor::Promises => "promises",
                HeldFor::Settlement => "settlement",
                HeldFor::GiveToReceive => "give_to_receive",
                HeldFor::Signals => "signals",
            },
            amount: amount.into(),
        };
        Self {
            currency: holdings.balance.total.currency.code().to_owned(),
            available: holdings.balance.available().into(),
            held: holdings.held.into_iter().map(waiting).collect(),
        }
    }
}

/// Money to move.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveMoney {
    /// Decimal digits with a point, in quotation marks, no more decimals than the currency has.
    #[schema(example = "5.00", pattern = r"^\d{1,8}(\.\d{1,6})?$")]
    pub amount: String,
    /// One of the instance's currencies.
    #[schema(example = "EUR", pattern = "^[A-Z][A-Z0-9-]{1,11}$")]
    pub currency: String,
}

impl MoveMoney {
    /// The amount in its currency.
    pub fn read(&self, caller: &Caller) -> Result<obole_domain::Money, Problem> {
        let currency = currency_of(caller, &self.currency)?;
        let amount: Micros = read_amount(&self.amount, currency)?;
        Ok(obole_domain::Money::new(amount, currency))
    }
}

/// A currency to move everything in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnEarnings {
    /// One of the instance's currencies.
    #[schema(example = "EUR", pattern = "^[A-Z][A-Z0-9-]{1,11}$")]
    pub currency: String,
}

fn currency_of(caller: &Caller, code: &str) -> Result<Currency, Problem> {
    caller.app.currency(code).map_err(|error| Problem::from(error).at("currency"))
}

/// The account's earnings, one for each currency of the instance
#[utoipa::path(
    get, path = "/me/earnings", tag = "Account", security(("token" = ["wallet"])),
    responses((status = 200, description = "The earnings", body = List<Earnings>)),
)]
pub async fn list_earnings(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let found = wallets::earnings(&caller.app, account).await?;
    Ok(Json(List::whole(found.into_iter().map(Earnings::from).collect())).into_response())
}

/// The most earnings that waited of an account that are listed.
const LISTED: i64 = 200;

/// Earnings of one month that wait, or waited, because gifts look made (security.md X3 to X5).
#[derive(Serialize, ToSchema)]
pub struct WaitingEarnings {
    /// Its id.
    pub id: String,
    /// Whose: the account's own, or a team's that it acts for.
    #[schema(example = "ada")]
    pub handle: String,
    /// Of which month.
    #[schema(example = "2026-11", pattern = r"^\d{4}-\d{2}$")]
    pub period: String,
    /// How much.
    pub amount: Money,
    /// What was noticed: some of `means`, `circle`, `lockstep`, `batch` and `rush`.
    #[schema(example = json!(["means", "circle"]))]
    pub signals: Vec<&'static str>,
    /// Where it stands: `held`, `released` or `refused`, and then it went back to the patrons.
    #[schema(example = "held")]
    pub state: &'static str,
    /// When it is free at the latest.
    #[schema(format = DateTime, example = "2026-12-15T00:00:05Z")]
    pub ends_at: String,
    /// What the account said to it; empty where it has not. It answers on the page.
    pub answer: String,
    /// Why an administrator decided so; empty where the time was over.
    pub reason: String,
}

impl From<SignalHoldRow> for WaitingEarnings {
    fn from(row: SignalHoldRow) -> Self {
        Self {
            id: row.id.to_string(),
            handle: row.payee.1.to_string(),
            period: row.period.to_string(),
            amount: row.amount.into(),
            signals: row.signals.iter().map(|signal| signal.code()).collect(),
            state: row.state.code(),
            ends_at: row.ends_at.to_string(),
            answer: row.answer,
            reason: row.reason,
        }
    }
}

/// Earnings that wait, or waited, because gifts look made: the newest 200
#[utoipa::path(
    get, path = "/me/earnings/waiting", tag = "Account", security(("token" = ["wallet"])),
    responses((status = 200, description = "What waits", body = List<WaitingEarnings>)),
)]
pub async fn list_waiting_earnings(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let found = signals::of(&caller.app, account, LISTED).await?;
    let waiting = found.into_iter().map(WaitingEarnings::from);
    Ok(Json(List::whole(waiting.collect())).into_response())
}

/// Move earnings to the wallet, to give them on
#[utoipa::path(
    post, path = "/me/earnings/move", tag = "Account", security(("token" = ["wallet"])),
    params(KeyParameter),
    request_body = MoveMoney,
    responses((status = 200, description = "What was moved", body = Money)),
)]
pub async fn move_earnings(caller: Caller, request: Request) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let (sent, key) = body::read_once::<MoveMoney>(request).await?;
    let amount = sent.read(&caller)?;
    let once = wallets::move_earnings(&caller.app, account, &key, amount).await?;
    let answer = Json(Money::from(once.value.money())).into_response();
    Ok(replayed(answer, once.is_replayed))
}

/// Move the earnings that were not given on back from the wallet, to have them paid out
#[utoipa::path(
    post, path = "/me/earnings/return", tag = "Account", security(("token" = ["wallet"])),
    params(KeyParameter),
    request_body = ReturnEarnings,
    responses((status = 200, description = "What was moved", body = Money)),
)]
pub async fn return_earnings(caller: Caller, request: Request) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let (sent, key) = body::read_once::<ReturnEarnings>(request).await?;
    let currency = currency_of(&caller, &sent.currency)?;
    let once = wallets::return_earnings(&caller.app, account, &key, currency).await?;
    let answer = Json(Money::from(once.value.money())).into_response();
    Ok(replayed(answer, once.is_replayed))
}

/// Take play money into the wallet, on an instance that has it
#[utoipa::path(
    post, path = "/me/play-money", tag = "Account", security(("token" = ["wallet"])),
    params(KeyParameter),
    request_body = MoveMoney,
    responses((status = 200, description = "What was taken", body = Money)),
)]
pub async fn take_play_money(caller: Caller, request: Request) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let (sent, key) = body::read_once::<MoveMoney>(request).await?;
    let amount = sent.read(&caller)?;
    let once = wallets::play_money(&caller.app, account, &key, amount).await?;
    let answer = Json(Money::from(once.value.money())).into_response();
    Ok(replayed(answer, once.is_replayed))
}
