//! The teams that one belongs to, and founding one.

use askama::Template;
use obole_app::audit_log::Actor;
use obole_app::teams;
use obole_domain::click::clean_text;
use obole_domain::{Handle, TeamRole};

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

#[derive(Template)]
#[template(path = "pages/teams_list.html")]
struct TeamsPage {
    page: Page,
    filled: Filled,
    teams: Vec<Line>,
}

/// A team in the list.
struct Line {
    handle: String,
    name: String,
    role: String,
}

/// `GET /teams`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron, Filled::default()).await?)
}

/// `POST /teams`
pub async fn found(patron: Patron, mut form: Form) -> Answer {
    let handle = form.read("handle", Handle::parse);
    let name = form.read("name", |typed| clean_text(typed, obole_app::accounts::NAME_MAX));
    if let Some((handle, name)) = handle.zip(name) {
        let path = format!("/teams/{handle}");
        match teams::found(&patron.app, Actor::Page(patron.account()), handle, &name).await {
            Ok(_) => return Ok(patron.done(&path, &Done::new("teams-founded"))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, form.filled()).await?)
}

async fn page(patron: &Patron, filled: Filled) -> Result<TeamsPage, Problem> {
    let teams = teams::mine(&patron.app, patron.account()).await?;
    let line = |(team, role): (obole_store::teams::TeamRow, TeamRole)| Line {
        handle: team.handle.to_string(),
        name: team.shown_name().to_owned(),
        role: role_name(patron, role),
    };
    Ok(TeamsPage {
        page: patron.page(Place::Creator, patron.text("teams-title")),
        filled,
        teams: teams.into_iter().map(line).collect(),
    })
}

/// A role in words.
pub(super) fn role_name(visitor: &Visitor, role: TeamRole) -> String {
    visitor.text(match role {
        TeamRole::Owner => "teams-owner",
        TeamRole::Keeper => "teams-keeper",
        TeamRole::Member => "teams-member",
        TeamRole::Viewer => "teams-viewer",
    })
}
