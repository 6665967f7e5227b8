//! Known devices: browsers in which an account has signed in, under the hash of their cookie.

use jiff::Timestamp;
use obole_domain::AccountId;

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// The accounts that have signed in with a device.
pub async fn accounts(read: &mut Read, hash: [u8; 32]) -> StoreResult<Vec<AccountId>> {
    let select = sql("select account from devices where hash = $1 order by account").bind(hash);
    select.fetch_all(read, |row| row.get(0)).await
}

/// Whether an account has signed in with any device that is still known.
pub async fn has_any(read: &mut Read, account: AccountId) -> StoreResult<bool> {
    let select = sql("select count(*) from devices where account = $1").bind(account);
    Ok(select.fetch_one(read, |row| row.get::<i64>(0)).await? > 0)
}

/// Gives a device another secret, so that one that somebody planted or read is worth nothing after
/// the next sign-in, and notes an account that signed in with it.
pub async fn remember(
    tx: &mut Tx,
    hashes: ([u8; 32], [u8; 32]),
    account: AccountId,
    now: Timestamp,
) -> StoreResult<()> {
    let (old, new) = hashes;
    let rename = sql("update devices set hash = $2 where hash = $1").bind(old).bind(new);
    rename.execute(tx).await?;
    let upsert = sql("
        insert into devices (hash, account, seen_at) values ($1, $2, $3)
        on conflict (hash, account) do update set seen_at = excluded.seen_at");
    upsert.bind(new).bind(account).bind(now).execute(tx).await.map(|_| ())
}

/// Forgets the devices of an account.
pub async fn remove_all(tx: &mut Tx, account: AccountId) -> StoreResult<u64> {
    sql("delete from devices where account = $1").bind(account).execute(tx).await
}

/// Forgets the devices that nobody has signed in with since a moment.
pub async fn forget(tx: &mut Tx, unseen: Timestamp) -> StoreResult<u64> {
    sql("delete from devices where seen_at < $1").bind(unseen).execute(tx).await
}
