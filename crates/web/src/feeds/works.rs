//! `GET /feed/works`: works that were claimed lately. What is only clicked is nobody's business
//! (P2).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use jiff::Timestamp;
use obole_app::{App, feeds};
use obole_language::{Language, text, text_with};

use crate::address::whole;
use crate::feeds::{Feed, PUBLIC, claimed, day_of, language};
use crate::problem::Problem;
use crate::tagged::{for_every_site, sentence};

const PATH: &str = "/feed/works";

/// `GET /feed/works`
pub async fn show(State(app): State<App>, parts: Parts) -> Response {
    let language = language(&parts);
    let made = made(&app, &parts.headers, language).await;
    for_every_site(made.unwrap_or_else(|problem| sentence(&problem, language)))
}

async fn made(app: &App, headers: &HeaderMap, language: Language) -> Result<Response, Problem> {
    let works = feeds::works(app).await?;
    let own = whole(app.config(), PATH, language);
    let instance = app.config().instance.name.clone();
    // A feed without news is of today.
    let begins = if works.is_empty() { day_of(app, app.now()) } else { Timestamp::MIN };
    let feed = Feed {
        id: own.clone(),
        title: text_with(language, "feeds-works-title", &[("instance", instance.as_str().into())]),
        subtitle: text(language, "feeds-works"),
        updated: begins,
        language,
        own,
        page: format!("{}/works", app.config().base_url()),
        author: instance,
        entries: works.into_iter().map(|work| claimed(app, language, work)).collect(),
    };
    feed.answer(headers, PUBLIC)
}
