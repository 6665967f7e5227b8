//! What `cargo x test` says about the tools around the tests.

use std::env;

/// A variable that must be there: a browser test is never left out silently.
pub fn required(name: &str) -> String {
    match env::var(name) {
        Ok(value) if !value.is_empty() => value,
        _ => panic!("{name} is not set: run `cargo x test` or `cargo x browser`, which set it."),
    }
}

/// A variable that may be there.
pub fn optional(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
