//! Webhooks (H1): an account's endpoints, what they are told, and the log of it. What is told is
//! written with what it tells of (`news.rs`), and delivered later (`delivery.rs`).

mod days;
mod delivery;
mod news;
mod signing;

use obole_domain::webhook::{EventKind, TEST, WEBHOOKS_MAX};
use obole_domain::{AccountId, Refusal, WebhookEventId, WebhookId};
use obole_store::webhook_deliveries::{self, Before, DeliveryRow, EventRow};
use obole_store::webhooks::{self, Off, WebhookRow};
use obole_store::{Read, Tx};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::limits;

pub use days::tell_days;
pub use delivery::{Delivered, deliver};
pub(crate) use news::{News, tell, tell_all, tell_shares};

/// An endpoint to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewWebhook {
    /// Where it is.
    pub url: String,
    /// What it is told.
    pub kinds: Vec<EventKind>,
}

/// Makes an endpoint and gives its secret, which is not shown again.
///
/// Refused for an address that is not reached from here (F2), for one that is told nothing, and
/// when there are too many.
pub async fn create(app: &App, actor: Actor, new: NewWebhook) -> Result<(WebhookId, String)> {
    let account = actor.account().ok_or(Error::Forbidden)?;
    let url = new.url.trim().to_owned();
    if !app.fetcher().may_reach(&url) {
        return Err(Refusal::WebhookUrl {}.into());
    }
    if new.kinds.is_empty() {
        return Err(Refusal::WebhookEventsMissing {}.into());
    }
    let (secret, now) = (signing::new_secret(app.chance()), app.now());
    let row = WebhookRow {
        id: WebhookId::new(app.chance().id(now)),
        account,
        url,
        kinds: EventKind::print_list(&new.kinds),
        secret_sealed: app.secrets().seal(app.chance(), &secret)?,
        old_secret_sealed: None,
        created_at: now,
        off: None,
        failures: 0,
        is_slow: false,
    };
    let (handle, id) = (app.clone(), row.id);
    app.write(row, move |tx, row| {
        let app = handle.clone();
        Box::pin(async move {
            if !webhooks::insert(tx, row, WEBHOOKS_MAX).await? {
                return Err(Refusal::WebhooksFull { limit: WEBHOOKS_MAX }.into());
            }
            // The whole address may hold a secret of its owner's (S1).
            let details = format!("{}: {}", host_of(&row.url), row.kinds);
            app.log(tx, actor, "webhook.create", (row.id.to_string(), details)).await
        })
    })
    .await?;
    Ok((id, secret))
}

/// An account's endpoints, the first made first.
pub async fn list(app: &App, account: AccountId) -> Result<Vec<WebhookRow>> {
    app.read((), move |read, ()| Box::pin(async move { Ok(webhooks::of(read, account).await?) }))
        .await
}

/// One of an account's endpoints.
pub async fn find(app: &App, account: AccountId, id: WebhookId) -> Result<WebhookRow> {
    app.read((), move |read, ()| Box::pin(find_in(read, account, id))).await
}

async fn find_in(read: &mut Read, account: AccountId, id: WebhookId) -> Result<WebhookRow> {
    webhooks::find(read, account, id).await?.ok_or(Error::NotFound)
}

/// What is to change of an endpoint; nothing where none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// What it is told.
    pub kinds: Option<Vec<EventKind>>,
    /// Whether it is on.
    pub is_on: Option<bool>,
}

/// Changes what an endpoint is told, and whether it is on. What waits for one that is switched on
/// again is due at once. Doing it again changes nothing.
pub async fn change(app: &App, actor: Actor, id: WebhookId, changes: Changes) -> Result<()> {
    let account = actor.account().ok_or(Error::Forbidden)?;
    let handle = app.clone();
    app.write(changes, move |tx, changes| {
        let app = handle.clone();
        Box::pin(async move {
            find_in(tx, account, id).await?;
            if let Some(kinds) = &changes.kinds {
                set_kinds(&app, tx, (actor, account, id), kinds).await?;
            }
            match changes.is_on {
                Some(is_on) => switch(&app, tx, (actor, account, id), is_on).await,
                None => Ok(()),
            }
        })
    })
    .await
}

/// Who changes which endpoint.
type Which = (Actor, AccountId, WebhookId);

async fn set_kinds(app: &App, tx: &mut Tx, which: Which, kinds: &[EventKind]) -> Result<()> {
    let (actor, account, id) = which;
    if kinds.is_empty() {
        return Err(Refusal::WebhookEventsMissing {}.into());
    }
    let kinds = EventKind::print_list(kinds);
    webhooks::set_kinds(tx, account, id, &kinds).await?;
    app.log(tx, actor, "webhook.events", (id.to_string(), kinds)).await
}

async fn switch(app: &App, tx: &mut Tx, which: Which, is_on: bool) -> Result<()> {
    let ((actor, account, id), now) = (which, app.now());
    let is_changed = if is_on {
        webhooks::switch_on(tx, account, id).await?
    } else {
        webhooks::switch_off(tx, id, Off::Owner, now).await?
    };
    if !is_changed {
        return Ok(());
    }
    if is_on {
        webhook_deliveries::hurry(tx, id, now).await?;
    }
    let action = if is_on { "webhook.on" } else { "webhook.off" };
    app.log(tx, actor, action, (id.to_string(), String::new())).await
}

/// Gives an endpoint a new secret, which is not shown again. The one before is valid until it is
/// ended. Refused while there are two.
pub async fn rotate(app: &App, actor: Actor, id: WebhookId) -> Result<String> {
    let account = actor.account().ok_or(Error::Forbidden)?;
    let secret = signing::new_secret(app.chance());
    let sealed = app.secrets().seal(app.chance(), &secret)?;
    let handle = app.clone();
    app.write(sealed, move |tx, sealed| {
        let app = handle.clone();
        Box::pin(async move {
            find_in(tx, account, id).await?;
            if !webhooks::rotate(tx, account, id, sealed).await? {
                return Err(Refusal::WebhookRotating {}.into());
            }
            app.log(tx, actor, "webhook.rotate", (id.to_string(), String::new())).await
        })
    })
    .await?;
    Ok(secret)
}

/// Ends the older of an endpoint's two secrets. Refused where there is one only.
pub async fn end_old_secret(app: &App, actor: Actor, id: WebhookId) -> Result<()> {
    let account = actor.account().ok_or(Error::Forbidden)?;
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            find_in(tx, account, id).await?;
            if !webhooks::end_old_secret(tx, account, id).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            app.log(tx, actor, "webhook.end-old", (id.to_string(), String::new())).await
        })
    })
    .await
}

/// Deletes an endpoint and the log of it.
pub async fn delete(app: &App, actor: Actor, id: WebhookId) -> Result<()> {
    let account = actor.account().ok_or(Error::Forbidden)?;
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            if !webhooks::delete(tx, account, id).await? {
                return Err(Error::NotFound);
            }
            app.log(tx, actor, "webhook.delete", (id.to_string(), String::new())).await
        })
    })
    .await
}

/// Sends an endpoint something to try it out, whatever it is told otherwise, and gives its id.
/// Refused while it is off, and for who does it all the time.
pub async fn test(app: &App, account: AccountId, id: WebhookId) -> Result<WebhookEventId> {
    app.limit(limits::WEBHOOK, account).await?;
    let now = app.now();
    let event = EventRow {
        id: WebhookEventId::new(uuid::Builder::from_random_bytes(app.chance().bytes()).into_uuid()),
        kind: TEST,
        body: news::body(TEST, now, &serde_json::json!({}))?,
        created_at: now,
    };
    app.write(event, move |tx, event| {
        Box::pin(async move {
            refuse_off(&find_in(tx, account, id).await?)?;
            webhook_deliveries::put(tx, event, &[id]).await?;
            Ok(event.id)
        })
    })
    .await
}

/// Sends what was told before once more, under the same id. Refused while the endpoint is off, and
/// for who does it all the time.
pub async fn replay(
    app: &App,
    account: AccountId,
    id: WebhookId,
    event: WebhookEventId,
) -> Result<()> {
    app.limit(limits::WEBHOOK, account).await?;
    let now = app.now();
    app.write((), move |tx, ()| {
        Box::pin(async move {
            refuse_off(&find_in(tx, account, id).await?)?;
            let is_there = webhook_deliveries::replay(tx, id, event, now).await?;
            if is_there { Ok(()) } else { Err(Error::NotFound) }
        })
    })
    .await
}

fn refuse_off(webhook: &WebhookRow) -> Result<()> {
    if webhook.off.is_some() { Err(Refusal::WebhookOff {}.into()) } else { Ok(()) }
}

/// What one of an account's endpoints was told, the newest first, before one or from the newest.
pub async fn log(
    app: &App,
    (account, id): (AccountId, WebhookId),
    before: Option<Before>,
    limit: i64,
) -> Result<Vec<DeliveryRow>> {
    app.read((), move |read, ()| {
        Box::pin(async move {
            find_in(read, account, id).await?;
            Ok(webhook_deliveries::log(read, (account, id), before, limit).await?)
        })
    })
    .await
}

/// The host of an endpoint's address: as much of it as logs and mails have.
pub(crate) fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_has_the_host_of_an_address_only() {
        assert_eq!(host_of("https://hooks.example/T0/secret?key=1"), "hooks.example");
        assert_eq!(host_of("https://hooks.example:8443?key=1"), "hooks.example:8443");
    }
}
