//! What only the program can compute of rows that were there before a migration, or that an older
//! program made meanwhile.

use obole_domain::{CanonicalUrl, UrlPrefix};
use uuid::Uuid;

use super::sql::sql;
use super::store::{Read, Tx};
use super::value::Value;
use crate::claims::host_key;
use crate::error::StoreResult;

/// How many rows are filled in one transaction.
const ROWS: i64 = 2_000;

/// Computes the prefixes and the hosts' keys of some works that lack them; whether there may be
/// more.
pub(super) async fn works(tx: &mut Tx) -> StoreResult<bool> {
    let found = without(tx).await?;
    let row = |(id, url): &(Uuid, CanonicalUrl)| -> Vec<Value> {
        vec![(*id).into(), UrlPrefix::of(url).into(), host_key(url.host()).into()]
    };
    let rows: Vec<Vec<Value>> = found.iter().map(row).collect();
    let update = sql("update works set url_prefix = $2, host_key = $3 where id = $1");
    update.execute_many(tx, &rows).await?;
    Ok(i64::try_from(rows.len()).unwrap_or(ROWS) == ROWS)
}

async fn without(read: &mut Read) -> StoreResult<Vec<(Uuid, CanonicalUrl)>> {
    // Each condition has an index of what still lacks it.
    let select = sql("
        select id, url from works where url_prefix is null
        union
        select id, url from works where host_key is null
        limit $1");
    select.bind(ROWS).fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}
