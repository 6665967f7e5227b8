//! What can be done: one function = one command = one database transaction. Pages, API, command
//! line and jobs all call these.

pub mod accounts;
mod app;
pub mod audit;
pub mod audit_log;
pub mod bank_accounts;
pub mod bench;
pub mod budgets;
pub mod chance;
pub mod claims;
pub mod cleaning;
pub mod clicks;
pub mod clock;
pub mod clock_watch;
mod codes;
pub mod config;
pub mod confirmations;
pub mod csv;
pub mod currencies;
pub mod demo;
pub mod doctor;
mod error;
pub mod export_ledger;
pub mod export_shares;
pub mod flattr_reports;
pub mod health;
pub mod idempotency;
pub mod jobs;
pub mod limits;
pub mod mails;
pub mod measures;
pub mod month;
pub mod moved;
mod notices;
pub mod outbox;
mod parts;
mod passwords;
pub mod payout_batches;
pub mod payouts;
pub mod policy;
pub mod promises;
pub mod public;
pub mod refunds;
pub mod resets;
pub mod secrets;
pub mod sessions;
pub mod set_up;
pub mod settle;
pub mod settlements;
pub mod sign_up;
pub mod statements;
pub mod suspensions;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tokens;
pub mod vouchers;
pub mod wallets;
pub mod works;

pub use app::{App, Parts};
pub use chance::Chance;
pub use clock::Clock;
pub use config::Config;
pub use error::{Error, Result, Said, SaidValue};
pub use idempotency::{IdempotencyKey, Once};
/// The words that commands take, for the command line, which knows no crate below this one.
pub use obole_domain as domain;
