//! The outbound journal's lines as instructions. A batch may stand in several lines, and twice.

use std::collections::BTreeMap;

use jiff::Timestamp;
use obole_domain::Refusal;
use serde::Deserialize;
use uuid::Uuid;

use crate::deletions::Replayed;
use crate::error::Result;

/// A line, as `payout_batches`, `refunds`, `deletions` and `App::open` write it.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Line {
    Begin {},
    PayoutBatch {
        at: String,
        batch: Uuid,
        currency: String,
        file_hash: String,
        payouts: Vec<Payout>,
    },
    Refund(Refund),
    Deletion(Replayed),
}

/// A payout that left in a bank file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Payout {
    pub(super) payout: Uuid,
    pub(super) account: Uuid,
    pub(super) amount_micros: i64,
}

/// A bank file that left.
#[derive(Clone, Debug)]
pub(super) struct Batch {
    pub(super) at: Timestamp,
    pub(super) batch: Uuid,
    pub(super) currency: String,
    pub(super) file_hash: String,
    pub(super) payouts: Vec<Payout>,
}

/// A refund that was given back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Refund {
    pub(super) refund: Uuid,
    pub(super) account: Uuid,
    pub(super) currency: String,
    pub(super) amount_micros: i64,
}

/// Everything that left.
#[derive(Debug, Default)]
pub(super) struct Instructions {
    pub(super) batches: Vec<Batch>,
    pub(super) refunds: Vec<Refund>,
    /// In the order in which they were asked for and undone.
    pub(super) deletions: Vec<Replayed>,
}

impl Instructions {
    /// Reads journals. Refused with the number of the line that is none.
    pub(super) fn read(journals: &[Vec<String>]) -> Result<Self> {
        let mut batches: BTreeMap<Uuid, Batch> = BTreeMap::new();
        let mut refunds: BTreeMap<Uuid, Refund> = BTreeMap::new();
        let mut deletions = Vec::new();
        for lines in journals {
            for (line, number) in lines.iter().zip(1..) {
                let malformed = || Refusal::FileMalformed { line: number };
                match serde_json::from_str(line).map_err(|_| malformed())? {
                    Line::Begin {} => {}
                    Line::PayoutBatch { at, batch, currency, file_hash, payouts } => {
                        let at = at.parse().map_err(|_| malformed())?;
                        let empty = Batch { at, batch, currency, file_hash, payouts: Vec::new() };
                        let batch = batches.entry(batch).or_insert(empty);
                        for payout in payouts {
                            if !batch.payouts.contains(&payout) {
                                batch.payouts.push(payout);
                            }
                        }
                    }
                    Line::Refund(refund) => {
                        refunds.insert(refund.refund, refund);
                    }
                    Line::Deletion(deletion) => deletions.push(deletion),
                }
            }
        }
        Ok(Self {
            batches: batches.into_values().collect(),
            refunds: refunds.into_values().collect(),
            deletions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BATCH: &str = concat!(
        r#"{"kind":"payout-batch","at":"2026-01-15T12:00:00Z","#,
        r#""batch":"01900000-0000-7000-8000-000000000001","currency":"EUR","file_hash":"00","#,
        r#""payouts":[{"payout":"01900000-0000-7000-8000-00000000000a","#,
        r#""account":"01900000-0000-7000-8000-0000000000ff","amount_micros":5}]}"#,
    );
    const REFUND: &str = concat!(
        r#"{"kind":"refund","at":"2026-01-15T12:00:00Z","#,
        r#""refund":"01900000-0000-7000-8000-000000000002","#,
        r#""account":"01900000-0000-7000-8000-0000000000ff","currency":"EUR","amount_micros":5}"#,
    );

    fn read(lines: &[&str]) -> Result<Instructions> {
        Instructions::read(&[lines.iter().map(|line| (*line).to_owned()).collect()])
    }

    #[test]
    fn what_stands_twice_left_once() {
        let other = BATCH.replace("00000000000a", "00000000000b");
        let begin = r#"{"kind":"begin","at":"2026-01-01T00:00:00Z","journal":"x"}"#;
        let read = read(&[begin, BATCH, REFUND, BATCH, &other, REFUND]).expect("a journal");
        assert_eq!((read.batches.len(), read.refunds.len()), (1, 1));
        assert_eq!(read.batches[0].payouts.len(), 2);
    }

    #[test]
    fn what_is_no_instruction_is_refused_by_its_line() {
        for wrong in ["{}", "text", r#"{"kind":"gift"}"#, &BATCH.replace("\"EUR\"", "5")] {
            let refused = read(&[REFUND, wrong]).expect_err("not a line");
            assert_eq!(refused.code(), "file_malformed", "{wrong}");
        }
    }
}
