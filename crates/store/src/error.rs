//! What can go wrong in the database, told by kind and never by the name of a constraint.

use obole_domain::Refusal;

/// A failure of the database. A missing row is no failure: it is `None`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique key, a foreign key or a check stood in the way.
    #[error("the database refused a row: {0}")]
    Conflict(String),
    /// A stored value that the program cannot have written.
    #[error("broken data in column {0}")]
    Corrupt(String),
    /// Too much at once, or a lock that did not come free: try again later (D7).
    #[error("the database is busy: {0}")]
    Busy(String),
    /// Disk full, I/O error, connection lost; lost while committing, the end is not known (D7):
    /// never repeated blindly, a caller looks its idempotency key up.
    #[error("the database is out of reach: {0}")]
    Unavailable(String),
    /// A statement that is wrong, a rule of ours that was broken.
    #[error("the database failed: {0}")]
    Database(String),
    /// A rule of the domain, met where rows are turned into values.
    #[error("{0}")]
    Refused(#[from] Refusal),
}

/// The result of a store function.
pub type StoreResult<T> = Result<T, StoreError>;

/// An error that knows whether the transaction may be repeated.
pub trait Repeatable {
    /// Whether it is [`StoreError::Busy`] underneath.
    fn is_busy(&self) -> bool;
}

impl Repeatable for StoreError {
    fn is_busy(&self) -> bool {
        matches!(self, Self::Busy(_))
    }
}
