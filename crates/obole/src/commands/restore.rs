//! `obole restore`

use std::process::ExitCode;

use anyhow::{Context, Result};
use obole_app::Parts;
use obole_app::backup;
use serde_json::json;

use crate::arguments::{Common, Restore};
use crate::commands::backup::told;
use crate::commands::quarantine;
use crate::{configuration, instance, output, serving};

pub async fn run(common: &Common, restore: Restore) -> Result<ExitCode> {
    let config = configuration::read(common)?;
    // Nobody serves the file meanwhile.
    let _lock = serving::lock(&config)?;
    let clock = configuration::clock(&config)?;
    let parts = Parts::configured(&config, clock).await?;
    let url = instance::shown(&config.database.url);
    let restored = backup::restore(config, parts, &restore.file, told()).await;
    let restored = restored.with_context(|| format!("cannot restore into {url}"))?;
    let (at, rows) = (restored.at, restored.counts.rows);
    let json = json!({
        "at": at.to_string(),
        "rows": rows,
        "is_clean": restored.report.is_clean(),
        "quarantine": quarantine::json(&restored.quarantine),
    });
    output::data(common.json, &json, || {
        let quarantine = quarantine::words(&restored.quarantine);
        format!("{rows} rows of {at} are in {url}.\n{quarantine}")
    });
    for breach in &restored.report.breaches {
        output::note(&format!("error: {}: {}", breach.rule, breach.detail));
    }
    Ok(if restored.report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
