//! The chunks of a settlement: what is cut, what is done (D14).

use obole_domain::Period;
use uuid::Uuid;

use crate::db::{Read, Tx, sql};
use crate::error::StoreResult;
use crate::freeze::Range;

/// A part of a settlement that commits at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChunkRow {
    /// Its place.
    pub number: i64,
    /// The first account or work in it.
    pub first: Uuid,
    /// The last one.
    pub last: Uuid,
    /// How many clicks, postings or credits it holds.
    pub rows: i64,
    /// How many patrons gave in it, once it is shared out.
    pub patrons: i64,
    /// What it froze or came to, hashed.
    pub hash: Vec<u8>,
}

impl ChunkRow {
    /// A chunk that is being taken: what it comes to is not known yet.
    #[must_use]
    pub const fn new(number: i64, first: Uuid, last: Uuid) -> Self {
        Self { number, first, last, rows: 0, patrons: 0, hash: Vec::new() }
    }
}

/// The steps that are done in chunks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Accounts are cut into ranges.
    Cut,
    /// Purses are frozen.
    Freeze,
    /// Patrons are shared out.
    Share,
    /// What they give is taken from their wallets.
    Book,
    /// Payees are credited.
    Credit,
    /// Patrons and payees are written to.
    Tell,
}

impl Step {
    const fn code(self) -> &'static str {
        match self {
            Self::Cut => "cut",
            Self::Freeze => "freeze",
            Self::Share => "share",
            Self::Book => "book",
            Self::Credit => "credit",
            Self::Tell => "tell",
        }
    }
}

/// Takes a chunk for this transaction. False when it is done already; on PostgreSQL a second
/// taker waits here until the first has ended (D14).
pub async fn take_chunk(
    tx: &mut Tx,
    period: Period,
    step: Step,
    chunk: &ChunkRow,
) -> StoreResult<bool> {
    let insert = sql("
        insert into chunks (period, step, number, first, last, rows, patrons, hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict do nothing");
    let insert = insert.bind(period).bind(step.code()).bind(chunk.number);
    let insert = insert.bind(chunk.first).bind(chunk.last).bind(chunk.rows).bind(chunk.patrons);
    Ok(insert.bind(chunk.hash.as_slice()).execute(tx).await? == 1)
}

/// Notes what a taken chunk came to: its number, its rows, its hash.
pub async fn set_chunk(
    tx: &mut Tx,
    period: Period,
    step: Step,
    done: (i64, i64, [u8; 32]),
) -> StoreResult<()> {
    let update = sql("
        update chunks set rows = $4, hash = $5
        where period = $1 and step = $2 and number = $3");
    let update = update.bind(period).bind(step.code()).bind(done.0).bind(done.1).bind(done.2);
    update.execute(tx).await.map(|_| ())
}

/// Whether a chunk of a step is done.
pub async fn is_taken(
    read: &mut Read,
    period: Period,
    step: Step,
    number: i64,
) -> StoreResult<bool> {
    let select = sql("
        select number from chunks
        where period = $1 and step = $2 and number = $3");
    let select = select.bind(period).bind(step.code()).bind(number);
    Ok(select.fetch_optional(read, |row| row.get::<i64>(0)).await?.is_some())
}

/// Cuts all accounts into ranges of so many, in the order of their ids: the chunks of the freeze
/// and of the share-out.
pub async fn cut(tx: &mut Tx, period: Period, accounts: i64) -> StoreResult<()> {
    let (mut number, mut first) = (0, Uuid::nil());
    loop {
        let select = sql("
            select id from accounts
            where id > $1
            order by id
            limit 1 offset $2");
        let select = select.bind(first).bind(accounts - 1);
        let last: Option<Uuid> = select.fetch_optional(tx, |row| row.get(0)).await?;
        let end = last.unwrap_or_else(Uuid::max);
        take_chunk(tx, period, Step::Cut, &ChunkRow::new(number, first, end)).await?;
        if last.is_none() {
            return Ok(());
        }
        (number, first) = (number + 1, end);
    }
}

/// The ranges into which the accounts were cut, with their numbers.
pub async fn ranges(read: &mut Read, period: Period) -> StoreResult<Vec<(i64, Range)>> {
    let cut = chunks(read, period, Step::Cut).await?;
    let range = |chunk: ChunkRow| (chunk.number, Range { after: chunk.first, last: chunk.last });
    Ok(cut.into_iter().map(range).collect())
}

/// The chunks of a step that are done, in their order.
pub async fn chunks(read: &mut Read, period: Period, step: Step) -> StoreResult<Vec<ChunkRow>> {
    let select = sql("
        select number, first, last, rows, patrons, hash from chunks
        where period = $1 and step = $2
        order by number");
    let rows = select.bind(period).bind(step.code()).fetch_all(read, |row| {
        Ok(ChunkRow {
            number: row.get(0)?,
            first: row.get(1)?,
            last: row.get(2)?,
            rows: row.get(3)?,
            patrons: row.get(4)?,
            hash: row.get::<Option<Vec<u8>>>(5)?.unwrap_or_default(),
        })
    });
    rows.await
}
