//! `obole quarantine`

use std::process::ExitCode;

use anyhow::{Result, bail};
use obole_app::audit_log::Actor;
use obole_app::quarantine::{self, Found, Outcome, Quarantine};
use obole_app::{App, recovery};
use serde_json::{Value, json};

use crate::arguments::{Common, Quarantine as Arguments, QuarantineCommand};
use crate::{instance, output};

pub async fn run(common: &Common, arguments: Arguments) -> Result<ExitCode> {
    let app = instance::open(common).await?;
    match arguments.command {
        None => {}
        Some(QuarantineCommand::Compare(compare)) => {
            recovery::compare(&app, Actor::CommandLine, compare.journal).await?;
        }
        Some(QuarantineCommand::End(end)) => {
            if quarantine::find_in(&app).await?.is_none() {
                bail!("this instance is not quarantined");
            }
            quarantine::end(&app, Actor::CommandLine, &end.reason, end.bank_checked).await?;
        }
    }
    show(common, &app).await
}

async fn show(common: &Common, app: &App) -> Result<ExitCode> {
    let Some(state) = quarantine::find_in(app).await? else {
        let json = json!({ "is_quarantined": false });
        output::data(common.json, &json, || "This instance is not quarantined.".to_owned());
        return Ok(ExitCode::SUCCESS);
    };
    output::data(common.json, &json(&state), || words(&state));
    Ok(ExitCode::SUCCESS)
}

/// How it stands, for programs.
pub fn json(state: &Quarantine) -> Value {
    let found = state.found.iter().map(|found| {
        json!({
            "kind": found.kind,
            "id": found.id,
            "account": found.handle,
            "amount_micros": found.amount_micros,
            "currency": found.currency,
            "outcome": outcome(found),
        })
    });
    json!({
        "is_quarantined": true,
        "since": state.since().to_string(),
        "backup": state.backup().to_string(),
        "compared": state.compared().map(|at| at.to_string()),
        "known": state.known,
        "found_count": state.found_count,
        "found": found.collect::<Vec<_>>(),
    })
}

/// How it stands and what to do, for people.
pub fn words(state: &Quarantine) -> String {
    let mut lines = vec![format!(
        "Restored from the state of {}: payouts, refunds and settlement wait.",
        state.backup()
    )];
    match state.compared() {
        Some(at) => lines.push(format!(
            "The outbound journal was compared at {at}: {} instructions were known, {} were not.",
            state.known, state.found_count
        )),
        None => lines.push(
            "The outbound journal of the backup is not here. Put it in its place or name it with \
             `obole quarantine compare --journal FILE`; if it is lost, compare the bank statements."
                .to_owned(),
        ),
    }
    lines.extend(state.found.iter().map(line));
    let is_checked = if state.compared().is_some() { "" } else { " --bank-checked" };
    lines.push(format!(
        "When nothing is missing: `obole quarantine end --reason TEXT{is_checked}`."
    ));
    lines.join("\n")
}

fn line(found: &Found) -> String {
    let (kind, id, account) = (&found.kind, &found.id, &found.handle);
    let amount = obole_app::domain::Micros::new(found.amount_micros).to_decimal(2);
    let currency = &found.currency;
    format!("{kind} {id} of {account}: {amount} {currency}: {}", outcome(found))
}

const fn outcome(found: &Found) -> &'static str {
    match found.outcome {
        Outcome::Booked => "booked",
        Outcome::Owed => "owed",
        Outcome::Stranger => "stranger",
        Outcome::Unclear => "unclear",
    }
}
