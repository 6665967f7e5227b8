//! `obole audit`

use std::process::ExitCode;

use anyhow::Result;
use obole_app::audit;
use serde_json::json;

use crate::arguments::Common;
use crate::{instance, output};

pub async fn run(common: &Common) -> Result<ExitCode> {
    let app = instance::open(common).await?;
    let report = audit::run_and_hold(&app).await?;
    let checked = report.checked.join(" ");
    if common.json {
        let breaches = report
            .breaches
            .iter()
            .map(|breach| json!({ "rule": breach.rule, "detail": breach.detail }));
        let json = json!({
            "is_clean": report.is_clean(),
            "checked": report.checked,
            "breaches": breaches.collect::<Vec<_>>(),
        });
        output::line(&json.to_string());
    } else if report.is_clean() {
        output::line(&format!("Everything holds: {checked}."));
    } else {
        for breach in &report.breaches {
            output::line(&format!("{}: {}", breach.rule, breach.detail));
        }
    }
    if report.is_clean() {
        return Ok(ExitCode::SUCCESS);
    }
    let count = report.breaches.len();
    output::note(&format!(
        "error: {count} breaches; settlement and payouts are held until an administrator has looked"
    ));
    Ok(ExitCode::FAILURE)
}
