//! `obole export inputs|shares|ledger|statement`

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use obole_app::App;
use obole_app::domain::{Micros, Money};
use obole_app::export_ledger::{self, Days};
use obole_app::export_shares::{self, What};
use obole_app::flattr_reports;
use obole_app::statements::{self, Given, PeriodStatement, Received};
use serde_json::{Value, json};

use crate::arguments::{Common, Export, ExportLedger, ExportStatement, OfPeriod, StatementFormat};
use crate::instance;
use crate::output::{self, Out};

pub async fn run(common: &Common, command: Export) -> Result<ExitCode> {
    let app = instance::open(common).await?;
    match command {
        Export::Inputs(of) => write_clicks(&app, What::Inputs, of).await,
        Export::Shares(of) => write_clicks(&app, What::Shares, of).await,
        Export::Ledger(ledger) => write_ledger(&app, ledger).await,
        Export::Statement(statement) => write_statement(common, &app, statement).await,
    }?;
    Ok(ExitCode::SUCCESS)
}

async fn write_clicks(app: &App, what: What, of: OfPeriod) -> Result<()> {
    let mut out = Out::new();
    let mut write = |text: &str| out.write_all(text.as_bytes());
    match export_shares::write(app, what, of.period, &mut write).await {
        Err(error) if error.code() == "period_not_over" && of.period < app.clock_period() => {
            bail!(not_settled(&of))
        }
        ended => ended?,
    }
    Ok(out.flush()?)
}

fn not_settled(of: &OfPeriod) -> String {
    let period = of.period;
    format!("{period} is not settled; close it with `obole settle` and try again")
}

async fn write_ledger(app: &App, ledger: ExportLedger) -> Result<()> {
    let days = Days { from: ledger.from, to: ledger.to };
    export_ledger::write(app, days, ledger.format.into(), Out::new()).await?;
    Ok(())
}

async fn write_statement(common: &Common, app: &App, wanted: ExportStatement) -> Result<()> {
    let account = instance::account(app, &wanted.account).await?;
    let of = OfPeriod { period: wanted.period };
    if wanted.format == StatementFormat::Flattr {
        let file = flattr_reports::export_csv(app, account, wanted.period).await?;
        let mut out = Out::new();
        out.write_all(file.text.as_bytes())?;
        return Ok(out.flush()?);
    }
    let month = statements::month(app, account, wanted.period).await?;
    let month = month.with_context(|| not_settled(&of))?;
    if common.json || wanted.format == StatementFormat::Json {
        output::line(&json_of(&wanted, &month).to_string());
        return Ok(());
    }
    let mut out = Out::new();
    out.write_all(statements::print_csv(&month).as_bytes())?;
    Ok(out.flush()?)
}

fn json_of(wanted: &ExportStatement, month: &PeriodStatement) -> Value {
    json!({
        "period": wanted.period.to_string(),
        "account": wanted.account,
        "given": month.given.iter().map(given).collect::<Vec<_>>(),
        "received": month.received.iter().map(received).collect::<Vec<_>>(),
    })
}

fn given(given: &Given) -> Value {
    let currency = given.statement.currency;
    let money = |amount: Micros| output::money(Money::new(amount, currency));
    let lines = given.lines.iter().map(|line| {
        json!({
            "work": line.work.id.to_string(),
            "url": line.work.url.as_str(),
            "points": line.points,
            "share": money(line.share),
            "state": line.state.code(),
        })
    });
    let collected = given.collected.iter().map(|(work, period, amount)| {
        json!({
            "work": work.id.to_string(),
            "url": work.url.as_str(),
            "period": period.to_string(),
            "share": money(*amount),
        })
    });
    json!({
        "currency": currency.code(),
        "means": money(given.statement.means),
        "paid": money(given.paid),
        "fee": money(given.fee),
        "promised": money(given.promised),
        "to_pool": money(given.statement.to_pool),
        "stays": money(given.stays),
        "lines": lines.collect::<Vec<_>>(),
        "collected": collected.collect::<Vec<_>>(),
    })
}

fn received(received: &Received) -> Value {
    let money = |amount: Micros| output::money(Money::new(amount, received.currency));
    let lines = received.lines.iter().map(|line| {
        json!({
            "work": line.work.id.to_string(),
            "url": line.work.url.as_str(),
            "clicks": line.sum.clicks,
            "gross": money(line.sum.gross),
            "fee": money(line.sum.fee),
            "net": money(line.sum.net),
        })
    });
    json!({
        "currency": received.currency.code(),
        "clicks": received.sum.clicks,
        "gross": money(received.sum.gross),
        "fee": money(received.sum.fee),
        "net": money(received.sum.net),
        "lines": lines.collect::<Vec<_>>(),
    })
}
