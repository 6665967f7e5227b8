//! Settings: the account's passkeys, made, renamed and removed after a fresh proof (W3).

use askama::Template;
use axum::http::HeaderMap;
use obole_app::passkeys as keys;
use obole_domain::account::PasskeyId;

use crate::answer::{Answer, Done, html, unprocessable};
use crate::enter::browser;
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::passkeys::{self, Offer};
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/settings_passkeys.html")]
struct PasskeysPage {
    page: Page,
    tab: &'static str,
    filled: Filled,
    /// What a new passkey is called unless its owner says otherwise.
    suggested: String,
    keys: Vec<Shown>,
    passkeys: Offer,
    /// Whether anything may be changed at once (W3).
    is_proved: bool,
}

/// A passkey in words.
struct Shown {
    id: PasskeyId,
    name: String,
    made: String,
    used: String,
    is_stopped: bool,
}

const PATH: &str = "/settings/passkeys";

/// `GET /settings/passkeys`
pub async fn show(patron: Patron, headers: HeaderMap) -> Answer {
    html(&page(&patron, &headers, Filled::default()).await?)
}

/// `POST /settings/passkeys/start`
pub async fn start(patron: Patron, _form: Form) -> Answer {
    let asked = keys::start_registration(&patron.app, &patron.secret, &patron.session).await?;
    passkeys::question(asked)
}

/// `POST /settings/passkeys`
pub async fn add(patron: Patron, headers: HeaderMap, mut form: Form) -> Answer {
    let answered = passkeys::answered(&form);
    if let Some(name) = form.read("name", keys::clean_name) {
        let new = (&answered, name.as_str());
        let (app, session) = (&patron.app, &patron.session);
        match keys::finish_registration(app, &patron.secret, session, new).await {
            Ok(()) => return Ok(patron.done(PATH, &Done::new("passkeys-added"))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, &headers, form.filled()).await?)
}

/// `POST /settings/passkeys/rename`
pub async fn rename(patron: Patron, headers: HeaderMap, mut form: Form) -> Answer {
    let id = id_of(&form)?;
    if let Some(name) = form.read("name", keys::clean_name) {
        match keys::rename(&patron.app, &patron.session, id, &name).await {
            Ok(()) => return Ok(patron.done(PATH, &Done::new("settings-saved"))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, &headers, form.filled()).await?)
}

/// `POST /settings/passkeys/remove`
pub async fn remove(patron: Patron, headers: HeaderMap, mut form: Form) -> Answer {
    match keys::remove(&patron.app, &patron.session, id_of(&form)?).await {
        Ok(()) => Ok(patron.done(PATH, &Done::new("passkeys-removed"))),
        Err(error) => {
            form.refused(error)?;
            unprocessable(&page(&patron, &headers, form.filled()).await?)
        }
    }
}

fn id_of(form: &Form) -> Result<PasskeyId, Problem> {
    PasskeyId::parse(form.text("passkey")).ok_or_else(Problem::malformed)
}

async fn page(
    patron: &Patron,
    headers: &HeaderMap,
    filled: Filled,
) -> Result<PasskeysPage, Problem> {
    let rows = keys::list(&patron.app, patron.account()).await?;
    let shown = rows.into_iter().map(|row| Shown {
        id: row.id,
        name: row.name,
        made: patron.moment(row.created_at),
        used: row.used_at.map_or_else(|| patron.text("tokens-unused"), |at| patron.moment(at)),
        is_stopped: row.stopped_at.is_some(),
    });
    let typed = filled.only("passkey", "").value("name");
    let suggested = if typed.is_empty() { browser(patron, headers).name } else { typed.to_owned() };
    Ok(PasskeysPage {
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: "/settings/sign-in",
        filled,
        suggested: if suggested.is_empty() { patron.text("passkeys-one") } else { suggested },
        keys: shown.collect(),
        passkeys: passkeys::offer(patron),
        is_proved: patron.proved().is_ok(),
    })
}
