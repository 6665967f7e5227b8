//! The first administrator: made with a one-time link that the operator sees where the instance
//! starts, and nobody else. Every node shows the same link until it is used.

use obole_domain::Refusal;
use obole_store::{Read, accounts, settings};

use crate::accounts::{NewAccount, insert, prepare};
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::secrets::{digest, hex};
use crate::sessions::{self, Browser, NewSession};

/// The setting that the link's token is made of, together with the instance's secret.
const SEED: &str = "set-up.seed";

/// The link for the first administrator; none when there is one.
pub async fn link(app: &App) -> Result<Option<String>> {
    let drawn = hex(&app.chance().bytes::<32>());
    let seed = app.write(drawn, |tx, drawn| {
        Box::pin(async move {
            if accounts::has_admin(tx).await? {
                return Ok(None);
            }
            Ok(Some(settings::set_once(tx, SEED, drawn).await?))
        })
    });
    let path = seed.await?.map(|seed| format!("/set-up/{}", token_of(app, &seed)));
    Ok(path.map(|path| crate::mails::address(app, &path)))
}

/// Whether a token can still be used. It consumes nothing.
pub async fn is_open(app: &App, token: &str) -> Result<bool> {
    let handle = app.clone();
    app.read(token.to_owned(), move |read, token| {
        let app = handle.clone();
        Box::pin(async move { is_open_in(&app, read, token).await })
    })
    .await
}

async fn is_open_in(app: &App, read: &mut Read, token: &str) -> Result<bool> {
    let Some(seed) = settings::find(read, SEED).await? else { return Ok(false) };
    // By their hashes: how long comparing takes tells nothing about the token.
    let is_right = digest(token_of(app, &seed).as_bytes()) == digest(token.as_bytes());
    Ok(is_right && !accounts::has_admin(read).await?)
}

fn token_of(app: &App, seed: &str) -> String {
    hex(&app.secrets().mac("set-up", seed.as_bytes()))
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
    let begun = app.write((token.to_owned(), made, drawn), move |tx, (token, made, drawn)| {
        let app = handle.clone();
        Box::pin(async move {
            // Whoever takes the seed away is the one; the others find none, or an administrator.
            if !is_open_in(&app, tx, token).await? || !settings::take(tx, SEED).await? {
                return Err(Error::NotFound);
            }
            insert(&app, tx, Actor::Page(made.row.id), made).await?;
            sessions::begin_in(tx, drawn).await
        })
    });
    Ok(begins.begun(begun.await?))
}
