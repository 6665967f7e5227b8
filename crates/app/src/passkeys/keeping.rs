//! An account's passkeys: made, listed, renamed, removed. All but reading needs a fresh proof (W3).

use obole_domain::account::PasskeyId;
use obole_domain::click::clean_text;
use obole_domain::{AccountId, Refusal};
use obole_store::passkey_challenges::Purpose;
use obole_store::passkeys::{self as rows, PasskeyRow};
use obole_store::{Tx, accounts};
use serde_json::json;
use webauthn_rs::prelude::{Passkey, PasskeyRegistration, RegisterPublicKeyCredential};

use super::asking::{self, Answered, Question};
use super::{NAME_MAX, PASSKEYS_MAX, standing};
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::limits::PASSKEY;
use crate::relying_party;
use crate::second_factors::tell;
use crate::sessions::{Session, require_fresh};

/// An account's passkeys, the oldest first.
pub async fn list(app: &App, account: AccountId) -> Result<Vec<PasskeyRow>> {
    app.read(account, |read, account| Box::pin(async move { Ok(rows::of(read, *account).await?) }))
        .await
}

/// Asks a browser to make a passkey. Refused where the account has as many as it can.
pub async fn start_registration(app: &App, secret: &str, session: &Session) -> Result<Question> {
    require_fresh(app, session)?;
    app.limit(PASSKEY, session.account).await?;
    let all = list(app, session.account).await?;
    if all.len() as i64 >= PASSKEYS_MAX {
        return Err(Refusal::PasskeysFull { limit: PASSKEYS_MAX }.into());
    }
    let known = all.into_iter().filter(|row| row.stopped_at.is_none());
    let known: Result<Vec<_>> = known.map(|row| Ok(standing(row)?.1.cred_id().clone())).collect();
    let asked = relying_party::of(app)?.start_passkey_registration(
        session.account.uuid(),
        session.handle.as_str(),
        &session.name,
        Some(known?),
    );
    let (options, state) = asked.map_err(Error::internal)?;
    let mut options = serde_json::to_value(options).map_err(Error::internal)?;
    // One signs in without a name, so the authenticator has to know whose key it is
    // (docs/decisions/0088).
    if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection") {
        selection["residentKey"] = json!("required");
        selection["requireResidentKey"] = json!(true);
    }
    asking::keep(app, (secret, Purpose::Register), (&options, &state)).await
}

/// Keeps the passkey that a browser made, once, and tells its owner.
pub async fn finish_registration(
    app: &App,
    secret: &str,
    session: &Session,
    (answered, name): (&Answered, &str),
) -> Result<()> {
    require_fresh(app, session)?;
    let name = clean_name(name)?;
    let state = asking::take(app, (secret, Purpose::Register), answered).await?;
    let state: PasskeyRegistration = serde_json::from_str(&state).map_err(Error::internal)?;
    let answer: RegisterPublicKeyCredential = asking::read(&answered.credential)?;
    let made = relying_party::of(app)?.finish_passkey_registration(&answer, &state);
    let made: Passkey = made.map_err(|error| {
        tracing::debug!(%error, "a new passkey was refused");
        Error::from(Refusal::PasskeyWrong {})
    })?;
    let now = app.now();
    let row = PasskeyRow {
        id: PasskeyId::new(app.chance().id(now)),
        account: session.account,
        credential: made.cred_id().to_vec(),
        name,
        public_key: serde_json::to_string(&made).map_err(Error::internal)?,
        created_at: now,
        used_at: None,
        stopped_at: None,
    };
    let handle = app.clone();
    app.write(row, move |tx, row| {
        let app = handle.clone();
        Box::pin(async move { store(tx, &app, row).await })
    })
    .await
}

async fn store(tx: &mut Tx, app: &App, row: &PasskeyRow) -> Result<()> {
    accounts::find_locked(tx, row.account).await?.ok_or(Error::NotFound)?;
    if rows::of(tx, row.account).await?.len() as i64 >= PASSKEYS_MAX {
        return Err(Refusal::PasskeysFull { limit: PASSKEYS_MAX }.into());
    }
    if !rows::insert(tx, row).await? {
        return Err(Refusal::PasskeyKnown {}.into());
    }
    tell(tx, app, row.account, ("passkey_added", &row.name)).await?;
    note(tx, app, row.account, ("passkey.add", row.id)).await
}

/// Calls a passkey otherwise.
pub async fn rename(app: &App, session: &Session, id: PasskeyId, name: &str) -> Result<()> {
    require_fresh(app, session)?;
    let (account, name) = (session.account, clean_name(name)?);
    app.write(name, move |tx, name| {
        Box::pin(async move {
            let is_there = rows::rename(tx, account, id, name).await?;
            if is_there { Ok(()) } else { Err(Error::NotFound) }
        })
    })
    .await
}

/// Removes a passkey and tells its owner. Refused where nothing else opens the account.
pub async fn remove(app: &App, session: &Session, id: PasskeyId) -> Result<()> {
    require_fresh(app, session)?;
    let (account, handle) = (session.account, app.clone());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            accounts::find_locked(tx, account).await?.ok_or(Error::NotFound)?;
            let all = rows::of(tx, account).await?;
            let row = all.iter().find(|row| row.id == id).ok_or(Error::NotFound)?;
            let has_password =
                accounts::password_hash(tx, account).await?.is_some_and(|hash| !hash.is_empty());
            let is_other = |other: &&PasskeyRow| other.id != id && other.stopped_at.is_none();
            if !has_password && row.stopped_at.is_none() && !all.iter().any(|r| is_other(&r)) {
                return Err(Refusal::LastMeans {}.into());
            }
            rows::remove(tx, account, id).await?;
            tell(tx, &app, account, ("passkey_removed", &row.name)).await?;
            note(tx, &app, account, ("passkey.remove", id)).await
        })
    })
    .await
}

async fn note(
    tx: &mut Tx,
    app: &App,
    account: AccountId,
    (action, id): (&str, PasskeyId),
) -> Result<()> {
    app.log(tx, Actor::Page(account), action, (account.to_string(), id.to_string())).await
}

/// The name of a passkey as it is typed. Refused when it is none, or too long.
pub fn clean_name(name: &str) -> std::result::Result<String, Refusal> {
    let name = clean_text(name, NAME_MAX)?;
    if name.is_empty() { Err(Refusal::Missing {}) } else { Ok(name) }
}
