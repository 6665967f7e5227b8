//! Flattr's old API: each line of the compatibility checklist (research/flattr-api-v2.md section
//! 17) is a test of its own, named by its number. Line 35 is in the browser tests; 38 in
//! `crates/domain/src/flattr_revenue.rs` and here.

mod client;
mod flattring;
mod frames;
mod lookup;
mod rules;
mod sign_in;
mod things;
mod users;
mod wire;
