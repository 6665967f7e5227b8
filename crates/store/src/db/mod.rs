//! The facade over both engines: the only folder that names a driver. One SQL text with `$1 …`,
//! one value type, one transaction type (style.md section 5, performance.md section 1).

mod fill;
mod many;
mod migrate;
mod patience;
mod postgres;
mod settings;
mod sql;
mod sqlite;
mod store;
mod value;
mod whole;

pub use migrate::Migrations;
pub use patience::Patience;
#[cfg(feature = "testing")]
pub use postgres::create_database;
pub use settings::StoreConfig;
pub use sql::{Sql, sql};
pub use store::{BoxFuture, Engine, Read, Store, Tx};
pub use value::{Cell, Column, Row, Value};
pub use whole::{Filling, Snapshot, Table};
