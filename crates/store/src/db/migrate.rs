//! Migrations: numbered texts in PostgreSQL's words, never edited after release, forward only.

use super::sql::sql;
use super::store::{Engine, Read, Tx};
use crate::error::{StoreError, StoreResult};

/// A migration's text.
enum Text {
    /// One for both engines.
    Both(&'static str),
    /// One for each, where they really differ.
    Each { sqlite: &'static str, postgres: &'static str },
}

/// Names a migration of one text.
macro_rules! both {
    ($name:literal) => {
        ($name, Text::Both(include_str!(concat!("../../migrations/", $name, ".sql"))))
    };
}

/// Names a migration with a text for each engine.
macro_rules! each {
    ($name:literal) => {
        (
            $name,
            Text::Each {
                sqlite: include_str!(concat!("../../migrations/", $name, ".sqlite.sql")),
                postgres: include_str!(concat!("../../migrations/", $name, ".postgres.sql")),
            },
        )
    };
}

/// All migrations in their order.
const ALL: &[(&str, Text)] = &[
    both!("0001_instance"),
    both!("0002_accounts"),
    both!("0003_works"),
    both!("0004_ledger"),
    both!("0005_clicks"),
    both!("0006_settlements"),
    both!("0007_money"),
    each!("0008_append_only"),
    both!("0009_trusted_sites"),
    both!("0010_work_codes"),
    both!("0011_work_pages"),
    both!("0012_url_prefix"),
    both!("0013_feeds"),
    both!("0014_oauth"),
    both!("0015_webhooks"),
    both!("0016_proposals"),
    both!("0017_subscriptions"),
    each!("0018_own_programs"),
    both!("0019_work_details"),
    both!("0020_claims"),
    each!("0021_claim_events"),
    both!("0022_sign_in"),
    both!("0023_privacy"),
    both!("0024_teams"),
    both!("0025_disputes"),
    both!("0026_signals"),
    both!("0027_reports"),
    both!("0028_refusals"),
    both!("0029_public_gifts"),
    both!("0030_site_letters"),
    both!("0031_details"),
    each!("0032_moot"),
    each!("0033_host_order"),
];

/// What is known of the schema's versions.
pub struct Migrations;

impl Migrations {
    /// The newest version that this program knows.
    #[must_use]
    pub const fn newest() -> usize {
        ALL.len()
    }
}

/// The names of all tables in the order in which they are made: those first that others refer to.
pub(super) fn tables() -> Vec<&'static str> {
    let texts = ALL.iter().map(|(_, text)| match text {
        Text::Both(text) | Text::Each { postgres: text, .. } => *text,
    });
    let lines = texts.flat_map(str::lines);
    let names = lines.filter_map(|line| line.strip_prefix("create table ")?.split(' ').next());
    names.collect()
}

/// The version that the schema has.
pub(super) async fn version(read: &mut Read) -> StoreResult<i64> {
    let done = sql("select coalesce(max(number), cast(0 as bigint)) from migrations");
    done.fetch_one(read, |row| row.get(0)).await
}

/// Applies what is missing.
pub(super) async fn run(tx: &mut Tx) -> StoreResult<()> {
    run_to(tx, i64::try_from(ALL.len()).unwrap_or(i64::MAX)).await
}

/// Whether there is a schema: a role that may make no tables must not try.
async fn has_table(read: &mut Read) -> StoreResult<bool> {
    let select = match read.engine() {
        Engine::Sqlite => sql("select count(*) from sqlite_schema where name = 'migrations'"),
        Engine::Postgres => {
            sql("select count(*) from pg_class where oid = to_regclass('migrations')")
        }
    };
    Ok(select.fetch_one(read, |row| row.get::<i64>(0)).await? > 0)
}

/// Applies what is missing up to a version. On PostgreSQL an advisory lock keeps a second node
/// waiting until the first is done; a quarter of an hour at most.
pub(super) async fn run_to(tx: &mut Tx, version: i64) -> StoreResult<()> {
    if tx.engine() == Engine::Postgres {
        tx.batch("set local lock_timeout = 0; select pg_advisory_xact_lock(724511)").await?;
    }
    if !has_table(tx).await? {
        let table = "create table migrations (
            number bigint not null primary key, name text not null) /*strict*/";
        let text = for_engine(tx.engine(), table);
        tx.batch(&text).await?;
    }
    let done = usize::try_from(self::version(tx).await?).unwrap_or(usize::MAX);
    if done > ALL.len() {
        return Err(StoreError::Database(format!(
            "the database is of version {done}, this program knows {}; use a newer obole",
            ALL.len()
        )));
    }
    for (number, (name, text)) in (1..=version).zip(ALL).skip(done) {
        let text = match (text, tx.engine()) {
            (Text::Both(text), engine) => for_engine(engine, text),
            (Text::Each { sqlite, .. }, Engine::Sqlite) => (*sqlite).to_owned(),
            (Text::Each { postgres, .. }, Engine::Postgres) => (*postgres).to_owned(),
        };
        tx.batch(&text).await?;
        let record = sql("insert into migrations (number, name) values ($1, $2)");
        record.bind(number).bind(*name).execute(tx).await?;
    }
    Ok(())
}

/// PostgreSQL's words as SQLite's: five types, strict tables, and tables kept in key order. What
/// only PostgreSQL knows stands as `/*postgres: …)*/`.
fn for_engine(engine: Engine, text: &str) -> String {
    if engine == Engine::Postgres {
        return text.replace("/*postgres: ", "").replace(")*/", ")");
    }
    let text = text.replace("/*strict, clustered*/", "strict, without rowid");
    let text = text.replace("/*strict*/", "strict");
    let mut words = String::with_capacity(text.len());
    let mut word = String::new();
    for character in text.chars().chain(['\n']) {
        if character.is_ascii_alphanumeric() || character == '_' {
            word.push(character);
            continue;
        }
        words.push_str(match word.as_str() {
            "uuid" | "bytea" => "blob",
            "bigint" | "bigserial" | "boolean" => "integer",
            other => other,
        });
        word.clear();
        words.push(character);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_words_differ_on_sqlite() {
        let text = "create table t (seq bigserial primary key, id uuid, is_on boolean) /*strict*/";
        let expected = "create table t (seq integer primary key, id blob, is_on integer) strict\n";
        assert_eq!(for_engine(Engine::Sqlite, text), expected);
        assert_eq!(for_engine(Engine::Postgres, text), text);
        let key = "primary key (a) /*postgres: include (b)*/";
        assert_eq!(for_engine(Engine::Postgres, key), "primary key (a) include (b)");
    }
}
