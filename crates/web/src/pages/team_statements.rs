//! What a team received, month by month: all of it for who sees all, one's own part for the others.

use askama::Template;
use axum::extract::Path;
use obole_app::statements::Received;
use obole_app::teams;
use obole_domain::{Handle, Money, Period};

use crate::answer::{Answer, html};
use crate::page::{Page, Place};
use crate::pages::statements_show::OtherLine;
use crate::pages::team_show::find;
use crate::problem::Problem;
use crate::visitor::Patron;
use crate::words::month_title;

#[derive(Template)]
#[template(path = "pages/team_statements.html")]
struct ListPage {
    page: Page,
    handle: String,
    name: String,
    sees_all: bool,
    months: Vec<(Period, String, Money)>,
}

#[derive(Template)]
#[template(path = "pages/team_statement.html")]
struct StatementPage {
    page: Page,
    handle: String,
    name: String,
    sees_all: bool,
    fee: String,
    received: Vec<(Received, String, String)>,
    others: Vec<OtherLine>,
    members: Vec<(Handle, Money)>,
}

/// `GET /teams/{handle}/statements`
pub async fn list(patron: Patron, Path(handle): Path<String>) -> Answer {
    let shown = find(&patron, &handle).await?;
    let months = teams::months(&patron.app, patron.account(), &shown).await?;
    let month = |(period, money)| (period, month_title(patron.language, period), money);
    html(&ListPage {
        page: patron.page(Place::Creator, patron.text("teams-statements")),
        handle: shown.team.handle.to_string(),
        name: shown.team.shown_name().to_owned(),
        sees_all: shown.sees_all(),
        months: months.into_iter().map(month).collect(),
    })
}

/// `GET /teams/{handle}/statements/{period}`
pub async fn show(patron: Patron, Path((handle, period)): Path<(String, String)>) -> Answer {
    let shown = find(&patron, &handle).await?;
    let period = Period::parse(&period).map_err(|_| Problem::not_found())?;
    let found = teams::month(&patron.app, patron.account(), (&shown, period)).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let all = found.all.as_ref();
    let received = all.map(|all| all.received.clone()).unwrap_or_default();
    let others = all.map(|all| all.others.iter().map(|other| OtherLine::of(&patron, other)));
    let fee = all.map(|all| all.settlement.policy.fee_ppm).unwrap_or_default();
    html(&StatementPage {
        page: patron.page(Place::Creator, month_title(patron.language, period)),
        handle: shown.team.handle.to_string(),
        name: shown.team.shown_name().to_owned(),
        sees_all: shown.sees_all(),
        fee: obole_language::percent(patron.language, fee),
        received: received.into_iter().map(|one| (one, String::new(), String::new())).collect(),
        others: others.map(Iterator::collect).unwrap_or_default(),
        members: found.members,
    })
}
