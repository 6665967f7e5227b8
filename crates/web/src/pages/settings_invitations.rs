//! Settings: whom one invites, who came, and how many invitations are left.

use askama::Template;
use obole_app::invitations::{self, Line, State};
use obole_domain::{EmailAddress, InvitationId};

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::problem::Problem;
use crate::visitor::Patron;

#[derive(Template)]
#[template(path = "pages/settings_invitations.html")]
struct InvitationsPage {
    page: Page,
    tab: &'static str,
    filled: Filled,
    left: i64,
    lines: Vec<Shown>,
}

/// An invitation in words.
struct Shown {
    id: InvitationId,
    /// Empty where it cannot be used any more.
    link: String,
    email: String,
    made: String,
    badge: &'static str,
    state: String,
    /// Who came; empty where nobody did, or the account is gone.
    handle: String,
}

/// `GET /settings/invitations`
pub async fn show(patron: Patron) -> Answer {
    html(&page(&patron, Filled::default()).await?)
}

/// `POST /settings/invitations`: by mail where an address is typed.
pub async fn invite(patron: Patron, mut form: Form) -> Answer {
    let email = form.read("email", |typed| match typed.trim() {
        "" => Ok(None),
        typed => EmailAddress::parse(typed).map(Some),
    });
    if let Some(email) = email {
        let key = if email.is_some() { "invitations-sent" } else { "invitations-made" };
        match invitations::invite(&patron.app, patron.account(), email).await {
            Ok(()) => return Ok(patron.done("/settings/invitations", &Done::new(key))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, form.filled()).await?)
}

/// `POST /settings/invitations/withdraw`
pub async fn withdraw(patron: Patron, form: Form) -> Answer {
    let id = InvitationId::parse(form.text("invitation")).ok_or_else(Problem::malformed)?;
    invitations::withdraw(&patron.app, patron.account(), id).await?;
    Ok(patron.done("/settings/invitations", &Done::new("invitations-withdrawn")))
}

async fn page(patron: &Patron, filled: Filled) -> Result<InvitationsPage, Problem> {
    let mine = invitations::mine(&patron.app, patron.account()).await?;
    Ok(InvitationsPage {
        page: patron.page(Place::Settings, patron.text("settings-title")),
        tab: "/settings/invitations",
        filled,
        left: mine.left,
        lines: mine.lines.into_iter().map(|line| shown(patron, line)).collect(),
    })
}

fn shown(patron: &Patron, line: Line) -> Shown {
    let until = patron.moment(line.expires_at);
    let (badge, state, handle) = match line.state {
        State::Open => {
            let until = [("at", until.into())];
            let text = obole_language::text_with(patron.language, "invitations-open", &until);
            ("waiting", text, String::new())
        }
        State::Used(came) => {
            let handle = came.map(|handle| handle.to_string()).unwrap_or_default();
            ("good", patron.text("invitations-used"), handle)
        }
        State::Withdrawn => ("", patron.text("invitations-taken"), String::new()),
        State::Expired => ("", patron.text("invitations-expired"), String::new()),
    };
    let made = patron.moment(line.created_at);
    Shown { id: line.id, link: line.link, email: line.email, made, badge, state, handle }
}
