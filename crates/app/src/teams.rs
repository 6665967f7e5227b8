//! Teams: accounts that several people act for and share the money of (product.md section 2,
//! *payee*). Nobody signs in to a team; its members act for it by their roles.

mod acting;
mod invitations;
mod members;
mod money;
mod statements;

use obole_domain::click::clean_text;
use obole_domain::team::{FOUNDED_MAX, Percentages};
use obole_domain::{AccountId, EmailAddress, Handle, Refusal, TeamRole};
use obole_store::accounts::{self, AccountRow};
use obole_store::teams::invitations::{self as invited, TeamInvitationRow};
use obole_store::teams::percentages::{self, PercentagesRow};
use obole_store::teams::{self, TeamRoleRow, TeamRow};
use obole_store::works::{self, WorkRow};
use obole_store::{Read, Tx};

use crate::accounts::NAME_MAX;
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::wallets::{self, Holdings};

pub use acting::{Acting, acting, may_act};
pub(crate) use acting::{acts, require_act, require_role};
pub use invitations::{Asked, To, answer, ask, invite, withdraw};
pub use members::{close, leave, remove, set_role};
pub(crate) use members::{leave_all, refuse_last_owner};
pub use money::{set_open, set_percentages, share_kept};
pub use statements::{TeamPeriod, month, months};

/// The most works, invitations and sets of percentages that a team's page shows.
const SHOWN_MAX: i64 = 200;

/// A team as one of its members sees it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The team.
    pub team: TeamRow,
    /// What the reader may do.
    pub role: TeamRole,
    /// Who belongs to it, the most powerful first.
    pub members: Vec<TeamRoleRow>,
    /// What each receives.
    pub percentages: Percentages,
    /// What each received before, the newest first.
    pub history: Vec<PercentagesRow>,
    /// Who was invited and has not answered; only owners see it.
    pub invited: Vec<TeamInvitationRow>,
    /// The works that it controls, the newest first.
    pub works: Vec<WorkRow>,
    /// What it kept; only who sees all.
    pub kept: Vec<Holdings>,
}

impl Shown {
    /// Whether the reader sees what every member received: owners and keepers do, the others where
    /// the team is open.
    #[must_use]
    pub fn sees_all(&self) -> bool {
        self.team.is_open || self.role.may(TeamRole::Keeper)
    }
}

/// Founds a team, whose first owner the founder is.
///
/// Refused without a confirmed address, for a handle that is reserved or taken, and over
/// [`FOUNDED_MAX`] teams.
pub async fn found(app: &App, actor: Actor, handle: Handle, name: &str) -> Result<AccountId> {
    let founder = actor.account().ok_or(Error::Forbidden)?;
    let name = clean_text(name, NAME_MAX)?;
    if handle.is_reserved() {
        return Err(Refusal::HandleTaken {}.into());
    }
    let row = account_of(app, handle, name)?;
    let id = row.id;
    let clone = app.clone();
    app.write(row, move |tx, row| {
        let app = clone.clone();
        Box::pin(async move { found_in(&app, tx, (actor, founder), row).await })
    })
    .await?;
    Ok(id)
}

/// The account of a new team. Its address is one that no mail can reach (RFC 2606): what concerns
/// a team is told to its owners and keepers.
fn account_of(app: &App, handle: Handle, name: String) -> Result<AccountRow> {
    let now = app.now();
    let email = EmailAddress::parse(&format!("{handle}@teams.invalid"))?;
    Ok(AccountRow {
        id: AccountId::new(app.chance().id(now)),
        handle,
        name,
        email,
        email_confirmed_at: None,
        language: String::new(),
        is_admin: false,
        is_public: false,
        gives_unspent: false,
        keeps_details: false,
        suspended_at: None,
        created_at: now,
    })
}

async fn found_in(
    app: &App,
    tx: &mut Tx,
    (actor, founder): (Actor, AccountId),
    row: &AccountRow,
) -> Result<()> {
    // Whoever founds several at once waits here for the count of the others.
    let person = accounts::find_locked(tx, founder).await?.ok_or(Error::NotFound)?;
    if person.email_confirmed_at.is_none() {
        return Err(Refusal::EmailUnconfirmed {}.into());
    }
    if teams::count_founded(tx, founder).await? >= FOUNDED_MAX {
        return Err(Refusal::TeamsFull { limit: FOUNDED_MAX }.into());
    }
    if !accounts::insert(tx, accounts::NewAccount { row, password_hash: "" }).await? {
        return Err(Refusal::HandleTaken {}.into());
    }
    teams::create(tx, row.id, (founder, row.created_at)).await?;
    teams::set_member(tx, (row.id, founder), (TeamRole::Owner, row.created_at)).await?;
    app.log(tx, actor, "team.found", (row.id.to_string(), String::new())).await
}

/// The open teams of an account, with its role in each.
pub async fn mine(app: &App, account: AccountId) -> Result<Vec<(TeamRow, TeamRole)>> {
    app.read((), move |read, ()| {
        Box::pin(async move { Ok(teams::of_account(read, account).await?) })
    })
    .await
}

/// A team as a member sees it; none for everybody else.
pub async fn show(app: &App, account: AccountId, handle: Handle) -> Result<Option<Shown>> {
    let now = app.now();
    let found = app.read(handle, move |read, handle| {
        Box::pin(async move {
            let Some((team, role)) = seen(read, (account, handle)).await? else {
                return Ok(None);
            };
            let id = team.account;
            let invited = match role {
                TeamRole::Owner => invited::open(read, (id, now), SHOWN_MAX).await?,
                _ => Vec::new(),
            };
            Ok(Some(Shown {
                members: teams::members(read, id).await?,
                percentages: percentages::current(read, id).await?,
                history: percentages::history(read, id, SHOWN_MAX).await?,
                works: works::owned_by(read, id, SHOWN_MAX).await?,
                kept: Vec::new(),
                team,
                role,
                invited,
            }))
        })
    });
    let Some(shown) = found.await? else { return Ok(None) };
    if !shown.sees_all() {
        return Ok(Some(shown));
    }
    let kept = wallets::earnings(app, shown.team.account).await?;
    Ok(Some(Shown { kept, ..shown }))
}

async fn seen(
    read: &mut Read,
    (account, handle): (AccountId, &Handle),
) -> Result<Option<(TeamRow, TeamRole)>> {
    let Some(team) = teams::find_by_handle(read, handle).await? else { return Ok(None) };
    let role = teams::role(read, team.account, account).await?;
    Ok(role.map(|role| (team, role)))
}
