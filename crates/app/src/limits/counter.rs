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
use super::{Limit, Used};
use crate::app::App;
use crate::error::Result;

/// More subjects than ask in one window; beyond it all take leave afresh, so that addresses that
/// change at will cannot fill the memory.
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

/// What one subject may still do without asking the database.
#[derive(Debug, Default)]
struct Leave {
    left: i64,
    /// What all nodes have taken, as far as this one knows.
    taken: i64,
    credit: Used,
}

impl Leave {
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
            let wanted = ((limit.count - leave.taken) / PART).max(1);
            let count = wanted + leave.credit.unpaid();
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
        let unpaid = leave.try_lock().map_or(0, |leave| leave.credit.unpaid());
        ((self.limit.count / PART).max(count), unpaid)
    }

    /// Puts in what the database gave leave for beyond those who asked.
    pub(crate) fn put(&self, subject: &str, now: Timestamp, left: i64) {
        let leave = self.leave(subject, self.limit.begins(now));
        // Leave that nobody can take is lost, never given twice.
        if let Ok(mut leave) = leave.try_lock() {
            leave.left += left.max(0);
            leave.credit.is_counted = true;
        }
    }

    /// What a subject has left in the window that began then.
    fn leave(&self, subject: &str, begins: Timestamp) -> Arc<Turn<Leave>> {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        if window.begins != begins || window.subjects.len() >= SUBJECTS_MAX {
            *window = Window { begins, subjects: HashMap::new() };
        }
        Arc::clone(window.subjects.entry(subject.to_owned()).or_default())
    }
}
