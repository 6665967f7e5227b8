//! The database: the only crate that knows SQL. One text for SQLite and PostgreSQL, run through
//! the facade in `db`; then one file for each group of tables.

pub mod accounts;
pub mod audit;
pub mod audit_log;
pub mod bank_accounts;
pub mod bench;
pub mod budgets;
mod chunks;
pub mod claims;
pub mod click_batches;
pub mod clicks;
pub mod cluster;
mod columns;
pub mod confirmations;
pub mod db;
pub mod devices;
mod error;
pub mod feeds;
pub mod flattr_revenues;
pub mod freeze;
pub mod holds;
pub mod idempotency;
pub mod leases;
pub mod ledger;
pub mod ledger_chart;
pub mod limits;
pub mod notes;
pub mod outbox;
pub mod payout_batches;
pub mod payouts;
pub mod portable;
pub mod promises;
pub mod proposals;
pub mod refunds;
pub mod schema;
pub mod sessions;
pub mod settings;
pub mod settlements;
pub mod shares;
pub mod sheets;
pub mod suspense;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tokens;
pub mod trusted_sites;
pub mod versions;
pub mod vouchers;
pub mod wallets;
pub mod work_codes;
pub mod work_pages;
pub mod works;

pub use db::{BoxFuture, Engine, Migrations, Patience, Read, Store, StoreConfig, Tx};
pub use error::{Repeatable, StoreError, StoreResult};
