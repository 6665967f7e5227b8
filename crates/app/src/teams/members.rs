//! Who belongs to a team, and as what: roles, leaving, closing. A team has an owner as long as it
//! is open.

use obole_domain::ledger::LedgerAccount;
use obole_domain::{AccountId, Micros, Refusal, TeamRole};
use obole_store::claims as stored;
use obole_store::deletions as unsettled;
use obole_store::teams::{self, percentages};
use obole_store::{Tx, accounts, ledger, works};

use crate::app::App;
use crate::audit_log::Actor;
use crate::claims;
use crate::deletions;
use crate::error::{Error, Result};
use crate::notices::{self, TeamNews};

use super::require_role;

/// Gives a member another role. Only owners do. Who only looks receives nothing: their part is the
/// team's from then on. Refused where the team would be left without an owner.
pub async fn set_role(
    app: &App,
    actor: Actor,
    team: AccountId,
    (member, role): (AccountId, TeamRole),
) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let (_, person) = require_role(tx, actor, (team, TeamRole::Owner)).await?;
            let before = teams::role(tx, team, member).await?.ok_or(Error::NotFound)?;
            if before == role {
                return Ok(());
            }
            if before == TeamRole::Owner {
                refuse_only_owner(tx, (team, member)).await?;
            }
            teams::set_member(tx, (team, member), (role, app.now())).await?;
            if !role.receives() {
                give_up_part(&app, tx, (team, member), Some(person)).await?;
            }
            let row = accounts::find(tx, member).await?.ok_or(Error::NotFound)?;
            let news = TeamNews::Role { who: &row.handle, role };
            notices::team_news(&app, tx, team, news).await?;
            let details = format!("{member}: {}", role.code());
            app.log(tx, actor, "team.role", (team.to_string(), details)).await
        })
    })
    .await
}

/// Ends the membership of somebody else. Only owners do.
pub async fn remove(app: &App, actor: Actor, team: AccountId, member: AccountId) -> Result<()> {
    end(app, actor, (team, member), TeamRole::Owner).await
}

/// Leaves a team. What was received stays one's own. Refused to the only owner.
pub async fn leave(app: &App, actor: Actor, team: AccountId) -> Result<()> {
    let person = actor.account().ok_or(Error::Forbidden)?;
    end(app, actor, (team, person), TeamRole::Viewer).await
}

async fn end(
    app: &App,
    actor: Actor,
    (team, member): (AccountId, AccountId),
    needed: TeamRole,
) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let (_, person) = require_role(tx, actor, (team, needed)).await?;
            end_in(&app, tx, (team, member), Some(person)).await?;
            app.log(tx, actor, "team.leave", (team.to_string(), member.to_string())).await
        })
    })
    .await
}

async fn end_in(
    app: &App,
    tx: &mut Tx,
    (team, member): (AccountId, AccountId),
    by: Option<AccountId>,
) -> Result<()> {
    let role = teams::role(tx, team, member).await?.ok_or(Error::NotFound)?;
    if role == TeamRole::Owner {
        refuse_only_owner(tx, (team, member)).await?;
    }
    give_up_part(app, tx, (team, member), by).await?;
    let row = accounts::find(tx, member).await?.ok_or(Error::NotFound)?;
    // Who leaves is told, too.
    notices::team_news(app, tx, team, TeamNews::Left { who: &row.handle }).await?;
    teams::remove_member(tx, team, member).await?;
    Ok(())
}

/// Leaves every team, when the account goes.
pub(crate) async fn leave_all(app: &App, tx: &mut Tx, account: AccountId) -> Result<()> {
    for (team, _) in teams::of_account(tx, account).await? {
        teams::find_locked(tx, team.account).await?;
        hand_over(app, tx, (team.account, account)).await?;
        if teams::role(tx, team.account, account).await?.is_none() {
            continue;
        }
        end_in(app, tx, (team.account, account), None).await?;
        let what = (team.account.to_string(), account.to_string());
        app.log(tx, Actor::Job, "team.leave", what).await?;
    }
    Ok(())
}

/// Whoever asks to go is no team's only owner, but the other owners may go meanwhile: then the most
/// powerful member who is left owns it. A team of nobody else is dissolved.
async fn hand_over(app: &App, tx: &mut Tx, (team, owner): (AccountId, AccountId)) -> Result<()> {
    if !teams::owned_alone(tx, owner).await?.contains(&team) {
        return Ok(());
    }
    let members = teams::members(tx, team).await?;
    let mut heir = None;
    for member in members.iter().filter(|member| member.account != owner) {
        let row = accounts::find(tx, member.account).await?;
        if heir.is_none() && row.is_some_and(|row| row.suspended_at.is_none()) {
            heir = Some(member);
        }
    }
    let Some(heir) = heir else { return dissolve(app, tx, team).await };
    teams::set_member(tx, (team, heir.account), (TeamRole::Owner, app.now())).await?;
    let news = TeamNews::Role { who: &heir.handle, role: TeamRole::Owner };
    notices::team_news(app, tx, team, news).await?;
    let details = format!("{}: {}", heir.account, TeamRole::Owner.code());
    app.log(tx, Actor::Job, "team.role", (team.to_string(), details)).await
}

/// Closes a team that nobody is left to act for: what it has goes to the pool, as an account's that
/// goes does.
async fn dissolve(app: &App, tx: &mut Tx, team: AccountId) -> Result<()> {
    deletions::free(tx, (team, true), app.now()).await?;
    for currency in app.currencies() {
        deletions::pass_on(tx, app, (team, *currency), team).await?;
    }
    claims::end_all(app, tx, team).await?;
    teams::close(tx, team, app.now()).await?;
    app.log(tx, Actor::Job, "team.close", (team.to_string(), String::new())).await
}

/// Refuses while an account is the only owner of a team: somebody must be.
pub(crate) async fn refuse_last_owner(tx: &mut Tx, account: AccountId) -> Result<()> {
    if teams::owned_alone(tx, account).await?.is_empty() {
        return Ok(());
    }
    Err(Refusal::TeamLastOwner {}.into())
}

async fn refuse_only_owner(tx: &mut Tx, (team, member): (AccountId, AccountId)) -> Result<()> {
    let owners = teams::members(tx, team).await?;
    let is_other =
        |owner: &teams::TeamRoleRow| owner.role == TeamRole::Owner && owner.account != member;
    if owners.iter().any(is_other) { Ok(()) } else { Err(Refusal::TeamLastOwner {}.into()) }
}

/// A member's part is the team's from the next settlement on.
async fn give_up_part(
    app: &App,
    tx: &mut Tx,
    (team, member): (AccountId, AccountId),
    by: Option<AccountId>,
) -> Result<()> {
    let percentages = percentages::current(tx, team).await?;
    if percentages.part(member) > 0 {
        percentages::set(tx, (team, &percentages.without(member)), (by, app.now())).await?;
    }
    Ok(())
}

/// Closes a team: nobody belongs to it any more, and its handle stays taken. Only owners do.
/// Refused while it controls works or has money, and while a month is settled.
pub async fn close(app: &App, actor: Actor, team: AccountId) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_role(tx, actor, (team, TeamRole::Owner)).await?;
            // A settlement under way may still credit it.
            if !unsettled::unsettled(tx).await?.is_empty() {
                return Err(Refusal::MoneyUnderWay {}.into());
            }
            if !is_empty(&app, tx, team).await? {
                return Err(Refusal::TeamNotEmpty {}.into());
            }
            claims::end_all(&app, tx, team).await?;
            notices::team_news(&app, tx, team, TeamNews::Closed).await?;
            teams::close(tx, team, app.now()).await?;
            app.log(tx, actor, "team.close", (team.to_string(), String::new())).await
        })
    })
    .await
}

/// Whether a team controls nothing and has nothing.
async fn is_empty(app: &App, tx: &mut Tx, team: AccountId) -> Result<bool> {
    let claims = stored::of_account(tx, team, (None, CLAIMS_MAX)).await?;
    if claims.iter().any(|claim| claim.life.state.stands())
        || !works::owned_by(tx, team, 1).await?.is_empty()
    {
        return Ok(false);
    }
    for currency in app.currencies() {
        for of in [LedgerAccount::wallet, LedgerAccount::earnings] {
            if ledger::balance(tx, of(team, *currency)).await?.total.amount != Micros::ZERO {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Who controls so many reaches controls works.
const CLAIMS_MAX: i64 = 1_000;
