//! SQLite's part of `db/whole.rs`: a reading connection of its own, and a file that is filled under
//! another name and gets its own when it is whole.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use obole_domain::Refusal;
use rusqlite::params_from_iter;

use super::{Session, Sqlite, cell_at, failure};
use crate::db::value::{Cell, Value};
use crate::db::whole::Table;
use crate::error::{StoreError, StoreResult};

/// How much of a file a reading or filling connection keeps in memory, in KiB.
const CACHE: i64 = -8_192;

impl Sqlite {
    /// A connection that reads one state. It keeps the write-ahead log from starting over, which
    /// grows meanwhile.
    pub(in crate::db) fn snapshot(&self) -> StoreResult<Session> {
        let session = Session::open(&self.path, true)?;
        session.connection.pragma_update(None, "query_only", true).map_err(failure)?;
        session.connection.pragma_update(None, "cache_size", CACHE).map_err(failure)?;
        // The first read fixes the state.
        session.batch("begin; select count(*) from sqlite_schema")?;
        Ok(session)
    }
}

impl Session {
    /// Hands each row of a reading statement on.
    pub(in crate::db) fn each_row(
        &mut self,
        text: &str,
        each: &mut (dyn FnMut(&[Cell<'_>]) -> StoreResult<()> + Send),
    ) -> StoreResult<()> {
        let mut statement = self.connection.prepare(text).map_err(failure)?;
        let count = statement.column_count();
        let mut rows = statement.query(()).map_err(failure)?;
        while let Some(row) = rows.next().map_err(failure)? {
            let cells = (0..count).map(|place| cell_at(row, place));
            each(&cells.collect::<StoreResult<Vec<_>>>()?)?;
        }
        Ok(())
    }

    /// Puts rows into a table.
    pub(in crate::db) fn put(&mut self, table: &Table, rows: &[Vec<Value>]) -> StoreResult<()> {
        let numbers: Vec<String> = (1..=table.columns.len()).map(|n| format!("?{n}")).collect();
        let (name, columns, numbers) = (&table.name, table.list(), numbers.join(", "));
        let text = format!("insert into {name} ({columns}) values ({numbers})");
        let mut statement = self.connection.prepare_cached(&text).map_err(failure)?;
        for row in rows {
            statement.execute(params_from_iter(row)).map_err(failure)?;
        }
        Ok(())
    }

    /// Sees that every reference leads somewhere, and ends the transaction.
    pub(in crate::db) fn end_filling(&mut self) -> StoreResult<()> {
        let check = "select count(*) from pragma_foreign_key_check";
        let lost: i64 = self.connection.query_row(check, (), |row| row.get(0)).map_err(failure)?;
        if lost > 0 {
            return Err(StoreError::Corrupt(format!("{lost} references lead nowhere")));
        }
        self.batch("commit")
    }
}

/// A file that is being filled; it is removed unless it is finished.
pub(in crate::db) struct Building {
    built: PathBuf,
    target: PathBuf,
    is_whole: bool,
}

/// Begins to fill a file beside its place, in one transaction. Nobody reads it before it has its
/// name, so it needs neither a journal nor a sync before the end.
pub(in crate::db) fn build(target: &Path) -> StoreResult<(Session, Building)> {
    refuse_used(target)?;
    let built = with_ending(target, ".restoring");
    let building = Building { built, target: target.to_owned(), is_whole: false };
    building.remove()?;
    let session = Session::open_with(&building.built, "off", "off")?;
    session.connection.pragma_update(None, "cache_size", CACHE * 4).map_err(failure)?;
    // They are checked at the end, all at once.
    session.connection.pragma_update(None, "foreign_keys", false).map_err(failure)?;
    session.batch("begin exclusive")?;
    Ok((session, building))
}

/// Refuses a file with something in it. A log that another file left would be read into ours.
fn refuse_used(target: &Path) -> StoreResult<()> {
    for ending in ["", "-wal", "-journal"] {
        let length = fs::metadata(with_ending(target, ending)).map_or(0, |data| data.len());
        if length > 0 {
            return Err(Refusal::DatabaseNotEmpty {}.into());
        }
    }
    Ok(())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

impl Building {
    /// Gives the file its name when all of it is on the disk. Its connection must be closed.
    pub(in crate::db) fn finish(mut self) -> StoreResult<()> {
        refuse_used(&self.target)?;
        let named = || -> std::io::Result<()> {
            File::open(&self.built)?.sync_all()?;
            fs::rename(&self.built, &self.target)?;
            let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
            File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
        };
        named().map_err(|error| self.failed(&error))?;
        self.is_whole = true;
        Ok(())
    }

    fn remove(&self) -> StoreResult<()> {
        match fs::remove_file(&self.built) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(self.failed(&error)),
            _ => Ok(()),
        }
    }

    fn failed(&self, error: &std::io::Error) -> StoreError {
        StoreError::Unavailable(format!("{}: {error}", self.built.display()))
    }
}

impl Drop for Building {
    fn drop(&mut self) {
        if !self.is_whole {
            // What stays behind is removed by the next one.
            let _gone = self.remove();
        }
    }
}
