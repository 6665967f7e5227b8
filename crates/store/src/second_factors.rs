//! Second factors' rows: the sealed seed of an account's codes (S1), and administrators' words that
//! one is to go.

use jiff::Timestamp;
use obole_domain::AccountId;

use crate::db::{Read, Row, Tx, sql};
use crate::error::StoreResult;

/// A second factor as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorRow {
    /// The sealed seed.
    pub seed: Vec<u8>,
    /// When the seed was drawn.
    pub begun_at: Timestamp,
    /// Since when codes are asked for; none until one has been typed.
    pub on_since: Option<Timestamp>,
    /// The last step whose code was used.
    pub last_step: i64,
}

/// An administrator's word that a second factor is to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpRow {
    /// Whose factor.
    pub account: AccountId,
    /// The administrator.
    pub asked_by: AccountId,
    /// Why.
    pub reason: String,
    /// When it was said.
    pub asked_at: Timestamp,
    /// When it is done unless somebody stops it.
    pub due_at: Timestamp,
}

fn help_at(row: &Row<'_>) -> StoreResult<HelpRow> {
    Ok(HelpRow {
        account: row.get(0)?,
        asked_by: row.get(1)?,
        reason: row.get(2)?,
        asked_at: row.get(3)?,
        due_at: row.get(4)?,
    })
}

/// An account's second factor, begun or on.
pub async fn find(read: &mut Read, account: AccountId) -> StoreResult<Option<FactorRow>> {
    let select = sql("
        select seed, begun_at, on_since, last_step from second_factors where account = $1");
    let factor = select.bind(account).fetch_optional(read, |row| {
        Ok(FactorRow {
            seed: row.get(0)?,
            begun_at: row.get(1)?,
            on_since: row.get(2)?,
            last_step: row.get(3)?,
        })
    });
    factor.await
}

/// Whether an account's codes are asked for.
pub async fn is_on(read: &mut Read, account: AccountId) -> StoreResult<bool> {
    Ok(find(read, account).await?.is_some_and(|factor| factor.on_since.is_some()))
}

/// Keeps a seed until a code is typed, in place of an earlier one. False where codes are asked for
/// already: that seed stays.
pub async fn begin(
    tx: &mut Tx,
    account: AccountId,
    seed: Vec<u8>,
    now: Timestamp,
) -> StoreResult<bool> {
    let upsert = sql("
        insert into second_factors (account, seed, begun_at, on_since, last_step)
        values ($1, $2, $3, null, 0)
        on conflict (account) do update
            set seed = excluded.seed, begun_at = excluded.begun_at
            where second_factors.on_since is null");
    Ok(upsert.bind(account).bind(seed).bind(now).execute(tx).await? == 1)
}

/// From now on codes are asked for. True once, however many try.
pub async fn switch_on(
    tx: &mut Tx,
    account: AccountId,
    step: i64,
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update second_factors set on_since = $3, last_step = $2
        where account = $1 and on_since is null");
    Ok(update.bind(account).bind(step).bind(now).execute(tx).await? == 1)
}

/// Uses up the code of a step and of all before it. True once, however many try.
pub async fn use_step(tx: &mut Tx, account: AccountId, step: i64) -> StoreResult<bool> {
    let update = sql("
        update second_factors set last_step = $2
        where account = $1 and last_step < $2 and on_since is not null");
    Ok(update.bind(account).bind(step).execute(tx).await? == 1)
}

/// Removes an account's second factor, begun or on; false where it has none.
pub async fn remove(tx: &mut Tx, account: AccountId) -> StoreResult<bool> {
    let delete = sql("delete from second_factors where account = $1").bind(account);
    Ok(delete.execute(tx).await? == 1)
}

/// Keeps an administrator's word; false where one stands already.
pub async fn ask_help(tx: &mut Tx, help: &HelpRow) -> StoreResult<bool> {
    let insert = sql("
        insert into second_factor_helps (account, asked_by, reason, asked_at, due_at)
        values ($1, $2, $3, $4, $5)
        on conflict (account) do nothing");
    let insert = insert.bind(help.account).bind(help.asked_by).bind(&help.reason);
    Ok(insert.bind(help.asked_at).bind(help.due_at).execute(tx).await? == 1)
}

/// The word that stands about an account.
pub async fn help(read: &mut Read, account: AccountId) -> StoreResult<Option<HelpRow>> {
    let select = sql("
        select account, asked_by, reason, asked_at, due_at from second_factor_helps
        where account = $1");
    select.bind(account).fetch_optional(read, help_at).await
}

/// Some words whose time has come.
pub async fn helps_due(read: &mut Read, now: Timestamp) -> StoreResult<Vec<HelpRow>> {
    let select = sql("
        select account, asked_by, reason, asked_at, due_at from second_factor_helps
        where due_at <= $1
        order by due_at, account
        limit 100");
    select.bind(now).fetch_all(read, help_at).await
}

/// Takes a word back, or away to do it. True once, however many try.
pub async fn end_help(tx: &mut Tx, account: AccountId) -> StoreResult<bool> {
    let delete = sql("delete from second_factor_helps where account = $1").bind(account);
    Ok(delete.execute(tx).await? == 1)
}
