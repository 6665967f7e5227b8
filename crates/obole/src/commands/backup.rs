//! `obole backup`

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use obole_app::audit_log::Actor;
use obole_app::backup::{self, Stage, Tell};
use obole_app::key_file::KeyFile;
use serde_json::json;

use crate::arguments::{Backup, Common};
use crate::progress::Progress;
use crate::{configuration, instance, output};

pub async fn run(common: &Common, backup: Backup) -> Result<ExitCode> {
    if backup.check {
        return check(common, &backup.file).await;
    }
    let app = instance::open(common).await?;
    let (file, actor) = (&backup.file, Actor::CommandLine);
    let taken = backup::take_noted(&app, actor, (file, !backup.unsealed), told()).await?;
    let (file, bytes, rows) = (taken.path.display(), taken.bytes, taken.counts.rows);
    let json = json!({
        "file": file.to_string(),
        "at": taken.at.to_string(),
        "bytes": bytes,
        "rows": rows,
        "tables": taken.counts.tables,
        "is_sealed": !backup.unsealed,
    });
    output::data(common.json, &json, || {
        let seal = if backup.unsealed { "not sealed: keep it safe" } else { "sealed" };
        format!("{file}: {rows} rows, {bytes} bytes, {seal}; read back and audited.")
    });
    Ok(ExitCode::SUCCESS)
}

/// What tells the person at the terminal how far it has come.
pub fn told() -> Tell {
    let progress = Progress::new();
    Arc::new(move |told: backup::Progress| {
        let what = match told.stage {
            Stage::Writing => "writing rows",
            Stage::Reading => "reading bytes",
            Stage::Auditing => "auditing",
        };
        progress.tell(what, told.done, told.of);
    })
}

async fn check(common: &Common, file: &Path) -> Result<ExitCode> {
    let key = KeyFile::read(&configuration::read(common)?)?;
    let checked = backup::check(key, file, told()).await?;
    let breaches = checked.report.breaches.iter();
    let breaches = breaches.map(|breach| json!({ "rule": breach.rule, "detail": breach.detail }));
    let json = json!({
        "file": file.display().to_string(),
        "instance": checked.instance,
        "at": checked.at.to_string(),
        "rows": checked.counts.rows,
        "is_clean": checked.report.is_clean(),
        "breaches": breaches.collect::<Vec<_>>(),
    });
    output::data(common.json, &json, || {
        let (instance, at, rows) = (&checked.instance, checked.at, checked.counts.rows);
        format!("{}: {instance} of {at}, {rows} rows, whole.", file.display())
    });
    for breach in &checked.report.breaches {
        output::note(&format!("error: {}: {}", breach.rule, breach.detail));
    }
    Ok(if checked.report.is_clean() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
