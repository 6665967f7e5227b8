//! Recovery codes' rows: what stands in for a second factor, each once, stored as keyed hashes.

use jiff::Timestamp;
use obole_domain::AccountId;

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// Puts new codes in the place of all an account has.
pub async fn replace(tx: &mut Tx, account: AccountId, hashes: &[[u8; 32]]) -> StoreResult<()> {
    remove_all(tx, account).await?;
    for hash in hashes {
        let insert = sql("insert into recovery_codes (account, hash) values ($1, $2)");
        insert.bind(account).bind(*hash).execute(tx).await?;
    }
    Ok(())
}

/// Uses a code up. True once, however many try.
pub async fn use_up(
    tx: &mut Tx,
    account: AccountId,
    hash: [u8; 32],
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update recovery_codes set used_at = $3
        where account = $1 and hash = $2 and used_at is null");
    Ok(update.bind(account).bind(hash).bind(now).execute(tx).await? == 1)
}

/// How many of an account's codes can still be used.
pub async fn left(read: &mut Read, account: AccountId) -> StoreResult<i64> {
    let select = sql("
        select count(*) from recovery_codes where account = $1 and used_at is null");
    select.bind(account).fetch_one(read, |row| row.get(0)).await
}

/// Removes all codes of an account.
pub async fn remove_all(tx: &mut Tx, account: AccountId) -> StoreResult<u64> {
    sql("delete from recovery_codes where account = $1").bind(account).execute(tx).await
}
