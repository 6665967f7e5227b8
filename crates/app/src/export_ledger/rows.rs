//! The ledger as CSV: a line for each posting.

use obole_store::ledger::Booked;

use super::chart::{Chart, Spelling};
use super::fact;
use crate::csv;

/// The header.
pub(super) fn head() -> String {
    csv::line(&[
        "entry",
        "at",
        "reason",
        "fact",
        "reverses",
        "account",
        "currency",
        "amount_micros",
    ])
}

/// An entry's lines.
pub(super) fn entry(chart: &Chart, entry: &Booked) -> String {
    let reverses = entry.reverses.map(|seq| seq.to_string()).unwrap_or_default();
    let lines = entry.postings.iter().map(|posting| {
        csv::line(&[
            entry.seq.to_string(),
            entry.at.to_string(),
            entry.reason.code().to_owned(),
            fact(entry),
            reverses.clone(),
            chart.name(&posting.account, Spelling::Plain),
            posting.account.currency.code().to_owned(),
            posting.amount.get().to_string(),
        ])
    });
    lines.collect()
}
