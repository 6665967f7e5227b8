//! Passkeys' rows: public keys of accounts, found by the name that the authenticator knows them by.

use jiff::Timestamp;
use obole_domain::AccountId;
use obole_domain::account::PasskeyId;

use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;

/// A passkey as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Its id.
    pub id: PasskeyId,
    /// Whose it is.
    pub account: AccountId,
    /// The name that the authenticator knows it by.
    pub credential: Vec<u8>,
    /// What its owner calls it.
    pub name: String,
    /// The public key with its counter and flags, in the words of who checks it.
    pub public_key: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
    /// When its counter went back; it opens nothing since.
    pub stopped_at: Option<Timestamp>,
}

fn passkey_at(row: &Row<'_>) -> StoreResult<PasskeyRow> {
    Ok(PasskeyRow {
        id: row.get(0)?,
        account: row.get(1)?,
        credential: row.get(2)?,
        name: row.get(3)?,
        public_key: row.get(4)?,
        created_at: row.get(5)?,
        used_at: row.get(6)?,
        stopped_at: row.get(7)?,
    })
}

/// Makes a passkey. False when its credential is known already.
pub async fn insert(tx: &mut Tx, new: &PasskeyRow) -> StoreResult<bool> {
    let insert = sql("
        insert into passkeys (id, account, credential, name, public_key, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (credential) do nothing");
    let insert = insert.bind(new.id).bind(new.account).bind(new.credential.clone());
    let insert = insert.bind(&new.name).bind(&new.public_key).bind(new.created_at);
    Ok(insert.execute(tx).await? == 1)
}

/// The passkey of a credential.
pub async fn find(read: &mut Read, credential: &[u8]) -> StoreResult<Option<PasskeyRow>> {
    let select = sql("
        select id, account, credential, name, public_key, created_at, used_at, stopped_at
        from passkeys
        where credential = $1");
    select.bind(credential.to_vec()).fetch_optional(read, passkey_at).await
}

/// An account's passkeys, the oldest first.
pub async fn of(read: &mut Read, account: AccountId) -> StoreResult<Vec<PasskeyRow>> {
    let select = sql("
        select id, account, credential, name, public_key, created_at, used_at, stopped_at
        from passkeys
        where account = $1
        order by created_at, id");
    select.bind(account).fetch_all(read, passkey_at).await
}

/// Notes a use: false when the key was used meanwhile, was stopped, or is gone. Keys that count
/// their uses are told by what was stored before.
pub async fn note_use(
    tx: &mut Tx,
    before: &PasskeyRow,
    public_key: &str,
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update passkeys set public_key = $3, used_at = $4
        where id = $1 and public_key = $2 and stopped_at is null");
    let update = update.bind(before.id).bind(&before.public_key).bind(public_key).bind(now);
    Ok(update.execute(tx).await? == 1)
}

/// Stops a passkey; false when it is stopped already, or gone.
pub async fn stop(tx: &mut Tx, id: PasskeyId, now: Timestamp) -> StoreResult<bool> {
    let update = sql("update passkeys set stopped_at = $2 where id = $1 and stopped_at is null");
    Ok(update.bind(id).bind(now).execute(tx).await? == 1)
}

/// Calls one of an account's passkeys otherwise; false when it has none of this id.
pub async fn rename(
    tx: &mut Tx,
    account: AccountId,
    id: PasskeyId,
    name: &str,
) -> StoreResult<bool> {
    let update = sql("update passkeys set name = $3 where account = $1 and id = $2");
    Ok(update.bind(account).bind(id).bind(name).execute(tx).await? == 1)
}

/// Removes one of an account's passkeys; false when it has none of this id.
pub async fn remove(tx: &mut Tx, account: AccountId, id: PasskeyId) -> StoreResult<bool> {
    let delete = sql("delete from passkeys where account = $1 and id = $2").bind(account).bind(id);
    Ok(delete.execute(tx).await? == 1)
}
