//! An administrator's help for who lost the app and every recovery code: the second factor goes
//! after a time in which its owner, who is told by mail, can stop it by signing in with a code.

use jiff::{SignedDuration, Timestamp};
use obole_domain::{AccountId, Refusal};
use obole_store::second_factors::{self as rows, HelpRow};
use obole_store::{Tx, accounts};

use crate::app::App;
use crate::audit_log::{self, Actor};
use crate::error::{Error, Result};
use crate::mails::{self, Mail, Recipient};
use crate::second_factors::{remove_in, tell};
use crate::suspensions::require_admin;

/// How long the owner has to stop it: as long as new bank details rest (M8).
pub const WAITS: SignedDuration = SignedDuration::from_hours(72);

/// Says that an account's second factor is to go, with a reason that its owner reads. Refused where
/// it is off, or somebody said so already, and to an administrator about themselves.
pub async fn ask(app: &App, actor: Actor, account: AccountId, reason: &str) -> Result<Timestamp> {
    let reason = audit_log::reason(reason)?;
    let asked_by = actor.account().filter(|by| *by != account).ok_or(Error::Forbidden)?;
    let now = app.now();
    let due_at = now.saturating_add(WAITS).unwrap_or(Timestamp::MAX);
    let help = HelpRow { account, asked_by, reason, asked_at: now, due_at };
    let handle = app.clone();
    app.write(help, move |tx, help| {
        let app = handle.clone();
        Box::pin(async move { ask_in(tx, &app, actor, help).await })
    })
    .await?;
    Ok(due_at)
}

async fn ask_in(tx: &mut Tx, app: &App, actor: Actor, help: &HelpRow) -> Result<()> {
    require_admin(tx, actor).await?;
    let row = accounts::find_locked(tx, help.account).await?.ok_or(Error::NotFound)?;
    if !rows::is_on(tx, help.account).await? || !rows::ask_help(tx, help).await? {
        return Err(Refusal::SecondFactorMoved {}.into());
    }
    let to = Recipient::of(&row);
    let mail = Mail::FactorHelp {
        handle: row.handle.to_string(),
        reason: help.reason.clone(),
        at: obole_language::moment(to.language, help.due_at, app.zone()),
        sign_in: mails::address(app, "/sign-in"),
    };
    mails::queue(tx, app, &to, &mail).await?;
    let about = (help.account.to_string(), help.reason.clone());
    app.log(tx, actor, "second-factor.help", about).await
}

/// Takes the word back: the second factor stays, and its owner is told.
pub async fn stop(app: &App, actor: Actor, account: AccountId) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            // Its owner may, and administrators.
            if actor.account() != Some(account) {
                require_admin(tx, actor).await?;
            }
            if !rows::end_help(tx, account).await? {
                return Err(Refusal::SecondFactorMoved {}.into());
            }
            tell(tx, &app, account, ("factor_help_stopped", "")).await?;
            let about = (account.to_string(), String::new());
            app.log(tx, actor, "second-factor.help-stopped", about).await
        })
    })
    .await
}

/// Switches off the second factors whose time has come, and says how many. Twice at once is
/// harmless: each word is taken away once.
pub async fn run_due(app: &App) -> Result<usize> {
    let now = app.now();
    let due = app
        .read((), move |read, ()| Box::pin(async move { Ok(rows::helps_due(read, now).await?) }));
    let mut done = 0;
    for help in due.await? {
        let handle = app.clone();
        let is_done = app.write(help, move |tx, help| {
            let app = handle.clone();
            Box::pin(async move { end_in(tx, &app, help).await })
        });
        done += usize::from(is_done.await?);
    }
    Ok(done)
}

async fn end_in(tx: &mut Tx, app: &App, help: &HelpRow) -> Result<bool> {
    let account = help.account;
    accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
    // It may have been stopped, and another word said, since it was read.
    let stands = rows::help(tx, account).await?.is_some_and(|now| now.due_at == help.due_at);
    if !stands || !rows::end_help(tx, account).await? {
        return Ok(false);
    }
    remove_in(tx, account).await?;
    tell(tx, app, account, ("factor_off_help", "")).await?;
    let about = (account.to_string(), format!("as {} said: {}", help.asked_by, help.reason));
    app.log(tx, Actor::Job, "second-factor.off", about).await?;
    Ok(true)
}
