//! The sites that patrons trust (security.md B5).

use jiff::Timestamp;
use obole_domain::{AccountId, Site};

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// Trusts a site; false where it is trusted already.
pub async fn add(
    tx: &mut Tx,
    account: AccountId,
    site: &Site,
    now: Timestamp,
) -> StoreResult<bool> {
    let insert = sql("
        insert into trusted_sites (account, site, trusted_at) values ($1, $2, $3)
        on conflict (account, site) do nothing");
    Ok(insert.bind(account).bind(site).bind(now).execute(tx).await? == 1)
}

/// Trusts a site no more; false where it was not.
pub async fn remove(tx: &mut Tx, account: AccountId, site: &Site) -> StoreResult<bool> {
    let delete = sql("delete from trusted_sites where account = $1 and site = $2");
    Ok(delete.bind(account).bind(site).execute(tx).await? == 1)
}

/// The sites that an account trusts, by name.
pub async fn of(read: &mut Read, account: AccountId) -> StoreResult<Vec<(Site, Timestamp)>> {
    let select = sql("
        select site, trusted_at from trusted_sites
        where account = $1
        order by site");
    select.bind(account).fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// Whether an account trusts a site.
pub async fn is_trusted(read: &mut Read, account: AccountId, site: &Site) -> StoreResult<bool> {
    let select = sql("select count(*) from trusted_sites where account = $1 and site = $2");
    Ok(select.bind(account).bind(site).fetch_one(read, |row| row.get::<i64>(0)).await? > 0)
}
