//! `cargo x chaos`: builds Obole, says where the tools are, and starts the harness.

use std::process::Command;

use crate::run::{self, Outcome};
use crate::{places, postgres, test_runs, tools};

/// Runs it; words are given on. Where PostgreSQL cannot be had its faults count as not run.
pub fn run(words: &[String]) -> Outcome {
    if let Err(sentence) = tools::install(&[tools::POSTGRES]) {
        println!("{sentence}");
    }
    test_runs::build()?;
    let built = places::target().join("debug");
    let mut harness = Command::new(built.join("obole-chaos"));
    harness.args(words).current_dir(places::root());
    harness.env("OBOLE_TEST_BINARY", built.join("obole"));
    harness.env("OBOLE_TEST_POSTGRES_PROGRAMS", postgres::programs().unwrap_or_default());
    run::show(&mut harness)
}
