//! The commands on both engines.

mod clicks;
mod flattr_reports;
mod sessions;
mod settle;
