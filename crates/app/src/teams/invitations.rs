//! Invitations to a team: by mail, to an address or to an account's own; answered once.

use jiff::{SignedDuration, Timestamp};
use obole_domain::team::{MEMBERS_MAX, TEAM_INVITATION_DAYS};
use obole_domain::{AccountId, EmailAddress, Handle, Refusal, TeamInvitationId, TeamRole};
use obole_language::Language;
use obole_store::teams::invitations::{self, TeamInvitationRow};
use obole_store::teams::{self, TeamRow};
use obole_store::{Tx, accounts};

use crate::app::App;
use crate::audit_log::Actor;
use crate::confirmations::limit_mails;
use crate::error::{Error, Result};
use crate::limits;
use crate::mails::{self, Mail, Recipient};
use crate::notices::{self, TeamNews};
use crate::secrets::{digest, hex};

use super::require_role;

/// Whom to invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// Whoever reads this address.
    Email(EmailAddress),
    /// An account, at its own address.
    Handle(Handle),
}

impl To {
    /// Reads `@handle`, or an address.
    pub fn parse(typed: &str) -> std::result::Result<Self, Refusal> {
        match typed.trim().strip_prefix('@') {
            Some(handle) => Handle::parse(handle).map(Self::Handle),
            None => EmailAddress::parse(typed).map(Self::Email),
        }
    }
}

/// Invites somebody to a team, in a role. Only its owners do.
///
/// Refused for an account that nobody has or that belongs to the team, where it has
/// [`MEMBERS_MAX`] members and invited ones, over the limits of a day and of mails to the address.
pub async fn invite(
    app: &App,
    actor: Actor,
    team: AccountId,
    (to, role): (To, TeamRole),
) -> Result<()> {
    let person = actor.account().ok_or(Error::Forbidden)?;
    app.limit(limits::INVITE, person).await?;
    let (email, account) = address(app, to).await?;
    limit_mails(app, &email).await?;
    let link = hex(&app.chance().bytes::<32>());
    let handle = app.clone();
    app.write((email, account, link), move |tx, (email, account, link)| {
        let app = handle.clone();
        Box::pin(async move {
            let (found, _) = require_role(tx, actor, (team, TeamRole::Owner)).await?;
            let new = drawn(&app, (team, person), (email, account), role);
            refuse_full(tx, &new, app.now()).await?;
            invitations::insert(tx, &new, digest(link.as_bytes())).await?;
            send(&app, tx, (&found, person), (email, &new, link)).await?;
            let what = (team.to_string(), format!("{} as {}", new.id, role.code()));
            app.log(tx, actor, "team.invite", what).await
        })
    })
    .await
}

/// An account that is meant, and its public name.
type Meant = Option<(AccountId, Handle)>;

/// Where an invitation goes, and to which account where it is meant for one.
async fn address(app: &App, to: To) -> Result<(EmailAddress, Meant)> {
    let handle = match to {
        To::Email(email) => return Ok((email, None)),
        To::Handle(handle) => handle,
    };
    let found = app.read(handle, |read, handle| {
        Box::pin(async move { Ok(accounts::find_by_handle(read, handle).await?) })
    });
    let found = found.await?.filter(|row| row.email_confirmed_at.is_some());
    let row = found.ok_or(Refusal::AccountUnknown {})?;
    Ok((row.email, Some((row.id, row.handle))))
}

fn drawn(
    app: &App,
    (team, by): (AccountId, AccountId),
    (email, account): (&EmailAddress, &Meant),
    role: TeamRole,
) -> TeamInvitationRow {
    let now = app.now();
    let lasts = SignedDuration::from_hours(24 * TEAM_INVITATION_DAYS);
    TeamInvitationRow {
        id: TeamInvitationId::new(app.chance().id(now)),
        team,
        // The address of an account is its own to tell.
        email: if account.is_some() { String::new() } else { email.as_str().to_owned() },
        account: account.clone(),
        role,
        by: Some(by),
        created_at: now,
        expires_at: now.saturating_add(lasts).unwrap_or(Timestamp::MAX),
    }
}

async fn refuse_full(tx: &mut Tx, new: &TeamInvitationRow, now: Timestamp) -> Result<()> {
    let (team, meant) = (new.team, new.account.as_ref().map(|(account, _)| *account));
    let members = teams::members(tx, team).await?;
    if members.iter().any(|member| Some(member.account) == meant) {
        return Err(Refusal::TeamMemberAlready {}.into());
    }
    let invited = invitations::open(tx, (team, now), MEMBERS_MAX).await?;
    let count = i64::try_from(members.len() + invited.len()).unwrap_or(i64::MAX);
    if count >= MEMBERS_MAX {
        return Err(Refusal::TeamMembersFull { limit: MEMBERS_MAX }.into());
    }
    Ok(())
}

async fn send(
    app: &App,
    tx: &mut Tx,
    (team, by): (&TeamRow, AccountId),
    (email, new, link): (&EmailAddress, &TeamInvitationRow, &str),
) -> Result<()> {
    let by = accounts::find(tx, by).await?.ok_or(Error::NotFound)?;
    let reader = match &new.account {
        Some((account, _)) => accounts::find(tx, *account).await?.map(|row| Recipient::of(&row)),
        None => None,
    };
    let language = Language::from_code(&by.language).unwrap_or(Language::English);
    let to = reader.unwrap_or(Recipient { account: None, email: email.clone(), language });
    let mail = Mail::TeamInvited {
        handle: by.handle.to_string(),
        team: team.handle.to_string(),
        role: new.role.code().to_owned(),
        link: mails::address(app, &format!("/team-invitation/{link}")),
        days: TEAM_INVITATION_DAYS.to_string(),
    };
    mails::queue(tx, app, &to, &mail).await.map(|_| ())
}

/// What an invitation asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The team.
    pub team: TeamRow,
    /// In which role.
    pub role: TeamRole,
    /// Who invited; none where that account is gone.
    pub by: Option<Handle>,
}

/// What the invitation of a link asks. It consumes nothing. None where it cannot be answered.
pub async fn ask(app: &App, link: &str) -> Result<Option<Asked>> {
    let now = app.now();
    app.read(digest(link.as_bytes()), move |read, hash| {
        Box::pin(async move {
            let found = invitations::find_open(read, *hash, now).await?;
            let Some(found) = found else { return Ok(None) };
            let team = teams::find(read, found.team).await?.ok_or(Error::NotFound)?;
            let by = match found.by {
                Some(by) => accounts::find(read, by).await?.map(|row| row.handle),
                None => None,
            };
            Ok(Some(Asked { team, role: found.role, by }))
        })
    })
    .await
}

/// Accepts or declines the invitation of a link; gives the team. Whoever has the link answers it,
/// with the account that they are signed in with. All members are told of a new one.
///
/// Refused for a link that was used, taken back or is too old, without a confirmed address, and
/// for a member.
pub async fn answer(app: &App, actor: Actor, link: &str, accepts: bool) -> Result<TeamRow> {
    let person = actor.account().ok_or(Error::Forbidden)?;
    let handle = app.clone();
    app.write(digest(link.as_bytes()), move |tx, hash| {
        let app = handle.clone();
        Box::pin(async move {
            let found = invitations::find_open(tx, *hash, app.now()).await?;
            let found = found.ok_or(Refusal::TeamInvitationUnusable {})?;
            let team = teams::find_locked(tx, found.team).await?.ok_or(Error::NotFound)?;
            let accepted_by = accepts.then_some(person);
            if !invitations::end(tx, found.id, (accepted_by, app.now())).await? {
                return Err(Refusal::TeamInvitationUnusable {}.into());
            }
            if accepts {
                join(&app, tx, (person, &found)).await?;
            }
            let action = if accepts { "team.join" } else { "team.decline" };
            let what = (found.team.to_string(), found.id.to_string());
            app.log(tx, actor, action, what).await?;
            Ok(team)
        })
    })
    .await
}

async fn join(
    app: &App,
    tx: &mut Tx,
    (person, found): (AccountId, &TeamInvitationRow),
) -> Result<()> {
    let row = accounts::find(tx, person).await?.ok_or(Error::NotFound)?;
    if row.email_confirmed_at.is_none() {
        return Err(Refusal::EmailUnconfirmed {}.into());
    }
    if teams::role(tx, found.team, person).await?.is_some() {
        return Err(Refusal::TeamMemberAlready {}.into());
    }
    teams::set_member(tx, (found.team, person), (found.role, app.now())).await?;
    let news = TeamNews::Joined { who: &row.handle, role: found.role };
    notices::team_news(app, tx, found.team, news).await
}

/// Takes an invitation back. Only the team's owners do. Refused where it was answered.
pub async fn withdraw(
    app: &App,
    actor: Actor,
    team: AccountId,
    id: TeamInvitationId,
) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_role(tx, actor, (team, TeamRole::Owner)).await?;
            if !invitations::withdraw(tx, (team, id), app.now()).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            let what = (team.to_string(), id.to_string());
            app.log(tx, actor, "team.withdraw", what).await
        })
    })
    .await
}
