//! `cargo x chaos`: kills, freezes, full disks, power cuts and worse, under a load that remembers
//! what it was told. Black box: it knows Obole by its program and its HTTP API only.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a developers' tool: it is told by the environment where the tools are, and prints"
)]
#![cfg_attr(
    test,
    allow(clippy::indexing_slicing, reason = "a test that reads past the end has failed")
)]

mod arguments;
mod base;
mod chance;
mod check;
mod deed;
mod drive;
mod episode;
mod expected;
mod faults;
mod http;
mod journal;
mod lane;
mod load;
mod money;
mod node;
mod postgres;
mod report;
mod shim;
mod trace;
mod wait;
mod worker;
mod world;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Instant, SystemTime};

use arguments::Arguments;
use lane::{Lane, Run};
use report::{Report, Tally};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Runs it and says whether everything held.
fn run() -> Result<bool, String> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let path =
        |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let binary = path("OBOLE_TEST_BINARY").ok_or("Run `cargo x chaos`, which builds Obole.")?;
    let folder = tempfile::Builder::new().prefix("obole-chaos-").tempdir();
    let folder = folder.map_err(|error| format!("no folder for the run: {error}"))?;
    // PostgreSQL's user has its data in there.
    let open = fs::Permissions::from_mode(0o755);
    fs::set_permissions(folder.path(), open).map_err(|error| error.to_string())?;
    let run = Run {
        seed: arguments.seed.unwrap_or_else(seed),
        time: arguments.time,
        binary,
        postgres: path("OBOLE_TEST_POSTGRES_PROGRAMS"),
        folder: folder.path().to_path_buf(),
        only: arguments.only.clone(),
    };
    println!("Seed {}, in {}", run.seed, run.folder.display());
    let started = Instant::now();
    let tallies = lanes(&run, &arguments.engines);
    let report = Report { seed: run.seed, took: started.elapsed(), tallies };
    println!("\n{}", report.words());
    println!("{}", report.json());
    if arguments.keep || !report.is_well() {
        println!("What is left of it is in {}", folder.keep().display());
    }
    Ok(report.is_well())
}

/// A seed from the clock, for a run that nobody repeats.
fn seed() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(1, |since| since.as_secs())
}

/// The engines side by side; their tallies one after the other.
fn lanes(run: &Run, engines: &[&'static str]) -> Vec<Tally> {
    let printing = Mutex::new(());
    let tell = |tally: &Tally| {
        let _one_at_a_time = printing.lock();
        println!("{}", tally.line());
    };
    std::thread::scope(|scope| {
        let lanes: Vec<_> =
            engines.iter().map(|engine| scope.spawn(|| lane(run, engine, &tell))).collect();
        let ended = lanes.into_iter().flat_map(|lane| {
            lane.join().unwrap_or_else(|_| {
                vec![Tally {
                    breaches: vec!["the harness itself failed".to_owned()],
                    ..Tally::new("harness", "")
                }]
            })
        });
        ended.collect()
    })
}

fn lane(run: &Run, engine: &'static str, tell: &(dyn Fn(&Tally) + Sync)) -> Vec<Tally> {
    match Lane::open(run, engine) {
        Ok(lane) => lane.strike_all(tell),
        Err(reason) => {
            let mut tally = Tally::new("all of them", engine);
            // Without the server nothing of the engine runs; anything else is a failure.
            if engine == "postgres" && run.postgres.is_none() {
                tally.not_run = Some(reason);
            } else {
                tally.breaches.push(reason);
            }
            tell(&tally);
            vec![tally]
        }
    }
}
