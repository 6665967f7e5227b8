//! Invitations to a team: to whom, in which role, by a link that is stored as a hash.

use jiff::Timestamp;
use obole_domain::{AccountId, Handle, TeamInvitationId, TeamRole};

use crate::db::{Read, Row, Tx, sql};
use crate::error::{StoreError, StoreResult};

/// An invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TeamInvitationRow {
    /// Its id.
    pub id: TeamInvitationId,
    /// To which team.
    pub team: AccountId,
    /// Where it was sent; empty where it is an account's own address, which is nobody's to see.
    pub email: String,
    /// The account that is meant, where it is one, and its public name.
    pub account: Option<(AccountId, Handle)>,
    /// In which role.
    pub role: TeamRole,
    /// Who invited; none where that account is gone.
    pub by: Option<AccountId>,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be answered.
    pub expires_at: Timestamp,
}

fn invitation_at(row: &Row<'_>) -> StoreResult<TeamInvitationRow> {
    let role: String = row.get(3)?;
    Ok(TeamInvitationRow {
        id: row.get(0)?,
        team: row.get(1)?,
        email: row.get(2)?,
        account: row.get::<Option<AccountId>>(7)?.zip(row.get(8)?),
        role: TeamRole::from_code(&role)
            .ok_or_else(|| StoreError::Corrupt("team_invitations.role".to_owned()))?,
        by: row.get(4)?,
        created_at: row.get(5)?,
        expires_at: row.get(6)?,
    })
}

/// Makes an invitation. One to the same address or account that still waits ends with it.
pub async fn insert(tx: &mut Tx, new: &TeamInvitationRow, link_hash: [u8; 32]) -> StoreResult<()> {
    let account = new.account.as_ref().map(|(account, _)| *account);
    let ended = sql("
        update team_invitations set ended_at = $4, email = ''
        where team = $1 and ended_at is null
            and ((email = $2 and email <> '') or account = cast($3 as uuid))");
    let ended = ended.bind(new.team).bind(new.email.as_str()).bind(account);
    ended.bind(new.created_at).execute(tx).await?;
    let insert = sql("
        insert into team_invitations (id, team, email, account, role, link_hash, invited_by,
            created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    let insert = insert.bind(new.id).bind(new.team).bind(new.email.as_str()).bind(account);
    let insert = insert.bind(new.role.code()).bind(link_hash).bind(new.by);
    insert.bind(new.created_at).bind(new.expires_at).execute(tx).await.map(|_| ())
}

/// The invitations of a team that can be answered, the newest first.
pub async fn open(
    read: &mut Read,
    (team, now): (AccountId, Timestamp),
    limit: i64,
) -> StoreResult<Vec<TeamInvitationRow>> {
    let select = sql("
        select i.id, i.team, i.email, i.role, i.invited_by, i.created_at, i.expires_at, i.account,
            a.handle
        from team_invitations i left join accounts a on a.id = i.account
        where i.team = $1 and i.ended_at is null and i.expires_at > $2
        order by i.created_at desc, i.id
        limit $3");
    select.bind(team).bind(now).bind(limit).fetch_all(read, invitation_at).await
}

/// The invitation of a link that can be answered.
pub async fn find_open(
    read: &mut Read,
    link_hash: [u8; 32],
    now: Timestamp,
) -> StoreResult<Option<TeamInvitationRow>> {
    let select = sql("
        select i.id, i.team, i.email, i.role, i.invited_by, i.created_at, i.expires_at, i.account,
            a.handle
        from team_invitations i join teams t on t.account = i.team
            left join accounts a on a.id = i.account
        where i.link_hash = $1 and i.ended_at is null and i.expires_at > $2
            and t.closed_at is null");
    select.bind(link_hash).bind(now).fetch_optional(read, invitation_at).await
}

/// Ends an invitation, with who accepted it. True once, however many try.
pub async fn end(
    tx: &mut Tx,
    id: TeamInvitationId,
    (accepted_by, now): (Option<AccountId>, Timestamp),
) -> StoreResult<bool> {
    let update = sql("
        update team_invitations set ended_at = $3, accepted_by = $2, email = ''
        where id = $1 and ended_at is null");
    Ok(update.bind(id).bind(accepted_by).bind(now).execute(tx).await? == 1)
}

/// Ends an open invitation of a team. False where there is none.
pub async fn withdraw(
    tx: &mut Tx,
    (team, id): (AccountId, TeamInvitationId),
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update team_invitations set ended_at = $3, email = ''
        where id = $2 and team = $1 and ended_at is null");
    Ok(update.bind(team).bind(id).bind(now).execute(tx).await? == 1)
}

/// Forgets the invitations that ended, or could not be answered any more, before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    let delete = sql("
        delete from team_invitations where ended_at < $1 or expires_at < $1");
    delete.bind(before).execute(tx).await
}
