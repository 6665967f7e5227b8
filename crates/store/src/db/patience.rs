//! How long a transaction may keep others waiting on PostgreSQL (D10).

use std::time::Duration;

/// Who waits for a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Patience {
    /// Somebody in front of a screen, or a program: a statement has ten seconds.
    #[default]
    Visitor,
    /// Many of them at once, whose rows are found by their keys.
    Visitors,
    /// Nobody: a job or a command, whose statements may go through all that there is.
    Job,
}

impl Patience {
    /// The text that begins a transaction. A session's own limits are a visitor's.
    pub(super) const fn begin(self, is_read: bool) -> &'static str {
        match (self, is_read) {
            (Self::Visitor, false) => "begin",
            // Never by going through a whole table, whatever the server believes of one whose rows
            // it has not counted yet.
            (Self::Visitors, false) => "begin; set local enable_seqscan = off",
            // A settlement writes some thousand rows of a table at a time, again and again: going
            // through all of it each time looks cheap to the server and is not.
            (Self::Job, false) => {
                "begin; set local enable_seqscan = off; set local statement_timeout = '15min'"
            }
            (Self::Visitor | Self::Visitors, true) => {
                "begin isolation level repeatable read read only"
            }
            (Self::Job, true) => {
                "begin isolation level repeatable read read only; \
                 set local statement_timeout = '15min'"
            }
        }
    }

    /// How long an answer of the server may take: a little more than it gives itself.
    pub(super) const fn answer(self) -> Duration {
        match self {
            Self::Visitor | Self::Visitors => Duration::from_secs(12),
            Self::Job => Duration::from_secs(15 * 60 + 10),
        }
    }

    /// How long a free connection is waited for.
    pub(super) const fn connection(self) -> Duration {
        match self {
            Self::Visitor | Self::Visitors => Duration::from_secs(5),
            Self::Job => Duration::from_secs(60),
        }
    }

    /// For how long a transaction is repeated that others are in the way of (K3).
    pub(super) const fn repeating(self) -> Duration {
        match self {
            Self::Visitor | Self::Visitors => Duration::from_secs(5),
            Self::Job => Duration::from_secs(60),
        }
    }
}

/// Waits before a repetition: longer each time, and not the same for two that collided.
pub(super) async fn pause(tried: u32) {
    let jitter = u64::from(std::process::id() % 7) + u64::from(tried) * 3;
    tokio::time::sleep(Duration::from_millis(5 * 2_u64.pow(tried) + jitter)).await;
}
