//! `obole demo`

use std::process::ExitCode;

use anyhow::{Result, bail};

use crate::arguments::{Common, Demo};

pub async fn run(_common: &Common, _demo: Demo) -> Result<ExitCode> {
    bail!("not yet")
}
