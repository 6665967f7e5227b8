//! What the database knows of an account: the declaration of every column (P5), the rows that the
//! account takes along, and what goes when the account goes. A test compares the declaration with
//! the schema of both engines, and another one looks for every planted value.

mod claims;
mod kept;
mod reports;
mod signals;
mod signing_in;
mod tables;
mod teams;

use obole_domain::AccountId;

use crate::db::{Read, Sql, Tx, Value, sql};
use crate::details;
use crate::error::StoreResult;

/// Whether an account finds a column in its export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// In the file of the table's name.
    Exported,
    /// Not, and why.
    Private(&'static str),
}

/// What becomes of a column when its account is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It goes: the row, or the value in it.
    Deleted,
    /// It stays, and why or for how long. Of the account only its id is left, a pseudonym.
    Kept(&'static str),
}

/// Some columns of a table that share what becomes of them.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// Their names, with commas between.
    pub names: &'static str,
    /// Whether the account finds them in its export.
    pub taken: Taken,
    /// What becomes of them.
    pub fate: Fate,
}

/// A table: its columns, the statement that reads an account's rows, those that erase them.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Every column.
    pub columns: &'static [Columns],
    /// Reads the exported columns of an account; none where there are none.
    pub take: Option<Statement>,
    /// What is done when the account goes.
    pub erase: &'static [Statement],
}

/// A statement about an account.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    text: &'static str,
    with: With,
}

/// What a statement is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum With {
    /// `$1`: the account's id.
    Id,
    /// `$1`: the account's id as a text.
    Text,
    /// `$1`: the account's id; `$2`: the same as a text.
    Both,
    /// `$1`: the account's id; `$2`: no bytes.
    Bytes,
    /// `$1`: the account's id; `$2`: what it is called from then on.
    Name,
}

impl Statement {
    const fn new(text: &'static str, with: With) -> Self {
        Self { text, with }
    }

    fn bound(self, account: AccountId, pseudonym: &str) -> Sql {
        let statement = sql(self.text);
        match self.with {
            With::Id => statement.bind(account),
            With::Text => statement.bind(account.to_string()),
            With::Both => statement.bind(account).bind(account.to_string()),
            With::Bytes => statement.bind(account).bind(Vec::<u8>::new()),
            With::Name => statement.bind(account).bind(pseudonym),
        }
    }
}

/// Every table of the schema: those that refer to others before them, the order of erasing.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    let first = signing_in::TABLES.iter().chain(tables::TABLES);
    let first = first.chain(reports::TABLES).chain(teams::TABLES);
    first.chain(signals::TABLES).chain(claims::TABLES).chain(kept::TABLES)
}

impl Table {
    /// The names of its columns, each with what becomes of it.
    pub fn each(&self) -> impl Iterator<Item = (&'static str, Columns)> {
        let groups = self.columns.iter();
        groups.flat_map(|group| group.names.split(", ").map(|name| (name, *group)))
    }

    /// The names of the columns that the export has, in their order.
    #[must_use]
    pub fn exported(&self) -> Vec<&'static str> {
        let all = self.each();
        all.filter(|(_, group)| group.taken == Taken::Exported).map(|(name, _)| name).collect()
    }
}

/// Hands on the exported rows of a table that are an account's, each in the order of
/// [`Table::exported`]. The closure must be quick, for the connection waits.
pub async fn rows(
    read: &mut Read,
    (table, account): (&'static Table, AccountId),
    each: &mut (dyn FnMut(Vec<Value>) -> StoreResult<()> + Send),
) -> StoreResult<()> {
    let Some(take) = table.take else { return Ok(()) };
    let count = table.exported().len();
    let mut hand = |row: &crate::db::Row<'_>| {
        let values = (0..count).map(|place| row.value(place));
        each(values.collect::<StoreResult<Vec<_>>>()?)
    };
    take.bound(account, "").for_each(read, &mut hand).await
}

/// Erases what goes with an account, in the caller's transaction. From then on it is called
/// `pseudonym`. Doing it again changes nothing.
pub async fn erase(tx: &mut Tx, account: AccountId, pseudonym: &str) -> StoreResult<u64> {
    // Months that went for all others while this account kept them.
    details::drop_kept(tx, account).await?;
    let mut count = 0;
    for statement in tables().flat_map(|table| table.erase) {
        count += statement.bound(account, pseudonym).execute(tx).await?;
    }
    Ok(count)
}
