//! `obole bench fill|settle|clicks|pages`

mod clicks;
mod nginx;
mod pages;
mod settle;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use obole_app::App;
use obole_app::bench::{self, Load};
use serde_json::{Number, Value, json};

use crate::arguments::{Bench, BenchFill, Common};
use crate::progress::Progress;
use crate::{instance, output};

pub async fn run(common: &Common, command: Bench) -> Result<ExitCode> {
    match command {
        Bench::Fill(wanted) => fill(common, wanted).await,
        Bench::Settle(wanted) => settle::run(common, wanted).await,
        Bench::Clicks(wanted) => clicks::run(common, wanted).await,
        Bench::Pages(wanted) => pages::run(common, wanted).await,
    }
}

async fn fill(common: &Common, wanted: BenchFill) -> Result<ExitCode> {
    let app = instance::open(common).await?;
    let clicks = fill_with(&app, wanted).await?;
    let period = bench::filled_period(&app).await?;
    let BenchFill { patrons, works, .. } = wanted;
    let json = json!({
        "period": period.to_string(),
        "patrons": patrons,
        "works": works,
        "clicks": clicks,
    });
    output::data(common.json, &json, || {
        format!("{period}: {clicks} clicks of {patrons} patrons on {works} works")
    });
    Ok(ExitCode::SUCCESS)
}

/// Fills a new database and gives the number of clicks.
async fn fill_with(app: &App, wanted: BenchFill) -> Result<u64> {
    let BenchFill { patrons, mean_clicks, works, seed } = wanted;
    let progress = Progress::new();
    let tell = |done, of| progress.tell("patrons", done, of);
    let load = Load { patrons, mean_clicks, works, seed };
    Ok(bench::fill(app, load, &tell).await?)
}

/// The engine's name.
fn engine(app: &App) -> &'static str {
    if app.config().database.url.starts_with("sqlite:") { "sqlite" } else { "postgres" }
}

/// How many a second.
fn per_second(count: u64, took: Duration) -> u64 {
    let nanos = took.as_nanos().max(1);
    u64::try_from(u128::from(count) * 1_000_000_000 / nanos).unwrap_or(u64::MAX)
}

/// Thousandths as a number with three decimals: made of its digits, since nothing here computes
/// with fractions.
fn thousandths(count: u64) -> Value {
    let text = format!("{}.{:03}", count / 1_000, count % 1_000);
    text.parse().map_or(Value::Null, |number: Number| Value::Number(number))
}
