//! The one source of chance: the system's, or a seeded one that repeats a test.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Where random bytes come from.
#[derive(Clone, Debug)]
pub enum Chance {
    /// The operating system.
    System,
    /// SHA-256 of a seed and a counter: the same bytes each time. For tests and demonstrations.
    Seeded(Arc<Mutex<(u64, u64)>>),
}

impl Chance {
    /// Chance that repeats itself.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new((seed, 0))))
    }

    /// Random bytes.
    ///
    /// # Panics
    /// When the operating system has no random bytes to give: nothing safe can be done then.
    #[must_use]
    pub fn bytes<const LENGTH: usize>(&self) -> [u8; LENGTH] {
        let mut bytes = [0; LENGTH];
        match self {
            Self::System => system(&mut bytes),
            Self::Seeded(state) => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                for chunk in bytes.chunks_mut(32) {
                    state.1 += 1;
                    let mut block = Sha256::new();
                    block.update(state.0.to_be_bytes());
                    block.update(state.1.to_be_bytes());
                    chunk
                        .iter_mut()
                        .zip(block.finalize())
                        .for_each(|(byte, random)| *byte = random);
                }
            }
        }
        bytes
    }

    /// An identifier that sorts by time (UUID version 7).
    #[must_use]
    pub fn id(&self, now: Timestamp) -> Uuid {
        let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where chance is asked")]
fn system(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeded_chance_repeats_and_never_stands_still() {
        let (one, other) = (Chance::seeded(1), Chance::seeded(1));
        let first: [u8; 40] = one.bytes();
        assert_eq!(first, other.bytes());
        assert_ne!(first, one.bytes());
        assert_ne!(first, Chance::seeded(2).bytes());
    }

    #[test]
    fn ids_sort_by_time() {
        let chance = Chance::seeded(1);
        let early = chance.id("2026-01-01T00:00:00Z".parse().expect("a moment"));
        let late = chance.id("2026-01-01T00:00:01Z".parse().expect("a moment"));
        assert!(early < late);
    }
}
