//! A new password: by a link for those who forgot theirs, with the old one for the others. Every
//! session ends (W1). Whether an address is known is told to its reader only (A1).

use obole_domain::account::{EmailAddress, check_password};
use obole_domain::{AccountId, Refusal};
use obole_store::accounts::{self, AccountRow};
use obole_store::confirmations::{self as rows, ConfirmationRow, Purpose};
use obole_store::oauth_grants::Which;
use obole_store::{Read, Tx, devices, half_sign_ins, sessions as session_rows, settings, tokens};

use crate::app::App;
use crate::audit_log::Actor;
use crate::codes::{self, Drawn};
use crate::confirmations::{self, Sent};
use crate::error::{Error, Result};
use crate::mails::{self, Mail, Recipient};
use crate::oauth;
use crate::secrets::digest;
use crate::sessions::{self, Browser, NewSession, Session};

/// Written for an address that nobody has, so that asking takes as long as for a known one.
const DECOY: &str = "reset.decoy";

/// Mails a link to the account of an address, if there is one. The answer is the same for known
/// and unknown addresses. Refused over the limit of mails to the address.
pub async fn ask(app: &App, email: EmailAddress) -> Result<()> {
    confirmations::limit_mails(app, &email).await?;
    let account =
        app.read(email, |read, email| Box::pin(async move { reader_of(read, email).await }));
    let account = account.await?;
    let drawn = account.as_ref().map(|account| codes::draw(app, account.id));
    let handle = app.clone();
    app.write((account, drawn), move |tx, (account, drawn)| {
        let app = handle.clone();
        Box::pin(async move {
            let (Some(account), Some(drawn)) = (account, drawn) else {
                return Ok(settings::set(tx, DECOY, &app.now().to_string()).await?);
            };
            send(tx, &app, account, drawn).await
        })
    })
    .await
}

/// The account whose password the reader of an address may set: the one that confirmed it, or the
/// newest that named it.
async fn reader_of(read: &mut Read, email: &EmailAddress) -> Result<Option<AccountRow>> {
    let account = match accounts::find_confirmed(read, email).await? {
        Some(account) => Some(account),
        None => accounts::find_unconfirmed(read, email).await?,
    };
    Ok(account.filter(|account| account.suspended_at.is_none()))
}

async fn send(tx: &mut Tx, app: &App, account: &AccountRow, drawn: &Drawn) -> Result<()> {
    let mail = Mail::Reset {
        handle: account.handle.to_string(),
        link: mails::address(app, &format!("/reset/{}", drawn.link)),
    };
    let mail = mails::queue(tx, app, &Recipient::of(account), &mail).await?;
    let sent = Sent { account, email: &account.email, drawn };
    confirmations::store(tx, app, sent, (Purpose::Reset, mail)).await
}

/// Whose password a link would set. It consumes nothing. None when the link is wrong, used or too
/// old.
pub async fn ask_link(app: &App, link: &str) -> Result<Option<AccountRow>> {
    let now = app.now();
    app.read(digest(link.as_bytes()), move |read, hash| {
        Box::pin(async move {
            let row = rows::find_by_link(read, *hash, now).await?;
            let Some(row) = row.filter(|row| row.purpose == Purpose::Reset) else {
                return Ok(None);
            };
            Ok(accounts::find(read, row.account).await?)
        })
    })
    .await
}

/// Sets a new password by a link, once, and ends all sessions. It does not sign in, so the second
/// factor is asked for as ever: a mailbox alone is not enough (A1). Whoever opened the link reads
/// the mailbox: an address that was not confirmed is now, and what another may have made of the
/// account before, its tokens, is revoked.
pub async fn finish(app: &App, link: &str, password: String) -> Result<AccountId> {
    let account = ask_link(app, link).await?.ok_or(Refusal::CodeWrong {})?;
    check_password(&password, &account.email)?;
    let hash = app.hash_password(password).await?;
    let (now, handle) = (app.now(), app.clone());
    app.write((digest(link.as_bytes()), hash), move |tx, (link, hash)| {
        let app = handle.clone();
        Box::pin(async move {
            let row = rows::find_by_link(tx, *link, now).await?;
            let row = row.filter(|row| row.purpose == Purpose::Reset);
            let row = row.ok_or(Refusal::CodeWrong {})?;
            use_up(tx, &app, &row).await?;
            set(tx, &app, row.account, hash).await?;
            Ok(row.account)
        })
    })
    .await
}

async fn use_up(tx: &mut Tx, app: &App, row: &ConfirmationRow) -> Result<()> {
    let now = app.now();
    let account = accounts::find_locked(tx, row.account).await?.ok_or(Error::NotFound)?;
    let is_usable = account.suspended_at.is_none() && account.email == row.email;
    if !is_usable || !rows::use_up(tx, row.id, now).await? {
        return Err(Refusal::CodeWrong {}.into());
    }
    if account.email_confirmed_at.is_none() {
        if !accounts::set_email(tx, row.account, &row.email, Some(now)).await? {
            return Err(Refusal::EmailTaken {}.into());
        }
        tokens::revoke_all(tx, row.account, now).await?;
        oauth::end_with_word(app, tx, Which::Of(row.account)).await?;
    }
    Ok(())
}

/// Changes the password of the account that is signed in. Needs a fresh proof (W3), or who knows
/// the old password would need no second factor for the rest. All sessions end; this browser gets
/// another.
pub async fn change_password(
    app: &App,
    session: &Session,
    passwords: (String, String),
    browser: &Browser,
) -> Result<NewSession> {
    sessions::require_fresh(app, session)?;
    let (current, new) = passwords;
    let account = session.account;
    sessions::check_password_of(app, account, &current).await?;
    let row = crate::accounts::find(app, account).await?.ok_or(Error::NotFound)?;
    check_password(&new, &row.email)?;
    let hash = app.hash_password(new).await?;
    let drawn = sessions::draw(app, account, browser);
    let (begins, handle) = (drawn.clone(), app.clone());
    let begun = app.write((hash, drawn), move |tx, (hash, drawn)| {
        let app = handle.clone();
        Box::pin(async move {
            set(tx, &app, account, hash).await?;
            sessions::begin_in(tx, drawn).await
        })
    });
    Ok(begins.begun(begun.await?))
}

/// Stores a new password, ends what was open with the old one, tells the owner.
async fn set(tx: &mut Tx, app: &App, id: AccountId, hash: &str) -> Result<()> {
    accounts::set_password(tx, id, hash).await?;
    session_rows::remove_all(tx, id).await?;
    devices::remove_all(tx, id).await?;
    half_sign_ins::remove_all(tx, id).await?;
    rows::void(tx, id, Purpose::Reset, app.now()).await?;
    let account = accounts::find(tx, id).await?.ok_or(Error::NotFound)?;
    let mail = Mail::PasswordChanged {
        handle: account.handle.to_string(),
        reset: mails::address(app, "/reset"),
    };
    mails::queue(tx, app, &Recipient::of(&account), &mail).await?;
    app.log(tx, Actor::Page(id), "account.password", (id.to_string(), String::new())).await
}
