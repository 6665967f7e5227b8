//! Sign-ins that lack their second step, under the hash of what the browser has of them.

use jiff::Timestamp;
use obole_domain::AccountId;

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// Keeps a sign-in until its code is typed.
pub async fn insert(
    tx: &mut Tx,
    hash: [u8; 32],
    account: AccountId,
    expires_at: Timestamp,
) -> StoreResult<()> {
    let insert = sql("
        insert into half_sign_ins (hash, account, expires_at) values ($1, $2, $3)");
    insert.bind(hash).bind(account).bind(expires_at).execute(tx).await.map(|_| ())
}

/// Whose sign-in it is, while there is time.
pub async fn find(
    read: &mut Read,
    hash: [u8; 32],
    now: Timestamp,
) -> StoreResult<Option<AccountId>> {
    let select = sql("select account from half_sign_ins where hash = $1 and expires_at > $2");
    select.bind(hash).bind(now).fetch_optional(read, |row| row.get(0)).await
}

/// Takes a sign-in away to finish it. True once, however many try.
pub async fn take(tx: &mut Tx, hash: [u8; 32], now: Timestamp) -> StoreResult<bool> {
    let delete = sql("delete from half_sign_ins where hash = $1 and expires_at > $2");
    Ok(delete.bind(hash).bind(now).execute(tx).await? == 1)
}

/// Ends all that an account has not finished.
pub async fn remove_all(tx: &mut Tx, account: AccountId) -> StoreResult<u64> {
    sql("delete from half_sign_ins where account = $1").bind(account).execute(tx).await
}

/// Forgets what nobody finished until a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    sql("delete from half_sign_ins where expires_at <= $1").bind(before).execute(tx).await
}
