//! Claims in the open: who proved control of what, how and when, and what became of it; all of it,
//! or of one host.

use askama::Template;
use axum::extract::Path;
use obole_domain::claim::ClaimMethod;
use obole_store::claims::{ClaimEvent, EventRow, events_of_host, recent_events};

use crate::address::with_query;
use crate::answer::{self, Answer};
use crate::form::Query;
use crate::page::{Page, Place};
use crate::pages::claim_begin::title;
use crate::problem::Problem;
use crate::visitor::Visitor;

/// How many lines a page shows.
const LINES: usize = 50;

/// The longest host name.
const HOST_MAX: usize = 253;

#[derive(Template)]
#[template(path = "pages/claims_log.html")]
struct LogPage {
    page: Page,
    /// The host that it is about; empty for all.
    host: String,
    lines: Vec<Line>,
    next: String,
}

struct Line {
    date: String,
    day: String,
    handle: String,
    host: String,
    reach: String,
    method: String,
    what: String,
}

/// `GET /claims?before=`
pub async fn show(visitor: Visitor, Query(query): Query) -> Answer {
    page(visitor, (String::new(), query.text("before"))).await
}

/// `GET /claims/of/{host}?before=`
pub async fn show_host(visitor: Visitor, Path(host): Path<String>, Query(query): Query) -> Answer {
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if host.is_empty() || host.len() > HOST_MAX || !host.bytes().all(is_host) {
        return Err(Problem::not_found());
    }
    page(visitor, (host.to_ascii_lowercase(), query.text("before"))).await
}

async fn page(visitor: Visitor, (host, before): (String, &str)) -> Answer {
    let before: Option<i64> = before.parse().ok();
    let limit = i64::try_from(LINES).unwrap_or(i64::MAX).saturating_add(1);
    let found = visitor.app.read(host.clone(), move |read, host: &String| {
        Box::pin(async move {
            let part = (before, limit);
            Ok(match host.is_empty() {
                true => recent_events(read, part).await?,
                false => events_of_host(read, host, part).await?,
            })
        })
    });
    let mut events: Vec<EventRow> = found.await?;
    let is_more = events.len() > LINES;
    events.truncate(LINES);
    let here = if host.is_empty() { "/claims".to_owned() } else { format!("/claims/of/{host}") };
    let last = events.last().filter(|_| is_more);
    let next = last.map(|last| with_query(&here, &[("before", &last.seq.to_string())]));
    let heading = match host.is_empty() {
        true => visitor.text("claims-log"),
        false => visitor.with("claims-log-of", &[("host", host.clone().into())]),
    };
    answer::html(&LogPage {
        lines: events.iter().map(|event| line(&visitor, event)).collect(),
        page: visitor.page(Place::Elsewhere, heading),
        host,
        next: next.unwrap_or_default(),
    })
}

fn line(visitor: &Visitor, event: &EventRow) -> Line {
    let date = visitor.app.zone().to_datetime(event.at).date();
    let host = event.reach.host().split(':').next().unwrap_or_default().to_owned();
    let method = ClaimMethod::from_code(&event.method).unwrap_or(ClaimMethod::Operator);
    Line {
        date: date.to_string(),
        day: obole_language::date(visitor.language, date),
        handle: event.handle.to_string(),
        host,
        reach: event.reach.to_string(),
        method: visitor.text(title(method)),
        what: visitor.text(told(event.what)),
    }
}

/// The key of what happened.
pub(crate) const fn told(what: ClaimEvent) -> &'static str {
    match what {
        ClaimEvent::Granted => "claims-event-granted",
        ClaimEvent::Proven => "claims-event-proven",
        ClaimEvent::Contested => "claims-event-contested",
        ClaimEvent::Left => "claims-event-left",
        ClaimEvent::Confirmed => "claims-event-confirmed",
        ClaimEvent::Stale => "claims-event-stale",
        ClaimEvent::Recovered => "claims-event-recovered",
        ClaimEvent::Yields => "claims-event-yields",
        ClaimEvent::Lost => "claims-event-lost",
        ClaimEvent::GivenAway => "claims-event-given-away",
        ClaimEvent::Revoked => "claims-event-revoked",
        ClaimEvent::Disputed => "claims-event-disputed",
        ClaimEvent::DisputeEnded => "claims-event-dispute-ended",
    }
}
