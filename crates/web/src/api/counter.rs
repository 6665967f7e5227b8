//! How often one token, or one address without a token, may ask in a minute. Counted in this
//! process, because a write a request would cost more than the request: with several nodes each
//! counts its own, so that the limit is at most as many times higher.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use obole_app::limits;
use obole_domain::Refusal;

/// More subjects than ask in a minute; beyond it all are counted afresh, so that addresses that
/// change at will cannot fill the memory.
const SUBJECTS_MAX: usize = 100_000;

/// Who is counted: a token's id, or a keyed hash of an address (P4).
pub type Subject = [u8; 16];

/// The requests of the running minute.
#[derive(Debug, Default)]
pub struct Counter {
    inner: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    number: i64,
    counts: HashMap<Subject, i64>,
}

impl Counter {
    /// Counts one request. Refused over the limit, with the seconds until the window ends.
    pub fn count(&self, subject: Subject, now: Timestamp) -> Result<(), Refusal> {
        let (second, length) = (now.as_second(), limits::API.seconds);
        let number = second.div_euclid(length);
        let mut window = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if window.number != number || window.counts.len() >= SUBJECTS_MAX {
            window.number = number;
            window.counts.clear();
        }
        let count = window.counts.entry(subject).or_insert(0);
        *count += 1;
        if *count <= limits::API.count {
            return Ok(());
        }
        Err(Refusal::TooMany { seconds: length - second.rem_euclid(length) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_subject_has_its_own_minute() {
        let (counter, one, other) = (Counter::default(), [1; 16], [2; 16]);
        let at = |second| Timestamp::from_second(second).expect("a moment");
        for _ in 0..600 {
            counter.count(one, at(6_015)).expect("within the limit");
        }
        assert_eq!(counter.count(one, at(6_015)), Err(Refusal::TooMany { seconds: 45 }));
        assert_eq!(counter.count(one, at(6_059)), Err(Refusal::TooMany { seconds: 1 }));
        assert_eq!(counter.count(other, at(6_059)), Ok(()));
        assert_eq!(counter.count(one, at(6_060)), Ok(()));
    }
}
