//! Rows of grants and of the refresh tokens that came of them (O2, O4).

use jiff::Timestamp;
use obole_domain::AccountId;
use obole_domain::client::ClientId;
use obole_domain::grant::{GrantId, Refreshed};

use crate::db::{Read, Row, Tx, Value, sql};
use crate::error::StoreResult;
use crate::tokens;

/// A grant as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantRow {
    /// Its id.
    pub id: GrantId,
    /// Who allowed it.
    pub account: AccountId,
    /// Whom.
    pub client: ClientId,
    /// What, as one text.
    pub scopes: String,
    /// When.
    pub created_at: Timestamp,
    /// When it ends by itself.
    pub ends_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

fn grant_at(row: &Row<'_>) -> StoreResult<GrantRow> {
    Ok(GrantRow {
        id: row.get(0)?,
        account: row.get(1)?,
        client: row.get(2)?,
        scopes: row.get(3)?,
        created_at: row.get(4)?,
        ends_at: row.get(5)?,
        revoked_at: row.get(6)?,
    })
}

/// Stores a grant.
pub async fn insert(tx: &mut Tx, grant: &GrantRow) -> StoreResult<()> {
    let insert = sql("
        insert into oauth_grants (id, account, client, scopes, created_at, used_at, ends_at)
        values ($1, $2, $3, $4, $5, $5, $6)");
    let insert = insert.bind(grant.id).bind(grant.account).bind(grant.client);
    let insert = insert.bind(&grant.scopes).bind(grant.created_at).bind(grant.ends_at);
    insert.execute(tx).await.map(|_| ())
}

/// A grant, its row locked: who refreshes at the same time waits.
pub async fn find_locked(tx: &mut Tx, id: GrantId) -> StoreResult<Option<GrantRow>> {
    let select = sql("
        select id, account, client, scopes, created_at, ends_at, revoked_at from oauth_grants
        where id = $1");
    select.bind(id).locked().fetch_optional(tx, grant_at).await
}

/// Notes that tokens of a grant were handed out.
pub async fn touch(tx: &mut Tx, id: GrantId, now: Timestamp) -> StoreResult<()> {
    let update = sql("update oauth_grants set used_at = $2 where id = $1").bind(id).bind(now);
    update.execute(tx).await.map(|_| ())
}

/// Which standing grants are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// One.
    One(GrantId),
    /// All of an account.
    Of(AccountId),
    /// All of an account to a client.
    Between(AccountId, ClientId),
    /// All to a client.
    To(ClientId),
}

/// A grant that stands, or stood until now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub id: GrantId,
    /// To which client.
    pub client: ClientId,
    /// Whose client that is; nobody's where it is a program of Obole's own.
    pub owner: Option<AccountId>,
}

/// Names the columns of a [`Standing`].
macro_rules! select_standing {
    ($condition:literal) => {
        sql(concat!(
            "
            select g.id, g.client, c.owner from oauth_grants g
            join oauth_clients c on c.id = g.client
            where g.revoked_at is null and ",
            $condition,
            "
            order by g.created_at, g.id"
        ))
    };
}

/// Standing grants, oldest first.
pub async fn standing(read: &mut Read, which: Which) -> StoreResult<Vec<Standing>> {
    let select = match which {
        Which::One(id) => select_standing!("g.id = $1").bind(id),
        Which::Of(account) => select_standing!("g.account = $1").bind(account),
        Which::Between(account, client) => {
            select_standing!("g.account = $1 and g.client = $2").bind(account).bind(client)
        }
        Which::To(client) => select_standing!("g.client = $1").bind(client),
    };
    let rows = select.fetch_all(read, |row| {
        Ok(Standing { id: row.get(0)?, client: row.get(1)?, owner: row.get(2)? })
    });
    rows.await
}

/// Ends grants with all tokens that came of them, and gives those that stood.
pub async fn revoke(tx: &mut Tx, which: Which, now: Timestamp) -> StoreResult<Vec<Standing>> {
    let ended = standing(tx, which).await?;
    let mut ids: Vec<GrantId> = ended.iter().map(|one| one.id).collect();
    revoke_each(tx, &mut ids, now).await?;
    Ok(ended)
}

/// Ends these grants, in the order of their ids (D6).
pub async fn revoke_each(tx: &mut Tx, ids: &mut [GrantId], now: Timestamp) -> StoreResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    ids.sort_unstable();
    let rows: Vec<Vec<Value>> = ids.iter().map(|id| vec![now.into(), (*id).into()]).collect();
    let update =
        sql("update oauth_grants set revoked_at = $1 where id = $2 and revoked_at is null");
    update.execute_many(tx, &rows).await?;
    tokens::revoke_of(tx, ids, now).await
}

/// A standing grant as its account sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// To which client.
    pub client: ClientId,
    /// What that is called.
    pub name: String,
    /// What it allows, as one text.
    pub scopes: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When tokens of it were last handed out or used.
    pub used_at: Timestamp,
}

/// An account's standing grants, by client.
pub async fn of(read: &mut Read, account: AccountId, now: Timestamp) -> StoreResult<Vec<Granted>> {
    let select = sql("
        select c.id, c.name, g.scopes, g.created_at, g.used_at,
            (select max(t.used_at) from tokens t where t.of_grant = g.id)
        from oauth_grants g
        join oauth_clients c on c.id = g.client
        where g.account = $1 and g.revoked_at is null and g.ends_at > $2
        order by c.name, c.id, g.created_at");
    let rows = select.bind(account).bind(now).fetch_all(read, |row| {
        let (handed_out, used): (Timestamp, Option<Timestamp>) = (row.get(4)?, row.get(5)?);
        Ok(Granted {
            client: row.get(0)?,
            name: row.get(1)?,
            scopes: row.get(2)?,
            created_at: row.get(3)?,
            used_at: used.map_or(handed_out, |used| used.max(handed_out)),
        })
    });
    rows.await
}

/// Stores a refresh token.
pub async fn insert_refresh(
    tx: &mut Tx,
    hash: [u8; 32],
    grant: GrantId,
    now: Timestamp,
) -> StoreResult<()> {
    let insert = sql("
        insert into oauth_refreshes (hash, of_grant, made_at, is_spent)
        values ($1, $2, $3, $4)");
    insert.bind(hash).bind(grant).bind(now).bind(false).execute(tx).await.map(|_| ())
}

/// The grant of a refresh token.
pub async fn grant_of(read: &mut Read, hash: [u8; 32]) -> StoreResult<Option<GrantId>> {
    let select = sql("select of_grant from oauth_refreshes where hash = $1");
    select.bind(hash).fetch_optional(read, |row| row.get(0)).await
}

/// What is known of a refresh token, and which one took its place. Its grant's row is locked.
pub async fn refreshed(
    tx: &mut Tx,
    hash: [u8; 32],
) -> StoreResult<Option<(Refreshed, Option<[u8; 32]>)>> {
    let select = sql("
        select r.used_at, r.is_spent, f.used_at, r.follower
        from oauth_refreshes r
        left join oauth_refreshes f on f.hash = r.follower
        where r.hash = $1");
    let row = select.bind(hash).fetch_optional(tx, |row| {
        let followed: Option<Timestamp> = row.get(2)?;
        let refreshed = Refreshed {
            used_at: row.get(0)?,
            is_spent: row.get(1)?,
            is_followed: followed.is_some(),
        };
        Ok((refreshed, row.get(3)?))
    });
    row.await
}

/// Notes that a refresh token was used, and what took its place.
pub async fn use_refresh(
    tx: &mut Tx,
    hash: [u8; 32],
    follower: [u8; 32],
    now: Timestamp,
) -> StoreResult<()> {
    let update = sql("
        update oauth_refreshes set used_at = coalesce(used_at, $3), follower = $2
        where hash = $1");
    update.bind(hash).bind(follower).bind(now).execute(tx).await.map(|_| ())
}

/// Notes that a refresh token is good for nothing any more.
pub async fn spend_refresh(tx: &mut Tx, hash: [u8; 32]) -> StoreResult<()> {
    let update = sql("update oauth_refreshes set is_spent = $2 where hash = $1");
    update.bind(hash).bind(true).execute(tx).await.map(|_| ())
}

/// Forgets grants that ended by themselves or were revoked before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    let refreshes = sql("
        delete from oauth_refreshes where of_grant in (
            select id from oauth_grants where ends_at < $1 or revoked_at < $1)");
    refreshes.bind(before).execute(tx).await?;
    let grants = sql("delete from oauth_grants where ends_at < $1 or revoked_at < $1");
    grants.bind(before).execute(tx).await
}
