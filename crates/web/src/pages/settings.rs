//! Settings: what an account says of itself and wishes.

use askama::Template;
use obole_app::accounts;
use obole_domain::policy::Unspent;
use obole_language::Language;
use obole_store::accounts::{AccountRow, Profile};
use obole_store::settings;

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/settings.html")]
struct SettingsPage {
    page: Page,
    tab: &'static str,
    filled: Filled,
    handle: String,
    /// Whether each patron chooses where a budget without clicks goes.
    is_choice: bool,
}

/// `GET /settings`
pub async fn show(patron: Patron) -> Answer {
    let row = own_row(&patron).await?;
    let yes = |flag: bool| if flag { "yes".to_owned() } else { String::new() };
    let filled = Filled::new([
        ("name", row.name),
        ("language", row.language),
        ("public", yes(row.is_public)),
        ("unspent", yes(row.gives_unspent)),
        ("details", yes(row.keeps_details)),
    ]);
    html(&page(&patron, filled).await?)
}

/// `POST /settings`
pub async fn save(patron: Patron, mut form: Form) -> Answer {
    let language = Language::from_code(form.text("language"));
    if let Some(name) = form.read("name", |typed| Ok(typed.to_owned())) {
        let profile = Profile {
            name,
            language: language.map(|language| language.code().to_owned()).unwrap_or_default(),
            is_public: form.is_checked("public"),
            gives_unspent: form.is_checked("unspent"),
            keeps_details: form.is_checked("details"),
        };
        match accounts::set_profile(&patron.app, patron.account(), profile).await {
            Ok(()) => return Ok(patron.done("/settings", &Done::new("settings-saved"))),
            Err(error) => form.refused_at("name", error)?,
        }
    }
    unprocessable(&page(&patron, form.filled()).await?)
}

/// The account that is signed in.
pub(super) async fn own_row(patron: &Patron) -> Result<AccountRow, Problem> {
    let row = accounts::find(&patron.app, patron.account()).await?;
    row.ok_or_else(Problem::not_found)
}

async fn page(patron: &Patron, filled: Filled) -> Result<SettingsPage, Problem> {
    let policy =
        patron.app.read((), |read, ()| Box::pin(async move { Ok(settings::policy(read).await?) }));
    Ok(SettingsPage {
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: "/settings",
        filled,
        handle: patron.session.handle.to_string(),
        is_choice: policy.await?.unspent == Unspent::PatronsChoice,
    })
}
