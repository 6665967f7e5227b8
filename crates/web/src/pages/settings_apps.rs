//! Settings: what apps may do for the account, each with what it clicked this month (security.md
//! O4, B6).

use askama::Template;
use obole_app::oauth::{self, GrantedApp};
use obole_domain::client::ClientId;
use obole_store::oauth_clients::ClientRow;

use crate::answer::{Answer, Done, html};
use crate::form::Form;
use crate::movements::day;
use crate::page::{Page, Place};
use crate::pages::settings_tokens::about;
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/settings_apps.html")]
struct AppsPage {
    page: Page,
    tab: &'static str,
    apps: Vec<Shown>,
}

/// An app in words.
struct Shown {
    app: GrantedApp,
    scopes: Vec<String>,
    since: String,
    used: String,
}

/// `GET /settings/apps`
pub async fn show(patron: Patron) -> Answer {
    let apps = oauth::granted(&patron.app, patron.account()).await?.into_iter();
    let apps = apps.map(|app| Shown {
        scopes: app.scopes.iter().map(|scope| patron.text(about(*scope))).collect(),
        since: day(&patron, app.since),
        used: day(&patron, app.used_at),
        app,
    });
    html(&AppsPage {
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: "/settings/apps",
        apps: apps.collect(),
    })
}

/// `POST /settings/apps/revoke`: what was clicked stands.
pub async fn revoke(patron: Patron, form: Form) -> Answer {
    let client = client_of(&patron, &form).await?;
    oauth::revoke(&patron.app, patron.account(), client.id).await?;
    Ok(patron.done("/settings/apps", &Done::new("apps-revoked").with("name", client.name)))
}

/// `POST /settings/apps/take-back`: everything that an app clicked this month.
pub async fn take_back(patron: Patron, form: Form) -> Answer {
    let client = client_of(&patron, &form).await?;
    let count = oauth::take_back_all(&patron.app, patron.account(), client.id).await?;
    let done = Done::new("apps-taken-back").with("name", client.name).with("count", count);
    Ok(patron.done("/settings/apps", &done))
}

async fn client_of(patron: &Patron, form: &Form) -> Result<ClientRow, Problem> {
    let id = ClientId::parse(form.text("app")).ok_or_else(Problem::malformed)?;
    oauth::find(&patron.app, id).await?.ok_or_else(Problem::not_found)
}
