//! The commands on both engines.

mod clicks;
mod sessions;
mod flattr_reports;
