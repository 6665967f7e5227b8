//! Counting what comes too often for a write each. A node takes leave for several from the
//! database at once, and fewer the fuller the window is: all nodes together never allow more than
//! the limit, and what one has left when another is out is a small part of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use obole_domain::Refusal;
use obole_store::limits;
use tokio::sync::Mutex as Turn;

use super::Limit;
use crate::app::App;
use crate::error::Result;

/// A node takes this part of what is left in the window.
const PART: i64 = 10;

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
        if leave.left == 0 && leave.taken < limit.count {
            let wanted = ((limit.count - leave.taken) / PART).max(1);
            let taken = app.write(subject, move |tx, subject| {
                Box::pin(async move {
                    Ok(limits::count_by(tx, (limit.name, subject), begins, wanted).await?)
                })
            });
            leave.taken = taken.await?;
            leave.left = wanted.min(limit.count - (leave.taken - wanted)).max(0);
        }
        if leave.left > 0 {
            leave.left -= 1;
            return Ok(());
        }
        Err(Refusal::TooMany { seconds: limit.left(app.now()) }.into())
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
