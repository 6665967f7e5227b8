//! `/me/teams`: the teams that the account belongs to. What they decide needs a fresh sign-in (W3),
//! which no token has.

use axum::Json;
use axum::extract::Path;
use axum::response::IntoResponse as _;
use obole_app::teams as commands;
use obole_domain::team::print_percent;
use obole_domain::token::Scope;
use obole_domain::{AccountId, Handle};
use serde::Serialize;
use utoipa::ToSchema;

use crate::answer::Answer;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::problem::Problem;

/// A team that the account belongs to.
#[derive(Serialize, ToSchema)]
pub struct Team {
    /// Its handle.
    #[schema(example = "band")]
    pub handle: String,
    /// What it calls itself; its handle where it says nothing.
    #[schema(example = "The band")]
    pub name: String,
    /// What the account may do: `owner`, `keeper`, `member` or `viewer`; each may do what the next
    /// ones may.
    #[schema(example = "owner")]
    pub role: &'static str,
}

/// A team with its members.
#[derive(Serialize, ToSchema)]
pub struct TeamDetails {
    /// The team.
    #[serde(flatten)]
    pub team: Team,
    /// Whether every member sees what every other one received.
    pub is_open: bool,
    /// Who belongs to it, the most powerful first.
    pub members: Vec<TeamPart>,
    /// What the team keeps of what it receives, in percent.
    #[schema(example = "12.5", pattern = r"^\d{1,3}(\.\d{1,2})?$")]
    pub kept_percent: String,
}

/// A member of a team.
#[derive(Serialize, ToSchema)]
pub struct TeamPart {
    /// Their handle.
    #[schema(example = "ada")]
    pub handle: String,
    /// What they may do.
    #[schema(example = "member")]
    pub role: &'static str,
    /// What they receive from the next settlement on, in percent.
    #[schema(example = "40", pattern = r"^\d{1,3}(\.\d{1,2})?$")]
    pub percent: String,
}

fn reader(caller: &Caller) -> Result<AccountId, Problem> {
    caller.allow_any(&[Scope::WorksWrite, Scope::StatsRead])
}

/// The teams that the account belongs to
#[utoipa::path(
    get, path = "/me/teams", tag = "Works",
    security(("token" = ["works:write"]), ("token" = ["stats:read"])),
    responses((status = 200, description = "The teams, by handle", body = List<Team>)),
)]
pub async fn list_teams(caller: Caller) -> Answer {
    let account = reader(&caller)?;
    let teams = commands::mine(&caller.app, account).await?;
    let told = teams.into_iter().map(|(team, role)| Team {
        handle: team.handle.to_string(),
        name: team.shown_name().to_owned(),
        role: role.code(),
    });
    Ok(Json(List::whole(told.collect())).into_response())
}

/// One of the account's teams, with its members and their parts
#[utoipa::path(
    get, path = "/me/teams/{handle}", tag = "Works",
    security(("token" = ["works:write"]), ("token" = ["stats:read"])),
    params(("handle" = String, Path, description = "The team's handle", example = "band")),
    responses((status = 200, description = "The team", body = TeamDetails)),
)]
pub async fn get_team(caller: Caller, Path(handle): Path<String>) -> Answer {
    let account = reader(&caller)?;
    let handle = Handle::parse(&handle).map_err(|_| Problem::not_found())?;
    let shown = commands::show(&caller.app, account, handle).await?;
    let shown = shown.ok_or_else(Problem::not_found)?;
    let members = shown.members.iter().map(|member| TeamPart {
        handle: member.handle.to_string(),
        role: member.role.code(),
        percent: print_percent(shown.percentages.part(member.account)),
    });
    let told = TeamDetails {
        team: Team {
            handle: shown.team.handle.to_string(),
            name: shown.team.shown_name().to_owned(),
            role: shown.role.code(),
        },
        is_open: shown.team.is_open,
        members: members.collect(),
        kept_percent: print_percent(shown.percentages.kept()),
    };
    Ok(Json(told).into_response())
}
