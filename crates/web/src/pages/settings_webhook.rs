//! Settings: what one endpoint was told, what came back, and sending it once more.

use askama::Template;
use axum::extract::Path;
use jiff::Timestamp;
use obole_app::webhooks;
use obole_domain::webhook::message_id;
use obole_domain::{WebhookEventId, WebhookId};
use obole_store::webhook_deliveries::{Before, DeliveryRow, Stand, Tried};

use crate::address::with_query;
use crate::answer::{Answer, Done, html};
use crate::form::{Form, Query};
use crate::page::{Page, Place};
use crate::pages::settings_webhooks::{Endpoint, endpoint};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

/// Deliveries on a page.
const COUNT: usize = 25;

#[derive(Template)]
#[template(path = "pages/settings_webhook.html")]
struct WebhookPage {
    page: Page,
    endpoint: Endpoint,
    deliveries: Vec<Line>,
    next: String,
}

/// A delivery in words. What is the other side's stays text.
struct Line {
    event: WebhookEventId,
    message: String,
    kind: String,
    written: String,
    class: &'static str,
    state: String,
    tries: i64,
    /// When it is tried next; empty where it is not.
    next: String,
    /// The last try: when; empty before the first.
    tried: String,
    headers: String,
    body: String,
    /// The status of the answer, or why there was none.
    outcome: String,
    answer: String,
}

/// `GET /settings/webhooks/{id}?before=`
pub async fn show(patron: Patron, Path(id): Path<String>, query: Query) -> Answer {
    let id = WebhookId::parse(&id).ok_or_else(Problem::not_found)?;
    let row = webhooks::find(&patron.app, patron.account(), id).await?;
    let limit = i64::try_from(COUNT).unwrap_or_default() + 1;
    let before = read_place(query.0.text("before"));
    let log = webhooks::log(&patron.app, (patron.account(), id), before, limit).await?;
    let last = log.get(COUNT - 1).filter(|_| log.len() > COUNT);
    let here = format!("/settings/webhooks/{id}");
    let next = last.map(|last| with_query(&here, &[("before", &place_of(last))]));
    html(&WebhookPage {
        page: patron.page(Place::Settings, patron.text("webhooks-log")),
        endpoint: endpoint(&patron, &row),
        deliveries: log.iter().take(COUNT).map(|row| line(&patron, row)).collect(),
        next: next.unwrap_or_default(),
    })
}

/// `POST /settings/webhooks/{id}/replay`
pub async fn replay(patron: Patron, Path(id): Path<String>, form: Form) -> Answer {
    let id = WebhookId::parse(&id).ok_or_else(Problem::not_found)?;
    let event = WebhookEventId::parse(form.text("event")).ok_or_else(Problem::malformed)?;
    webhooks::replay(&patron.app, patron.account(), id, event).await?;
    Ok(patron.done(&format!("/settings/webhooks/{id}"), &Done::new("webhooks-replayed")))
}

/// Where a page of the log begins, in its address.
fn place_of(row: &DeliveryRow) -> String {
    format!("{}.{}", row.created_at.as_microsecond(), row.event)
}

fn read_place(text: &str) -> Option<Before> {
    let (at, event) = text.split_once('.')?;
    let at = Timestamp::from_microsecond(at.parse().ok()?).ok()?;
    Some((at, WebhookEventId::parse(event)?))
}

fn line(visitor: &Visitor, row: &DeliveryRow) -> Line {
    let (class, key) = match row.stand {
        Stand::Waiting => ("waiting", "webhooks-waiting"),
        Stand::Arrived => ("good", "webhooks-arrived"),
        Stand::Failed => ("bad", "webhooks-failed"),
    };
    let tried = row.tried.as_ref();
    let next = (row.stand == Stand::Waiting).then(|| visitor.moment(row.next_at));
    Line {
        event: row.event,
        message: message_id(row.event),
        kind: row.kind.clone(),
        written: visitor.moment(row.created_at),
        class,
        state: visitor.text(key),
        tries: row.tries,
        next: next.unwrap_or_default(),
        tried: tried.map(|tried| visitor.moment(tried.at)).unwrap_or_default(),
        headers: tried.map(|tried| tried.headers.clone()).unwrap_or_default(),
        body: row.body.clone(),
        outcome: tried.map(|tried| outcome(visitor, tried)).unwrap_or_default(),
        answer: tried.map(|tried| tried.answer.clone()).unwrap_or_default(),
    }
}

/// What a try came to: a status, or a kind of problem and no more (F6).
fn outcome(visitor: &Visitor, tried: &Tried) -> String {
    match tried.status {
        Some(status) => format!("HTTP {status}"),
        None => visitor.text(match tried.problem.as_str() {
            "refused" => "webhooks-problem-refused",
            "unreadable" => "webhooks-problem-unreadable",
            _ => "webhooks-problem-unreachable",
        }),
    }
}
