//! What tests need of a database server.

pub use crate::db::create_database;
