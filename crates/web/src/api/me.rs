//! `/me`: whom the token speaks for.

use axum::Json;
use axum::response::IntoResponse as _;
use obole_domain::token::Scope;
use obole_store::accounts;
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::problem::Problem;

/// An account as its own token sees it.
#[derive(Serialize, ToSchema)]
pub struct Account {
    /// Its id.
    pub id: String,
    /// Its public name.
    #[schema(example = "ada")]
    pub handle: String,
    /// What it calls itself; its handle where it says nothing.
    pub name: String,
    /// The language that it chose.
    #[schema(required, example = "fr")]
    pub language: Option<String>,
    /// Its mail address; only with the scope `email`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether its mail address is confirmed.
    pub is_confirmed: bool,
    /// What the token allows.
    #[schema(example = json!(["profile", "click"]))]
    pub scopes: Vec<String>,
}

/// The account of the token
#[utoipa::path(
    get, path = "/me", tag = "Account", security(("token" = ["profile"])),
    responses((status = 200, description = "The account", body = Account)),
)]
pub async fn get_me(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Profile)?;
    let email = match caller.may(Scope::Email) {
        true => Some(email_of(&caller, account).await?),
        false => None,
    };
    let grant = caller.grant.as_ref().ok_or_else(Problem::not_found)?;
    let shape = Account {
        id: account.to_string(),
        handle: grant.handle.to_string(),
        name: grant.name.clone(),
        language: grant.language.map(|language| language.code().to_owned()),
        email,
        is_confirmed: grant.is_confirmed,
        scopes: grant.scopes.iter().map(|scope| scope.name().to_owned()).collect(),
    };
    Ok(Json(shape).into_response())
}

async fn email_of(caller: &Caller, account: obole_domain::AccountId) -> Result<String, Problem> {
    let found = caller.app.read((), move |read, ()| {
        Box::pin(async move { Ok(accounts::find(read, account).await?) })
    });
    let row = found.await?.ok_or_else(Problem::not_found)?;
    Ok(row.email.as_str().to_owned())
}
