//! An appeal, by the link that whom a decision concerns was sent: signed in or not, since who is
//! suspended cannot be.

use askama::Template;
use axum::extract::Path;
use obole_app::reports::{self, Appealed};
use obole_domain::report::{AppealState, words};

use crate::answer::{Answer, Done, html, unprocessable};
use crate::enter::secret;
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::pages::reports_mine::{Report, report};
use crate::problem::Problem;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/appeal_show.html")]
struct AppealPage {
    page: Page,
    one: Report,
    can_appeal: bool,
    /// What became of an earlier appeal; empty where there is none.
    appeal_state: String,
    action: String,
    filled: Filled,
}

/// `GET /appeal/{link}`: it consumes nothing.
pub async fn show(visitor: Visitor, Path(link): Path<String>) -> Answer {
    let found = find(&visitor, &link).await?;
    secret(html(&page(&visitor, &link, found, Filled::default())))
}

/// `POST /appeal/{link}`
pub async fn appeal(visitor: Visitor, Path(link): Path<String>, mut form: Form) -> Answer {
    let found = find(&visitor, &link).await?;
    if let Some(words) = form.read("words", words) {
        match reports::appeal(&visitor.app, &link, &words).await {
            Ok(()) => {
                return Ok(visitor.done(&format!("/appeal/{link}"), &Done::new("reports-appealed")));
            }
            Err(error) => form.refused_at("words", error)?,
        }
    }
    secret(unprocessable(&page(&visitor, &link, found, form.filled())))
}

async fn find(visitor: &Visitor, link: &str) -> Result<Appealed, Problem> {
    let found = reports::asked(&visitor.app, link).await?;
    found.ok_or_else(Problem::not_found)
}

fn page(visitor: &Visitor, link: &str, found: Appealed, filled: Filled) -> AppealPage {
    let key = match found.report.appeal_state {
        AppealState::None => "",
        AppealState::Waiting => "reports-appeal-waiting",
        AppealState::Granted => "reports-appeal-granted",
        AppealState::Rejected => "reports-appeal-rejected",
    };
    AppealPage {
        page: visitor.page(Place::Elsewhere, visitor.text("reports-appeal")),
        can_appeal: key.is_empty() && !found.is_over,
        appeal_state: if key.is_empty() { String::new() } else { visitor.text(key) },
        action: format!("/appeal/{link}"),
        one: report(visitor, found.report),
        filled,
    }
}
