//! `obole voucher create`

use std::process::ExitCode;

use anyhow::Result;
use jiff::Timestamp;
use jiff::civil::Date;
use obole_app::audit_log::Actor;
use obole_app::domain::{Money, Refusal};
use obole_app::vouchers::{self, NewVouchers};
use obole_app::{App, Error};
use serde_json::json;

use crate::arguments::{Common, Voucher};
use crate::{instance, output};

pub async fn run(common: &Common, command: Voucher) -> Result<ExitCode> {
    let Voucher::Create(create) = command;
    let app = instance::open(common).await?;
    let currency = app.currency(&create.currency)?;
    let amount = Money::parse_positive(&create.amount, currency).map_err(Error::from)?;
    let expires_at = create.expires.map(|day| end_of(&app, day)).transpose()?;
    let new = NewVouchers { amount, count: i64::from(create.count), expires_at };
    let codes = vouchers::create(&app, Actor::CommandLine, new).await?;
    let json = json!({ "amount": output::money(amount), "codes": codes });
    output::data(common.json, &json, || codes.join("\n"));
    output::note("keep them well: they are not shown again");
    Ok(ExitCode::SUCCESS)
}

/// The moment when a day is over in the instance's zone.
fn end_of(app: &App, day: Date) -> Result<Timestamp> {
    let after = day.tomorrow().and_then(|day| day.to_zoned(app.zone().clone()));
    let refused = |_| Error::from(Refusal::DateMalformed {});
    Ok(after.map_err(refused)?.timestamp())
}
