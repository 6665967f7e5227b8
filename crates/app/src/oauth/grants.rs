//! What an account granted to clients, as it sees and ends it (O4, B6).

use jiff::Timestamp;
use obole_domain::AccountId;
use obole_domain::click::Way;
use obole_domain::client::ClientId;
use obole_domain::token::Scope;
use obole_store::clicks::{self, ClickKey};
use obole_store::oauth_grants::{self, Granted, Which};

use super::ending::end_with_word;
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};

/// A client that an account granted something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantedApp {
    /// Which.
    pub client: ClientId,
    /// What it is called.
    pub name: String,
    /// What its grants allow together.
    pub scopes: Vec<Scope>,
    /// Since when.
    pub since: Timestamp,
    /// When it last used one of them.
    pub used_at: Timestamp,
    /// How many clicks of the open month it began.
    pub clicks: i64,
}

/// The clients that an account granted something, by name.
pub async fn granted(app: &App, account: AccountId) -> Result<Vec<GrantedApp>> {
    let (now, clock) = (app.now(), app.clock_period());
    let read = app.read((), move |read, ()| {
        Box::pin(async move {
            let period = clicks::shown_period(read, clock).await?;
            let counts = clicks::count_by_way(read, (period, account)).await?;
            Ok((oauth_grants::of(read, account, now).await?, counts))
        })
    });
    let (grants, counts) = read.await?;
    let mut apps: Vec<GrantedApp> = Vec::new();
    for grant in grants {
        let scopes = Scope::parse_list(&grant.scopes)?;
        match apps.last_mut().filter(|app| app.client == grant.client) {
            Some(app) => add(app, &grant, scopes),
            None => {
                let way = Way::App(grant.client).code();
                let clicks = counts.iter().find(|(word, _)| *word == way);
                apps.push(GrantedApp {
                    client: grant.client,
                    name: grant.name,
                    scopes,
                    since: grant.created_at,
                    used_at: grant.used_at,
                    clicks: clicks.map_or(0, |(_, count)| *count),
                });
            }
        }
    }
    Ok(apps)
}

/// Another grant to the same client.
fn add(app: &mut GrantedApp, grant: &Granted, scopes: Vec<Scope>) {
    app.scopes.extend(scopes);
    app.scopes.sort_unstable();
    app.scopes.dedup();
    app.since = app.since.min(grant.created_at);
    app.used_at = app.used_at.max(grant.used_at);
}

/// Ends everything that an account granted a client. What was clicked stands.
pub async fn revoke(app: &App, account: AccountId, client: ClientId) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let ended = end_with_word(&app, tx, Which::Between(account, client)).await?;
            if ended.is_empty() {
                return Err(Error::NotFound);
            }
            let about = (client.to_string(), String::new());
            app.log(tx, Actor::Page(account), "grant.revoke", about).await
        })
    })
    .await
}

/// Takes back all clicks of the open period that a client began, and gives how many (B6,
/// docs/decisions/0062).
pub async fn take_back_all(app: &App, patron: AccountId, client: ClientId) -> Result<i64> {
    let clock = app.clock_period();
    app.write((), move |tx, ()| {
        Box::pin(async move {
            let period = clicks::open_period(tx, clock).await?;
            let begun = clicks::begun(tx, (period, patron), Way::App(client)).await?;
            for (work, _) in &begun {
                clicks::remove(tx, ClickKey { period, patron, work: *work }).await?;
            }
            Ok(begun.len() as i64)
        })
    })
    .await
}
