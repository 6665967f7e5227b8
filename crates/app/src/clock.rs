//! The one clock (D13). Everything that needs to know the time is given it from here.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// Where the time comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// The machine's clock, moved: `OBOLE_TEST_NOW` starts it elsewhere, from where it runs on.
    Shifted(SignedDuration),
    /// Stands still until it is set: for tests and the demonstration's months.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that starts at a moment and runs on.
    #[must_use]
    pub fn starting_at(moment: Timestamp) -> Self {
        Self::Shifted(moment.duration_since(system_now()))
    }

    /// A clock that stands at a moment.
    #[must_use]
    pub fn standing_at(moment: Timestamp) -> Self {
        Self::Manual(Arc::new(AtomicI64::new(moment.as_microsecond())))
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => system_now(),
            Self::Shifted(offset) => system_now().saturating_add(*offset).unwrap_or(Timestamp::MAX),
            Self::Manual(micros) => {
                Timestamp::from_microsecond(micros.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
            }
        }
    }

    /// Sets a standing clock; the others go on as they do.
    pub fn set(&self, moment: Timestamp) {
        if let Self::Manual(micros) = self {
            micros.store(moment.as_microsecond(), Ordering::SeqCst);
        }
    }
}

/// A moment after another one; the end of time where there is none.
pub(crate) fn later(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
fn system_now() -> Timestamp {
    let now = Timestamp::now();
    // What is stored has microseconds: what is compared must not have more.
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shifted_clock_runs_on_from_its_start() {
        let start: Timestamp = "2026-11-30T23:59:00Z".parse().expect("a moment");
        let now = Clock::starting_at(start).now();
        assert!(now >= start && now.duration_since(start) < SignedDuration::from_secs(60));
    }

    #[test]
    fn a_standing_clock_moves_only_when_it_is_set() {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a moment");
        let clock = Clock::standing_at(start);
        assert_eq!(clock.now(), start);
        let later = "2026-02-01T00:00:00Z".parse().expect("a moment");
        clock.set(later);
        assert_eq!(clock.clone().now(), later);
    }
}
