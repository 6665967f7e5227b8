//! `obole account create`

use std::io::Read;
use std::process::ExitCode;

use anyhow::{Context, Result};
use obole_app::Error;
use obole_app::accounts::{self, NewAccount};
use obole_app::audit_log::Actor;
use obole_app::domain::account::PASSWORD_MAX;
use obole_app::domain::{EmailAddress, Handle};
use serde_json::json;

use crate::arguments::{Account, AccountCreate, Common};
use crate::{instance, output};

pub async fn run(common: &Common, command: Account) -> Result<ExitCode> {
    let Account::Create(create) = command;
    let app = instance::open(common).await?;
    let new = new_account(create)?;
    let (handle, email) = (new.handle.clone(), new.email.clone());
    let has_password = !new.password.is_empty();
    let id = accounts::create(&app, Actor::CommandLine, new).await?;
    let json = json!({
        "id": id.to_string(),
        "handle": handle.as_str(),
        "email": email.as_str(),
    });
    output::data(common.json, &json, || format!("@{handle} {id}"));
    if !has_password {
        output::note(&format!("@{handle} has no password yet: “Forgotten password?” sends a mail"));
    }
    Ok(ExitCode::SUCCESS)
}

fn new_account(create: AccountCreate) -> Result<NewAccount> {
    Ok(NewAccount {
        handle: Handle::parse(&create.handle).map_err(Error::from)?,
        email: EmailAddress::parse(&create.email).map_err(Error::from)?,
        name: create.name,
        password: if create.password_stdin { read_password()? } else { String::new() },
        language: None,
        is_admin: create.admin,
        is_confirmed: create.confirmed,
    })
}

/// The first line of standard input, whose end is no part of it.
fn read_password() -> Result<String> {
    let mut text = String::new();
    let limit = PASSWORD_MAX as u64 + 3;
    std::io::stdin().take(limit).read_to_string(&mut text).context("cannot read the password")?;
    let password = text.lines().next().unwrap_or_default();
    if password.is_empty() {
        anyhow::bail!("no password came on standard input; pipe it in, or leave the flag out");
    }
    Ok(password.to_owned())
}
