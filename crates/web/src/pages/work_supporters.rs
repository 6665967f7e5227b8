//! Whether a work shows who supports it, as its owner says, and whether a patron is among them
//! (P1).

use axum::extract::Path;
use obole_app::audit_log::Actor;
use obole_app::public_gifts;

use crate::answer::{Answer, Done};
use crate::form::Form;
use crate::pages::work_show::find;
use crate::problem::Problem;
use crate::visitor::Patron;

/// `POST /w/{id}/supporters`: the form's button says which.
pub async fn set(patron: Patron, Path(id): Path<String>, form: Form) -> Answer {
    let work = find(&patron, &id).await?.id;
    let (app, account) = (&patron.app, patron.account());
    let key = match form.text("show") {
        "me" => {
            public_gifts::show(app, account, work, true).await?;
            "supporters-you-shown"
        }
        "not-me" => {
            public_gifts::show(app, account, work, false).await?;
            "supporters-you-hidden"
        }
        "all" => {
            public_gifts::set_shows(app, Actor::Page(account), work, true).await?;
            "supporters-shown"
        }
        "none" => {
            public_gifts::set_shows(app, Actor::Page(account), work, false).await?;
            "supporters-hidden"
        }
        _ => return Err(Problem::malformed()),
    };
    Ok(patron.done(&format!("/w/{work}"), &Done::new(key)))
}
