//! Settings: endpoints that are told what happens to the account (H1). A secret is shown once.

use askama::Template;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse as _;
use obole_app::audit_log::Actor;
use obole_app::webhooks::{self, Changes, NewWebhook};
use obole_domain::WebhookId;
use obole_domain::webhook::EventKind;
use obole_store::webhooks::{Off, WebhookRow};

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

const HERE: &str = "/settings/webhooks";

#[derive(Template)]
#[template(path = "pages/settings_webhooks.html")]
struct WebhooksPage {
    page: Page,
    tab: &'static str,
    filled: Filled,
    /// The secret that was just made; empty otherwise.
    new: String,
    endpoints: Vec<Endpoint>,
    kinds: Vec<Choice>,
    /// Whether a secret may be made at once (W3).
    is_proved: bool,
}

/// A kind of event to choose.
struct Choice {
    name: &'static str,
    about: String,
    is_chosen: bool,
}

/// An endpoint in words.
pub(super) struct Endpoint {
    pub id: WebhookId,
    pub url: String,
    pub kinds: Vec<String>,
    pub made: String,
    pub class: &'static str,
    pub state: String,
    pub is_on: bool,
    /// Whether two secrets are valid.
    pub has_old: bool,
}

/// `GET /settings/webhooks`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron, (Filled::default(), Vec::new()), String::new()).await?)
}

/// `POST /settings/webhooks`: the answer shows the secret and is not kept by the browser.
pub async fn create(patron: Patron, mut form: Form) -> Answer {
    patron.proved()?;
    let names = form.all("event").collect::<Vec<_>>().join(" ");
    let kinds = form.read("events", |_| EventKind::parse_list(&names));
    let url = form.read("url", |typed| Ok(typed.to_owned()));
    if let (Some(url), Some(kinds)) = (url, kinds.clone()) {
        match webhooks::create(&patron.app, actor(&patron), NewWebhook { url, kinds }).await {
            Ok((_, secret)) => return show_secret(&patron, secret).await,
            Err(error) => form.refused(error)?,
        }
    }
    let chosen = kinds.unwrap_or_default();
    unprocessable(&page(&patron, (form.filled(), chosen), String::new()).await?)
}

/// `POST /settings/webhooks/rotate`: a new secret beside the one before.
pub async fn rotate(patron: Patron, form: Form) -> Answer {
    patron.proved()?;
    let secret = webhooks::rotate(&patron.app, actor(&patron), id_of(&form)?).await?;
    show_secret(&patron, secret).await
}

/// `POST /settings/webhooks/end-secret`: the one before opens nothing any more.
pub async fn end_secret(patron: Patron, form: Form) -> Answer {
    webhooks::end_old_secret(&patron.app, actor(&patron), id_of(&form)?).await?;
    Ok(patron.done(HERE, &Done::new("webhooks-secret-ended")))
}

/// `POST /settings/webhooks/switch`
pub async fn switch(patron: Patron, form: Form) -> Answer {
    let is_on = form.is_checked("on");
    let changes = Changes { is_on: Some(is_on), ..Changes::default() };
    webhooks::change(&patron.app, actor(&patron), id_of(&form)?, changes).await?;
    let sentence = if is_on { "webhooks-switched-on" } else { "webhooks-switched-off" };
    Ok(patron.done(HERE, &Done::new(sentence)))
}

/// `POST /settings/webhooks/delete`
pub async fn delete(patron: Patron, form: Form) -> Answer {
    webhooks::delete(&patron.app, actor(&patron), id_of(&form)?).await?;
    Ok(patron.done(HERE, &Done::new("webhooks-deleted")))
}

/// `POST /settings/webhooks/test`
pub async fn test(patron: Patron, form: Form) -> Answer {
    let id = id_of(&form)?;
    webhooks::test(&patron.app, patron.account(), id).await?;
    Ok(patron.done(&format!("{HERE}/{id}"), &Done::new("webhooks-tested")))
}

fn actor(patron: &Patron) -> Actor {
    Actor::Page(patron.account())
}

fn id_of(form: &Form) -> Result<WebhookId, Problem> {
    WebhookId::parse(form.text("webhook")).ok_or_else(Problem::malformed)
}

async fn show_secret(patron: &Patron, secret: String) -> Answer {
    let page = page(patron, (Filled::default(), Vec::new()), secret).await?;
    Ok(([(CACHE_CONTROL, "no-store")], html(&page)?).into_response())
}

async fn page(
    patron: &Patron,
    (filled, chosen): (Filled, Vec<EventKind>),
    new: String,
) -> Result<WebhooksPage, Problem> {
    let rows = webhooks::list(&patron.app, patron.account()).await?;
    let choices = EventKind::ALL.into_iter().map(|kind| Choice {
        name: kind.name(),
        about: patron.text(about(kind)),
        is_chosen: chosen.contains(&kind),
    });
    Ok(WebhooksPage {
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: HERE,
        filled,
        new,
        endpoints: rows.iter().map(|row| endpoint(patron, row)).collect(),
        kinds: choices.collect(),
        is_proved: patron.proved().is_ok(),
    })
}

/// An endpoint in words.
pub(super) fn endpoint(visitor: &Visitor, row: &WebhookRow) -> Endpoint {
    let (class, key) = match row.off {
        None if row.failures == 0 => ("good", "webhooks-on"),
        None => ("waiting", "webhooks-failing"),
        Some((_, Off::Owner)) => ("waiting", "webhooks-off"),
        Some((_, Off::Gone)) => ("bad", "webhooks-off-gone"),
        Some((_, Off::Failing)) => ("bad", "webhooks-off-failing"),
    };
    Endpoint {
        id: row.id,
        url: row.url.clone(),
        kinds: row.kinds.split(' ').map(ToOwned::to_owned).collect(),
        made: visitor.moment(row.created_at),
        class,
        state: visitor.text(key),
        is_on: row.off.is_none(),
        has_old: row.old_secret_sealed.is_some(),
    }
}

/// What a kind of event tells, as its owner reads it.
const fn about(kind: EventKind) -> &'static str {
    match kind {
        EventKind::SupportReceived => "webhooks-support-received",
        EventKind::SettlementShare => "webhooks-settlement-share",
        EventKind::SettlementFinished => "webhooks-settlement-finished",
        EventKind::ClaimGranted => "webhooks-claim-granted",
        EventKind::ClaimEnded => "webhooks-claim-ended",
        EventKind::PayoutRequested => "webhooks-payout-requested",
        EventKind::PayoutSent => "webhooks-payout-sent",
        EventKind::PayoutReversed => "webhooks-payout-reversed",
        EventKind::GrantRevoked => "webhooks-grant-revoked",
    }
}
