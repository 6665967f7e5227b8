//! Idempotency keys: stored in the same transaction as the effect (K2), so that key and effect
//! exist together or not at all.

use jiff::Timestamp;
use obole_domain::AccountId;

use crate::db::{Read, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};

/// The name of one doing of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyName {
    /// Whose key it is.
    pub account: AccountId,
    /// Of which command.
    pub route: &'static str,
    /// The caller's own name for it.
    pub key: String,
}

/// What was stored under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// SHA-256 of what was asked.
    pub request: [u8; 32],
    /// Whether it was refused for good.
    pub is_refused: bool,
    /// The answer or the refusal.
    pub answer: String,
}

/// Takes a key. On PostgreSQL a second taker waits here until the first has ended (K3). False when
/// it is taken already: [`find`] then has its answer.
pub async fn take(
    tx: &mut Tx,
    name: &KeyName,
    request: [u8; 32],
    now: Timestamp,
) -> StoreResult<bool> {
    let insert = sql("
        insert into idempotency_keys
            (account, route, idempotency_key, request, is_refused, answer, at)
        values ($1, $2, $3, $4, false, '', $5)
        on conflict do nothing");
    let insert = insert.bind(name.account).bind(name.route).bind(&name.key);
    Ok(insert.bind(request).bind(now).execute(tx).await? == 1)
}

/// Stores the answer of a taken key.
pub async fn answer(
    tx: &mut Tx,
    name: &KeyName,
    is_refused: bool,
    answer: &str,
) -> StoreResult<()> {
    let update = sql("
        update idempotency_keys set is_refused = $4, answer = $5
        where account = $1 and route = $2 and idempotency_key = $3");
    let update = update.bind(name.account).bind(name.route).bind(&name.key);
    update.bind(is_refused).bind(answer).execute(tx).await.map(|_| ())
}

/// What is stored under a key.
pub async fn find(read: &mut Read, name: &KeyName) -> StoreResult<Option<Stored>> {
    let select = sql("
        select request, is_refused, answer from idempotency_keys
        where account = $1 and route = $2 and idempotency_key = $3");
    let select = select.bind(name.account).bind(name.route).bind(&name.key);
    let row = select.fetch_optional(read, |row| {
        Ok(Stored { request: row.get(0)?, is_refused: row.get(1)?, answer: row.get(2)? })
    });
    row.await
}

/// What is stored under some accounts' keys of one command, with account and key; those that are
/// not taken are left out.
pub async fn find_each(
    tx: &mut Tx,
    route: &'static str,
    keys: &[(AccountId, &str)],
) -> StoreResult<Vec<(AccountId, String, Stored)>> {
    let select = "
        select k.account, k.idempotency_key, k.request, k.is_refused, k.answer
        from (values (cast($2 as uuid), cast($3 as text))) as v
        join idempotency_keys k
            on k.account = v.column1 and k.route = $1 and k.idempotency_key = v.column2";
    let rows: Vec<Vec<Value>> = keys
        .iter()
        .map(|(account, key)| vec![route.into(), (*account).into(), (*key).into()])
        .collect();
    let found = sql(select).fetch_each(tx, &rows, |row| {
        let stored = Stored { request: row.get(2)?, is_refused: row.get(3)?, answer: row.get(4)? };
        Ok((row.get(0)?, row.get(1)?, stored))
    });
    found.await
}

/// A key with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered<'key> {
    /// Whose key it is.
    pub account: AccountId,
    /// The caller's own name for it.
    pub key: &'key str,
    /// What is stored under it.
    pub stored: Stored,
}

/// Takes keys of one command and stores their answers in one go. Busy when somebody else has taken
/// one meanwhile: done again, the transaction finds that one's answer (D7).
pub async fn put_each(
    tx: &mut Tx,
    route: &'static str,
    answered: &[Answered<'_>],
    now: Timestamp,
) -> StoreResult<()> {
    let insert = "
        insert into idempotency_keys
            (account, route, idempotency_key, request, is_refused, answer, at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict do nothing";
    let row = |one: &Answered<'_>| {
        let (account, key) = (one.account.into(), one.key.into());
        let (request, answer) = (one.stored.request.into(), (&one.stored.answer).into());
        vec![account, route.into(), key, request, one.stored.is_refused.into(), answer, now.into()]
    };
    let mut sorted: Vec<&Answered<'_>> = answered.iter().collect();
    sorted.sort_unstable_by_key(|one| (one.account, one.key));
    let rows: Vec<Vec<Value>> = sorted.into_iter().map(row).collect();
    if sql(insert).execute_many(tx, &rows).await? == rows.len() as u64 {
        return Ok(());
    }
    Err(StoreError::Busy("an idempotency key was taken meanwhile".to_owned()))
}

/// Forgets the keys from before a moment (K5).
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    sql("delete from idempotency_keys where at < $1").bind(before).execute(tx).await
}
