//! The first administrator: made with a one-time link that the operator sees where the instance
//! starts, and nobody else.

use obole_domain::Refusal;
use obole_store::{accounts, settings};

use crate::accounts::{NewAccount, insert, prepare};
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::secrets::{digest, hex};
use crate::sessions::{self, Browser, NewSession};

/// The setting that holds the token's hash.
const TOKEN: &str = "set-up.token";

/// A new link for the first administrator; none when there is one. A link made before is void.
pub async fn link(app: &App) -> Result<Option<String>> {
    let token = hex(&app.chance().bytes::<32>());
    let is_needed = app.write(stored(&token), |tx, hash| {
        Box::pin(async move {
            if accounts::has_admin(tx).await? {
                return Ok(false);
            }
            settings::set(tx, TOKEN, hash).await?;
            Ok(true)
        })
    });
    let path = format!("/set-up/{token}");
    Ok(is_needed.await?.then(|| crate::mails::address(app, &path)))
}

/// Whether a token can still be used. It consumes nothing.
pub async fn is_open(app: &App, token: &str) -> Result<bool> {
    app.read(stored(token), |read, hash| {
        Box::pin(async move { Ok(settings::find(read, TOKEN).await?.as_ref() == Some(hash)) })
    })
    .await
}

/// Makes the first administrator and signs them in. The operator holds the token, so the mail
/// address counts as confirmed. Not found when the token is wrong or used.
pub async fn create_admin(
    app: &App,
    token: &str,
    new: NewAccount,
    browser: &Browser,
) -> Result<NewSession> {
    if !is_open(app, token).await? {
        return Err(Error::NotFound);
    }
    if new.password.is_empty() {
        return Err(Refusal::Missing {}.into());
    }
    let made = prepare(app, NewAccount { is_admin: true, is_confirmed: true, ..new }).await?;
    let drawn = sessions::draw(app, made.row.id, browser);
    let (begins, handle) = (drawn.clone(), app.clone());
    let begun = app.write((stored(token), made, drawn), move |tx, (hash, made, drawn)| {
        let app = handle.clone();
        Box::pin(async move {
            let is_right = settings::find(tx, TOKEN).await?.as_ref() == Some(hash);
            if !is_right || !settings::take(tx, TOKEN).await? {
                return Err(Error::NotFound);
            }
            insert(&app, tx, Actor::Page(made.row.id), made).await?;
            sessions::begin_in(tx, drawn).await
        })
    });
    Ok(begins.begun(begun.await?))
}

fn stored(token: &str) -> String {
    hex(&digest(token.as_bytes()))
}
