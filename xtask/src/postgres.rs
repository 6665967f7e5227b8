//! A throw-away PostgreSQL: on a socket only, gone with the process that asked for it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::run::Outcome;
use crate::{places, tools};

const SCRIPT: &str = include_str!("postgres.sh");

/// A running PostgreSQL; dropping it stops it and removes its folder.
pub struct Postgres {
    keeper: Child,
    url: String,
}

impl Postgres {
    /// Starts one. The shell that keeps it stands in a process group of its own, so that Ctrl-C
    /// does not reach it; it stops when its standard input ends, which outlives no caller.
    pub fn start() -> Result<Self, String> {
        let programs = programs().ok_or("PostgreSQL is not installed: `cargo x test` does it.")?;
        let mut keeper = Command::new("sh")
            .args(["-c", SCRIPT, "postgres.sh"])
            .arg(programs)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .map_err(|error| format!("sh does not start: {error}"))?;
        let mut folder = String::new();
        let output = keeper.stdout.take().expect("standard output is piped");
        BufReader::new(output).read_line(&mut folder).map_err(|error| error.to_string())?;
        if folder.is_empty() {
            let output = keeper.wait_with_output().map_err(|error| error.to_string())?;
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("PostgreSQL does not start:\n{said}"));
        }
        Ok(Self { keeper, url: url(Path::new(folder.trim())) })
    }

    /// Its address, in the form that tokio-postgres takes.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// `cargo x postgres`: one that runs until Ctrl-C, or until standard input ends.
pub fn show() -> Outcome {
    tools::install(&[tools::POSTGRES])?;
    let postgres = Postgres::start()?;
    println!("OBOLE_TEST_POSTGRES={}", postgres.url());
    eprintln!("It runs until Ctrl-C.");
    let mut line = String::new();
    while std::io::stdin().read_line(&mut line).is_ok_and(|length| length > 0) {}
    Ok(())
}

/// The folder of PostgreSQL's programs: Debian keeps it off the path, the highest version counts.
pub fn programs() -> Option<PathBuf> {
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let folders = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = folders.map(|entry| entry.path()).max_by_key(version);
    let debian = newest.map(|folder| folder.join("bin")).filter(|bin| bin.join("initdb").exists());
    let on_path = || Some(places::program(&["initdb"])?.canonicalize().ok()?.parent()?.into());
    debian.or_else(on_path)
}

fn url(folder: &Path) -> String {
    format!("postgres://obole@{}/postgres", folder.display().to_string().replace('/', "%2F"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_carries_the_socket_folder() {
        let url = url(Path::new("/tmp/obole-pg.x1"));
        assert_eq!(url, "postgres://obole@%2Ftmp%2Fobole-pg.x1/postgres");
    }
}
