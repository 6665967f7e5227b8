//! `obole import flattr-report`

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use obole_app::Error;
use obole_app::audit_log::Actor;
use obole_app::domain::flattr_revenue;
use obole_app::flattr_reports::{self, Imported};
use serde_json::json;

use crate::arguments::{Common, Import};
use crate::{instance, output};

pub async fn run(common: &Common, command: Import) -> Result<ExitCode> {
    let Import::FlattrReport(import) = command;
    let mut files = Vec::new();
    for path in &import.files {
        let named = || path.display().to_string();
        let file = fs::read(path).with_context(|| format!("cannot read {}", named()))?;
        flattr_revenue::parse(&file).map_err(Error::from).with_context(named)?;
        files.push(file);
    }
    let app = instance::open(common).await?;
    let account = instance::account(&app, &import.account).await?;
    let read = flattr_reports::import(&app, Actor::CommandLine, account, &files).await?;
    let json = json!({
        "months": read.months,
        "lines": read.lines,
        "clicks": read.clicks,
        "revenue": output::money(read.revenue),
        "changed": read.changed,
    });
    output::data(common.json, &json, || words(&read));
    Ok(ExitCode::SUCCESS)
}

fn words(read: &Imported) -> String {
    let Imported { months, lines, clicks, revenue, changed } = read;
    format!("Read {months} months, {clicks} clicks, {revenue}; {changed} of {lines} lines are new.")
}
