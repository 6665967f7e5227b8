//! `/me/webhooks`: endpoints that are told what happens to the account, and the log of it (H1).

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse as _;
use jiff::Timestamp;
use obole_app::audit_log::Actor;
use obole_app::webhooks::{self as commands, Changes, NewWebhook};
use obole_domain::token::Scope;
use obole_domain::webhook::{EventKind, message_id};
use obole_domain::{AccountId, Refusal, WebhookEventId, WebhookId};
use obole_store::webhook_deliveries::{Before, DeliveryRow, Stand, Tried};
use obole_store::webhooks::WebhookRow;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::Answer;
use crate::api::body;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::query::{PageParameters, Query};
use crate::problem::Problem;

/// An endpoint.
#[derive(Serialize, ToSchema)]
pub struct Webhook {
    /// Its id.
    pub id: String,
    /// Where it is.
    #[schema(format = "uri", example = "https://hooks.example.org/obole")]
    pub url: String,
    /// What it is told.
    #[schema(example = json!(["settlement.share", "payout.sent"]))]
    pub events: Vec<String>,
    /// Whether it is told anything.
    pub is_on: bool,
    /// Why it is not: `owner` switched it off, it answered that it is `gone`, or it was `failing`
    /// for days; null while it is on.
    #[schema(required, example = "failing")]
    pub off_reason: Option<&'static str>,
    /// Whether two secrets are valid, so that both sign.
    pub is_rotating: bool,
    /// When it was made.
    #[schema(format = "date-time")]
    pub created_at: String,
}

impl From<WebhookRow> for Webhook {
    fn from(row: WebhookRow) -> Self {
        Self {
            id: row.id.to_string(),
            url: row.url,
            events: row.kinds.split(' ').map(ToOwned::to_owned).collect(),
            is_on: row.off.is_none(),
            off_reason: row.off.map(|(_, off)| off.name()),
            is_rotating: row.old_secret_sealed.is_some(),
            created_at: row.created_at.to_string(),
        }
    }
}

/// An endpoint that was just made.
#[derive(Serialize, ToSchema)]
pub struct NewlyMade {
    /// The endpoint.
    #[serde(flatten)]
    pub webhook: Webhook,
    /// What its signatures are checked with. It is not told again.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", pattern = "^whsec_")]
    pub secret: String,
}

/// An endpoint to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeWebhook {
    /// Where it is: `https://`, a public name.
    #[schema(format = "uri", max_length = 2048)]
    pub url: String,
    /// What it is told.
    #[schema(min_items = 1)]
    pub events: Vec<String>,
}

/// What to change about an endpoint.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeWebhook {
    /// What it is told.
    #[schema(min_items = 1)]
    pub events: Option<Vec<String>>,
    /// Whether it is told anything. What waits for one that is switched on again is sent at once.
    pub is_on: Option<bool>,
}

/// Something that an endpoint is told.
#[derive(Serialize, ToSchema)]
pub struct Delivery {
    /// Its id.
    pub id: String,
    /// The `webhook-id` that it has at each try.
    #[schema(example = "msg_0197c186de0077c0a559b74fdab168e5")]
    pub message_id: String,
    /// What it tells of.
    #[schema(example = "settlement.share")]
    pub r#type: String,
    /// The body, as it is signed.
    pub body: String,
    /// `waiting`, `arrived` or `failed`.
    #[schema(example = "arrived")]
    pub state: &'static str,
    /// When it happened.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// How often it was tried.
    pub tries: i64,
    /// When it is tried next; null where it is not.
    #[schema(required, format = "date-time")]
    pub next_try_at: Option<String>,
    /// What the last try came to; null before the first.
    #[schema(required)]
    pub last_try: Option<LastTry>,
}

/// What a try came to.
#[derive(Serialize, ToSchema)]
pub struct LastTry {
    /// When.
    #[schema(format = "date-time")]
    pub at: String,
    /// The headers that were sent, a line each.
    pub headers: String,
    /// The status of the answer; null where there was none.
    #[schema(required)]
    pub status: Option<i64>,
    /// Why there was no answer: `refused`, `unreachable` or `unreadable`; null where there was one.
    #[schema(required)]
    pub problem: Option<String>,
    /// How the answer began.
    pub answer: String,
}

impl From<Tried> for LastTry {
    fn from(tried: Tried) -> Self {
        Self {
            at: tried.at.to_string(),
            headers: tried.headers,
            status: tried.status,
            problem: Some(tried.problem).filter(|problem| !problem.is_empty()),
            answer: tried.answer,
        }
    }
}

impl From<DeliveryRow> for Delivery {
    fn from(row: DeliveryRow) -> Self {
        let next = (row.stand == Stand::Waiting).then(|| row.next_at.to_string());
        Self {
            id: row.event.to_string(),
            message_id: message_id(row.event),
            r#type: row.kind,
            body: row.body,
            state: row.stand.name(),
            created_at: row.created_at.to_string(),
            tries: row.tries,
            next_try_at: next,
            last_try: row.tried.map(LastTry::from),
        }
    }
}

/// A test that is on its way.
#[derive(Serialize, ToSchema)]
pub struct Test {
    /// The id of its delivery.
    pub id: String,
}

/// The account's endpoints
#[utoipa::path(
    get, path = "/me/webhooks", tag = "Webhooks", security(("token" = ["webhooks"])),
    responses((status = 200, description = "The endpoints, ten at most", body = List<Webhook>)),
)]
pub async fn list_webhooks(caller: Caller) -> Answer {
    let account = caller.allow(Scope::Webhooks)?;
    let rows = commands::list(&caller.app, account).await?;
    let items: Vec<Webhook> = rows.into_iter().map(Webhook::from).collect();
    Ok(Json(List::whole(items)).into_response())
}

/// Make an endpoint
///
/// The answer has the secret that its signatures are checked with; it is not told again.
#[utoipa::path(
    post, path = "/me/webhooks", tag = "Webhooks", security(("token" = ["webhooks"])),
    request_body = MakeWebhook,
    responses((status = 201, description = "The endpoint and its secret", body = NewlyMade)),
)]
pub async fn make_webhook(caller: Caller, request: Request) -> Answer {
    let account = caller.allow(Scope::Webhooks)?;
    let sent: MakeWebhook = body::read(request).await?;
    let new = NewWebhook { url: sent.url, kinds: kinds(&sent.events)? };
    let (id, secret) = commands::create(&caller.app, Actor::Api(account), new).await?;
    let webhook = commands::find(&caller.app, account, id).await?.into();
    let made = Json(NewlyMade { webhook, secret });
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], made).into_response())
}

/// One of the account's endpoints
#[utoipa::path(
    get, path = "/me/webhooks/{id}", tag = "Webhooks", security(("token" = ["webhooks"])),
    params(("id" = String, Path, description = "The endpoint's id")),
    responses((status = 200, description = "The endpoint", body = Webhook)),
)]
pub async fn get_webhook(caller: Caller, Path(id): Path<String>) -> Answer {
    let account = caller.allow(Scope::Webhooks)?;
    answer(&caller, account, parse_id(&id)?).await
}

/// Change an endpoint: what it is told, whether it is on
#[utoipa::path(
    patch, path = "/me/webhooks/{id}", tag = "Webhooks", security(("token" = ["webhooks"])),
    params(("id" = String, Path, description = "The endpoint's id")),
    request_body = ChangeWebhook,
    responses((status = 200, description = "The endpoint as it stands", body = Webhook)),
)]
pub async fn change_webhook(caller: Caller, Path(id): Path<String>, request: Request) -> Answer {
    let account = caller.allow(Scope::Webhooks)?;
    let id = parse_id(&id)?;
    let sent: ChangeWebhook = body::read(request).await?;
    let kinds = sent.events.as_deref().map(kinds).transpose()?;
    let changes = Changes { kinds, is_on: sent.is_on };
    commands::change(&caller.app, Actor::Api(account), id, changes).await?;
    answer(&caller, account, id).await
}

/// Delete an endpoint and the log of it
#[utoipa::path(
    delete, path = "/me/webhooks/{id}", tag = "Webhooks", security(("token" = ["webhooks"])),
    params(("id" = String, Path, description = "The endpoint's id")),
    responses((status = 204, description = "The endpoint is deleted")),
)]
pub async fn delete_webhook(caller: Caller, Path(id): Path<String>) -> Answer {
    let account = caller.allow(Scope::Webhooks)?;
    commands::delete(&caller.app, Actor::Api(account), parse_id(&id)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Send an endpoint a test, `webhook.test`, whatever it is told otherwise
#[utoipa::path(
    post, path = "/me/webhooks/{id}/test", tag = "Webhooks", security(("token" = ["webhooks"])),
    params(("id" = String, Path, description = "The endpoint's id")),
    responses(
        (status = 202, description = "It is on its way", body = Test),
    ),
)]
pub async fn test_webhook(caller: Caller, Path(id): Path<String>) -> Answer {
    let account = caller.allow(Scope::Webhooks)?;
    let event = commands::test(&caller.app, account, parse_id(&id)?).await?;
    Ok((StatusCode::ACCEPTED, Json(Test { id: event.to_string() })).into_response())
}

/// What an endpoint was told in the last 30 days, the newest first
#[utoipa::path(
    get, path = "/me/webhooks/{id}/deliveries", tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(("id" = String, Path, description = "The endpoint's id"), PageParameters),
    responses((status = 200, description = "The deliveries", body = List<Delivery>)),
)]
pub async fn list_deliveries(caller: Caller, Path(id): Path<String>, mut query: Query) -> Answer {
    let account = caller.allow(Scope::Webhooks)?;
    let id = parse_id(&id)?;
    let page = query.page()?;
    let before = page.after(read_cursor)?;
    let rows = commands::log(&caller.app, (account, id), before, page.rows()).await?;
    let cursor = |row: &DeliveryRow| {
        let at = row.created_at.as_microsecond().to_be_bytes();
        [at.as_slice(), row.event.uuid().as_bytes()].concat()
    };
    let list = List::of(rows, &page, cursor, Delivery::from);
    Ok(list.answer(&caller, &format!("/me/webhooks/{id}/deliveries"), &page, &[]))
}

/// Send a delivery once more, under the same `webhook-id`
#[utoipa::path(
    post, path = "/me/webhooks/{id}/deliveries/{delivery}/replay", tag = "Webhooks",
    security(("token" = ["webhooks"])),
    params(
        ("id" = String, Path, description = "The endpoint's id"),
        ("delivery" = String, Path, description = "The delivery's id"),
    ),
    responses(
        (status = 202, description = "It is on its way"),
    ),
)]
pub async fn replay_delivery(
    caller: Caller,
    Path((id, delivery)): Path<(String, String)>,
) -> Answer {
    let account = caller.allow(Scope::Webhooks)?;
    let event = WebhookEventId::parse(&delivery).ok_or_else(Problem::not_found)?;
    commands::replay(&caller.app, account, parse_id(&id)?, event).await?;
    Ok(StatusCode::ACCEPTED.into_response())
}

async fn answer(caller: &Caller, account: AccountId, id: WebhookId) -> Answer {
    let row = commands::find(&caller.app, account, id).await?;
    Ok(Json(Webhook::from(row)).into_response())
}

fn parse_id(text: &str) -> Result<WebhookId, Problem> {
    WebhookId::parse(text).ok_or_else(Problem::not_found)
}

/// Reads names of events, one each.
fn kinds(names: &[String]) -> Result<Vec<EventKind>, Refusal> {
    if let Some(name) = names.iter().find(|name| name.contains(char::is_whitespace)) {
        return Err(Refusal::WebhookEventUnknown { kind: name.chars().take(40).collect() });
    }
    EventKind::parse_list(&names.join(" "))
}

fn read_cursor(bytes: &[u8]) -> Option<Before> {
    let (at, event) = bytes.split_first_chunk::<8>()?;
    let at = Timestamp::from_microsecond(i64::from_be_bytes(*at)).ok()?;
    Some((at, WebhookEventId::new(Uuid::from_slice(event).ok()?)))
}
