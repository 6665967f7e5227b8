//! Signing up (A1): the account is there at once, with an address that is not confirmed. Whether
//! the address has an account already is told to its reader only, by mail.

use jiff::Timestamp;
use obole_domain::policy::Registration;
use obole_domain::{AccountId, EmailAddress, Handle, InvitationCode, Refusal};
use obole_language::Language;
use obole_store::{Read, Tx, accounts, invitations, settings};

use crate::accounts::{NewAccount, Prepared, insert, prepare};
use crate::app::App;
use crate::audit_log::Actor;
use crate::codes;
use crate::confirmations::{self, Sent};
use crate::error::Result;
use crate::invitations::hash;
use crate::sessions::{self, Browser, NewSession};

/// What a newcomer types.
#[derive(Clone)]
pub struct SignUp {
    /// The public name.
    pub handle: Handle,
    /// The mail address.
    pub email: EmailAddress,
    /// The password.
    pub password: String,
    /// The language of the page, which becomes the account's.
    pub language: Language,
    /// Where.
    pub browser: Browser,
    /// The code of an invitation; none is needed where everybody can sign up.
    pub invitation: Option<InvitationCode>,
}

/// What was found of the invitation before the account is made.
#[derive(Clone, Copy)]
struct Way {
    /// The hash of a code that can be used.
    code: Option<[u8; 32]>,
    /// Whether nobody comes in without one.
    is_needed: bool,
}

/// Makes an account, signs it in, and mails a code. Known and unknown addresses are answered alike
/// and take the same.
///
/// Refused where one must be invited, or nobody can come in, for a handle that is taken or
/// reserved, for a weak password, over the limit of mails to the address.
pub async fn sign_up(app: &App, new: SignUp) -> Result<NewSession> {
    let way = refuse_early(app, &new).await?;
    let SignUp { handle, email, password, language, browser, .. } = new;
    if password.is_empty() {
        return Err(Refusal::Missing {}.into());
    }
    let made = prepare(
        app,
        NewAccount {
            handle,
            email,
            name: String::new(),
            password,
            language: Some(language),
            is_admin: false,
            is_confirmed: false,
        },
    );
    let made = made.await?;
    confirmations::limit_mails(app, &made.row.email).await?;
    store(app, (made, way), &browser).await
}

/// What is refused before the password is hashed and a mail counted.
async fn refuse_early(app: &App, new: &SignUp) -> Result<Way> {
    let code = new.invitation.as_ref().map(|code| hash(app, code));
    let now = app.now();
    let found = app.read((new.handle.clone(), code), move |read, (handle, code)| {
        Box::pin(async move {
            let way = way_in(read, *code, now).await?;
            Ok((way, accounts::find_by_handle(read, handle).await?.is_some()))
        })
    });
    let (way, is_taken) = found.await?;
    if is_taken || new.handle.is_reserved() {
        return Err(Refusal::HandleTaken {}.into());
    }
    Ok(way)
}

/// Whether a newcomer may come in with this code or without one. While nobody can come in, only
/// the instance's own invitations open the door. A code that is of no use any more is none where
/// everybody can come in.
async fn way_in(read: &mut Read, code: Option<[u8; 32]>, now: Timestamp) -> Result<Way> {
    let registration = settings::policy(read).await?.registration;
    let inviter = match code {
        Some(code) => invitations::find_open(read, code, now).await?,
        None => None,
    };
    let is_closed = registration == Registration::Closed;
    let is_needed = registration.needs_invitation();
    match inviter {
        Some(Some(_)) if is_closed => Err(Refusal::RegistrationClosed {}.into()),
        Some(_) => Ok(Way { code, is_needed }),
        None if !is_needed => Ok(Way { code: None, is_needed }),
        None if code.is_some() => Err(Refusal::InvitationUnusable {}.into()),
        None if is_closed => Err(Refusal::RegistrationClosed {}.into()),
        None => Err(Refusal::RegistrationByInvitation {}.into()),
    }
}

/// Account, invitation, code, mail and session in one transaction.
async fn store(app: &App, (made, way): (Prepared, Way), browser: &Browser) -> Result<NewSession> {
    let drawn = codes::draw(app, made.row.id);
    let session = sessions::draw(app, made.row.id, browser);
    let (begins, handle) = (session.clone(), app.clone());
    let begun = app.write((made, drawn, session), move |tx, (made, drawn, session)| {
        let app = handle.clone();
        Box::pin(async move {
            let account = &made.row;
            insert(&app, tx, Actor::Page(account.id), made).await?;
            come_in(tx, way, (account.id, app.now())).await?;
            let sent = Sent { account, email: &account.email, drawn };
            confirmations::send(tx, &app, sent).await?;
            sessions::begin_in(tx, session).await
        })
    });
    Ok(begins.begun(begun.await?))
}

/// Uses the code up: of many who come with one, the first is in.
async fn come_in(tx: &mut Tx, way: Way, (account, now): (AccountId, Timestamp)) -> Result<()> {
    let Some(code) = way.code else { return Ok(()) };
    if !invitations::use_up(tx, code, account, now).await? && way.is_needed {
        return Err(Refusal::InvitationUnusable {}.into());
    }
    Ok(())
}
