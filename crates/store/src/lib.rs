//! The database: the only crate that knows SQL. One text for SQLite and PostgreSQL, run through
//! the facade in `db`; then one file for each group of tables.

mod columns;
pub mod db;
mod error;

pub use db::{Engine, Migrations, Read, Store, StoreConfig, Tx};
pub use error::{Repeatable, StoreError, StoreResult};
