//! Signing up (A1): the account is there at once, with an address that is not confirmed. Whether
//! the address has an account already is told to its reader only, by mail.

use obole_domain::policy::Registration;
use obole_domain::{EmailAddress, Handle, Refusal};
use obole_language::Language;
use obole_store::{accounts, settings};

use crate::accounts::{NewAccount, Prepared, insert, prepare};
use crate::app::App;
use crate::audit_log::Actor;
use crate::codes;
use crate::confirmations::{self, Sent};
use crate::error::Result;
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
}

/// Makes an account, signs it in, and mails a code. Known and unknown addresses are answered alike
/// and take the same.
///
/// Refused where one must be invited, for a handle that is taken or reserved, for a weak password,
/// over the limit of mails to the address.
pub async fn sign_up(app: &App, new: SignUp) -> Result<NewSession> {
    refuse_early(app, &new.handle).await?;
    let SignUp { handle, email, password, language, browser } = new;
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
    store(app, made, &browser).await
}

/// What is refused before the password is hashed and a mail counted.
async fn refuse_early(app: &App, handle: &Handle) -> Result<()> {
    let found = app.read(handle.clone(), |read, handle| {
        Box::pin(async move {
            let policy = settings::policy(read).await?;
            let is_taken = accounts::find_by_handle(read, handle).await?.is_some();
            Ok((policy.registration, is_taken))
        })
    });
    let (registration, is_taken) = found.await?;
    if registration == Registration::Invitation {
        return Err(Refusal::RegistrationByInvitation {}.into());
    }
    if is_taken || handle.is_reserved() {
        return Err(Refusal::HandleTaken {}.into());
    }
    Ok(())
}

/// Account, code, mail and session in one transaction.
async fn store(app: &App, made: Prepared, browser: &Browser) -> Result<NewSession> {
    let drawn = codes::draw(app, made.row.id);
    let session = sessions::draw(app, made.row.id, browser);
    let (begins, handle) = (session.clone(), app.clone());
    let begun = app.write((made, drawn, session), move |tx, (made, drawn, session)| {
        let app = handle.clone();
        Box::pin(async move {
            let account = &made.row;
            insert(&app, tx, Actor::Page(account.id), made).await?;
            let sent = Sent { account, email: &account.email, drawn };
            confirmations::send(tx, &app, sent).await?;
            sessions::begin_in(tx, session).await
        })
    });
    Ok(begins.begun(begun.await?))
}
