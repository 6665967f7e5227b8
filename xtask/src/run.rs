//! Runs the commands that the steps are made of, shows each and how long it took.

use std::process::{Command, Output};
use std::time::Instant;

use crate::places;

/// Done, or a sentence that says what is wrong and what to do.
pub type Outcome = Result<(), String>;

/// `cargo` with these words, in the checkout.
pub fn cargo(words: &str) -> Command {
    program("cargo", words)
}

/// A program with these words, in the checkout.
pub fn program(name: impl AsRef<std::ffi::OsStr>, words: &str) -> Command {
    let mut command = Command::new(name);
    command.args(words.split_whitespace()).current_dir(places::root());
    command
}

/// Runs it with its output shown; refused unless it ends well.
pub fn show(command: &mut Command) -> Outcome {
    let words = words(command);
    println!("+ {words}");
    let status = command.status().map_err(|error| format!("{words}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{words}: {status}")) }
}

/// Runs it and keeps what it prints, however it ends.
pub fn read(command: &mut Command) -> Result<Output, String> {
    let words = words(command);
    command.output().map_err(|error| format!("{words}: {error}"))
}

/// One step with its title and its seconds.
pub fn step<T>(title: &str, act: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    println!("== {title}");
    let start = Instant::now();
    let outcome = act();
    let end = if outcome.is_ok() { "done" } else { "FAILED" };
    println!("== {title}: {end} after {:.1?}", start.elapsed());
    outcome
}

fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(|word| word.to_string_lossy()));
    words.join(" ")
}
