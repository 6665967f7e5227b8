//! Passkeys (A1): made, used to sign in without a name, used as a fresh proof (W3), listed,
//! renamed, removed. Each needs the authenticator to have seen its owner. A question is answered
//! once, in the browser that was asked, within minutes.

mod asking;
mod keeping;

use obole_domain::account::PasskeyId;
use obole_domain::{AccountId, Refusal};
use obole_store::passkey_challenges::Purpose;
use obole_store::passkeys::{self as rows, PasskeyRow};
use obole_store::sessions as session_rows;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyAuthentication,
    PublicKeyCredential, WebauthnError,
};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::limits::PASSKEY;
use crate::relying_party;
use crate::second_factors::tell;
use crate::secrets::digest;
use crate::sessions::{self, Browser, NewSession, Session};

pub use asking::{Answered, Question};
pub use keeping::{clean_name, finish_registration, list, remove, rename, start_registration};

/// The most passkeys of an account.
pub const PASSKEYS_MAX: i64 = 20;

/// The most characters of a passkey's name.
pub const NAME_MAX: usize = 60;

/// Asks a browser to sign in: any passkey of this instance may answer, so the question tells nobody
/// whether an account has one (A1). `visit` is what the browser is recognised by.
pub async fn start_sign_in(app: &App, visit: &str) -> Result<Question> {
    let asked = relying_party::of(app)?.start_discoverable_authentication();
    let (options, state) = asked.map_err(Error::internal)?;
    asking::keep(app, (visit, Purpose::SignIn), (&options, &state)).await
}

/// Begins a session by a passkey's answer, once.
pub async fn finish_sign_in(
    app: &App,
    visit: &str,
    answered: &Answered,
    browser: &Browser,
) -> Result<NewSession> {
    let state = asking::take(app, (visit, Purpose::SignIn), answered).await?;
    let state: DiscoverableAuthentication =
        serde_json::from_str(&state).map_err(Error::internal)?;
    let answer: PublicKeyCredential = asking::read(&answered.credential)?;
    let party = relying_party::of(app)?;
    let wrong = || Error::from(Refusal::PasskeyWrong {});
    let (owner, credential) =
        party.identify_discoverable_authentication(&answer).map_err(|_| wrong())?;
    let row = find(app, credential).await?;
    let row = row.filter(|row| row.account.uuid() == owner).ok_or_else(wrong)?;
    let (row, passkey) = standing(row)?;
    let checked = party.finish_discoverable_authentication_v2(&answer, state, &passkey);
    let used = checked_or_stopped(app, (row, passkey), checked).await?;
    let drawn = sessions::draw(app, used.row.account, browser);
    let (begins, handle) = (drawn.clone(), app.clone());
    let session = app.write((used, drawn), move |tx, (used, drawn)| {
        let app = handle.clone();
        Box::pin(async move {
            used.note(tx, &app).await?;
            sessions::enter_in(tx, &app, drawn).await
        })
    });
    Ok(begins.begun(session.await?))
}

/// Asks a session's owner for a fresh proof by one of their passkeys. Refused where none stands.
pub async fn start_proof(app: &App, secret: &str, session: &Session) -> Result<Question> {
    app.limit(PASSKEY, session.account).await?;
    let all = list(app, session.account).await?.into_iter();
    let keys: Result<Vec<Passkey>> =
        all.filter(|row| row.stopped_at.is_none()).map(|row| Ok(standing(row)?.1)).collect();
    let keys = keys?;
    if keys.is_empty() {
        return Err(Refusal::PasskeyWrong {}.into());
    }
    let asked = relying_party::of(app)?.start_passkey_authentication(&keys);
    let (options, state) = asked.map_err(Error::internal)?;
    asking::keep(app, (secret, Purpose::Prove), (&options, &state)).await
}

/// Proves by a passkey's answer that a session's owner sits there (W3).
pub async fn finish_proof(
    app: &App,
    secret: &str,
    session: &Session,
    answered: &Answered,
) -> Result<()> {
    let state = asking::take(app, (secret, Purpose::Prove), answered).await?;
    let state: PasskeyAuthentication = serde_json::from_str(&state).map_err(Error::internal)?;
    let answer: PublicKeyCredential = asking::read(&answered.credential)?;
    let row = find(app, answer.get_credential_id()).await?;
    let row = row.filter(|row| row.account == session.account);
    let (row, passkey) = standing(row.ok_or(Refusal::PasskeyWrong {})?)?;
    let checked = relying_party::of(app)?.finish_passkey_authentication(&answer, &state);
    let used = checked_or_stopped(app, (row, passkey), checked).await?;
    let (hash, handle) = (digest(secret.as_bytes()), app.clone());
    app.write(used, move |tx, used| {
        let app = handle.clone();
        Box::pin(async move {
            used.note(tx, &app).await?;
            Ok(session_rows::prove(tx, hash, app.now()).await?)
        })
    })
    .await
}

/// Whether an account has a passkey that opens it.
pub async fn has_any(app: &App, account: AccountId) -> Result<bool> {
    Ok(list(app, account).await?.iter().any(|row| row.stopped_at.is_none()))
}

async fn find(app: &App, credential: &[u8]) -> Result<Option<PasskeyRow>> {
    app.read(credential.to_vec(), |read, credential| {
        Box::pin(async move { Ok(rows::find(read, credential).await?) })
    })
    .await
}

/// A passkey that was not stopped, with its key.
fn standing(row: PasskeyRow) -> Result<(PasskeyRow, Passkey)> {
    if row.stopped_at.is_some() {
        return Err(Refusal::PasskeyStopped {}.into());
    }
    let passkey = serde_json::from_str(&row.public_key).map_err(Error::internal)?;
    Ok((row, passkey))
}

/// A passkey that answered rightly: how it was stored before, and is now.
struct Used {
    row: PasskeyRow,
    public_key: String,
}

impl Used {
    /// Notes the use. A conflict where the same key was used meanwhile: its counter moved on.
    async fn note(&self, tx: &mut obole_store::Tx, app: &App) -> Result<()> {
        if rows::note_use(tx, &self.row, &self.public_key, app.now()).await? {
            return Ok(());
        }
        Err(Error::Conflict("the passkey was used elsewhere at the same time".to_owned()))
    }
}

/// What the check of an answer came to. A counter that went back stops the key: whoever answers has
/// a copy of it, or the owner does, and nobody can tell which.
async fn checked_or_stopped(
    app: &App,
    (row, mut passkey): (PasskeyRow, Passkey),
    checked: std::result::Result<AuthenticationResult, WebauthnError>,
) -> Result<Used> {
    match checked {
        Ok(result) => {
            passkey.update_credential(&result);
            let public_key = serde_json::to_string(&passkey).map_err(Error::internal)?;
            Ok(Used { row, public_key })
        }
        Err(WebauthnError::CredentialPossibleCompromise) => {
            stop(app, row.account, row.id, row.name).await?;
            Err(Refusal::PasskeyStopped {}.into())
        }
        Err(error) => {
            tracing::debug!(%error, "a passkey's answer was refused");
            Err(Refusal::PasskeyWrong {}.into())
        }
    }
}

async fn stop(app: &App, account: AccountId, id: PasskeyId, name: String) -> Result<()> {
    let handle = app.clone();
    app.write(name, move |tx, name| {
        let app = handle.clone();
        Box::pin(async move {
            if !rows::stop(tx, id, app.now()).await? {
                return Ok(());
            }
            tell(tx, &app, account, ("passkey_stopped", name)).await?;
            let about = (account.to_string(), format!("{id}: its counter went back"));
            app.log(tx, Actor::Page(account), "passkey.stop", about).await
        })
    })
    .await
}
