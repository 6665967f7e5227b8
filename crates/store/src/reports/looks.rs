//! What names look like (C8): kept for each account, and compared when a name is new.

use std::collections::BTreeSet;

use jiff::Timestamp;
use obole_domain::{AccountId, Handle};

use crate::db::{Read, Tx, Value, sql};
use crate::error::StoreResult;

/// An account whose names are new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Which.
    pub account: AccountId,
    /// Its public name.
    pub handle: Handle,
    /// What it calls itself; empty where it says nothing.
    pub name: String,
}

/// Accounts whose names were not compared yet.
pub async fn uncompared(read: &mut Read, limit: i64) -> StoreResult<Vec<Named>> {
    let select = sql("
        select id, handle, name from accounts where compared_at is null order by id limit $1");
    let rows = select.bind(limit).fetch_all(read, |row| {
        Ok(Named { account: row.get(0)?, handle: row.get(1)?, name: row.get(2)? })
    });
    rows.await
}

/// Keeps what an account's names look like, unless they have changed meanwhile; false then.
pub async fn put(
    tx: &mut Tx,
    named: &Named,
    looks: &BTreeSet<String>,
    now: Timestamp,
) -> StoreResult<bool> {
    let update = sql("
        update accounts set compared_at = $3
        where id = $1 and name = $2 and compared_at is null");
    if update.bind(named.account).bind(&named.name).bind(now).execute(tx).await? == 0 {
        return Ok(false);
    }
    sql("delete from looks where account = $1").bind(named.account).execute(tx).await?;
    let rows: Vec<Vec<Value>> =
        looks.iter().map(|look| vec![look.as_str().into(), named.account.into()]).collect();
    let insert = "insert into looks (look, account) values ($1, $2)";
    sql(insert).execute_many(tx, &rows).await?;
    Ok(true)
}

/// Has those compared again that look like an account: it has just proven something.
pub async fn compare_again(tx: &mut Tx, account: AccountId) -> StoreResult<()> {
    let update = sql("
        update accounts set compared_at = null
        where id in (
            select l.account from looks l join looks own on own.look = l.look
            where own.account = $1 and l.account <> $1)");
    update.bind(account).execute(tx).await.map(|_| ())
}

/// Other accounts that look the same, control something by proof, and are not in one team with it.
pub async fn proven_alike(read: &mut Read, account: AccountId) -> StoreResult<Vec<Handle>> {
    let select = sql("
        select distinct a.handle
        from looks own
        join looks l on l.look = own.look and l.account <> own.account
        join accounts a on a.id = l.account and a.suspended_at is null
        where own.account = $1
            and exists (
                select 1 from claims c
                where c.account = l.account and c.state in ('proven', 'stale')
                    and c.method <> 'operator')
            and not exists (
                select 1 from team_roles t
                where (t.team = own.account and t.account = l.account)
                    or (t.team = l.account and t.account = own.account))
        order by a.handle");
    select.bind(account).fetch_all(read, |row| row.get(0)).await
}
