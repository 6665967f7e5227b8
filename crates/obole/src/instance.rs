//! Opening the instance that a command works on.

use anyhow::{Context, Result};
use obole_app::accounts;
use obole_app::domain::{AccountId, Handle, Refusal};
use obole_app::{App, Config, Error, Parts};

use crate::arguments::Common;
use crate::configuration;

/// Opens the configured instance, bringing its database up to date.
pub async fn open(common: &Common) -> Result<App> {
    open_with(configuration::read(common)?).await
}

/// Opens the instance of a configuration.
pub async fn open_with(config: Config) -> Result<App> {
    let clock = configuration::clock(&config)?;
    let parts = Parts::configured(&config, clock).await?;
    let url = shown(&config.database.url);
    App::open(config, parts).await.with_context(|| format!("cannot open {url}"))
}

/// A database's address without its password (S1).
pub fn shown(url: &str) -> String {
    match url.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?))) {
        Some((scheme, (_, host))) => format!("{scheme}://***@{host}"),
        None => url.to_owned(),
    }
}

/// The account of a typed handle.
pub async fn account(app: &App, handle: &str) -> Result<AccountId> {
    let handle = Handle::parse(handle).map_err(Error::from)?;
    let found = accounts::find_by_handle(app, handle).await?;
    let found = found.ok_or_else(|| Error::from(Refusal::AccountUnknown {}))?;
    Ok(found.id)
}
