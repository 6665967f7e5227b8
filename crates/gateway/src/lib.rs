//! Doors to others: letters that leave, pages that are read, proofs and contacts that are looked
//! for, files for the bank, lists of what somebody likes or builds on, the journal of what was
//! instructed. Each answers `Refused`, `Unreachable` or `Unknown` (K7); nothing here knows the
//! database.

pub mod builds_on;
pub mod contacts;
pub mod fetch;
pub mod instance;
pub mod journal;
pub mod liked;
pub mod mail;
pub mod page;
pub mod proof;
pub mod sepa;
#[cfg(feature = "testing")]
pub mod testing;
