//! `/me/wallets`: what there is to spend.

use axum::Json;
use axum::response::IntoResponse as _;
use obole_app::wallets;
use obole_domain::ledger::Balance;
use obole_domain::token::Scope;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::money::Money;

/// A wallet: what an account has to spend in one currency.
#[derive(Serialize, ToSchema)]
pub struct Wallet {
    /// The currency's code.
    #[schema(example = "EUR")]
    pub currency: String,
    /// What is in it.
    pub total: Money,
    /// What of it waits: promises for works that nobody has claimed yet, a settlement under way.
    pub held: Money,
    /// What can be spent: the total less what waits.
    pub available: Money,
}

impl From<Balance> for Wallet {
    fn from(balance: Balance) -> Self {
        let currency = balance.total.currency;
        Self {
            currency: currency.code().to_owned(),
            total: balance.total.into(),
            held: Money::new(balance.held, currency),
            available: balance.available().into(),
        }
    }
}

/// The account's wallets, one for each currency of the instance
#[utoipa::path(
    get, path = "/me/wallets", tag = "Account", security(("token" = ["wallet"])),
    responses((status = 200, description = "The wallets", body = List<Wallet>)),
)]
pub async fn list_wallets(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Wallet)?;
    let holdings = wallets::wallet(&caller.app, account).await?;
    let items = holdings.into_iter().map(|held| Wallet::from(held.balance));
    Ok(Json(List::whole(items.collect())).into_response())
}
