//! A team as its members see it: who belongs to it, what each receives, what it controls and kept.

use askama::Template;
use axum::extract::Path;
use obole_app::teams::{self, Shown};
use obole_domain::team::print_percent;
use obole_domain::{AccountId, Handle, TeamInvitationId, TeamRole};
use obole_store::teams::TeamRoleRow;
use obole_store::teams::percentages::PercentagesRow;
use obole_store::works::WorkRow;

use crate::answer::{Answer, html, unprocessable};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::pages::passing_edit::decimal_mark;
use crate::pages::teams_list::role_name;
use crate::problem::Problem;
use crate::visitor::{Patron, Visitor};

#[derive(Template)]
#[template(path = "pages/team_show.html")]
struct TeamPage {
    page: Page,
    filled: Filled,
    problems: Vec<String>,
    handle: String,
    about: String,
    is_owner: bool,
    is_open: bool,
    sees_all: bool,
    members: Vec<Line>,
    /// What the team keeps of what it receives.
    keeps: String,
    roles: Vec<(&'static str, String)>,
    history: Vec<Set>,
    invited: Vec<Invited>,
    works: Vec<WorkRow>,
    /// What it kept, by currency, and whether some of it can be shared out.
    kept: Vec<Kept>,
    ops: Vec<String>,
}

/// A member in the table.
struct Line {
    id: AccountId,
    handle: String,
    name: String,
    role: &'static str,
    role_name: String,
    receives: bool,
    /// The part in words, and as it is typed.
    part: String,
    typed: String,
    error: String,
    is_reader: bool,
}

/// Percentages as they were set.
struct Set {
    at: String,
    by: String,
    parts: Vec<(String, String)>,
}

/// Somebody who was invited.
struct Invited {
    id: TeamInvitationId,
    /// A mail address, or an account's handle: its address is its own to tell.
    who: String,
    role: String,
    until: String,
}

/// What a team kept in a currency.
struct Kept {
    money: obole_domain::Money,
    code: String,
    is_something: bool,
}

/// `GET /teams/{handle}`
pub async fn show(patron: Patron, Path(handle): Path<String>) -> Answer {
    let shown = find(&patron, &handle).await?;
    html(&page(&patron, &shown, Filled::default()))
}

/// The page again with what was refused.
pub(super) async fn refused(patron: &Patron, handle: &str, form: &Form) -> Answer {
    let shown = find(patron, handle).await?;
    unprocessable(&page(patron, &shown, form.filled()))
}

/// The team of a handle, where the reader belongs to it; to others it is not there.
pub(super) async fn find(patron: &Patron, handle: &str) -> Result<Shown, Problem> {
    let handle = Handle::parse(handle).map_err(|_| Problem::not_found())?;
    let shown = teams::show(&patron.app, patron.account(), handle).await?;
    shown.ok_or_else(Problem::not_found)
}

fn page(patron: &Patron, shown: &Shown, filled: Filled) -> TeamPage {
    let member = |member: &TeamRoleRow| self::member(patron, shown, (member, &filled));
    let kept = shown.kept.iter().map(|one| {
        let available = one.balance.available();
        Kept {
            money: available,
            code: available.currency.code().to_owned(),
            is_something: available.amount.is_positive(),
        }
    });
    let kept: Vec<Kept> = kept.collect();
    TeamPage {
        page: patron.page(Place::Creator, shown.team.shown_name().to_owned()),
        handle: shown.team.handle.to_string(),
        about: patron.with("teams-role-is", &[("role", role_name(patron, shown.role).into())]),
        problems: problems(shown, &filled),
        is_owner: shown.role == TeamRole::Owner,
        is_open: shown.team.is_open,
        sees_all: shown.sees_all(),
        members: shown.members.iter().map(member).collect(),
        keeps: percent(patron, shown.percentages.kept()),
        roles: TeamRole::ALL.map(|role| (role.code(), role_name(patron, role))).to_vec(),
        history: shown.history.iter().map(|percentages| history(patron, percentages)).collect(),
        invited: shown
            .invited
            .iter()
            .map(|one| Invited {
                id: one.id,
                who: match &one.account {
                    Some((_, handle)) => format!("@{handle}"),
                    None => one.email.clone(),
                },
                role: role_name(patron, one.role),
                until: patron.moment(one.expires_at),
            })
            .collect(),
        works: shown.works.clone(),
        ops: kept.iter().map(|_| patron.op()).collect(),
        kept,
        filled,
    }
}

/// What was refused of the whole, not of one of its fields.
fn problems(shown: &Shown, filled: &Filled) -> Vec<String> {
    let parts = shown.members.iter().map(|member| field_of(member.account));
    let fields: Vec<String> = parts.chain(["to".to_owned()]).collect();
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    filled.others(&fields).into_iter().map(str::to_owned).collect()
}

/// The field of a member's part.
pub(super) fn field_of(member: AccountId) -> String {
    format!("part-{member}")
}

fn member(patron: &Patron, shown: &Shown, (row, filled): (&TeamRoleRow, &Filled)) -> Line {
    let part = shown.percentages.part(row.account);
    let field = field_of(row.account);
    let typed = match filled.value(&field) {
        "" => print_percent(part).replace('.', decimal_mark(patron)),
        typed => typed.to_owned(),
    };
    Line {
        id: row.account,
        handle: row.handle.to_string(),
        name: row.name.clone(),
        role: row.role.code(),
        role_name: role_name(patron, row.role),
        receives: row.role.receives(),
        part: percent(patron, part),
        typed,
        error: filled.error(&field).to_owned(),
        is_reader: row.account == patron.account(),
    }
}

fn history(patron: &Patron, percentages: &PercentagesRow) -> Set {
    let gone = || patron.text("teams-gone");
    let name = |who: &Option<Handle>| who.as_ref().map_or_else(gone, |who| format!("@{who}"));
    let parts = percentages.parts.iter().map(|(who, part)| (name(who), percent(patron, *part)));
    Set { at: patron.moment(percentages.at), by: name(&percentages.by), parts: parts.collect() }
}

/// Hundredths of a percent in words.
pub(super) fn percent(visitor: &Visitor, hundredths: i64) -> String {
    let ppm = u32::try_from(hundredths * 100).unwrap_or_default();
    obole_language::percent(visitor.language, ppm)
}
