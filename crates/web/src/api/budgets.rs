//! `/me/budgets`: the most that is spent in a month.

use axum::Json;
use axum::extract::{Path, Request};
use axum::response::IntoResponse as _;
use obole_app::budgets;
use obole_domain::money::AMOUNT_MAX;
use obole_domain::token::Scope;
use obole_domain::{Currency, Micros, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::body;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::money::Money;
use crate::problem::Problem;

/// A budget to set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetBudget {
    /// Decimal digits with a point, in quotation marks, no more decimals than the currency has.
    /// Zero ends the budget.
    #[schema(example = "5.00", pattern = r"^\d{1,8}(\.\d{1,6})?$")]
    pub amount: String,
}

/// The account's budgets, those of zero included
#[utoipa::path(
    get, path = "/me/budgets", tag = "Account",
    security(("token" = ["wallet"]), ("token" = ["budget"])),
    responses((status = 200, description = "The budgets", body = List<Money>)),
)]
pub async fn list_budgets(caller: Caller) -> Answer {
    let account = caller.allow_any(&[Scope::Wallet, Scope::Budget])?;
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::budgets::of(read, account).await?) })
    });
    let items = found.await?.into_iter().map(Money::from).collect();
    Ok(Json(List::whole(items)).into_response())
}

/// Set a budget, at once effective
///
/// Setting the same again changes nothing.
#[utoipa::path(
    put, path = "/me/budgets/{currency}", tag = "Account", security(("token" = ["budget"])),
    params(("currency" = String, Path, description = "One of the instance's currencies",
        example = "EUR")),
    request_body = SetBudget,
    responses((status = 200, description = "The budget as it stands", body = Money)),
)]
pub async fn set_budget(caller: Caller, Path(code): Path<String>, request: Request) -> Answer {
    let account = caller.allow(Scope::Budget)?;
    let currency = caller.app.currency(&code).map_err(|_| Problem::not_found())?;
    let sent: SetBudget = body::read(request).await?;
    let budget = obole_domain::Money::new(read_amount(&sent.amount, currency)?, currency);
    budgets::set(&caller.app, account, budget).await?;
    Ok(Json(Money::from(budget)).into_response())
}

/// Reads an amount; one that does not fit into a number is too large rather than broken.
pub fn read_amount(text: &str, currency: Currency) -> Result<Micros, Refusal> {
    Micros::parse(text, currency.decimals()).map_err(|refusal| match refusal {
        Refusal::Overflow {} => {
            Refusal::AmountTooLarge { limit: obole_domain::Money::new(AMOUNT_MAX, currency) }
        }
        other => other,
    })
}
