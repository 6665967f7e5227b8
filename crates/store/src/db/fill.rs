//! What only the program can compute of rows that were there before a migration, or that an older
//! program made meanwhile.

use obole_domain::{CanonicalUrl, UrlPrefix};
use uuid::Uuid;

use super::sql::sql;
use super::store::{Read, Tx};
use super::value::Value;
use crate::error::StoreResult;

/// How many rows are filled in one transaction.
const ROWS: i64 = 2_000;

/// Computes the prefixes of some works that have none; whether there may be more.
pub(super) async fn url_prefixes(tx: &mut Tx) -> StoreResult<bool> {
    let found = without(tx).await?;
    let rows: Vec<Vec<Value>> =
        found.iter().map(|(id, url)| vec![(*id).into(), UrlPrefix::of(url).into()]).collect();
    sql("update works set url_prefix = $2 where id = $1").execute_many(tx, &rows).await?;
    Ok(i64::try_from(rows.len()).unwrap_or(ROWS) == ROWS)
}

async fn without(read: &mut Read) -> StoreResult<Vec<(Uuid, CanonicalUrl)>> {
    let select = sql("select id, url from works where url_prefix is null order by id limit $1");
    select.bind(ROWS).fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}
