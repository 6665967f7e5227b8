//! An invitation to a team: opened from a mail, answered by whoever is signed in.

use askama::Template;
use axum::extract::Path;
use obole_app::audit_log::Actor;
use obole_app::teams;
use obole_domain::Refusal;

use crate::answer::{Answer, Done, html};
use crate::enter::secret;
use crate::form::Form;
use crate::page::{Page, Place};
use crate::pages::teams_list::role_name;
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/team_answer.html")]
struct AnswerPage {
    page: Page,
    link: String,
    question: String,
    about: &'static str,
}

/// `GET /team-invitation/{link}`
pub async fn ask(patron: Patron, Path(link): Path<String>) -> Answer {
    secret(page(patron, link).await)
}

async fn page(patron: Patron, link: String) -> Answer {
    let asked = teams::ask(&patron.app, &link).await?;
    let asked = asked.ok_or_else(|| Problem::from(Refusal::TeamInvitationUnusable {}))?;
    let by = asked.by.map_or_else(|| patron.text("teams-gone"), |by| format!("@{by}"));
    let values = [
        ("by", by.into()),
        ("team", asked.team.shown_name().to_owned().into()),
        ("role", role_name(&patron, asked.role).into()),
    ];
    html(&AnswerPage {
        page: patron.page(Place::Creator, patron.text("teams-invitation")),
        question: patron.with("teams-asked", &values),
        about: if asked.role.receives() { "teams-asked-receives" } else { "teams-asked-looks" },
        link,
    })
}

/// `POST /team-invitation/{link}`
pub async fn answer(patron: Patron, Path(link): Path<String>, form: Form) -> Answer {
    let accepts = form.is_checked("answer");
    let actor = Actor::Page(patron.account());
    let team = teams::answer(&patron.app, actor, &link, accepts).await?;
    if accepts {
        let path = format!("/teams/{}", team.handle);
        return Ok(patron.done(&path, &Done::new("teams-joined")));
    }
    Ok(patron.done("/teams", &Done::new("teams-declined")))
}
