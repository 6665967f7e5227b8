//! Invitations' rows: by whom, for how long, who came. The code itself is stored nowhere, only a
//! keyed hash of it.

use jiff::Timestamp;
use obole_domain::{AccountId, EmailAddress, Handle, InvitationId};

use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;

/// An invitation that is made.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// Its id.
    pub id: InvitationId,
    /// Who invites; none: the instance itself.
    pub account: Option<AccountId>,
    /// The keyed hash of its code.
    pub code_hash: [u8; 32],
    /// Where it is sent, if it is.
    pub email: Option<EmailAddress>,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
}

/// An invitation as its maker sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitationRow {
    /// Its id.
    pub id: InvitationId,
    /// Where it was sent; empty where it was not, and once it has ended.
    pub email: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it can be used.
    pub expires_at: Timestamp,
    /// When somebody came with it.
    pub used_at: Option<Timestamp>,
    /// Who came.
    pub came: Option<Handle>,
    /// When its maker took it back.
    pub withdrawn_at: Option<Timestamp>,
}

fn invitation_at(row: &Row<'_>) -> StoreResult<InvitationRow> {
    Ok(InvitationRow {
        id: row.get(0)?,
        email: row.get(1)?,
        created_at: row.get(2)?,
        expires_at: row.get(3)?,
        used_at: row.get(4)?,
        came: row.get(5)?,
        withdrawn_at: row.get(6)?,
    })
}

/// Makes an invitation.
pub async fn insert(tx: &mut Tx, new: &NewInvitation) -> StoreResult<()> {
    let insert = sql("
        insert into invitations (id, account, code_hash, email, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6)");
    let email = new.email.as_ref().map_or("", EmailAddress::as_str);
    let insert = insert.bind(new.id).bind(new.account).bind(new.code_hash).bind(email);
    insert.bind(new.created_at).bind(new.expires_at).execute(tx).await.map(|_| ())
}

/// The newest invitations of an account.
pub async fn of(
    read: &mut Read,
    account: AccountId,
    limit: i64,
) -> StoreResult<Vec<InvitationRow>> {
    let select = sql("
        select i.id, i.email, i.created_at, i.expires_at, i.used_at, a.handle, i.withdrawn_at
        from invitations i left join accounts a on a.id = i.used_by
        where i.account = $1
        order by i.created_at desc, i.id desc
        limit $2");
    select.bind(account).bind(limit).fetch_all(read, invitation_at).await
}

/// How many invitations of an account count: those that were used, and those that can be.
pub async fn count(read: &mut Read, account: AccountId, now: Timestamp) -> StoreResult<i64> {
    let select = sql("
        select count(*) from invitations
        where account = $1
            and (used_at is not null or (withdrawn_at is null and expires_at > $2))");
    select.bind(account).bind(now).fetch_one(read, |row| row.get(0)).await
}

/// An invitation that can be used now, by the hash of its code: who invites. Those of a suspended
/// account rest.
pub async fn find_open(
    read: &mut Read,
    code_hash: [u8; 32],
    now: Timestamp,
) -> StoreResult<Option<Option<AccountId>>> {
    let select = sql("
        select i.account from invitations i left join accounts a on a.id = i.account
        where i.code_hash = $1 and i.used_at is null and i.withdrawn_at is null
            and i.expires_at > $2 and a.suspended_at is null");
    select.bind(code_hash).bind(now).fetch_optional(read, |row| row.get(0)).await
}

/// Uses an invitation up. True once, however many try.
pub async fn use_up(
    tx: &mut Tx,
    code_hash: [u8; 32],
    by: AccountId,
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update invitations set used_at = $3, used_by = $2, email = ''
        where code_hash = $1 and used_at is null and withdrawn_at is null and expires_at > $3");
    Ok(update.bind(code_hash).bind(by).bind(now).execute(tx).await? == 1)
}

/// Takes an account's own invitation back. False when there is none that can still be used.
pub async fn withdraw(
    tx: &mut Tx,
    account: AccountId,
    id: InvitationId,
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update invitations set withdrawn_at = $3, email = ''
        where id = $2 and account = $1 and used_at is null and withdrawn_at is null
            and expires_at > $3");
    Ok(update.bind(account).bind(id).bind(now).execute(tx).await? == 1)
}

/// What an administrator gave an account more than the policy does; below zero where less.
pub async fn more(read: &mut Read, account: AccountId) -> StoreResult<i64> {
    let select = sql("select more from invitation_allowances where account = $1").bind(account);
    Ok(select.fetch_optional(read, |row| row.get(0)).await?.unwrap_or_default())
}

/// Sets what [`more`] gives.
pub async fn set_more(tx: &mut Tx, account: AccountId, more: i64) -> StoreResult<()> {
    let upsert = sql("
        insert into invitation_allowances (account, more) values ($1, $2)
        on conflict (account) do update set more = excluded.more");
    upsert.bind(account).bind(more).execute(tx).await.map(|_| ())
}

/// Somebody who came, and who had invited them; none: the instance itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    /// Who came.
    pub account: AccountId,
    /// The public name.
    pub handle: Handle,
    /// Who had invited them.
    pub by: Option<AccountId>,
    /// The public name of that account.
    pub by_handle: Option<Handle>,
    /// When.
    pub at: Timestamp,
}

fn came_at(row: &Row<'_>) -> StoreResult<Came> {
    Ok(Came {
        account: row.get(0)?,
        handle: row.get(1)?,
        by: row.get(2)?,
        by_handle: row.get(3)?,
        at: row.get(4)?,
    })
}

/// Those who came by invitation, the first first.
pub async fn came(read: &mut Read, limit: i64) -> StoreResult<Vec<Came>> {
    let select = sql("
        select i.used_by, a.handle, i.account, b.handle, i.used_at
        from invitations i
            join accounts a on a.id = i.used_by
            left join accounts b on b.id = i.account
        where i.used_at is not null
        order by i.used_at, i.id
        limit $1");
    select.bind(limit).fetch_all(read, came_at).await
}

/// Forgets the invitations that ended unused before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    let delete = sql("
        delete from invitations
        where used_at is null and (expires_at < $1 or withdrawn_at < $1)");
    delete.bind(before).execute(tx).await
}
