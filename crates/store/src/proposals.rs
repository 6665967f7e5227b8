//! What patrons brought along from elsewhere and have not answered yet.

use jiff::Timestamp;
use obole_domain::{AccountId, CanonicalUrl};

use crate::db::{Read, Tx, Value, sql};
use crate::error::StoreResult;

/// Something to say yes or no to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalRow {
    /// Its address.
    pub url: CanonicalUrl,
    /// What the file called it; cleaned text, perhaps empty.
    pub title: String,
    /// Where it stands among the others.
    pub place: i64,
}

/// Puts proposals behind those that wait already; an address that waits stays as it is. Says how
/// many are new.
pub async fn add_each(
    tx: &mut Tx,
    account: AccountId,
    proposals: &[ProposalRow],
    now: Timestamp,
) -> StoreResult<u64> {
    let insert = "
        insert into proposals (account, url, title, place, at) values ($1, $2, $3, $4, $5)
        on conflict (account, url) do nothing";
    let row = |one: &ProposalRow| -> Vec<Value> {
        let title = one.title.as_str();
        vec![account.into(), (&one.url).into(), title.into(), one.place.into(), now.into()]
    };
    let rows: Vec<Vec<Value>> = proposals.iter().map(row).collect();
    sql(insert).execute_many(tx, &rows).await
}

/// How many wait.
pub async fn count(read: &mut Read, account: AccountId) -> StoreResult<i64> {
    let select = sql("select count(*) from proposals where account = $1");
    select.bind(account).fetch_one(read, |row| row.get(0)).await
}

/// The first of them.
pub async fn list(
    read: &mut Read,
    account: AccountId,
    limit: i64,
) -> StoreResult<Vec<ProposalRow>> {
    let select = sql("
        select url, title, place from proposals
        where account = $1
        order by place, url
        limit $2");
    let select = select.bind(account).bind(limit);
    let rows = select.fetch_all(read, |row| {
        Ok(ProposalRow { url: row.get(0)?, title: row.get(1)?, place: row.get(2)? })
    });
    rows.await
}

/// Forgets those with these addresses.
pub async fn remove_each(
    tx: &mut Tx,
    account: AccountId,
    urls: &[CanonicalUrl],
) -> StoreResult<u64> {
    let delete = sql("delete from proposals where account = $1 and url = $2");
    let rows: Vec<Vec<Value>> = urls.iter().map(|url| vec![account.into(), url.into()]).collect();
    delete.execute_many(tx, &rows).await
}

/// Forgets all of an account.
pub async fn remove_all(tx: &mut Tx, account: AccountId) -> StoreResult<u64> {
    sql("delete from proposals where account = $1").bind(account).execute(tx).await
}

/// Forgets those that nobody has answered since.
pub async fn forget(tx: &mut Tx, before: Timestamp) -> StoreResult<u64> {
    sql("delete from proposals where at < $1").bind(before).execute(tx).await
}
