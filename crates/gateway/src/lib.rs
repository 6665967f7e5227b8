//! Doors to others: letters that leave, files for the bank, the journal of what was instructed.
//! Each answers `Refused`, `Unreachable` or `Unknown` (K7); nothing here knows the database.

pub mod journal;
pub mod mail;
pub mod sepa;
