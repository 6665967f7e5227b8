//! What a node lets through of a limit before it counts in the database: most people never come
//! that far, so most clicks need no row of their limits (docs/decisions/0043).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use uuid::Uuid;

use super::Limit;

/// A node gives this part of a limit on credit.
pub(super) const PART: i64 = 10;

/// More subjects than come in one window; those beyond it are counted from the first on, so that
/// whoever has many accounts cannot fill the memory.
const SUBJECTS_MAX: usize = 200_000;

/// How much of one subject went on credit in the running window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Used {
    /// How often.
    pub count: i64,
    /// Whether the database counts by now, this included.
    pub is_counted: bool,
}

impl Used {
    /// What the database has still to be told.
    pub fn unpaid(self) -> i64 {
        if self.is_counted { 0 } else { self.count }
    }

    /// Whether so many more go on credit.
    pub fn allows(self, limit: Limit, more: i64) -> bool {
        !self.is_counted && self.count + more <= limit.count / PART
    }
}

/// The credit of one limit, by subject.
#[derive(Debug)]
pub(crate) struct Credit {
    limit: Limit,
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    begins: Timestamp,
    used: HashMap<Uuid, Used>,
}

impl Credit {
    pub fn new(limit: Limit) -> Self {
        Self { limit, window: Mutex::default() }
    }

    pub fn limit(&self) -> Limit {
        self.limit
    }

    /// What a subject has used in the window of a moment.
    pub fn used(&self, subject: Uuid, now: Timestamp) -> Used {
        let window = self.window(now);
        let is_full = window.used.len() >= SUBJECTS_MAX;
        let none = Used { count: 0, is_counted: is_full };
        window.used.get(&subject).copied().unwrap_or(none)
    }

    /// Notes what a subject has used by then.
    pub fn note(&self, subject: Uuid, now: Timestamp, used: Used) {
        let mut window = self.window(now);
        if window.used.len() < SUBJECTS_MAX || window.used.contains_key(&subject) {
            window.used.insert(subject, used);
        }
    }

    fn window(&self, now: Timestamp) -> MutexGuard<'_, Window> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let begins = self.limit.begins(now);
        if window.begins != begins {
            *window = Window { begins, used: HashMap::new() };
        }
        window
    }
}
