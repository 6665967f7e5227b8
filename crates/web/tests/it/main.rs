//! The pages as a browser meets them, on both engines.
#![allow(clippy::disallowed_methods, reason = "tests may")]

mod accounts;
mod admin_accounts;
mod admin;
mod browser;
mod core;
mod creator;
mod give;
mod month;
mod public;
mod wallet;
