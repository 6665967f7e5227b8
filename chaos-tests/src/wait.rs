//! Waiting: until something holds, or for a random moment to strike.

use std::thread;
use std::time::{Duration, Instant};

/// How often is looked.
const LOOK: Duration = Duration::from_millis(5);

/// Lets time pass. The moment of a fault is an arbitrary one: nothing else says when it is.
#[expect(clippy::disallowed_methods, reason = "a fault strikes at a moment that nothing announces")]
pub fn pass(pause: Duration) {
    thread::sleep(pause);
}

/// The same in milliseconds.
pub fn pass_millis(millis: u64) {
    pass(Duration::from_millis(millis));
}

/// Waits until something is there; none when it is not in time.
pub fn until<T>(patience: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + patience;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if Instant::now() >= end {
            return None;
        }
        pass(LOOK);
    }
}
