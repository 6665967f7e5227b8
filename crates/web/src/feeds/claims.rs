//! `GET /feed/claims`: who proved control of what, and what became of it. Days, no moments.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::Timestamp;
use obole_app::App;
use obole_language::{Language, text, text_with};
use obole_store::claims::{EventRow, recent_events};

use crate::address::whole;
use crate::feeds::{Feed, FeedEntry, PUBLIC, day_of, language};
use crate::pages::claims_log::told;
use crate::problem::Problem;
use crate::tagged::{for_every_site, sentence};

const PATH: &str = "/feed/claims";

/// How many lines of the log it tells.
const LINES: i64 = 50;

/// `GET /feed/claims`
pub async fn show(State(app): State<App>, parts: Parts) -> Response {
    let language = language(&parts);
    let made = made(&app, &parts.headers, language).await;
    for_every_site(made.unwrap_or_else(|problem| sentence(&problem, language)))
}

async fn made(app: &App, headers: &HeaderMap, language: Language) -> Result<Response, Problem> {
    let events = app.read((), |read, ()| {
        Box::pin(async move { Ok(recent_events(read, (None, LINES)).await?) })
    });
    let events = events.await?;
    let own = whole(app.config(), PATH, language);
    let instance = app.config().instance.name.clone();
    // A feed without news is of today.
    let begins = if events.is_empty() { day_of(app, app.now()) } else { Timestamp::MIN };
    let about = [("instance", instance.as_str().into())];
    let feed = Feed {
        id: own.clone(),
        title: text(language, "claims-log"),
        subtitle: text_with(language, "claims-feed-about", &about),
        updated: begins,
        language,
        own,
        page: format!("{}/claims", app.config().base_url()),
        author: instance,
        entries: events.iter().map(|event| entry(app, language, event)).collect(),
    };
    feed.answer(headers, PUBLIC)
}

fn entry(app: &App, language: Language, event: &EventRow) -> FeedEntry {
    let base = app.config().base_url();
    let (handle, reach) = (event.handle.to_string(), event.reach.to_string());
    let what = text(language, told(event.what));
    let values = [("what", what.as_str().into()), ("reach", reach.as_str().into())];
    let host = event.reach.host().split(':').next().unwrap_or_default();
    let page = format!("{base}/claims/of/{host}");
    FeedEntry {
        id: format!("{page}#{}-{}", event.claim, event.what.code()),
        title: text_with(language, "claims-feed-entry", &values),
        updated: day_of(app, event.at),
        author: Some((format!("@{handle}"), format!("{base}/@{handle}"))),
        page,
        about: String::new(),
        payment: String::new(),
        text: format!("{what} (@{handle})"),
        html: String::new(),
    }
}
