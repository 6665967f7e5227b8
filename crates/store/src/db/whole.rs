//! A whole database as rows of tables that are known by name only: read in one state for a backup,
//! or filled in one transaction from one. Here alone statements are put together; their names are
//! those of our own migrations.

use super::settings::StoreConfig;
use super::sql::sql;
use super::sqlite::Building;
use super::store::{Conn, Engine, Inner, Read, Store, Tx};
use super::value::{Cell, Value};
use super::{fill, migrate, postgres, sqlite};
use crate::error::{StoreError, StoreResult};

/// A table and its columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// The names of its columns, in their order.
    pub columns: Vec<String>,
}

impl Table {
    pub(super) fn list(&self) -> String {
        self.columns.join(", ")
    }
}

/// One state of the whole database, read on a connection of its own while others write.
pub struct Snapshot {
    read: Read,
}

impl Store {
    /// Begins to read the whole database as it is now: all that was acknowledged before is in it.
    pub async fn snapshot(&self) -> StoreResult<Snapshot> {
        let conn = match &*self.inner {
            Inner::Sqlite(sqlite) => Conn::Sqlite(sqlite.snapshot()?),
            Inner::Postgres(pool) => Conn::Postgres(postgres::Session::snapshot(pool).await?),
        };
        Ok(Snapshot { read: Read { conn } })
    }
}

impl Snapshot {
    /// What reads single values of this state.
    pub fn read(&mut self) -> &mut Read {
        &mut self.read
    }

    /// The version of the schema.
    pub async fn schema(&mut self) -> StoreResult<i64> {
        migrate::version(&mut self.read).await
    }

    /// Every table, those first that others refer to.
    pub async fn tables(&mut self) -> StoreResult<Vec<Table>> {
        let mut tables = Vec::new();
        for name in migrate::tables() {
            let columns = columns(&mut self.read, name).await?;
            let columns: Vec<String> = columns.into_iter().map(|(column, _)| column).collect();
            // A later migration may have taken it away again.
            if !columns.is_empty() {
                tables.push(Table { name: name.to_owned(), columns });
            }
        }
        Ok(tables)
    }

    /// Hands each row of a table on, in the order of its key, which is the same on both engines.
    /// The closure must be quick, for the connection waits.
    pub async fn rows(
        &mut self,
        table: &Table,
        each: &mut (dyn FnMut(&[Cell<'_>]) -> StoreResult<()> + Send),
    ) -> StoreResult<()> {
        let keys = keys(&mut self.read, &table.name).await?;
        let text = format!("select {} from {} order by {keys}", table.list(), table.name);
        match &mut self.read.conn {
            Conn::Sqlite(session) => session.each_row(&text, each),
            Conn::Postgres(session) => session.each_row(&text, table.columns.len(), each).await,
        }
    }
}

/// The columns of a table and the names of their types; none where there is no such table.
async fn columns(read: &mut Read, table: &str) -> StoreResult<Vec<(String, String)>> {
    let select = match read.engine() {
        Engine::Sqlite => sql("select name, type from pragma_table_info($1) order by cid"),
        Engine::Postgres => sql("
            select cast(column_name as text), cast(udt_name as text)
            from information_schema.columns
            where table_schema = current_schema() and table_name = $1
            order by ordinal_position"),
    };
    select.bind(table).fetch_all(read, |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// The columns of a table's key, as the text after `order by`: texts in the order of their bytes.
async fn keys(read: &mut Read, table: &str) -> StoreResult<String> {
    let select = match read.engine() {
        Engine::Sqlite => sql("select name from pragma_table_info($1) where pk > 0 order by pk"),
        Engine::Postgres => sql("
            select k.column_name || case when c.udt_name = 'text' then ' collate \"C\"' else '' end
            from information_schema.key_column_usage k
            join information_schema.table_constraints t
                on t.constraint_schema = k.constraint_schema
                and t.constraint_name = k.constraint_name
            join information_schema.columns c
                on c.table_schema = k.table_schema and c.table_name = k.table_name
                and c.column_name = k.column_name
            where k.table_schema = current_schema() and k.table_name = $1
                and t.constraint_type = 'PRIMARY KEY'
            order by k.ordinal_position"),
    };
    let keys: Vec<String> = select.bind(table).fetch_all(read, |row| row.get(0)).await?;
    Ok(keys.join(", "))
}

/// An empty database that is being filled: all of it is there after [`Self::commit`], nothing
/// before, and nothing where it is dropped or the process dies.
pub struct Filling {
    tx: Tx,
    /// The table that the last rows went into, and its types.
    into: Option<(Table, Vec<String>)>,
    /// On SQLite, the file that gets its name last.
    building: Option<Building>,
}

impl Filling {
    /// Begins to fill a database with the schema of a version.
    ///
    /// Refused with [`obole_domain::Refusal::DatabaseNotEmpty`] where something is there.
    pub async fn begin(config: &StoreConfig, schema: i64) -> StoreResult<Self> {
        let (conn, building) = match sqlite::path_of(&config.url) {
            Some(path) => {
                let (session, building) = sqlite::build(&path)?;
                (Conn::Sqlite(session), Some(building))
            }
            None => (Conn::Postgres(postgres::begin_filling(config).await?), None),
        };
        let mut filling = Self { tx: Tx::of(conn), into: None, building };
        migrate::run_to(&mut filling.tx, schema).await?;
        Ok(filling)
    }

    /// The transaction, for single statements before the end.
    pub fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Puts rows into a table. Fails where its columns are not those of the schema.
    pub async fn put(&mut self, table: &Table, rows: &[Vec<Value>]) -> StoreResult<()> {
        if self.into.as_ref().is_none_or(|(known, _)| known != table) {
            self.into = Some((table.clone(), types(&mut self.tx, table).await?));
        }
        let types = self.into.as_ref().map(|(_, types)| types.as_slice()).unwrap_or_default();
        match &mut self.tx.read.conn {
            Conn::Sqlite(session) => session.put(table, rows),
            Conn::Postgres(session) => session.put(table, types, rows).await,
        }
    }

    /// After the last rows: what counts by itself goes on from them, and the schema is brought up
    /// to date where they came from an earlier one. From here on [`Self::tx`] writes like any
    /// other.
    pub async fn end_rows(&mut self) -> StoreResult<()> {
        if let Conn::Postgres(session) = &mut self.tx.read.conn {
            session.go_on_counting().await?;
        }
        migrate::run(&mut self.tx).await?;
        while fill::works(&mut self.tx).await? {}
        Ok(())
    }

    /// Makes everything count.
    pub async fn commit(mut self) -> StoreResult<()> {
        match &mut self.tx.read.conn {
            Conn::Sqlite(session) => session.end_filling()?,
            Conn::Postgres(session) => session.commit().await?,
        }
        let Self { tx, building, .. } = self;
        drop(tx);
        building.map_or(Ok(()), Building::finish)
    }
}

/// The types of a table's columns, in the order in which the rows have them.
async fn types(tx: &mut Tx, table: &Table) -> StoreResult<Vec<String>> {
    let known = columns(tx, &table.name).await?;
    let names: Vec<&String> = known.iter().map(|(name, _)| name).collect();
    if names.is_empty() || !names.iter().copied().eq(&table.columns) {
        return Err(StoreError::Database(format!(
            "the table {} has other columns in this program than where the rows come from",
            table.name
        )));
    }
    Ok(known.into_iter().map(|(_, kind)| kind).collect())
}
