//! Rows of devices that wait for a yes (RFC 8628).

use jiff::Timestamp;
use obole_domain::AccountId;
use obole_domain::client::ClientId;
use obole_domain::device_code::TypedCode;

use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;

/// A device as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRow {
    /// The hash of what it asks with.
    pub hash: [u8; 32],
    /// Which client it runs.
    pub client: ClientId,
    /// What it asks for, as one text.
    pub scopes: String,
    /// The seconds that it has to wait between two questions.
    pub wait_seconds: i64,
    /// When it last asked.
    pub asked_at: Option<Timestamp>,
    /// Until when its code can be typed.
    pub expires_at: Timestamp,
    /// What became of it: `waiting`, `granted`, `denied`, `done`.
    pub state: String,
    /// Who answered.
    pub account: Option<AccountId>,
}

fn device_at(row: &Row<'_>) -> StoreResult<DeviceRow> {
    Ok(DeviceRow {
        hash: row.get(0)?,
        client: row.get(1)?,
        scopes: row.get(2)?,
        wait_seconds: row.get(3)?,
        asked_at: row.get(4)?,
        expires_at: row.get(5)?,
        state: row.get(6)?,
        account: row.get(7)?,
    })
}

/// Stores a device that begins to wait; false where another one's code is the same.
pub async fn insert(tx: &mut Tx, code: &TypedCode, device: &DeviceRow) -> StoreResult<bool> {
    let insert = sql("
        insert into oauth_devices
            (hash, typed_code, client, scopes, wait_seconds, expires_at, state)
        values ($1, $2, $3, $4, $5, $6, 'waiting')
        on conflict (typed_code) do nothing");
    let insert = insert.bind(device.hash).bind(code.as_str()).bind(device.client);
    let insert = insert.bind(&device.scopes).bind(device.wait_seconds).bind(device.expires_at);
    Ok(insert.execute(tx).await? == 1)
}

/// The device that waits and shows this code.
pub async fn find_waiting(
    read: &mut Read,
    code: &TypedCode,
    now: Timestamp,
) -> StoreResult<Option<DeviceRow>> {
    let select = sql("
        select hash, client, scopes, wait_seconds, asked_at, expires_at, state, account
        from oauth_devices
        where typed_code = $1 and state = 'waiting' and expires_at > $2");
    select.bind(code.as_str()).bind(now).fetch_optional(read, device_at).await
}

/// The device that asks, its row locked.
pub async fn find_locked(tx: &mut Tx, hash: [u8; 32]) -> StoreResult<Option<DeviceRow>> {
    let select = sql("
        select hash, client, scopes, wait_seconds, asked_at, expires_at, state, account
        from oauth_devices
        where hash = $1");
    select.bind(hash).locked().fetch_optional(tx, device_at).await
}

/// Answers the device that waits under a code; false where it does not wait any more.
pub async fn answer(
    tx: &mut Tx,
    hash: [u8; 32],
    said: (AccountId, bool),
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update oauth_devices set account = $2, state = $3
        where hash = $1 and state = 'waiting' and expires_at > $4");
    let (account, is_granted) = said;
    let state = if is_granted { "granted" } else { "denied" };
    Ok(update.bind(hash).bind(account).bind(state).bind(now).execute(tx).await? == 1)
}

/// Notes that a device asked, and how long it has to wait from now on.
pub async fn asked(
    tx: &mut Tx,
    hash: [u8; 32],
    wait_seconds: i64,
    now: Timestamp,
) -> StoreResult<()> {
    let update = sql("update oauth_devices set asked_at = $3, wait_seconds = $2 where hash = $1");
    update.bind(hash).bind(wait_seconds).bind(now).execute(tx).await.map(|_| ())
}

/// Notes that a device has its tokens.
pub async fn finish(tx: &mut Tx, hash: [u8; 32]) -> StoreResult<bool> {
    let update = sql("
        update oauth_devices set state = 'done' where hash = $1 and state = 'granted'");
    Ok(update.bind(hash).execute(tx).await? == 1)
}

/// Forgets devices whose code ended before a moment.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    sql("delete from oauth_devices where expires_at < $1").bind(before).execute(tx).await
}
