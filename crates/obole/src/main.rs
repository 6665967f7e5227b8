//! The binary: reads what was typed, runs one command, says how it ended (contract.md section 1).

mod arguments;
mod commands;
mod configuration;
mod environment;
mod failure;
mod instance;
mod load;
mod log;
mod output;
mod progress;
mod remote;
mod serving;

use std::io::IsTerminal;
use std::process::ExitCode;

use clap::Parser;
use tracing::Level;
use tracing_subscriber::filter::{FilterExt as _, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use arguments::{Arguments, Command};
use log::{Lines, Log};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let log = Log::begin();
    begin_log(&arguments.command, log.lines());
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::note(&format!("error: cannot start: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(commands::run(arguments));
    drop(log);
    match ended {
        Ok(code) => code,
        Err(failure) => {
            output::note(&format!("error: {}", failure::sentence(&failure)));
            ExitCode::FAILURE
        }
    }
}

/// Logs to standard error what `OBOLE_LOG` asks for, such as `debug` or `obole_web=trace`. What
/// does not serve keeps quiet otherwise: its own words are enough.
///
/// Of crates that are not ours only warnings are logged, whatever is asked for: below that some of
/// them write out what they send and receive, secrets and addresses among it (S1, P4).
fn begin_log(command: &Command, lines: Lines) {
    let is_serving = matches!(command, Command::Serve(_) | Command::Demo(_));
    let usual = if is_serving { "warn,obole_web=info,obole_app=info" } else { "warn" };
    let asked = environment::variable("OBOLE_LOG").and_then(|text| EnvFilter::try_new(text).ok());
    let asked = asked.unwrap_or_else(|| EnvFilter::new(usual));
    let discreet =
        filter_fn(|told| told.target().starts_with("obole") || *told.level() <= Level::WARN);
    let is_terminal = std::io::stderr().is_terminal();
    let lines = tracing_subscriber::fmt::layer().with_ansi(is_terminal).with_writer(lines);
    tracing_subscriber::registry().with(lines.with_filter(asked.and(discreet))).init();
}
