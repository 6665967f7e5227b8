//! What administrators do to accounts: look them up, suspend them, let them in again. Each is an
//! entry of the audit log, reading too (G1).

use obole_domain::click::clean_text;
use obole_domain::{AccountId, Refusal};
use obole_store::accounts::{self, AccountRow};
use obole_store::{BoxFuture, Read, Tx, deletions, half_sign_ins, sessions};

use crate::app::App;
use crate::audit_log::{self, Actor};
use crate::deletions::lift;
use crate::error::{Error, Result};
use crate::mails::{self, Mail, Recipient};
use crate::notices;
use crate::reports;
use crate::teams::acts;

/// The most characters of a reason.
pub const REASON_MAX: usize = 500;

/// Accounts whose handle, name or address holds a text, by handle after one.
pub async fn search(
    app: &App,
    actor: Actor,
    containing: String,
    page: (String, i64),
) -> Result<Vec<AccountRow>> {
    let handle = app.clone();
    let (after, limit) = page;
    app.write((containing, after), move |tx, (containing, after)| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let found = accounts::search(tx, containing, after, limit).await?;
            let about = ("accounts".to_owned(), containing.clone());
            app.log(tx, actor, "accounts.read", about).await?;
            Ok(found)
        })
    })
    .await
}

/// Suspends an account: its sessions end and nobody can sign in; it is told the reason and how to
/// appeal. An administrator cannot suspend themselves.
pub async fn suspend(app: &App, actor: Actor, account: AccountId, reason: &str) -> Result<()> {
    let reason = clean_text(reason, REASON_MAX)?;
    if reason.is_empty() {
        return Err(Refusal::Missing {}.into());
    }
    let handle = app.clone();
    app.write(reason, move |tx, reason| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            let link = reports::note_suspension(&app, tx, actor, (account, reason)).await?;
            suspend_in(&app, tx, actor, (account, reason, &link)).await
        })
    })
    .await
}

/// The same in the caller's transaction, with the link by which it is appealed.
pub(crate) async fn suspend_in(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    (account, reason, link): (AccountId, &str, &str),
) -> Result<()> {
    if actor.account() == Some(account) {
        return Err(Error::Forbidden);
    }
    accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
    accounts::set_suspended(tx, account, Some(app.now())).await?;
    sessions::remove_all(tx, account).await?;
    half_sign_ins::remove_all(tx, account).await?;
    deletions::stay_suspended(tx, account).await?;
    notices::suspended(app, tx, account, (reason, link)).await?;
    app.log(tx, actor, "account.suspend", (account.to_string(), reason.to_owned())).await
}

/// Lets a suspended account in again and tells it.
pub async fn restore(app: &App, actor: Actor, account: AccountId) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let row = accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            if row.suspended_at.is_none() {
                return Err(Refusal::StateMoved {}.into());
            }
            restore_in(&app, tx, actor, &row).await
        })
    })
    .await
}

/// The same in the caller's transaction, for an account that is suspended.
pub(crate) async fn restore_in(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    row: &AccountRow,
) -> Result<()> {
    lift(tx, app, row).await?;
    accounts::set_suspended(tx, row.id, None).await?;
    let mail =
        Mail::Restored { handle: row.handle.to_string(), sign_in: mails::address(app, "/sign-in") };
    mails::queue(tx, app, &Recipient::of(row), &mail).await?;
    app.log(tx, actor, "account.restore", (row.id.to_string(), String::new())).await
}

/// Runs what an administrator decides, in one transaction. Refused to everybody else, and without a
/// reason, which is handed on as it may be kept.
pub(crate) async fn decided<T, F>(app: &App, actor: Actor, reason: &str, run: F) -> Result<T>
where
    T: Send + 'static,
    F: for<'run> Fn(&'run App, &'run mut Tx, &'run str) -> BoxFuture<'run, Result<T>>,
    F: Send + Sync + 'static,
{
    let reason = audit_log::reason(reason)?;
    app.write((app.clone(), reason, run), move |tx, (app, reason, run)| {
        Box::pin(async move {
            require_admin(tx, actor).await?;
            run(app, tx, reason).await
        })
    })
    .await
}

/// Refuses everybody but administrators and the operator at the command line.
pub(crate) async fn require_admin(read: &mut Read, actor: Actor) -> Result<()> {
    let Some(account) = actor.account() else { return Ok(()) };
    let account = accounts::find(read, account).await?;
    let is_admin = account.is_some_and(|row| row.is_admin && row.suspended_at.is_none());
    if is_admin { Ok(()) } else { Err(Error::Forbidden) }
}

/// Refuses who would decide about themselves, or about an account that they act for, while there is
/// another administrator.
pub(crate) async fn refuse_own_matter(
    tx: &mut Tx,
    actor: Actor,
    whom: Option<AccountId>,
) -> Result<()> {
    let Some((admin, whom)) = actor.account().zip(whom) else { return Ok(()) };
    if deletions::other_admins(tx, admin).await? > 0 && acts(tx, admin, whom).await? {
        return Err(Refusal::OwnMatter {}.into());
    }
    Ok(())
}

/// Marks in the audit log that an administrator read personal data on a page (G1).
pub async fn log_reading(app: &App, actor: Actor, what: &'static str, object: &str) -> Result<()> {
    let handle = app.clone();
    app.write(object.to_owned(), move |tx: &mut Tx, object| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            app.log(tx, actor, what, (object.clone(), String::new())).await
        })
    })
    .await
}
