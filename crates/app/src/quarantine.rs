//! The quarantine after a restore (V3): pages are read and clicks are given, but payouts, refunds
//! and settlement wait until the outbound journal was compared, or somebody has looked at the bank
//! statements, and an administrator ends it.

use jiff::Timestamp;
use obole_domain::Refusal;
use obole_store::{Read, Tx, settings};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::secrets::{digest, hex};
use crate::suspensions::decided;

/// The setting that is there as long as the instance is quarantined.
const QUARANTINE: &str = "quarantine";

/// How the outbound journal began at a moment: it only grows, so a longer one that begins so is the
/// same one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalMark {
    /// How many lines it had.
    lines: usize,
    /// SHA-256 of them.
    hash: String,
}

impl JournalMark {
    /// The mark of a journal as it is now.
    #[must_use]
    pub fn of(lines: &[String]) -> Self {
        Self { lines: lines.len(), hash: hex(&digest(lines.join("\n").as_bytes())) }
    }

    /// Whether a journal is the one of this mark, perhaps with more at its end.
    #[must_use]
    pub fn is_of(&self, lines: &[String]) -> bool {
        lines.get(..self.lines).is_some_and(|begin| Self::of(begin) == *self)
    }
}

/// What became of an instruction of the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It was missing and is booked now.
    Booked,
    /// It is booked, partly against money that its account does not have any more.
    Owed,
    /// Its account is not known here: it is booked, and somebody has to look.
    Stranger,
    /// It does not fit what is here: somebody has to look, and nothing was booked.
    Unclear,
}

/// An instruction of the journal that the restored database did not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// `payout` or `refund`.
    pub kind: String,
    /// Which.
    pub id: String,
    /// Whose, by handle; empty where it is not known.
    pub handle: String,
    /// How much: millionths.
    pub amount_micros: i64,
    /// In what, by code.
    pub currency: String,
    /// What became of it.
    pub outcome: Outcome,
}

/// Why the instance waits, and how far the comparison has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantine {
    /// When it was restored, in microseconds.
    since: i64,
    /// The state of which moment, in microseconds.
    backup: i64,
    /// The journal that belongs to the backup.
    journal: JournalMark,
    /// When that journal was compared, in microseconds; none while it is not here.
    compared: Option<i64>,
    /// How many instructions were here already.
    pub known: u64,
    /// Those that were not, the first of them.
    pub found: Vec<Found>,
    /// How many there were.
    pub found_count: u64,
}

impl Quarantine {
    /// When the instance was restored.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        Timestamp::from_microsecond(self.since).unwrap_or_default()
    }

    /// The moment of the backup.
    #[must_use]
    pub fn backup(&self) -> Timestamp {
        Timestamp::from_microsecond(self.backup).unwrap_or_default()
    }

    /// When the journal of the backup was compared.
    #[must_use]
    pub fn compared(&self) -> Option<Timestamp> {
        self.compared.and_then(|at| Timestamp::from_microsecond(at).ok())
    }

    /// Whether a journal is that of the backup.
    #[must_use]
    pub fn is_own(&self, lines: &[String]) -> bool {
        self.journal.is_of(lines)
    }

    /// Notes that the journal was compared.
    pub(crate) fn note_compared(&mut self, now: Timestamp) {
        self.compared = Some(now.as_microsecond());
    }
}

/// Quarantines an instance in the transaction that restores it.
pub(crate) async fn begin(
    tx: &mut Tx,
    now: Timestamp,
    backup: Timestamp,
    journal: JournalMark,
) -> Result<()> {
    let (since, backup) = (now.as_microsecond(), backup.as_microsecond());
    store(tx, &Quarantine { since, backup, journal, ..Quarantine::default() }).await
}

/// Stores how it stands.
pub(crate) async fn store(tx: &mut Tx, quarantine: &Quarantine) -> Result<()> {
    let text = serde_json::to_string(quarantine).map_err(Error::internal)?;
    Ok(settings::set(tx, QUARANTINE, &text).await?)
}

/// How it stands; none where the instance is not quarantined. What cannot be read counts as one
/// about which nothing is known.
pub async fn find(read: &mut Read) -> Result<Option<Quarantine>> {
    let stored = settings::find(read, QUARANTINE).await?;
    Ok(stored.map(|text| serde_json::from_str(&text).unwrap_or_default()))
}

/// [`find`] in a transaction of its own.
pub async fn find_in(app: &App) -> Result<Option<Quarantine>> {
    app.read((), |read, ()| Box::pin(find(read))).await
}

/// Refuses while the instance is quarantined.
pub async fn refuse(read: &mut Read) -> Result<()> {
    if settings::find(read, QUARANTINE).await?.is_some() {
        return Err(Refusal::Quarantined {}.into());
    }
    Ok(())
}

/// An administrator ends the quarantine, with a reason for the log: payouts, refunds and settlement
/// go on. Once, however many try.
///
/// Refused without the comparison of the journal, unless the bank statements were looked at.
pub async fn end(app: &App, actor: Actor, reason: &str, is_bank_checked: bool) -> Result<()> {
    decided(app, actor, reason, move |app, tx, reason| {
        Box::pin(async move {
            let quarantine = find(tx).await?.ok_or(Refusal::StateMoved {})?;
            if quarantine.compared.is_none() && !is_bank_checked {
                return Err(Refusal::BankUnchecked {}.into());
            }
            if !settings::take(tx, QUARANTINE).await? {
                return Err(Refusal::StateMoved {}.into());
            }
            let basis = if quarantine.compared.is_some() { "journal" } else { "bank statements" };
            let details = format!("{basis}: {reason}");
            app.log(tx, actor, "quarantine.end", ("instance".to_owned(), details)).await
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_knows_its_journal_by_how_it_begins() {
        let lines =
            |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let mark = JournalMark::of(&lines(&["a", "b"]));
        assert!(mark.is_of(&lines(&["a", "b"])) && mark.is_of(&lines(&["a", "b", "c"])));
        assert!(!mark.is_of(&lines(&["a"])) && !mark.is_of(&lines(&["a", "x", "c"])));
        assert!(!mark.is_of(&[]));
    }
}
