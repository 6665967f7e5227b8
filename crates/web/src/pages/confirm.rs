//! Confirming the mail address, and what became of the mail (A3).

use askama::Template;
use axum::extract::Path;
use obole_app::confirmations::{self, Asked, Pending};
use obole_domain::{EmailAddress, Refusal};
use obole_store::outbox::State;

use crate::answer::{Answer, Done, html, unprocessable};
use crate::enter::secret;
use crate::form::{Filled, Form};
use crate::page::{Page, Place, Tone};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

#[derive(Template)]
#[template(path = "pages/confirm.html")]
struct ConfirmPage {
    page: Page,
    filled: Filled,
    pending: Option<Shown>,
    is_confirmed: bool,
}

/// What waits, in words.
struct Shown {
    email: String,
    expires: String,
    tone: Tone,
    fate: String,
}

#[derive(Template)]
#[template(path = "pages/confirm_link.html")]
struct LinkPage {
    page: Page,
    asked: Asked,
    action: String,
}

/// `GET /confirm`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron, Filled::default()).await?)
}

/// `POST /confirm`: a typed code.
pub async fn send(patron: Patron, mut form: Form) -> Answer {
    if let Some(code) = form.read("code", filled_in) {
        match confirmations::confirm_code(&patron.app, patron.account(), &code).await {
            Ok(()) => return Ok(patron.done("/month", &Done::new("confirm-done"))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, form.filled()).await?)
}

/// `POST /confirm/resend`
pub async fn resend(patron: Patron, _form: Form) -> Answer {
    confirmations::resend(&patron.app, patron.account()).await?;
    Ok(patron.done("/confirm", &Done::new("confirm-sent")))
}

/// `POST /confirm/address`
pub async fn correct(patron: Patron, mut form: Form) -> Answer {
    if let Some(email) = form.read("email", EmailAddress::parse) {
        match confirmations::change(&patron.app, &patron.session, email).await {
            Ok(()) => return Ok(patron.done("/confirm", &Done::new("confirm-sent"))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, form.filled()).await?)
}

/// `GET /confirm/{link}`: a button, which consumes nothing: mail scanners open links.
pub async fn ask(visitor: Visitor, Path(link): Path<String>) -> Answer {
    let asked = confirmations::ask_link(&visitor.app, &link).await?;
    let asked = asked.ok_or_else(|| Problem::from(Refusal::CodeWrong {}))?;
    let page = visitor.page(Place::Elsewhere, visitor.text("confirm-title"));
    secret(html(&LinkPage { page, asked, action: format!("/confirm/{link}") }))
}

/// `POST /confirm/{link}`
pub async fn confirm(visitor: Visitor, Path(link): Path<String>, _form: Form) -> Answer {
    let account = confirmations::confirm_link(&visitor.app, &link).await?;
    let is_own = visitor.session.as_ref().is_some_and(|session| session.account == account);
    let path = if is_own { "/month" } else { "/sign-in" };
    Ok(visitor.done(path, &Done::new("confirm-done")))
}

fn filled_in(typed: &str) -> Result<String, Refusal> {
    if typed.trim().is_empty() { Err(Refusal::Missing {}) } else { Ok(typed.to_owned()) }
}

async fn page(patron: &Patron, filled: Filled) -> Result<ConfirmPage, Problem> {
    let pending = confirmations::pending(&patron.app, patron.account()).await?;
    Ok(ConfirmPage {
        page: patron.page(Place::Elsewhere, patron.text("confirm-title")),
        filled,
        pending: pending.map(|pending| shown(patron, &pending)),
        is_confirmed: patron.session.is_confirmed,
    })
}

fn shown(visitor: &Visitor, pending: &Pending) -> Shown {
    let (tone, fate) = fate(visitor, pending);
    Shown {
        email: pending.email.to_string(),
        expires: visitor.moment(pending.expires_at),
        tone,
        fate,
    }
}

/// What became of the mail, in one sentence with the server's own words.
fn fate(visitor: &Visitor, pending: &Pending) -> (Tone, String) {
    let Some(mail) = &pending.mail else {
        return (Tone::Info, visitor.text("confirm-fate-unknown"));
    };
    let is_folder = visitor.app.mailer().as_folder().is_some();
    let at = visitor.moment(mail.ended_at.unwrap_or(mail.next_at));
    let (tone, key) = match mail.state {
        State::Queued if mail.tries == 0 || mail.reply.is_empty() => {
            return (Tone::Info, visitor.text("confirm-fate-queued"));
        }
        State::Handed if is_folder => return (Tone::Info, visitor.text("confirm-fate-folder")),
        State::Queued => (Tone::Warning, "confirm-fate-postponed"),
        State::Handed => (Tone::Info, "confirm-fate-handed"),
        State::Refused => (Tone::Problem, "confirm-fate-refused"),
        State::GivenUp => (Tone::Problem, "confirm-fate-given-up"),
    };
    let values = [
        ("server", mail.server.as_str().into()),
        ("reply", mail.reply.as_str().into()),
        ("at", at.into()),
    ];
    (tone, obole_language::text_with(visitor.language, key, &values))
}
