//! The numbers by which Flattr's old clients know works.

use obole_domain::WorkId;

use crate::db::{Read, Tx, Value, sql};
use crate::error::StoreResult;

/// A number and its work.
pub type Numbered = (i64, WorkId);

/// The numbers of some works; those that have none yet are left out.
pub async fn of_works(read: &mut Read, works: &[WorkId]) -> StoreResult<Vec<Numbered>> {
    let rows: Vec<Vec<Value>> = works.iter().map(|work| vec![(*work).into()]).collect();
    let select = sql("select id, work from flattr_numbers where work = $1");
    let found = select.fetch_many(read, &rows, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(found.into_iter().flatten().collect())
}

/// The works of some numbers; numbers that no work has are left out.
pub async fn of_numbers(read: &mut Read, numbers: &[i64]) -> StoreResult<Vec<Numbered>> {
    let rows: Vec<Vec<Value>> = numbers.iter().map(|number| vec![(*number).into()]).collect();
    let select = sql("select id, work from flattr_numbers where id = $1");
    let found = select.fetch_many(read, &rows, |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(found.into_iter().flatten().collect())
}

/// Gives works numbers, unless a work has one or a number is taken.
pub async fn insert_each(tx: &mut Tx, numbered: &[Numbered]) -> StoreResult<()> {
    let insert = "insert into flattr_numbers (id, work) values ($1, $2) on conflict do nothing";
    let rows: Vec<Vec<Value>> =
        numbered.iter().map(|(number, work)| vec![(*number).into(), (*work).into()]).collect();
    sql(insert).execute_many(tx, &rows).await.map(|_| ())
}
