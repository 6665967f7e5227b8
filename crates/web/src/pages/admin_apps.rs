//! Apps for administrators: which of them is an old one of Flattr's (O1).

use askama::Template;
use obole_app::Error;
use obole_app::audit_log::Actor;
use obole_app::oauth::{self, Mark};
use obole_domain::Refusal;
use obole_domain::client::ClientId;

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::visitor::Admin;

#[derive(Template)]
#[template(path = "pages/admin_apps.html")]
struct AppsPage {
    page: Page,
    filled: Filled,
}

/// `GET /admin/apps`
pub async fn show(admin: Admin) -> Answer {
    html(&page(&admin, Filled::default()))
}

/// `POST /admin/apps`: an app with a secret becomes a legacy one, or one like the others.
pub async fn set(admin: Admin, mut form: Form) -> Answer {
    let id = form.read("app", |typed| ClientId::parse(typed.trim()).ok_or(Refusal::AppUnknown {}));
    if let (Some(id), Some(reason)) = (id, form.reason()) {
        let (mark, done) = match form.text("kind") {
            "legacy" => (Mark::Legacy, "admin-app-legacy"),
            "stateless" => (Mark::LegacyWithoutState, "admin-app-stateless-done"),
            _ => (Mark::Usual, "admin-app-usual"),
        };
        let actor = Actor::Page(admin.account());
        match oauth::set_legacy(&admin.app, actor, id, (mark, &reason)).await {
            Ok(()) => {
                return Ok(admin.done("/admin/apps", &Done::new(done)));
            }
            Err(Error::NotFound) => form.refuse("app", &Refusal::AppUnknown {}),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&admin, form.filled()))
}

fn page(admin: &Admin, filled: Filled) -> AppsPage {
    AppsPage { page: admin.page(Place::Admin, admin.text("admin-tab-apps")), filled }
}
