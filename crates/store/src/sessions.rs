//! Sessions' rows: a browser's sign-in under the hash of its secret (W1).

use jiff::Timestamp;
use obole_domain::AccountId;
use obole_domain::account::SessionId;

use crate::accounts::AccountRow;
use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;

/// A session as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub account: AccountId,
    /// Which browser, as its owner will recognise it.
    pub browser: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was last used.
    pub seen_at: Timestamp,
    /// When its owner last proved that it is them (W3).
    pub proved_at: Timestamp,
    /// When it ends however much it is used.
    pub ends_at: Timestamp,
}

fn session_at(row: &Row<'_>) -> StoreResult<SessionRow> {
    Ok(SessionRow {
        id: row.get(0)?,
        account: row.get(1)?,
        browser: row.get(2)?,
        created_at: row.get(3)?,
        seen_at: row.get(4)?,
        proved_at: row.get(5)?,
        ends_at: row.get(6)?,
    })
}

/// Begins a session.
pub async fn insert(tx: &mut Tx, hash: [u8; 32], session: &SessionRow) -> StoreResult<()> {
    let insert = sql("
        insert into sessions (hash, id, account, browser, created_at, seen_at, proved_at, ends_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)");
    let insert = insert.bind(hash).bind(session.id).bind(session.account).bind(&session.browser);
    let insert = insert.bind(session.created_at).bind(session.seen_at).bind(session.proved_at);
    insert.bind(session.ends_at).execute(tx).await.map(|_| ())
}

/// The session of a secret's hash, with its account. Whether it has ended is the caller's to see.
pub async fn find(
    read: &mut Read,
    hash: [u8; 32],
) -> StoreResult<Option<(SessionRow, AccountRow)>> {
    let select = sql("
        select id, account, browser, created_at, seen_at, proved_at, ends_at from sessions
        where hash = $1");
    let Some(session) = select.bind(hash).fetch_optional(read, session_at).await? else {
        return Ok(None);
    };
    let account = crate::accounts::find(read, session.account).await?;
    Ok(account.map(|account| (session, account)))
}

/// Notes that a session was used.
pub async fn touch(tx: &mut Tx, hash: [u8; 32], now: Timestamp) -> StoreResult<()> {
    let update = sql("update sessions set seen_at = $2 where hash = $1 and seen_at < $2");
    update.bind(hash).bind(now).execute(tx).await.map(|_| ())
}

/// Notes that a session's owner proved that it is them.
pub async fn prove(tx: &mut Tx, hash: [u8; 32], now: Timestamp) -> StoreResult<()> {
    let update = sql("update sessions set proved_at = $2, seen_at = $2 where hash = $1");
    update.bind(hash).bind(now).execute(tx).await.map(|_| ())
}

/// Ends the session of a secret's hash.
pub async fn remove(tx: &mut Tx, hash: [u8; 32]) -> StoreResult<()> {
    sql("delete from sessions where hash = $1").bind(hash).execute(tx).await.map(|_| ())
}

/// Ends one of an account's sessions, and says whether there was one.
pub async fn remove_of(tx: &mut Tx, account: AccountId, id: SessionId) -> StoreResult<bool> {
    let delete = sql("delete from sessions where account = $1 and id = $2").bind(account).bind(id);
    Ok(delete.execute(tx).await? == 1)
}

/// Ends all sessions of an account but one.
pub async fn remove_others(tx: &mut Tx, account: AccountId, id: SessionId) -> StoreResult<u64> {
    let delete = sql("delete from sessions where account = $1 and id <> $2");
    delete.bind(account).bind(id).execute(tx).await
}

/// Ends all sessions of an account.
pub async fn remove_all(tx: &mut Tx, account: AccountId) -> StoreResult<u64> {
    sql("delete from sessions where account = $1").bind(account).execute(tx).await
}

/// Ends every session there is.
pub async fn end_all(tx: &mut Tx) -> StoreResult<u64> {
    sql("delete from sessions").execute(tx).await
}

/// An account's sessions, the last used first.
pub async fn of(read: &mut Read, account: AccountId) -> StoreResult<Vec<SessionRow>> {
    let select = sql("
        select id, account, browser, created_at, seen_at, proved_at, ends_at from sessions
        where account = $1
        order by seen_at desc, id");
    select.bind(account).fetch_all(read, session_at).await
}

/// Forgets the sessions that ended before a moment, or were last used before another.
pub async fn forget(tx: &mut Tx, ended: Timestamp, unseen: Timestamp) -> StoreResult<u64> {
    let delete = sql("delete from sessions where ends_at < $1 or seen_at < $2");
    delete.bind(ended).bind(unseen).execute(tx).await
}
