//! `obole bench fill|settle|clicks`

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::arguments::{Bench, Common};

pub async fn run(_common: &Common, _command: Bench) -> Result<ExitCode> {
    bail!("not yet")
}
