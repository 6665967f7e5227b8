//! Spreading the database over several machines, and the role that an instance works as.

use std::collections::BTreeSet;

use obole_domain::Refusal;
use obole_store::cluster::{self, ROLE, Standing, distribute_statements, role_statements};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::Result;

/// What would be done, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The statements; each counts by itself.
    pub statements: Vec<String>,
    /// Whether the server has what they need.
    pub is_possible: bool,
    /// What it is called in the log.
    action: &'static str,
}

/// What spreads the tables that are not spread yet. Refused for a file.
pub async fn plan_distribution(app: &App) -> Result<Plan> {
    app.read((), |read, ()| {
        Box::pin(async move {
            let (done, is_possible) = match cluster::standing(read).await? {
                Standing::Sqlite => return Err(Refusal::ClusterNeedsServer {}.into()),
                Standing::Postgres => (BTreeSet::new(), false),
                Standing::Citus { done, .. } => (done, true),
            };
            let statements = distribute_statements(&cluster::place(read).await?, &done);
            Ok(Plan { statements, is_possible, action: "cluster.distribute" })
        })
    })
    .await
}

/// What makes the role that cannot change the ledger. Refused for a file.
pub async fn plan_role(app: &App) -> Result<Plan> {
    app.read((), |read, ()| {
        Box::pin(async move {
            if cluster::standing(read).await? == Standing::Sqlite {
                return Err(Refusal::ClusterNeedsServer {}.into());
            }
            let statements = role_statements(&cluster::place(read).await?);
            Ok(Plan { statements, is_possible: true, action: "cluster.role" })
        })
    })
    .await
}

/// Does what a plan says and tells of each statement before it begins. Stopped at any moment, the
/// next plan says what is left. Refused where the server has no Citus.
pub async fn apply(app: &App, plan: &Plan, tell: &(dyn Fn(&str) + Sync)) -> Result<()> {
    if !plan.is_possible {
        return Err(Refusal::ClusterNeedsCitus {}.into());
    }
    app.store().run_alone(&plan.statements, tell).await?;
    let (handle, action) = (app.clone(), plan.action);
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let about = (ROLE.to_owned(), String::new());
            app.log(tx, Actor::CommandLine, action, about).await
        })
    })
    .await
}
