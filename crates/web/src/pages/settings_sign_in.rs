//! Settings: mail address, password, the other means of signing in, and the browsers that are
//! signed in.

use askama::Template;
use axum::http::HeaderMap;
use obole_app::{confirmations, passkeys, resets, second_factors, sessions};
use obole_domain::account::SessionId;
use obole_domain::{EmailAddress, Refusal};

use super::settings::own_row;
use crate::answer::{Answer, Done, html, unprocessable};
use crate::enter::{browser, with_session};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/settings_sign_in.html")]
struct SignInSettings {
    page: Page,
    tab: &'static str,
    /// Of the form that comes back; the fields of both have names of their own.
    filled: Filled,
    handle: String,
    email: String,
    is_confirmed: bool,
    /// The address that waits to be confirmed; empty where none does.
    waits: String,
    /// Whether the mail address may be changed at once (W3).
    is_proved: bool,
    /// Whether the password may be (W3).
    is_fresh: bool,
    /// How many passkeys open the account.
    passkeys: i64,
    /// Whether the password goes with a code.
    has_factor: bool,
    sessions: Vec<Shown>,
}

/// A session in words.
struct Shown {
    id: SessionId,
    browser: String,
    seen: String,
    began: String,
    is_this: bool,
}

/// `GET /settings/sign-in`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron, Filled::default()).await?)
}

/// `POST /settings/password`
pub async fn password(patron: Patron, headers: HeaderMap, mut form: Form) -> Answer {
    let current = form.password("password");
    let new = form.read("password_new", filled_in);
    if let (Some(current), Some(new)) = (current, new) {
        let browser = browser(&patron, &headers);
        let changed =
            resets::change_password(&patron.app, &patron.session, (current, new), &browser).await;
        match changed {
            Ok(new) => {
                let done = patron.done("/settings/sign-in", &Done::new("settings-password-done"));
                return Ok(with_session(&patron.app, &new, done));
            }
            Err(error) => refused_new(&mut form, error)?,
        }
    }
    unprocessable(&page(&patron, form.filled()).await?)
}

/// A refusal of the new password stands beside the new one.
fn refused_new(form: &mut Form, error: obole_app::Error) -> Result<(), Problem> {
    let wrong = Refusal::PasswordWrong {}.code();
    match error {
        obole_app::Error::Refused(mut said) if said.field == "password" && said.code != wrong => {
            said.field = "password_new".to_owned();
            form.refused(obole_app::Error::Refused(said))
        }
        other => form.refused(other),
    }
}

fn filled_in(typed: &str) -> Result<String, Refusal> {
    if typed.is_empty() { Err(Refusal::Missing {}) } else { Ok(typed.to_owned()) }
}

/// `POST /settings/email`
pub async fn email(patron: Patron, mut form: Form) -> Answer {
    if let Some(email) = form.read("email", EmailAddress::parse) {
        match confirmations::change(&patron.app, &patron.session, email).await {
            Ok(()) => return Ok(patron.done("/confirm", &Done::new("confirm-sent"))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, form.filled()).await?)
}

/// `POST /settings/sessions/end`
pub async fn end_session(patron: Patron, form: Form) -> Answer {
    let id = SessionId::parse(form.text("session")).ok_or_else(Problem::malformed)?;
    sessions::end(&patron.app, patron.account(), id).await?;
    Ok(patron.done("/settings/sign-in", &Done::new("settings-session-done")))
}

/// `POST /settings/sessions/end-others`
pub async fn end_others(patron: Patron, _form: Form) -> Answer {
    let ended = sessions::end_others(&patron.app, &patron.session).await?;
    let done = Done::new("settings-sessions-others-done").with("count", ended.cast_signed());
    Ok(patron.done("/settings/sign-in", &done))
}

async fn page(patron: &Patron, filled: Filled) -> Result<SignInSettings, Problem> {
    let row = own_row(patron).await?;
    let waits = confirmations::pending(&patron.app, row.id).await?;
    let keys = passkeys::list(&patron.app, row.id).await?;
    let factor = second_factors::standing(&patron.app, row.id).await?;
    let open = sessions::list(&patron.app, row.id).await?;
    let shown = open.into_iter().map(|line| Shown {
        id: line.id,
        browser: line.browser,
        seen: patron.moment(line.seen_at),
        began: patron.moment(line.created_at),
        is_this: line.id == patron.session.id,
    });
    Ok(SignInSettings {
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: "/settings/sign-in",
        filled,
        handle: row.handle.to_string(),
        email: row.email.to_string(),
        is_confirmed: row.email_confirmed_at.is_some(),
        waits: waits.map(|waits| waits.email.to_string()).unwrap_or_default(),
        is_proved: patron.proved().is_ok() || row.email_confirmed_at.is_none(),
        is_fresh: patron.proved().is_ok(),
        passkeys: keys.iter().filter(|key| key.stopped_at.is_none()).count() as i64,
        has_factor: factor.on_since.is_some(),
        sessions: shown.collect(),
    })
}
