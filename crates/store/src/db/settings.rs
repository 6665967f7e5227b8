//! How a database is opened, and what is counted while it is open.

use std::sync::atomic::{AtomicU64, Ordering};

/// Where the database is and how it is used.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// The most connections to PostgreSQL.
    pub connections: usize,
    /// Whether commits may be lost at a power cut: for tests only (D11).
    pub unsafe_durability: bool,
}

impl StoreConfig {
    /// A database with the settings as shipped.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), connections: 16, unsafe_durability: false }
    }
}

/// What was committed since the database was opened: for measurements.
#[derive(Debug, Default)]
pub(super) struct Counts {
    commits: AtomicU64,
    operations: AtomicU64,
}

impl Counts {
    /// Counts a commit of so many operations.
    pub(super) fn add(&self, operations: u64) {
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.operations.fetch_add(operations, Ordering::Relaxed);
    }

    /// How many commits, and how many operations they held.
    pub(super) fn get(&self) -> (u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.commits), count(&self.operations))
    }
}
