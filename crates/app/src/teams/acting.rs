//! Who acts for whom: a person for themselves, and for the teams whose owner or keeper they are.

use obole_domain::{AccountId, TeamRole};
use obole_store::teams::{self, TeamRow};
use obole_store::{Read, Tx};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};

/// An account that a person acts for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acting {
    /// Which.
    pub account: AccountId,
    /// The team; none for the person themselves.
    pub team: Option<TeamRow>,
}

/// The accounts that a person acts for: their own first, then teams by handle.
pub async fn acting(app: &App, person: AccountId) -> Result<Vec<Acting>> {
    let teams = app.read((), move |read, ()| {
        Box::pin(async move { Ok(teams::of_account(read, person).await?) })
    });
    let teams = teams.await?.into_iter().filter(|(_, role)| role.may(TeamRole::Keeper));
    let teams = teams.map(|(team, _)| Acting { account: team.account, team: Some(team) });
    Ok([Acting { account: person, team: None }].into_iter().chain(teams).collect())
}

/// Whether a person acts for an account.
pub async fn may_act(app: &App, person: AccountId, account: AccountId) -> Result<bool> {
    if person == account {
        return Ok(true);
    }
    app.read((), move |read, ()| Box::pin(async move { acts(read, person, account).await })).await
}

/// Whether a person acts for an account.
pub(crate) async fn acts(read: &mut Read, person: AccountId, account: AccountId) -> Result<bool> {
    if person == account {
        return Ok(true);
    }
    let role = teams::role(read, account, person).await?;
    Ok(role.is_some_and(|role| role.may(TeamRole::Keeper)))
}

/// Refuses where the acting account does not act for another one, as if that were not there.
pub(crate) async fn require_act(tx: &mut Tx, actor: Actor, account: AccountId) -> Result<()> {
    let person = actor.account().ok_or(Error::Forbidden)?;
    if acts(tx, person, account).await? { Ok(()) } else { Err(Error::NotFound) }
}

/// A team that nobody else changes until the transaction ends. Refused where the acting account
/// has less than the needed role; to strangers the team is not there.
pub(crate) async fn require_role(
    tx: &mut Tx,
    actor: Actor,
    (team, needed): (AccountId, TeamRole),
) -> Result<(TeamRow, AccountId)> {
    let person = actor.account().ok_or(Error::Forbidden)?;
    let found = teams::find_locked(tx, team).await?.ok_or(Error::NotFound)?;
    let role = teams::role(tx, team, person).await?.ok_or(Error::NotFound)?;
    if role.may(needed) { Ok((found, person)) } else { Err(Error::Forbidden) }
}
