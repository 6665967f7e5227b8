//! What members do on a team's page.

use axum::extract::Path;
use obole_app::audit_log::Actor;
use obole_app::teams::{self, Shown, To};
use obole_domain::team::parse_percent;
use obole_domain::{AccountId, Refusal, TeamInvitationId, TeamRole};

use crate::answer::{Answer, Done};
use crate::form::Form;
use crate::pages::team_show::{field_of, find, refused};
use crate::problem::Problem;
use crate::visitor::Patron;

/// What a handler works on: the team, who acts, where to go on.
struct Act {
    shown: Shown,
    actor: Actor,
    path: String,
}

impl Act {
    async fn of(patron: &Patron, handle: &str) -> Result<Self, Problem> {
        let shown = find(patron, handle).await?;
        let path = format!("/teams/{}", shown.team.handle);
        Ok(Self { shown, actor: Actor::Page(patron.account()), path })
    }

    const fn team(&self) -> AccountId {
        self.shown.team.account
    }
}

/// `POST /teams/{handle}/invite`: needs a fresh sign-in (W3).
pub async fn invite(patron: Patron, Path(handle): Path<String>, mut form: Form) -> Answer {
    patron.proved()?;
    let act = Act::of(&patron, &handle).await?;
    let to = form.read("to", To::parse);
    let role = form.read("role", role);
    if let Some(wish) = to.zip(role) {
        match teams::invite(&patron.app, act.actor, act.team(), wish).await {
            Ok(()) => return Ok(patron.done(&act.path, &Done::new("teams-invited"))),
            Err(error) => form.refused(error)?,
        }
    }
    refused(&patron, &handle, &form).await
}

fn role(typed: &str) -> Result<TeamRole, Refusal> {
    TeamRole::from_code(typed).ok_or(Refusal::Missing {})
}

/// `POST /teams/{handle}/withdraw`
pub async fn withdraw(patron: Patron, Path(handle): Path<String>, form: Form) -> Answer {
    let act = Act::of(&patron, &handle).await?;
    let id = TeamInvitationId::parse(form.text("invitation")).ok_or_else(Problem::malformed)?;
    teams::withdraw(&patron.app, act.actor, act.team(), id).await?;
    Ok(patron.done(&act.path, &Done::new("invitations-withdrawn")))
}

/// `POST /teams/{handle}/role`: needs a fresh sign-in (W3).
pub async fn set_role(patron: Patron, Path(handle): Path<String>, form: Form) -> Answer {
    patron.proved()?;
    let act = Act::of(&patron, &handle).await?;
    let member = AccountId::parse(form.text("member")).ok_or_else(Problem::malformed)?;
    let role = TeamRole::from_code(form.text("role")).ok_or_else(Problem::malformed)?;
    teams::set_role(&patron.app, act.actor, act.team(), (member, role)).await?;
    Ok(patron.done(&act.path, &Done::new("teams-role-set")))
}

/// `POST /teams/{handle}/remove`: needs a fresh sign-in (W3).
pub async fn remove(patron: Patron, Path(handle): Path<String>, form: Form) -> Answer {
    patron.proved()?;
    let act = Act::of(&patron, &handle).await?;
    let member = AccountId::parse(form.text("member")).ok_or_else(Problem::malformed)?;
    teams::remove(&patron.app, act.actor, act.team(), member).await?;
    Ok(patron.done(&act.path, &Done::new("teams-removed")))
}

/// `POST /teams/{handle}/leave`
pub async fn leave(patron: Patron, Path(handle): Path<String>, _form: Form) -> Answer {
    let act = Act::of(&patron, &handle).await?;
    teams::leave(&patron.app, act.actor, act.team()).await?;
    Ok(patron.done("/teams", &Done::new("teams-left")))
}

/// `POST /teams/{handle}/percentages`: one field a member; needs a fresh sign-in (W3).
pub async fn percentages(patron: Patron, Path(handle): Path<String>, mut form: Form) -> Answer {
    patron.proved()?;
    let act = Act::of(&patron, &handle).await?;
    let mut parts = Vec::new();
    for member in act.shown.members.iter().filter(|member| member.role.receives()) {
        if let Some(part) = form.read(&field_of(member.account), parse_percent) {
            parts.push((member.account, part));
        }
    }
    if form.is_well() {
        match teams::set_percentages(&patron.app, act.actor, act.team(), parts).await {
            Ok(()) => return Ok(patron.done(&act.path, &Done::new("teams-parts-set"))),
            Err(error) => form.refused(error)?,
        }
    }
    refused(&patron, &handle, &form).await
}

/// `POST /teams/{handle}/open`
pub async fn open(patron: Patron, Path(handle): Path<String>, form: Form) -> Answer {
    let act = Act::of(&patron, &handle).await?;
    let is_open = form.is_checked("open");
    teams::set_open(&patron.app, act.actor, act.team(), is_open).await?;
    let key = if is_open { "teams-opened" } else { "teams-shut" };
    Ok(patron.done(&act.path, &Done::new(key)))
}

/// `POST /teams/{handle}/share`: needs a fresh sign-in (W3).
pub async fn share(patron: Patron, Path(handle): Path<String>, mut form: Form) -> Answer {
    patron.proved()?;
    let act = Act::of(&patron, &handle).await?;
    let key = form.key()?;
    let currency = patron.app.currency(form.text("currency"))?;
    match teams::share_kept(&patron.app, act.actor, &key, (act.team(), currency)).await {
        Ok(once) => {
            let done = Done::new("teams-shared").with("amount", once.value.money());
            Ok(patron.done(&act.path, &done))
        }
        Err(error) => {
            form.refused(error)?;
            refused(&patron, &handle, &form).await
        }
    }
}

/// `POST /teams/{handle}/close`: needs a fresh sign-in (W3).
pub async fn close(patron: Patron, Path(handle): Path<String>, mut form: Form) -> Answer {
    patron.proved()?;
    let act = Act::of(&patron, &handle).await?;
    match teams::close(&patron.app, act.actor, act.team()).await {
        Ok(()) => Ok(patron.done("/teams", &Done::new("teams-closed"))),
        Err(error) => {
            form.refused(error)?;
            refused(&patron, &handle, &form).await
        }
    }
}
