//! Confirming a mail address (A3): by a code that is typed or a link that is opened; sent again,
//! corrected, changed. What becomes of the mail can be seen.

use jiff::{SignedDuration, Timestamp};
use obole_domain::{AccountId, EmailAddress, Refusal};
use obole_store::Tx;
use obole_store::accounts::{self, AccountRow};
use obole_store::confirmations::{self, ConfirmationRow, Purpose};
use obole_store::outbox::{self, Fate};

use crate::app::App;
use crate::audit_log::Actor;
use crate::codes::{self, Drawn};
use crate::error::{Error, Result};
use crate::limits;
use crate::mails::{self, Mail, Recipient};
use crate::secrets::{digest, hex};
use crate::sessions::{Session, require_fresh};

/// For how long a code and its link can be used (A3).
pub const LASTS: SignedDuration = SignedDuration::from_hours(24);

/// A confirmation that is sent: whose, where to, with which code.
#[derive(Clone, Copy)]
pub(crate) struct Sent<'send> {
    pub(crate) account: &'send AccountRow,
    pub(crate) email: &'send EmailAddress,
    pub(crate) drawn: &'send Drawn,
}

/// An address that waits to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The address.
    pub email: EmailAddress,
    /// Until when the last code can be used.
    pub expires_at: Timestamp,
    /// What became of the mail; none when its record is gone.
    pub mail: Option<Fate>,
}

/// What a link would do, for the page that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The account.
    pub account: AccountRow,
    /// The address that would be confirmed.
    pub email: EmailAddress,
}

/// Counts a mail to an address, known or not. Refused over 3 in an hour or 8 in a day. Only a
/// keyed hash of the address is stored.
pub(crate) async fn limit_mails(app: &App, email: &EmailAddress) -> Result<()> {
    let hash = app.secrets().mac("mail limit", email.as_str().as_bytes());
    let subject = hex(&hash[..16]);
    app.limit_subject(limits::MAIL_HOUR, subject.clone()).await?;
    app.limit_subject(limits::MAIL_DAY, subject).await
}

/// Stores a code and queues its mail. Where the address is another account's, the mail says so and
/// carries no code; everything else is the same (A1).
pub(crate) async fn send(tx: &mut Tx, app: &App, sent: Sent<'_>) -> Result<()> {
    let Sent { account, email, drawn } = sent;
    let to = Recipient { email: email.clone(), ..Recipient::of(account) };
    let handle = account.handle.to_string();
    let link = mails::address(app, &format!("/confirm/{}", drawn.link));
    let owner = accounts::find_confirmed(tx, email).await?;
    let mail = match owner.filter(|owner| owner.id != account.id) {
        Some(owner) => Mail::Known {
            handle: owner.handle.to_string(),
            sign_in: mails::address(app, "/sign-in"),
            reset: mails::address(app, "/reset"),
        },
        None if account.email_confirmed_at.is_some() => {
            Mail::Change { handle, code: drawn.code.clone(), link }
        }
        None => Mail::Confirm { handle, code: drawn.code.clone(), link },
    };
    let mail = mails::queue(tx, app, &to, &mail).await?;
    store(tx, app, sent, (Purpose::Email, mail)).await
}

/// Stores a code under a purpose and its mail.
pub(crate) async fn store(
    tx: &mut Tx,
    app: &App,
    sent: Sent<'_>,
    what: (Purpose, obole_domain::account::MailId),
) -> Result<()> {
    let now = app.now();
    let row = ConfirmationRow {
        id: sent.drawn.id,
        account: sent.account.id,
        purpose: what.0,
        email: sent.email.clone(),
        code_hash: sent.drawn.code_hash,
        mail: Some(what.1),
        created_at: now,
        expires_at: now.saturating_add(LASTS).unwrap_or(Timestamp::MAX),
    };
    Ok(confirmations::insert(tx, &row, sent.drawn.link_hash).await?)
}

/// The address that an account still has to confirm, and the fate of the mail.
pub async fn pending(app: &App, account: AccountId) -> Result<Option<Pending>> {
    app.read(account, |read, account| {
        Box::pin(async move {
            let Some(row) = confirmations::latest(read, *account).await? else { return Ok(None) };
            let mail = match row.mail {
                Some(mail) => outbox::fate(read, mail).await?,
                None => None,
            };
            Ok(Some(Pending { email: row.email, expires_at: row.expires_at, mail }))
        })
    })
    .await
}

/// Confirms by a typed code. Refused when it is wrong, used or too old; ten wrong ones spoil it.
pub async fn confirm_code(app: &App, account: AccountId, code: &str) -> Result<()> {
    let (hash, handle) = (codes::hash(app, account, code), app.clone());
    let is_confirmed = app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            let open = confirmations::open(tx, account, app.now()).await?;
            let Some(row) = open.iter().find(|row| row.code_hash == hash) else {
                for row in &open {
                    confirmations::count_try(tx, row.id).await?;
                }
                return Ok(false);
            };
            use_up(tx, &app, row).await.map(|()| true)
        })
    });
    if is_confirmed.await? { Ok(()) } else { Err(Refusal::CodeWrong {}.into()) }
}

/// What a link would confirm. It consumes nothing: mail scanners open links. None when the link is
/// wrong, used or too old.
pub async fn ask_link(app: &App, link: &str) -> Result<Option<Asked>> {
    let now = app.now();
    app.read(digest(link.as_bytes()), move |read, hash| {
        Box::pin(async move {
            let row = confirmations::find_by_link(read, *hash, now).await?;
            let Some(row) = row.filter(|row| row.purpose == Purpose::Email) else {
                return Ok(None);
            };
            let account = accounts::find(read, row.account).await?.ok_or(Error::NotFound)?;
            Ok(Some(Asked { account, email: row.email }))
        })
    })
    .await
}

/// Confirms by a link, and says whose address it was.
pub async fn confirm_link(app: &App, link: &str) -> Result<AccountId> {
    let (now, handle) = (app.now(), app.clone());
    app.write(digest(link.as_bytes()), move |tx, hash| {
        let app = handle.clone();
        Box::pin(async move {
            let row = confirmations::find_by_link(tx, *hash, now).await?;
            let row = row.filter(|row| row.purpose == Purpose::Email);
            let row = row.ok_or(Refusal::CodeWrong {})?;
            accounts::find_locked(tx, row.account).await?.ok_or(Error::NotFound)?;
            use_up(tx, &app, &row).await?;
            Ok(row.account)
        })
    })
    .await
}

/// Uses a confirmation once and sets the address; both addresses are told of a change.
async fn use_up(tx: &mut Tx, app: &App, row: &ConfirmationRow) -> Result<()> {
    let now = app.now();
    if !confirmations::use_up(tx, row.id, now).await? {
        return Err(Refusal::CodeWrong {}.into());
    }
    let before = accounts::find(tx, row.account).await?.ok_or(Error::NotFound)?;
    if !accounts::set_email(tx, row.account, &row.email, Some(now)).await? {
        return Err(Refusal::EmailTaken {}.into());
    }
    confirmations::void(tx, row.account, Purpose::Email, now).await?;
    let is_change = before.email_confirmed_at.is_some() && before.email != row.email;
    if is_change {
        tell_both(tx, app, &before, &row.email).await?;
    }
    let action = if is_change { "account.email" } else { "account.confirm" };
    let about = (row.account.to_string(), String::new());
    app.log(tx, Actor::Page(row.account), action, about).await
}

async fn tell_both(
    tx: &mut Tx,
    app: &App,
    before: &AccountRow,
    email: &EmailAddress,
) -> Result<()> {
    let old = Recipient::of(before);
    let new = Recipient { email: email.clone(), ..old.clone() };
    let mail = Mail::Changed {
        handle: before.handle.to_string(),
        email: email.to_string(),
        how: mails::address(app, "/how"),
    };
    mails::queue(tx, app, &old, &mail).await?;
    mails::queue(tx, app, &new, &mail).await.map(|_| ())
}

/// Why a code is sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// The mail did not come.
    Again,
    /// Another address is to be the account's.
    Change,
}

/// Mails a new code to the address that waits. The codes sent before stay good: mails overtake
/// each other.
pub async fn resend(app: &App, account: AccountId) -> Result<()> {
    let waiting = pending(app, account).await?.ok_or(Error::NotFound)?;
    send_to(app, account, waiting.email, Why::Again).await
}

/// Corrects the address that a newcomer mistyped, or asks to change a confirmed one. That needs a
/// fresh proof (W3); the old address is told and stays until the new one is confirmed. The codes
/// for the one before are void.
pub async fn change(app: &App, session: &Session, email: EmailAddress) -> Result<()> {
    if session.is_confirmed {
        require_fresh(app, session)?;
    }
    send_to(app, session.account, email, Why::Change).await
}

async fn send_to(app: &App, account: AccountId, email: EmailAddress, why: Why) -> Result<()> {
    app.limit(limits::MAIL_DAY, account).await?;
    limit_mails(app, &email).await?;
    let (drawn, handle) = (codes::draw(app, account), app.clone());
    app.write((email, drawn), move |tx, (email, drawn)| {
        let app = handle.clone();
        Box::pin(async move {
            let row = accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            if why == Why::Change {
                replace(tx, &app, &row, email).await?;
            }
            send(tx, &app, Sent { account: &row, email, drawn }).await
        })
    })
    .await
}

/// What a change does before its code is sent.
async fn replace(tx: &mut Tx, app: &App, row: &AccountRow, email: &EmailAddress) -> Result<()> {
    confirmations::void(tx, row.id, Purpose::Email, app.now()).await?;
    if row.email_confirmed_at.is_none() {
        accounts::set_email(tx, row.id, email, None).await?;
        return Ok(());
    }
    let mail = Mail::Changing {
        handle: row.handle.to_string(),
        email: email.to_string(),
        settings: mails::address(app, "/settings"),
    };
    mails::queue(tx, app, &Recipient::of(row), &mail).await.map(|_| ())
}
