//! The browser tests: journeys through Obole, and what the harness itself promises.
#![allow(clippy::disallowed_methods, reason = "tests are told of their tools by the environment")]
#![allow(clippy::indexing_slicing, reason = "a test that reads past the end has failed")]
#![allow(clippy::unwrap_used, reason = "the functions around the tests fail as tests do")]

mod api;
mod apps;
mod attacks;
mod buttons;
mod claims;
mod disputes;
mod extension;
mod flattr;
mod harness;
mod month;
mod pages;
mod people;
mod plain;
mod privacy;
mod sign_in;
mod snippets;
mod teams;
mod tour;
