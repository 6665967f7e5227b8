//! Accounts (research/flattr-api-v2.md sections 8.4, 12 and 13.2).

use axum::extract::Path;
use obole_app::{accounts, month};
use obole_domain::token::Scope;
use obole_domain::{AccountId, Handle};
use obole_store::accounts::AccountRow;
use serde_json::json;

use super::asked::{Answer, Asked, ok};
use super::fault::Fault;
use super::shapes::WholeAccount;

/// `GET /users/{name}`
pub async fn one(asked: Asked, Path(name): Path<String>) -> Answer {
    let row = named(&asked, &name).await?;
    match asked.asker() {
        Some(account) if account == row.id => ok(&full(&asked, &row).await?),
        _ => ok(&WholeAccount::of(asked.app(), &row)),
    }
}

/// `GET /user`
pub async fn own(asked: Asked) -> Answer {
    let row = account(&asked, asked.account()?).await?;
    ok(&full(&asked, &row).await?)
}

/// `GET /subscription-status`: whether the account funds a budget.
pub async fn status(asked: Asked) -> Answer {
    let is_paying = is_funded(&asked, asked.account()?).await?;
    ok(&json!({ "isPaying": is_paying, "expiresAt": null, "payload": null }))
}

/// `POST /user/verify`, `POST /users/{name}/verify`: what a partner of Flattr's might say is no
/// proof here (C1).
pub async fn verify(_asked: Asked) -> Answer {
    Err(Fault::unauthorized())
}

/// What an account may know of itself, by the scopes of its token.
async fn full(asked: &Asked, row: &AccountRow) -> Result<WholeAccount, Fault> {
    let mut user = WholeAccount::of(asked.app(), row);
    user.active_supporter = i64::from(is_funded(asked, row.id).await?);
    let caller = &asked.caller;
    if caller.may(Scope::Email) {
        user.email = Some(row.email.to_string());
        // `extendedread` is granted as these two.
        let is_extended = caller.may(Scope::StatsRead);
        user.registered_at = is_extended.then(|| row.created_at.as_second());
    }
    Ok(user)
}

/// Whether an account has a budget and money enough for it.
pub async fn is_funded(asked: &Asked, account: AccountId) -> Result<bool, Fault> {
    let outlook = month::outlook(asked.app(), account, None, Vec::new()).await?;
    Ok(!outlook.is_unfunded)
}

/// The account of a name; none where it is suspended.
pub async fn named(asked: &Asked, name: &str) -> Result<AccountRow, Fault> {
    let handle = Handle::parse(name).map_err(|_| Fault::user_missing())?;
    let found = accounts::find_by_handle(asked.app(), handle).await?;
    let found = found.filter(|row| row.suspended_at.is_none());
    found.ok_or(Fault::user_missing())
}

async fn account(asked: &Asked, id: AccountId) -> Result<AccountRow, Fault> {
    accounts::find(asked.app(), id).await?.ok_or(Fault::user_missing())
}
