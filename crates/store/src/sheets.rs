//! Sheets: what chunks gave and promised to works, until a part of the works is credited
//! (performance.md section 1).

use std::collections::BTreeMap;

use obole_domain::sheet::{Promised, Sheet, Sum, bucket};
use obole_domain::{Currency, Period, WorkId};

use crate::db::{Read, Tx, Value, sql};
use crate::error::{StoreError, StoreResult};

/// A packed sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// Which payees, and which works that nobody claimed: see [`obole_domain::sheet`].
    pub part: i64,
    /// In what.
    pub currency: Currency,
    /// The packed sheet.
    pub body: Vec<u8>,
}

/// Stores a chunk's sheets.
pub async fn put(tx: &mut Tx, period: Period, chunk: i64, sheets: &[SheetRow]) -> StoreResult<()> {
    let insert = "
        insert into sheets (period, part, chunk, currency, body) values ($1, $2, $3, $4, $5)";
    let rows = sheets.iter().map(|sheet| {
        let body = sheet.body.as_slice().into();
        vec![period.into(), sheet.part.into(), chunk.into(), sheet.currency.into(), body]
    });
    sql(insert).execute_many(tx, &rows.collect::<Vec<Vec<Value>>>()).await.map(|_| ())
}

/// What a part came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// What each claimed work received.
    pub sums: BTreeMap<(WorkId, Currency), Sum>,
    /// What was promised to the others, by bucket, work, currency and patron.
    pub promised: Vec<(Promised, Currency)>,
}

/// Adds up the sheets of a part.
pub async fn part(read: &mut Read, period: Period, part: i64) -> StoreResult<Part> {
    let mut sum = Part::default();
    let select = sql("
        select currency, body from sheets
        where period = $1 and part = $2
        order by chunk, currency");
    let each = select.bind(period).bind(part).for_each(read, |row| {
        let currency = row.get(0)?;
        let sheet = Sheet::unpack(&row.get::<Vec<u8>>(1)?);
        let sheet = sheet.ok_or_else(|| StoreError::Corrupt("sheets.body".to_owned()))?;
        for (work, more) in sheet.sums {
            let sum = sum.sums.entry((work, currency)).or_default();
            sum.clicks += more.clicks;
            sum.gross = sum.gross.plus(more.gross)?;
        }
        sum.promised.extend(sheet.promised.into_iter().map(|promised| (promised, currency)));
        Ok(())
    });
    each.await?;
    sum.promised.sort_unstable_by_key(|(promised, currency)| {
        (bucket(promised.work), promised.work, *currency, promised.patron)
    });
    Ok(sum)
}

/// Forgets the sheets of a part that is credited.
pub async fn forget(tx: &mut Tx, period: Period, part: i64) -> StoreResult<()> {
    let delete = sql("delete from sheets where period = $1 and part = $2");
    delete.bind(period).bind(part).execute(tx).await.map(|_| ())
}
