//! `obole claim grant`

use std::process::ExitCode;

use anyhow::Result;
use obole_app::Error;
use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant};
use obole_app::clicks::Target;
use obole_app::domain::{CanonicalUrl, Handle};
use serde_json::json;

use crate::arguments::{Claim, Common};
use crate::{instance, output};

pub async fn run(common: &Common, command: Claim) -> Result<ExitCode> {
    let Claim::Grant(grant) = command;
    let url = CanonicalUrl::parse(&grant.work).map_err(Error::from)?;
    let handle = Handle::parse(&grant.account).map_err(Error::from)?;
    let shown = format!("{url} is @{handle}'s now");
    let target = Target::Url(url.clone());
    let app = instance::open(common).await?;
    let grant = Grant { target, handle, reason: grant.reason };
    let granted = claims::grant(&app, Actor::CommandLine, grant).await?;
    let json = json!({
        "claim": granted.claim.to_string(),
        "work": granted.work.to_string(),
        "url": url.as_str(),
    });
    output::data(common.json, &json, || shown);
    Ok(ExitCode::SUCCESS)
}
