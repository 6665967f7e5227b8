//! Everything that is checked besides the tests: all of it runs, then the list of what failed.

use std::process::Command;

use crate::run::{self, Outcome, step};
use crate::{extension, lighthouse, test_runs, tidy, tools};

/// Crates that bring C code of their own or a second TLS (stack.md rule 2).
const UNWANTED: [&str; 2] = ["openssl-sys", "ring"];

/// As many as two minutes are enough for; `cargo x schemathesis` makes 20 000.
const REQUESTS: &str = "6000";

/// `cargo x checks`.
pub fn run() -> Outcome {
    let mut failed = Vec::new();
    let mut note = |title: &'static str, check: &dyn Fn() -> Outcome| {
        if let Err(sentence) = step(title, check) {
            println!("{sentence}");
            failed.push(title);
        }
    };
    note("tidy", &tidy::run);
    note("format", &|| run::show(&mut run::cargo("fmt --all --check")));
    note("lints", &|| {
        run::show(&mut run::cargo("clippy --workspace --all-targets -- -D warnings"))
    });
    note("documentation", &|| {
        let mut doc = run::cargo("doc --no-deps --workspace");
        run::show(doc.env("RUSTDOCFLAGS", "-D warnings"))
    });
    note("unwanted crates", &no_unwanted_crates);
    note("licences, bans, sources", &|| {
        run::show(&mut deny(&["--hide-inclusion-graph", "licenses", "bans", "sources"])?)
    });
    note("Lighthouse", &lighthouse::run);
    note("Schemathesis", &|| test_runs::schemathesis(Some(&REQUESTS.to_owned())));
    match step("extension", extension::test) {
        Ok(true) => {}
        Ok(false) => println!("== tests of the extension: NOT RUN, there is no Node.js here"),
        Err(sentence) => {
            println!("{sentence}");
            failed.push("extension");
        }
    }
    let advisories = advisories();
    if let Ok(Answer::Refused) | Err(_) = advisories {
        failed.push("advisories");
    }
    println!("== advisories: {}", advisories.map_or_else(|error| error, Answer::sentence));
    if failed.is_empty() { Ok(()) } else { Err(format!("These checks failed: {failed:?}.")) }
}

fn deny(words: &[&str]) -> Result<Command, String> {
    let mut command = run::program(tools::cargo_deny()?, "check");
    command.args(words);
    Ok(command)
}

fn no_unwanted_crates() -> Outcome {
    for name in UNWANTED {
        let words = format!("tree --workspace --edges all --target all --invert {name}");
        let output = run::read(&mut run::cargo(&words))?;
        let users = String::from_utf8_lossy(&output.stdout);
        let is_absent = String::from_utf8_lossy(&output.stderr).contains("did not match any");
        if !users.trim().is_empty() {
            return Err(format!("{name} is in the tree; choose rustls with aws-lc-rs:\n{users}"));
        }
        if !output.status.success() && !is_absent {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
    }
    Ok(())
}

/// What the database of advisories said, which lives on a server that may be out of reach.
enum Answer {
    Clean,
    Refused,
    NotRun,
}

impl Answer {
    fn sentence(self) -> String {
        let sentence = match self {
            Self::Clean => "done",
            Self::Refused => "FAILED",
            Self::NotRun => "NOT RUN, the database of advisories cannot be reached",
        };
        sentence.to_owned()
    }
}

fn advisories() -> Result<Answer, String> {
    println!("== advisories");
    let output = run::read(deny(&["--hide-inclusion-graph", "advisories"])?.env("LC_ALL", "C"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        return Ok(Answer::Clean);
    }
    if said.contains("failed to fetch advisory database") {
        return Ok(Answer::NotRun);
    }
    println!("{said}");
    Ok(Answer::Refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_run_never_reads_as_done() {
        assert!(Answer::NotRun.sentence().starts_with("NOT RUN"));
        assert!(!Answer::NotRun.sentence().contains("done"));
    }
}
