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
        let counted = Used { count: 0, is_counted: true };
        let Some(window) = self.window(now) else { return counted };
        let is_full = window.used.len() >= SUBJECTS_MAX;
        let none = if is_full { counted } else { Used::default() };
        window.used.get(&subject).copied().unwrap_or(none)
    }

    /// Notes what a subject has used by then.
    pub fn note(&self, subject: Uuid, now: Timestamp, used: Used) {
        let Some(mut window) = self.window(now) else { return };
        if window.used.len() < SUBJECTS_MAX || window.used.contains_key(&subject) {
            window.used.insert(subject, used);
        }
    }

    /// The running window; none for a moment before it, when the clock went back or another lane
    /// was first in a new one: nothing goes on credit twice.
    fn window(&self, now: Timestamp) -> Option<MutexGuard<'_, Window>> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let begins = self.limit.begins(now);
        if window.begins < begins {
            *window = Window { begins, used: HashMap::new() };
        }
        (window.begins == begins).then_some(window)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_goes_on_credit_in_each_window_and_never_twice() {
        let credit = Credit::new(crate::limits::CLICK_MINUTE);
        let limit = credit.limit();
        let at = |second| Timestamp::from_second(second).expect("a moment");
        let ada = Uuid::from_u128(1);
        let used = Used { count: 4, is_counted: false };
        credit.note(ada, at(60), used);
        assert_eq!(credit.used(ada, at(119)), used);
        assert!(used.allows(limit, 2) && !used.allows(limit, 3));
        assert_eq!((used.unpaid(), credit.used(Uuid::from_u128(2), at(61)).count), (4, 0));
        let counted = Used { is_counted: true, ..used };
        assert!(!counted.allows(limit, 1) && counted.unpaid() == 0);
        // The next window is new; a moment of the one before is counted in the database.
        assert_eq!(credit.used(ada, at(120)), Used::default());
        assert!(credit.used(ada, at(119)).is_counted);
        credit.note(ada, at(119), used);
        assert_eq!(credit.used(ada, at(121)), Used::default());
    }
}
