//! `obole token create`

use std::process::ExitCode;

use anyhow::Result;
use obole_app::Error;
use obole_app::audit_log::Actor;
use obole_app::domain::token::Scope;
use obole_app::tokens::{self, NewToken};
use serde_json::json;

use crate::arguments::{Common, Token};
use crate::{instance, output};

pub async fn run(common: &Common, command: Token) -> Result<ExitCode> {
    let Token::Create(create) = command;
    let scopes = Scope::parse_list(&create.scope).map_err(Error::from)?;
    let shown = Scope::print_list(&scopes);
    let app = instance::open(common).await?;
    let account = instance::account(&app, &create.account).await?;
    let new = NewToken { name: create.name, scopes };
    let token = tokens::create(&app, Actor::CommandLine, account, new).await?;
    let json = json!({ "token": token, "scope": shown });
    output::data(common.json, &json, || token.clone());
    output::note("keep it well: it is not shown again");
    Ok(ExitCode::SUCCESS)
}
