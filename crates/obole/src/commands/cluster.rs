//! `obole cluster`

use std::process::ExitCode;

use anyhow::Result;
use obole_app::cluster::{self, Plan};
use serde_json::json;

use crate::arguments::{Cluster, Common};
use crate::{instance, output};

pub async fn run(common: &Common, command: Cluster) -> Result<ExitCode> {
    let app = instance::open(common).await?;
    let (plan, is_dry) = match command {
        Cluster::Spread(typed) => (cluster::plan_distribution(&app).await?, typed.dry_run),
        Cluster::Role(typed) => (cluster::plan_role(&app).await?, typed.dry_run),
    };
    if is_dry {
        show(common, &plan);
        return Ok(ExitCode::SUCCESS);
    }
    cluster::apply(&app, &plan, &|statement| output::note(statement)).await?;
    let count = plan.statements.len();
    let json = json!({ "statements_run": count });
    output::data(common.json, &json, || format!("Done: {count} statements."));
    Ok(ExitCode::SUCCESS)
}

/// The statements as a script.
fn show(common: &Common, plan: &Plan) {
    let json = json!({ "statements": plan.statements, "is_possible": plan.is_possible });
    let words = || plan.statements.iter().map(|text| format!("{text};")).collect::<Vec<_>>();
    output::data(common.json, &json, || words().join("\n"));
    if !plan.is_possible {
        output::note("This PostgreSQL has no Citus yet: `create extension citus` comes first.");
    }
}
