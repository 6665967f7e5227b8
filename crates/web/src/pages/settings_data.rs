//! Settings: one's data. An archive to take along, and the way to leave (P5).

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::try_unfold;
use obole_app::exports::{self, Fetched};
use obole_app::glimpses;
use obole_domain::Refusal;

use crate::answer::{Answer, Done, html, unprocessable};
use crate::enter::secret;
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/settings_data.html")]
struct DataPage {
    page: Page,
    tab: &'static str,
    filled: Filled,
    /// What became of the last archive; empty where there was none.
    last: String,
    /// Whether one is being made.
    is_waiting: bool,
    /// Whether asking is allowed at once (W3).
    is_proved: bool,
    /// Who looked at what the account gives: when, who, why (P3).
    glimpses: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "pages/export_link.html")]
struct LinkPage {
    page: Page,
    until: String,
    size: String,
    action: String,
}

/// `GET /settings/data`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron, Filled::default()).await?)
}

/// `POST /settings/data`: asks for an archive.
pub async fn ask(patron: Patron, mut form: Form) -> Answer {
    match exports::ask(&patron.app, &patron.session).await {
        Ok(()) => Ok(patron.done("/settings/data", &Done::new("data-export-asked"))),
        Err(error) => {
            form.refused(error)?;
            unprocessable(&page(&patron, form.filled()).await?)
        }
    }
}

/// `GET /export/{link}`: a button, which consumes nothing: mail scanners open links.
pub async fn ask_link(patron: Patron, Path(link): Path<String>) -> Answer {
    let found = exports::find(&patron.app, patron.account(), &link).await?;
    let found = found.ok_or_else(|| Problem::from(Refusal::CodeWrong {}))?;
    secret(html(&LinkPage {
        page: patron.page(Place::Settings, patron.text("data-fetch-title")),
        until: found.ends_at.map(|at| patron.moment(at)).unwrap_or_default(),
        size: size(found.bytes.unwrap_or_default()),
        action: format!("/export/{link}"),
    }))
}

/// `POST /export/{link}`: the archive, once.
pub async fn fetch(patron: Patron, Path(link): Path<String>, _form: Form) -> Answer {
    let fetched = exports::fetch(&patron.app, patron.account(), &link).await?;
    Ok(archive(&patron, fetched))
}

fn archive(patron: &Patron, fetched: Fetched) -> Response {
    let app = patron.app.clone();
    let parts = try_unfold(0_i64, move |number| {
        let app = app.clone();
        async move {
            let part = exports::part(&app, fetched, number).await;
            let part = part.map_err(|error| std::io::Error::other(error.to_string()))?;
            Ok::<_, std::io::Error>(part.map(|part| (Bytes::from(part), number + 1)))
        }
    });
    let name = format!("attachment; filename=\"obole-{}.zip\"", patron.session.handle);
    let headers = [
        (CONTENT_TYPE, "application/zip".to_owned()),
        (CONTENT_LENGTH, fetched.bytes.to_string()),
        (CONTENT_DISPOSITION, name),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, Body::from_stream(parts)).into_response()
}

/// A size as people read it.
fn size(bytes: i64) -> String {
    let kilobytes = bytes.max(1).div_euclid(1_000) + 1;
    if kilobytes < 10_000 {
        return format!("{kilobytes}\u{a0}kB");
    }
    format!("{}\u{a0}MB", kilobytes / 1_000)
}

async fn page(patron: &Patron, filled: Filled) -> Result<DataPage, Problem> {
    let last = exports::latest(&patron.app, patron.account()).await?;
    let with = |key: &str, at: jiff::Timestamp| {
        obole_language::text_with(patron.language, key, &[("at", patron.moment(at).into())])
    };
    let is_waiting = last.is_some_and(|last| last.ready_at.is_none());
    let last = last.map(|last| match (last.taken_at, last.ends_at) {
        (Some(at), _) => with("data-export-taken", at),
        (None, Some(ends)) if ends > patron.now => with("data-export-ready", ends),
        (None, Some(_)) => patron.text("data-export-ended"),
        (None, None) => with("data-export-waits", last.asked_at),
    });
    let glimpses = glimpses::of(&patron.app, patron.account()).await?.into_iter();
    let glimpses = glimpses.map(|row| (patron.moment(row.at), row.admin.to_string(), row.reason));
    Ok(DataPage {
        glimpses: glimpses.collect(),
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: "/settings/data",
        filled,
        last: last.unwrap_or_default(),
        is_waiting,
        is_proved: patron.proved().is_ok(),
    })
}
