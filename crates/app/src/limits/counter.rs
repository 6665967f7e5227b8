//! Counting what comes too often for a write each. A node lets the first tenth through on credit
//! (docs/decisions/0043); then it takes leave for several from the database at once, and fewer the
//! fuller the window is, so that what one has left when another is out is a small part of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use obole_domain::Refusal;
use obole_store::limits;
use tokio::sync::Mutex as Turn;

use super::credit::PART;
use super::{Limit, Standing, Used};
use crate::app::App;
use crate::error::Result;

/// More subjects than ask in one window; those beyond it are counted one by one, so that addresses
/// that change at will cannot fill the memory.
const SUBJECTS_MAX: usize = 100_000;

/// The leave that a node has taken in the running window.
#[derive(Debug)]
pub struct Counter {
    limit: Limit,
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    begins: Timestamp,
    subjects: HashMap<String, Arc<Turn<Leave>>>,
}

/// What the database said about the requests of a batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Granted {
    /// Leave beyond those who asked.
    pub left: i64,
    /// How much of what went on credit it was told.
    pub told: i64,
    /// What all nodes have taken by then.
    pub taken: i64,
}

/// What one subject may still do without asking the database.
#[derive(Debug, Default)]
struct Leave {
    /// Less than none where more went on credit while the database was asked.
    left: i64,
    /// What all nodes have taken, as far as this one knows.
    taken: i64,
    credit: Used,
    /// Whether nobody will find what is left here.
    is_lost: bool,
}

impl Leave {
    /// Of a subject that is not held in memory: each is counted in the database by itself.
    fn lost() -> Self {
        let credit = Used { count: 0, is_counted: true };
        Self { credit, is_lost: true, ..Self::default() }
    }

    /// What went through and the database was not told yet.
    fn unpaid(&self) -> i64 {
        self.credit.unpaid() + (-self.left).max(0)
    }

    /// For how many to ask the database where so many are wanted now.
    fn wanted(&self, limit: Limit, count: i64) -> i64 {
        if self.is_lost { count } else { ((limit.count - self.taken) / PART).max(count) }
    }

    /// One on credit, or of the leave that was taken.
    fn take(&mut self, limit: Limit) -> bool {
        let is_on_credit = self.credit.allows(limit, 1);
        self.credit.count += i64::from(is_on_credit);
        let is_left = !is_on_credit && self.left > 0;
        self.left -= i64::from(is_left);
        is_on_credit || is_left
    }
}

impl Counter {
    /// Counts what is limited so.
    #[must_use]
    pub fn new(limit: Limit) -> Self {
        Self { limit, window: Mutex::default() }
    }

    /// Counts one. Refused over the limit, with the seconds until the window ends.
    pub async fn count(&self, app: &App, subject: String) -> Result<()> {
        let (limit, begins) = (self.limit, self.limit.begins(app.now()));
        let leave = self.leave(&subject, begins);
        // One at a time for a subject: fifty at once shall not take leave for fifty times as many.
        let mut leave = leave.lock().await;
        if leave.take(limit) {
            return Ok(());
        }
        if leave.taken < limit.count {
            let wanted = leave.wanted(limit, 1);
            let count = wanted + leave.unpaid();
            let taken = app.write(subject, move |tx, subject| {
                Box::pin(async move {
                    Ok(limits::count_by(tx, (limit.name, subject), begins, count).await?)
                })
            });
            leave.taken = taken.await?;
            leave.credit.is_counted = true;
            leave.left = wanted.min(limit.count - (leave.taken - wanted)).max(0);
        }
        if leave.take(limit) {
            return Ok(());
        }
        Err(Refusal::TooMany { seconds: limit.left(app.now()) }.into())
    }

    /// Counts one where there is leave for it already; false where the database has to be asked,
    /// which `wanted` and `put` are for.
    #[must_use]
    pub fn take(&self, subject: &str, now: Timestamp) -> bool {
        let leave = self.leave(subject, self.limit.begins(now));
        // Whoever has its turn asks the database just now.
        leave.try_lock().is_ok_and(|mut leave| leave.take(self.limit))
    }

    /// For how many to ask the database where so many have no leave, and what went on credit before
    /// that it has still to be told.
    pub(crate) fn wanted(&self, subject: &str, now: Timestamp, count: i64) -> (i64, i64) {
        let leave = self.leave(subject, self.limit.begins(now));
        let Ok(leave) = leave.try_lock() else { return (count, 0) };
        (leave.wanted(self.limit, count), leave.unpaid())
    }

    /// Puts in what the database gave leave for beyond those who asked, once it was told so much of
    /// what went on credit. What went so meanwhile is taken off, what another request has told too
    /// is given back.
    pub(crate) fn put(&self, subject: &str, now: Timestamp, granted: Granted) {
        let leave = self.leave(subject, self.limit.begins(now));
        // Leave that nobody can take is lost, never given twice.
        if let Ok(mut leave) = leave.try_lock() {
            leave.left += granted.left.max(0) - (leave.credit.unpaid() - granted.told);
            leave.taken = leave.taken.max(granted.taken);
            leave.credit.is_counted = true;
        }
    }

    /// What a subject has left, as far as this node knows: what went on credit elsewhere and what
    /// others asked for since is not in it. None for a subject that is not held in memory.
    pub async fn standing(&self, subject: &str, now: Timestamp) -> Option<Standing> {
        let leave = self.leave(subject, self.limit.begins(now));
        let leave = leave.lock().await;
        if leave.is_lost {
            return None;
        }
        let left = match leave.credit.is_counted {
            true => (self.limit.count - leave.taken).max(0) + leave.left,
            false => self.limit.count - leave.credit.count,
        };
        let left = left.clamp(0, self.limit.count);
        Some(Standing { limit: self.limit, left, seconds: self.limit.left(now) })
    }

    /// What a subject has left in the window that began then. A window that is over is not begun
    /// again, or what went on credit would be forgotten.
    fn leave(&self, subject: &str, begins: Timestamp) -> Arc<Turn<Leave>> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.begins < begins {
            *window = Window { begins, subjects: HashMap::new() };
        }
        let is_full = window.subjects.len() >= SUBJECTS_MAX;
        if window.begins != begins || is_full && !window.subjects.contains_key(subject) {
            return Arc::new(Turn::new(Leave::lost()));
        }
        Arc::clone(window.subjects.entry(subject.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many of so many go through without the database.
    fn taken(counter: &Counter, subject: &str, second: i64, count: usize) -> usize {
        let now = Timestamp::from_second(second).expect("a moment");
        (0..count).filter(|_| counter.take(subject, now)).count()
    }

    #[test]
    fn a_tenth_goes_on_credit_in_each_window_and_never_twice() {
        let counter = Counter::new(crate::limits::API);
        assert_eq!(taken(&counter, "ada", 60, 100), 60);
        assert_eq!(taken(&counter, "ada", 120, 40), 40);
        // A moment of the window before changes nothing of this one.
        assert_eq!(taken(&counter, "ada", 119, 1), 0);
        assert_eq!(taken(&counter, "ada", 121, 100), 20);
    }

    #[test]
    fn what_goes_on_credit_while_the_database_is_asked_is_not_forgotten() {
        let counter = Counter::new(crate::limits::API);
        let now = Timestamp::from_second(60).expect("a moment");
        assert_eq!(taken(&counter, "ada", 60, 5), 5);
        let (wanted, told) = counter.wanted("ada", now, 1);
        assert_eq!((wanted, told), (60, 5));
        assert_eq!(taken(&counter, "ada", 60, 40), 40);
        let granted = |left, told, taken| Granted { left, told, taken };
        counter.put("ada", now, granted(wanted - 1, told, 65));
        assert_eq!(taken(&counter, "ada", 60, 100), 19, "59 less the 40 that were not told");
        // Where that is more than there was leave for, the database is told when it is next asked.
        assert_eq!(taken(&counter, "bob", 60, 5), 5);
        let (_, told) = counter.wanted("bob", now, 1);
        assert_eq!(taken(&counter, "bob", 60, 40), 40);
        counter.put("bob", now, granted(0, told, 6));
        assert_eq!((taken(&counter, "bob", 60, 1), counter.wanted("bob", now, 1)), (0, (59, 40)));
    }

    #[test]
    fn what_two_requests_told_is_given_back_once() {
        let counter = Counter::new(crate::limits::API);
        let now = Timestamp::from_second(60).expect("a moment");
        assert_eq!(taken(&counter, "ada", 60, 60), 60);
        let (wanted, told) = counter.wanted("ada", now, 1);
        // Another request told the same 60 first.
        counter.put("ada", now, Granted { left: 0, told, taken: 61 });
        assert_eq!(taken(&counter, "ada", 60, 10), 0);
        counter.put("ada", now, Granted { left: wanted - 1, told, taken: 181 });
        assert_eq!(taken(&counter, "ada", 60, 200), 59 + 60);
    }

    #[tokio::test]
    async fn what_is_left_is_what_the_limit_has_less_what_was_done() {
        let counter = Counter::new(crate::limits::API);
        let now = Timestamp::from_second(63).expect("a moment");
        let left = async |subject| {
            counter.standing(subject, now).await.map(|standing| (standing.left, standing.seconds))
        };
        assert_eq!(left("ada").await, Some((600, 57)));
        assert_eq!(taken(&counter, "ada", 63, 60), 60);
        assert_eq!(left("ada").await, Some((540, 57)));
        // One more has asked for sixty; others had done a hundred.
        let (wanted, told) = counter.wanted("ada", now, 1);
        let taken_by_all = 100 + told + wanted;
        counter.put("ada", now, Granted { left: wanted - 1, told, taken: taken_by_all });
        assert_eq!(left("ada").await, Some((600 - 100 - 61, 57)));
        counter.put("ada", now, Granted { left: 0, told: 0, taken: 700 });
        assert_eq!(taken(&counter, "ada", 63, 59), 59);
        assert_eq!(left("ada").await, Some((0, 57)));
    }
}
