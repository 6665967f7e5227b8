//! The configuration: the file, the environment over it, the flags over both; and the clock that
//! tests may set.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use obole_app::{Clock, Config};

use crate::arguments::Common;
use crate::environment;
use crate::output;

/// The file that is read where none is named.
const FILE: &str = "obole.toml";

/// Starts the instance's clock elsewhere: for tests (contract.md section 1).
const TEST_NOW: &str = "OBOLE_TEST_NOW";

/// Reads the configuration.
pub fn read(common: &Common) -> Result<Config> {
    let text = match &common.config {
        Some(path) => read_file(path)?,
        None if Path::new(FILE).exists() => read_file(Path::new(FILE))?,
        None => String::new(),
    };
    let mut config = Config::read(&text, environment::variables())?;
    if let Some(url) = &common.database {
        config.database.url.clone_from(url);
    }
    let url = &config.database.url;
    if !["sqlite:", "postgres://", "postgresql://"].iter().any(|start| url.starts_with(start)) {
        bail!("{url} is not a database; write sqlite://PATH or postgres://…");
    }
    Ok(config)
}

fn read_file(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The clock: the machine's, unless a test sets it.
pub fn clock(config: &Config) -> Result<Clock> {
    let Some(text) = environment::variable(TEST_NOW) else { return Ok(Clock::System) };
    let moment = text.parse().ok();
    let moment = moment.with_context(|| {
        format!("{TEST_NOW} is a moment such as 2026-11-30T23:59:00Z, not {text}")
    })?;
    if !config.is_loopback() {
        let base = config.base_url();
        bail!("{TEST_NOW} is for tests on this machine, not for {base}; take it away");
    }
    output::note(&format!("warning: {TEST_NOW} is set: the clock starts at {text}"));
    Ok(Clock::starting_at(moment))
}
