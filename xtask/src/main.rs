//! `cargo x …`: the developers' commands (style.md section 5). Without dependencies, so that it
//! stands a second after a fresh clone.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a developer's command line: it reads the environment and prints"
)]

mod chaos;
mod checks;
mod duckdb;
mod extension;
mod lighthouse;
mod places;
mod postgres;
mod run;
mod test_runs;
mod tidy;
mod tools;

use std::process::ExitCode;

use run::Outcome;

const USAGE: &str = "\
cargo x test [FILTER]         install what is missing, then every test: both engines, the browser
cargo x checks                format, lints, documentation, licences, dependencies, tidy
cargo x ci                    both of these
cargo x tidy                  the house rules that a machine can check
cargo x browser [FILTER]      the browser tests only
cargo x screenshots [FOLDER]  pictures of every page (target/screenshots)
cargo x lighthouse            the marks of Lighthouse for the pages that strangers see first
cargo x extension [FOLDER]    the browser extension as one file (target/extension)
cargo x chaos [--minutes 10]  kills, freezes, full disks and power cuts under load, on both engines
cargo x schemathesis [20000]  so many requests that Schemathesis makes up, on a running instance
cargo x duckdb FILE           a month of `obole bench settle` in DuckDB's SQL, to measure against
cargo x postgres              a throw-away PostgreSQL until Ctrl-C; prints its address
To see Obole at work: cargo run -- demo";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match command(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: &[String]) -> Outcome {
    let (name, rest) = arguments.split_first().ok_or(USAGE)?;
    match name.as_str() {
        "test" => test_runs::everything(rest),
        "checks" => checks::run(),
        "ci" => test_runs::everything(rest).and(checks::run()),
        "tidy" => tidy::run(),
        "browser" => test_runs::browser(rest),
        "screenshots" => test_runs::screenshots(rest.first()),
        "lighthouse" => lighthouse::run(),
        "extension" => extension::pack(rest.first()),
        "chaos" => chaos::run(rest),
        "schemathesis" => test_runs::schemathesis(rest.first()),
        "postgres" => postgres::show(),
        "duckdb" => duckdb::run(rest),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("There is no command `{other}`.\n{USAGE}")),
    }
}
