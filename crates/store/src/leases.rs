//! Leases (D9): which node does what only one at a time shall do, and until when. A lease that is
//! given back says from when the same may be done again.

use jiff::Timestamp;

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;

/// Whether a lease could be taken at a moment: nobody has it, or the time of who had it is over.
pub async fn is_free(read: &mut Read, name: &str, now: Timestamp) -> StoreResult<bool> {
    let select = sql("select until from leases where name = $1").bind(name);
    let until: Option<Timestamp> = select.fetch_optional(read, |row| row.get(0)).await?;
    Ok(until.is_none_or(|until| until <= now))
}

/// Takes a lease until a moment. True for one, however many try.
pub async fn take(
    tx: &mut Tx,
    name: &str,
    holder: &str,
    (now, until): (Timestamp, Timestamp),
) -> StoreResult<bool> {
    let upsert = sql("
        insert into leases (name, holder, until) values ($1, $2, $3)
        on conflict (name) do update set holder = excluded.holder, until = excluded.until
        where leases.until <= $4");
    let upsert = upsert.bind(name).bind(holder).bind(until).bind(now);
    Ok(upsert.execute(tx).await? == 1)
}

/// Moves the end of a held lease: on, or, to give it back, to the moment from which it may be
/// taken again. False when another has taken it meanwhile.
pub async fn set_until(
    tx: &mut Tx,
    name: &str,
    holder: &str,
    until: Timestamp,
) -> StoreResult<bool> {
    let update = sql("update leases set until = $3 where name = $1 and holder = $2");
    Ok(update.bind(name).bind(holder).bind(until).execute(tx).await? == 1)
}
