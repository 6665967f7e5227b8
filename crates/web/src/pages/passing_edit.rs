//! What a work passes on to the works that it builds on: the form of whoever acts for its owner,
//! filled in by a file where they have one, and what it has promised that nobody has collected.

use std::collections::HashSet;

use askama::Template;
use axum::extract::Path;
use obole_app::audit_log::Actor;
use obole_app::{pass_on, teams};
use obole_domain::team::{parse_percent, print_percent};
use obole_domain::{CanonicalUrl, Money, Refusal, WorkId};
use obole_store::passes::StandingRow;
use obole_store::works::WorkRow;

use crate::answer::{Answer, Done, html, unprocessable};
use crate::form::{Filled, Form};
use crate::page::{Page, Place};
use crate::pages::work_show::find;
use crate::problem::Problem;
use crate::upload::Upload;
use crate::visitor::Patron;
use crate::words::{month_title, shorten};

#[derive(Template)]
#[template(path = "pages/passing_edit.html")]
struct PassingPage {
    page: Page,
    work: WorkRow,
    heading: String,
    filled: Filled,
    /// How many lines a file brought; none where none was brought.
    brought: String,
}

#[derive(Template)]
#[template(path = "pages/passing_standing.html")]
struct StandingPage {
    page: Page,
    standing: Vec<Standing>,
}

/// What is promised to a work.
struct Standing {
    target: WorkId,
    title: String,
    since: String,
    amount: Money,
    is_unclaimed: bool,
    /// On whose earnings it is held: the reader's own or a team's.
    payer: obole_domain::AccountId,
    team: String,
}

/// `GET /w/{id}/passing`
pub async fn show(patron: Patron, Path(id): Path<String>) -> Answer {
    let work = own(&patron, &id).await?;
    let passing = pass_on::of(&patron.app, work.id).await?;
    let lines = passing.targets.iter().map(|(target, weight)| line(target.url.as_str(), *weight));
    let part = print_percent(passing.part).replace('.', decimal_mark(&patron));
    let filled = Filled::new([("part", part), ("targets", lines.collect::<String>())]);
    html(&page(&patron, work, filled, String::new()))
}

/// `POST /w/{id}/passing`: needs a fresh sign-in (W3).
pub async fn set(patron: Patron, Path(id): Path<String>, mut form: Form) -> Answer {
    patron.proved()?;
    let work = own(&patron, &id).await?;
    let part = form.read("part", parse_percent);
    let targets = form.read("targets", parse_lines);
    if let Some(wish) = part.zip(targets) {
        match pass_on::set(&patron.app, Actor::Page(patron.account()), work.id, wish).await {
            Ok(()) => return Ok(patron.done(&format!("/w/{}", work.id), &Done::new("passing-set"))),
            Err(error) => form.refused(error)?,
        }
    }
    unprocessable(&page(&patron, work, form.filled(), String::new()))
}

/// `POST /w/{id}/passing/file`: what a file says that the work builds on, as lines of the form.
/// Nothing is set before the form is sent.
pub async fn bring(patron: Patron, Path(id): Path<String>, upload: Upload) -> Answer {
    let work = own(&patron, &id).await?;
    let mut form = upload.0;
    let file = form.read("file", |file| match pass_on::named_in(file) {
        found if found.is_empty() => Err(Refusal::NothingToBring {}),
        found => Ok(found),
    });
    let Some(found) = file else {
        return unprocessable(&page(&patron, work, form.filled(), String::new()));
    };
    let mut lines = form.text("targets").to_owned();
    let known: HashSet<String> = lines.lines().map(address_of).collect();
    let new: Vec<&String> = found.iter().filter(|url| !known.contains(*url)).collect();
    if !lines.is_empty() && !lines.ends_with('\n') {
        lines.push('\n');
    }
    new.iter().for_each(|url| lines.push_str(&line(url, 1)));
    let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
    let brought = patron.with("passing-brought", &[("count", count.into())]);
    let filled = Filled::new([("part", form.text("part").to_owned()), ("targets", lines)]);
    html(&page(&patron, work, filled, brought))
}

/// `GET /creator/passing`
pub async fn list(patron: Patron) -> Answer {
    let mut standing = Vec::new();
    for acting in teams::acting(&patron.app, patron.account()).await? {
        let team = acting.team.as_ref().map(|team| team.handle.to_string()).unwrap_or_default();
        let rows = pass_on::standing(&patron.app, acting.account).await?;
        standing.extend(rows.into_iter().map(|row| standing_of(&patron, row, &acting, &team)));
    }
    let page = patron.page(Place::Creator, patron.text("passing-standing"));
    html(&StandingPage { page, standing })
}

fn standing_of(patron: &Patron, row: StandingRow, acting: &teams::Acting, team: &str) -> Standing {
    Standing {
        target: row.target,
        title: shorten(row.url.without_scheme(), 90),
        since: month_title(patron.language, row.since),
        amount: Money::new(row.amount, row.currency),
        is_unclaimed: row.is_unclaimed,
        payer: acting.account,
        team: team.to_owned(),
    }
}

/// `POST /creator/passing`: lets go of what is promised to a work that nobody controls.
pub async fn let_go(patron: Patron, form: Form) -> Answer {
    let target = WorkId::parse(form.text("target")).ok_or_else(Problem::malformed)?;
    let payer = obole_domain::AccountId::parse(form.text("payer"));
    let payer = payer.ok_or_else(Problem::malformed)?;
    let actor = Actor::Page(patron.account());
    pass_on::let_go(&patron.app, actor, payer, target).await?;
    Ok(patron.done("/creator/passing", &Done::new("passing-let-gone")))
}

/// The work, where the reader acts for its owner; to others the form is not there.
async fn own(patron: &Patron, id: &str) -> Result<WorkRow, Problem> {
    let work = find(patron, id).await?;
    let owner = work.owner.ok_or_else(Problem::not_found)?;
    if teams::may_act(&patron.app, patron.account(), owner).await? {
        return Ok(work);
    }
    Err(Problem::not_found())
}

fn page(patron: &Patron, work: WorkRow, filled: Filled, brought: String) -> PassingPage {
    let heading = shorten(work.shown_title(), 120);
    let page = patron.page(Place::Creator, patron.text("passing-edit"));
    PassingPage { page, work, heading, filled, brought }
}

/// How the reader's language separates decimals.
pub(super) const fn decimal_mark(patron: &Patron) -> &'static str {
    match patron.visitor.language {
        obole_language::Language::English => ".",
        obole_language::Language::French => ",",
    }
}

fn line(url: &str, weight: i64) -> String {
    if weight == 1 { format!("{url}\n") } else { format!("{url} {weight}\n") }
}

fn address_of(line: &str) -> String {
    line.split_whitespace().next().unwrap_or_default().to_owned()
}

/// Reads one address a line, each with a weight behind it or without.
fn parse_lines(typed: &str) -> Result<Vec<(CanonicalUrl, i64)>, Refusal> {
    let lines = typed.lines().zip(1_i64..).filter(|(line, _)| !line.trim().is_empty());
    let read = |(line, number): (&str, i64)| {
        let mut words = line.split_whitespace();
        let url = words.next().unwrap_or_default();
        let malformed = Refusal::LineMalformed { line: number };
        let url = CanonicalUrl::parse(url).map_err(|_| malformed.clone())?;
        let weight = match words.next() {
            None => 1,
            Some(word) => word.parse().map_err(|_| malformed.clone())?,
        };
        if words.next().is_some() { Err(malformed) } else { Ok((url, weight)) }
    };
    lines.map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_an_address_and_a_weight() {
        let read = parse_lines("https://a.example/ 3\n\n  https://b.example/\n").expect("lines");
        let read: Vec<(&str, i64)> = read.iter().map(|(url, w)| (url.as_str(), *w)).collect();
        assert_eq!(read, [("https://a.example/", 3), ("https://b.example/", 1)]);
        for (typed, line) in [
            ("nothing", 1),
            ("https://a.example/\nhttps://b.example/ x", 2),
            ("https://a.example/ 1 2", 1),
            ("javascript:alert(1)", 1),
        ] {
            assert_eq!(parse_lines(typed), Err(Refusal::LineMalformed { line }), "{typed}");
        }
    }
}
