//! No more letters: for the people of a site, who have no account here, by the link of a letter.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use obole_app::App;
use obole_app::site_letters::{self, PATH};

use crate::answer::{Answer, Done, html, see_other};
use crate::enter::secret;
use crate::form::Form;
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/letters_stop.html")]
struct StopPage {
    page: Page,
    is_declined: bool,
    action: String,
}

/// `GET /letters/{link}`: a button, which consumes nothing: mail scanners open links.
pub async fn show(visitor: Visitor, Path(link): Path<String>) -> Answer {
    let is_declined = site_letters::is_declined(&visitor.app, &link).await?;
    let is_declined = is_declined.ok_or_else(Problem::not_found)?;
    secret(html(&StopPage {
        page: visitor.page(Place::Elsewhere, visitor.text("letters-title")),
        is_declined,
        action: format!("{PATH}/{link}"),
    }))
}

/// `POST /letters/{link}`
pub async fn stop(visitor: Visitor, Path(link): Path<String>, _form: Form) -> Answer {
    site_letters::decline(&visitor.app, &link).await?;
    Ok(visitor.done(&format!("{PATH}/{link}"), &Done::new("letters-stopped")))
}

/// `POST /letters/{link}/now`: a mail program, without a page, cookies or a redirect (RFC 8058): as
/// a form of either kind.
pub async fn stop_now(State(app): State<App>, Path(link): Path<String>, body: Bytes) -> Response {
    let says = |word: &[u8]| body.windows(word.len()).any(|part| part == word);
    if !says(b"List-Unsubscribe") || !says(b"One-Click") {
        return StatusCode::BAD_REQUEST.into_response();
    }
    match site_letters::decline(&app, &link).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => Problem::from(error).status.into_response(),
    }
}

/// `GET /letters/{link}/now`: where a mail program opens it instead.
pub async fn show_now(Path(link): Path<String>) -> Response {
    see_other(&format!("{PATH}/{link}"))
}
