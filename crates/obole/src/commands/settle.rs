//! `obole settle`

use std::process::ExitCode;

use anyhow::{Context, Result};
use obole_app::App;
use obole_app::audit_log::Actor;
use obole_app::domain::{Currency, Micros, Money, Period};
use obole_app::settle::{self, Outcome};
use obole_app::settlements::{self, Settled};
use serde_json::{Value, json};

use crate::arguments::{Common, Settle};
use crate::progress::Progress;
use crate::{instance, output};

pub async fn run(common: &Common, settle: Settle) -> Result<ExitCode> {
    let app = instance::open(common).await?;
    let progress = Progress::new();
    let tell = |told: settle::Progress| {
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        let what = format!("{} {}", told.period, told.stage.code());
        progress.tell(&what, count(told.done), count(told.of));
    };
    let outcomes = settle::run(&app, Actor::CommandLine, settle.period, &tell).await?;
    drop(progress);
    let mut told = Vec::new();
    for outcome in outcomes {
        told.push(Told::of(&app, outcome).await?);
    }
    if common.json {
        output::line(&Value::Array(told.iter().map(Told::json).collect()).to_string());
    } else if told.is_empty() {
        output::line("Nothing is due.");
    } else {
        told.iter().for_each(|told| output::line(&told.words()));
    }
    Ok(ExitCode::SUCCESS)
}

/// What is told of one period.
struct Told {
    period: Period,
    is_new: bool,
    settled: Settled,
}

impl Told {
    async fn of(app: &App, outcome: Outcome) -> Result<Self> {
        let (period, is_new) = match outcome {
            Outcome::Closed(period) => (period, true),
            Outcome::Already(period) => (period, false),
        };
        let settled = settlements::find(app, period).await?;
        let settled = settled.with_context(|| format!("{period} is not done"))?;
        Ok(Self { period, is_new, settled })
    }

    fn words(&self) -> String {
        let Self { period, settled, .. } = self;
        let how = if self.is_new { "settled" } else { "was settled already" };
        let row = &settled.row;
        let mut text = format!(
            "{period} {how}: {} clicks of {} patrons on {} works.",
            row.clicks, row.patrons, row.works
        );
        for totals in &settled.totals {
            let money = |amount| Money::new(amount, totals.currency);
            text.push_str(&format!(
                " Received: {}, of which {} fee; promised: {}.",
                money(totals.gross),
                money(totals.fee),
                money(totals.promised)
            ));
        }
        text
    }

    fn json(&self) -> Value {
        let row = &self.settled.row;
        let totals = self.settled.totals.iter().map(|totals| {
            let money = |amount: Micros| in_currency(amount, totals.currency);
            json!({
                "currency": totals.currency.code(),
                "taken": money(totals.taken),
                "promised": money(totals.promised),
                "gross": money(totals.gross),
                "fee": money(totals.fee),
                "net": money(totals.net),
                "pool": money(totals.pool),
            })
        });
        json!({
            "period": self.period.to_string(),
            "outcome": if self.is_new { "settled" } else { "already" },
            "patrons": row.patrons,
            "works": row.works,
            "clicks": row.clicks,
            "totals": totals.collect::<Vec<_>>(),
        })
    }
}

fn in_currency(amount: Micros, currency: Currency) -> Value {
    output::money(Money::new(amount, currency))
}
