//! The commands on both engines.

mod clicks;
mod flattr_reports;
