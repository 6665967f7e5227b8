//! Every test on both engines and in the browser, and the pictures of the pages.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::postgres::Postgres;
use crate::run::{self, Outcome, step};
use crate::{places, tools};

/// Flattr's own revenue reports. They are not ours to give away, so they lie beside the checkout
/// where somebody has them, and the tests that read them have this in their names.
const REPORTS: &str = "../shared/data/flattr-reports";
const REAL_FILES: &str = "real_flattr_files";

/// `cargo x test`: what is missing is installed first; words are given on as a filter.
pub fn everything(filter: &[String]) -> Outcome {
    step("tools", tools::install_everything)?;
    build()?;
    let postgres = step("PostgreSQL", Postgres::start)?;
    let has_real_files = places::root().join(REPORTS).is_dir();
    let seen = places::target().join(format!("snapshots-{}", std::process::id()));
    let outcome = step("tests", || {
        let mut tests = if has_nextest() {
            run::cargo("nextest run --workspace --no-fail-fast")
        } else {
            run::cargo("test --workspace --no-fail-fast")
        };
        surroundings(&mut tests, &postgres).env("INSTA_SNAPSHOT_REFERENCES_FILE", &seen);
        tests.args(filter);
        if !has_real_files {
            tests.args(["--", "--skip", REAL_FILES]);
        }
        run::show(&mut tests)
    });
    if !has_real_files {
        println!("== tests named {REAL_FILES}: NOT RUN, {REPORTS} is not beside the checkout");
    }
    let referenced = fs::read_to_string(&seen).unwrap_or_default();
    let _ = fs::remove_file(&seen);
    outcome?;
    if has_nextest() {
        step("examples in documentation", || {
            run::show(surroundings(&mut run::cargo("test --workspace --doc"), &postgres))
        })?;
    }
    // With a filter most snapshots are rightly left alone.
    if filter.is_empty() { step("snapshots", || all_referenced(&referenced)) } else { Ok(()) }
}

/// `cargo x browser`.
pub fn browser(filter: &[String]) -> Outcome {
    step("tools", tools::install_browser)?;
    build()?;
    let postgres = step("PostgreSQL", Postgres::start)?;
    let mut tests = run::cargo("test --workspace --test browser");
    run::show(surroundings(&mut tests, &postgres).arg("--").args(filter))
}

/// `cargo x screenshots`: the journey that is left out otherwise, because nothing can fail in it.
pub fn screenshots(folder: Option<&String>) -> Outcome {
    step("tools", tools::install_browser)?;
    build()?;
    let postgres = step("PostgreSQL", Postgres::start)?;
    let folder = match folder {
        Some(folder) => std::env::current_dir().map_err(|error| error.to_string())?.join(folder),
        None => places::target().join("screenshots"),
    };
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut tests = run::cargo("test --workspace --test browser -- --ignored screenshots");
    run::show(surroundings(&mut tests, &postgres).env("OBOLE_TEST_SCREENSHOTS", &folder))?;
    println!("The pictures are in {}.", folder.display());
    Ok(())
}

/// `cargo x schemathesis`: requests made up from the API's description.
pub fn schemathesis(requests: Option<&String>) -> Outcome {
    step("tools", tools::install_schemathesis)?;
    let mut tests = run::cargo(
        "test --workspace --test it -- --ignored --exact --nocapture \
         api::schemathesis_finds_no_failure",
    );
    tests.env("OBOLE_TEST_REQUESTS", requests.map_or("20000", String::as_str));
    run::show(tests.env("OBOLE_TEST_SCHEMATHESIS", tools::schemathesis()))
}

/// One selection for everything: another one would choose other features and build all again.
pub fn build() -> Outcome {
    step("build", || run::show(&mut run::cargo("build --workspace --all-targets")))
}

fn has_nextest() -> bool {
    places::program(&["cargo-nextest"]).is_some()
}

/// What the tests are told about the tools around them.
fn surroundings<'a>(tests: &'a mut Command, postgres: &Postgres) -> &'a mut Command {
    let driver = tools::driver().unwrap_or_default();
    tests
        .env("OBOLE_TEST_POSTGRES", postgres.url())
        .env("OBOLE_TEST_SCHEMAS", tools::schemas())
        .env("OBOLE_TEST_AUTHLIB", tools::authlib())
        .env("OBOLE_TEST_FLATTRCLIENT", tools::flattrclient())
        .env("OBOLE_TEST_SCHEMATHESIS", tools::schemathesis())
        .env("OBOLE_TEST_CLIENT_MAKER", tools::client_maker())
        .env("OBOLE_TEST_STANDARDWEBHOOKS", tools::standardwebhooks())
        .env("OBOLE_TEST_CHROMEDRIVER", driver)
        .env("OBOLE_TEST_AXE", tools::axe())
        .env("OBOLE_TEST_BINARY", places::target().join("debug/obole"))
        // A changed snapshot is a failure, never silently written.
        .env("INSTA_UPDATE", "no")
}

/// A snapshot that no test asks for any more is dead text.
fn all_referenced(referenced: &str) -> Outcome {
    let absolute = |path: &str| Path::new(path).canonicalize().ok();
    let referenced: BTreeSet<PathBuf> = referenced.lines().filter_map(absolute).collect();
    let mut snapshots = Vec::new();
    collect_snapshots(&places::root().join("crates"), &mut snapshots);
    snapshots.retain(|path| path.canonicalize().is_ok_and(|path| !referenced.contains(&path)));
    if snapshots.is_empty() {
        return Ok(());
    }
    let lines: Vec<_> = snapshots.iter().map(|path| path.display().to_string()).collect();
    Err(format!("No test asks for these snapshots; remove them:\n{}", lines.join("\n")))
}

fn collect_snapshots(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect_snapshots(&path, found);
        } else if path.extension().is_some_and(|end| end == "snap") {
            found.push(path);
        }
    }
}
