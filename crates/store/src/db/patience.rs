//! How long a transaction may keep others waiting on PostgreSQL (D10).

use std::time::Duration;

/// Who waits for a transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Patience {
    /// Somebody in front of a screen, or a program: a statement has ten seconds.
    #[default]
    Visitor,
    /// Nobody: a job or a command, whose statements may go through all that there is.
    Job,
}

impl Patience {
    /// The text that begins a transaction. A session's own limits are a visitor's.
    pub(super) const fn begin(self, is_read: bool) -> &'static str {
        match (self, is_read) {
            (Self::Visitor, false) => "begin",
            (Self::Visitor, true) => "begin isolation level repeatable read read only",
            (Self::Job, false) => "begin; set local statement_timeout = '15min'",
            (Self::Job, true) => {
                "begin isolation level repeatable read read only; \
                 set local statement_timeout = '15min'"
            }
        }
    }

    /// How long an answer of the server may take: a little more than it gives itself.
    pub(super) const fn answer(self) -> Duration {
        match self {
            Self::Visitor => Duration::from_secs(12),
            Self::Job => Duration::from_secs(15 * 60 + 10),
        }
    }

    /// How long a free connection is waited for.
    pub(super) const fn connection(self) -> Duration {
        match self {
            Self::Visitor => Duration::from_secs(5),
            Self::Job => Duration::from_secs(60),
        }
    }

    /// For how long a transaction is repeated that others are in the way of (K3).
    pub(super) const fn repeating(self) -> Duration {
        match self {
            Self::Visitor => Duration::from_secs(5),
            Self::Job => Duration::from_secs(60),
        }
    }
}
