//! The pages as a browser meets them, on both engines.
#![allow(clippy::disallowed_methods, reason = "tests may")]

mod browser;
mod core;
mod give;
mod month;
mod public;
