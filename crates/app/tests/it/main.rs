//! The commands on both engines.

mod clicks;
mod export_ledger;
mod flattr_reports;
mod sessions;
mod sessions;
mod settle;
mod year;
