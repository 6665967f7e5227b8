//! Teams' rows: the accounts that nobody signs in to, who belongs to them, in which role.

pub mod invitations;
pub mod percentages;

use jiff::Timestamp;
use obole_domain::{AccountId, Handle, TeamRole};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

/// A team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRow {
    /// Its account.
    pub account: AccountId,
    /// Its public name.
    pub handle: Handle,
    /// What it calls itself; empty where it says nothing.
    pub name: String,
    /// Whether every member sees what every other one received.
    pub is_open: bool,
    /// When it was founded.
    pub created_at: Timestamp,
    /// When its last owner closed it.
    pub closed_at: Option<Timestamp>,
}

impl TeamRow {
    /// What it calls itself, or its handle.
    #[must_use]
    pub fn shown_name(&self) -> &str {
        if self.name.is_empty() { self.handle.as_str() } else { &self.name }
    }
}

fn team_at(row: &Row<'_>) -> StoreResult<TeamRow> {
    Ok(TeamRow {
        account: row.get(0)?,
        handle: row.get(1)?,
        name: row.get(2)?,
        is_open: row.get(3)?,
        created_at: row.get(4)?,
        closed_at: row.get(5)?,
    })
}

/// A member of a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamRoleRow {
    /// Who.
    pub account: AccountId,
    /// Their public name.
    pub handle: Handle,
    /// What they call themselves; empty where they say nothing.
    pub name: String,
    /// What they may do.
    pub role: TeamRole,
    /// Since when they belong to it.
    pub since: Timestamp,
}

fn role_at(row: &Row<'_>, place: usize) -> StoreResult<TeamRole> {
    let code: String = row.get(place)?;
    TeamRole::from_code(&code).ok_or_else(|| StoreError::Corrupt("team_roles.role".to_owned()))
}

/// Makes an account a team.
pub async fn create(tx: &mut Tx, team: AccountId, by: (AccountId, Timestamp)) -> StoreResult<()> {
    let insert = sql("
        insert into teams (account, is_open, founded_by, created_at) values ($1, $2, $3, $4)");
    insert.bind(team).bind(false).bind(by.0).bind(by.1).execute(tx).await.map(|_| ())
}

/// The team of an account that is one.
pub async fn find(read: &mut Read, team: AccountId) -> StoreResult<Option<TeamRow>> {
    let select = sql("
        select t.account, a.handle, a.name, t.is_open, t.created_at, t.closed_at
        from teams t join accounts a on a.id = t.account
        where t.account = $1");
    select.bind(team).fetch_optional(read, team_at).await
}

/// The same, which nobody else changes until the transaction ends.
pub async fn find_locked(tx: &mut Tx, team: AccountId) -> StoreResult<Option<TeamRow>> {
    let lock = sql("select account from teams where account = $1").bind(team).locked();
    let found = lock.fetch_optional(tx, |row| row.get::<AccountId>(0)).await?;
    if found.is_none() {
        return Ok(None);
    }
    find(tx, team).await
}

/// The team of a handle.
pub async fn find_by_handle(read: &mut Read, handle: &Handle) -> StoreResult<Option<TeamRow>> {
    let select = sql("
        select t.account, a.handle, a.name, t.is_open, t.created_at, t.closed_at
        from teams t join accounts a on a.id = t.account
        where a.handle = $1");
    select.bind(handle).fetch_optional(read, team_at).await
}

/// The open teams that an account belongs to, with its role in each, by handle.
pub async fn of_account(
    read: &mut Read,
    account: AccountId,
) -> StoreResult<Vec<(TeamRow, TeamRole)>> {
    let select = sql("
        select t.account, a.handle, a.name, t.is_open, t.created_at, t.closed_at, m.role
        from team_roles m
            join teams t on t.account = m.team
            join accounts a on a.id = t.account
        where m.account = $1 and t.closed_at is null
        order by a.handle");
    let rows = select.bind(account);
    rows.fetch_all(read, |row| Ok((team_at(row)?, role_at(row, 6)?))).await
}

/// How many open teams an account founded.
pub async fn count_founded(read: &mut Read, account: AccountId) -> StoreResult<i64> {
    let select = sql("
        select count(*) from teams
        where founded_by = $1 and closed_at is null");
    select.bind(account).fetch_one(read, |row| row.get(0)).await
}

/// The members of a team, the most powerful first, then by handle.
pub async fn members(read: &mut Read, team: AccountId) -> StoreResult<Vec<TeamRoleRow>> {
    let select = sql("
        select m.account, a.handle, a.name, m.role, m.since
        from team_roles m join accounts a on a.id = m.account
        where m.team = $1
        order by a.handle");
    let rows = select.bind(team).fetch_all(read, |row| {
        Ok(TeamRoleRow {
            account: row.get(0)?,
            handle: row.get(1)?,
            name: row.get(2)?,
            role: role_at(row, 3)?,
            since: row.get(4)?,
        })
    });
    let mut rows = rows.await?;
    rows.sort_by_key(|member| member.role);
    Ok(rows)
}

/// A member's role; none where an account does not belong to a team, or where that is closed.
pub async fn role(
    read: &mut Read,
    team: AccountId,
    account: AccountId,
) -> StoreResult<Option<TeamRole>> {
    let select = sql("
        select m.role from team_roles m join teams t on t.account = m.team
        where m.team = $1 and m.account = $2 and t.closed_at is null");
    let select = select.bind(team).bind(account);
    select.fetch_optional(read, |row| role_at(row, 0)).await
}

/// Lets an account belong to a team, or gives it another role.
pub async fn set_member(
    tx: &mut Tx,
    (team, account): (AccountId, AccountId),
    (role, now): (TeamRole, Timestamp),
) -> StoreResult<()> {
    let upsert = sql("
        insert into team_roles (team, account, role, since) values ($1, $2, $3, $4)
        on conflict (team, account) do update set role = excluded.role");
    let upsert = upsert.bind(team).bind(account).bind(role.code()).bind(now);
    upsert.execute(tx).await.map(|_| ())
}

/// Ends a membership. False where there is none.
pub async fn remove_member(tx: &mut Tx, team: AccountId, account: AccountId) -> StoreResult<bool> {
    let delete = sql("delete from team_roles where team = $1 and account = $2");
    Ok(delete.bind(team).bind(account).execute(tx).await? == 1)
}

/// Lets every member see what every other one received, or not.
pub async fn set_open(tx: &mut Tx, team: AccountId, is_open: bool) -> StoreResult<()> {
    let update = sql("update teams set is_open = $2 where account = $1");
    update.bind(team).bind(is_open).execute(tx).await.map(|_| ())
}

/// Closes a team: nobody belongs to it any more.
pub async fn close(tx: &mut Tx, team: AccountId, now: Timestamp) -> StoreResult<()> {
    let update = sql("update teams set closed_at = $2 where account = $1 and closed_at is null");
    update.bind(team).bind(now).execute(tx).await?;
    let members = sql("delete from team_roles where team = $1").bind(team);
    members.execute(tx).await.map(|_| ())
}

/// The open teams whose only owner an account is.
pub async fn owned_alone(read: &mut Read, account: AccountId) -> StoreResult<Vec<AccountId>> {
    let select = sql("
        select m.team from team_roles m join teams t on t.account = m.team
        where m.account = $1 and m.role = 'owner' and t.closed_at is null and not exists (
            select 1 from team_roles other
            where other.team = m.team and other.role = 'owner' and other.account <> m.account)
        order by m.team");
    select.bind(account).fetch_all(read, |row| row.get(0)).await
}
