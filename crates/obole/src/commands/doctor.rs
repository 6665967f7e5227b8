//! `obole doctor`: checks what the operator set up and says what to do.

use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use obole_app::doctor::{self, Finding, Level};
use obole_app::{Config, Parts};
use serde_json::json;

use crate::arguments::Common;
use crate::{configuration, failure, instance, output};

pub async fn run(common: &Common) -> Result<ExitCode> {
    let mut findings = Vec::new();
    match configuration::read(common) {
        Err(error) => findings.push(Finding::bad("configuration", failure::sentence(&error))),
        Ok(config) => {
            let file = common.config.as_deref().unwrap_or(Path::new("obole.toml"));
            let read = if file.exists() { "is read" } else { "is not there: all as shipped" };
            findings.push(Finding::good("configuration", format!("{} {read}", file.display())));
            findings.extend(doctor::check_config(&config));
            findings.extend(opened(config).await);
        }
    }
    let is_well = findings.iter().all(|finding| finding.level != Level::Bad);
    if common.json {
        let list = findings.iter().map(|finding| {
            json!({
                "check": finding.what,
                "level": finding.level.code(),
                "detail": finding.detail,
            })
        });
        output::line(
            &json!({ "is_well": is_well, "checks": list.collect::<Vec<_>>() }).to_string(),
        );
    } else {
        for Finding { what, level, detail } in &findings {
            output::line(&format!("{:<4}  {what}: {detail}", level.code()));
        }
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What can only be seen from inside the instance.
async fn opened(config: Config) -> Vec<Finding> {
    let url = instance::shown(&config.database.url);
    let clock = match configuration::clock(&config) {
        Ok(clock) => clock,
        Err(error) => return vec![Finding::bad("clock", failure::sentence(&error))],
    };
    let parts = match Parts::configured(&config, clock).await {
        Ok(parts) => parts,
        Err(error) => return vec![Finding::bad("mail", failure::sentence(&error.into()))],
    };
    match obole_app::App::open(config, parts).await {
        Ok(app) => doctor::check_instance(&app).await,
        Err(error) => {
            vec![Finding::bad("database", format!("{url}: {}", failure::sentence(&error.into())))]
        }
    }
}
