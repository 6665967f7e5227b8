//! Names that read like a proven creator's are noticed by the instance itself and wait for an
//! administrator like a report (C8). They are compared when they are new, by a job.

use std::collections::BTreeSet;

use obole_domain::look_alike;
use obole_domain::report::{ReportId, ReportReason};
use obole_store::Tx;
use obole_store::reports::looks::{self, Named};
use obole_store::reports::{self, NewReport};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::Result;

/// How many accounts are compared in one transaction.
const BATCH: i64 = 200;

/// Compares the names that are new with those of proven creators; says how many were.
pub async fn compare_due(app: &App) -> Result<usize> {
    let mut compared = 0;
    loop {
        let found = app.read((), |read, ()| {
            Box::pin(async move { Ok(looks::uncompared(read, BATCH).await?) })
        });
        let found = found.await?;
        if found.is_empty() {
            return Ok(compared);
        }
        compared += found.len();
        let handle = app.clone();
        let batch = app.write(found, move |tx, found| {
            let app = handle.clone();
            Box::pin(async move {
                for named in found {
                    compare(&app, tx, named).await?;
                }
                Ok(())
            })
        });
        batch.await?;
    }
}

async fn compare(app: &App, tx: &mut Tx, named: &Named) -> Result<()> {
    let now = app.now();
    let names = [named.handle.as_str(), named.name.as_str()];
    let own: BTreeSet<String> = names.into_iter().flat_map(look_alike::looks).collect();
    if !looks::put(tx, named, &own, now).await? {
        return Ok(());
    }
    for other in looks::proven_alike(tx, named.account).await? {
        let words = format!("@{} {} ≈ @{other}", named.handle, named.name);
        if reports::was_noticed(tx, named.account, &words).await? {
            continue;
        }
        let id = ReportId::new(app.chance().id(now));
        let (of, concerns) = ((None, Some(named.account)), Some(named.account));
        let why = ReportReason::LooksLike;
        let new = NewReport { id, of, concerns, why, words: &words, by: None, at: now };
        reports::file(tx, &new).await?;
        // The name is in the report, not in the log, which outlives the account (P5).
        app.log(tx, Actor::Job, "report.notice", (id.to_string(), String::new())).await?;
    }
    Ok(())
}
