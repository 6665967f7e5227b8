//! A creator's history from Flattr: brought in, shown, and our own months written in the same
//! layout, so that the spreadsheets that read the one read the other.

use std::collections::BTreeSet;

use obole_domain::flattr_revenue::{self, FlattrRevenue};
use obole_domain::{AccountId, Currency, Micros, Money, Period, Refusal, WorkId};
use obole_store::Read;
use obole_store::flattr_revenues::{self, Brought, PeriodAtFlattr};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::Result;
use crate::flattr_numbers;

/// The most files at a time.
pub const FILES_MAX: usize = 1_000;

/// What an import read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The months that the files tell of.
    pub months: usize,
    /// Their lines, each month's work once.
    pub lines: usize,
    /// Their clicks.
    pub clicks: i64,
    /// Their revenue, in euros.
    pub revenue: Money,
    /// How many lines are new or differ from what was known.
    pub changed: u64,
}

/// Reads Flattr's files into an account's history: all of them or, when one is not in the layout,
/// none. Reading a file again changes nothing; where two tell of the same month and work, the
/// later one counts.
pub async fn import(
    app: &App,
    actor: Actor,
    account: AccountId,
    files: &[Vec<u8>],
) -> Result<Imported> {
    if files.len() > FILES_MAX {
        return Err(Refusal::TooLong { limit: FILES_MAX as i64 }.into());
    }
    let mut revenues = Vec::new();
    for file in files {
        revenues.extend(flattr_revenue::parse(file)?);
    }
    let revenues = latest(revenues);
    let mut imported = summed(&revenues)?;
    let handle = app.clone();
    let written = app.write(revenues, move |tx, revenues| {
        let app = handle.clone();
        Box::pin(async move {
            let changed = flattr_revenues::save(tx, account, revenues).await?;
            if changed > 0 {
                let about = (account.to_string(), format!("{changed} lines"));
                app.log(tx, actor, "flattr-report.import", about).await?;
            }
            Ok(changed)
        })
    });
    imported.changed = written.await?;
    Ok(imported)
}

/// One line for each month and work, the last that was read, in ascending order (D6).
fn latest(mut revenues: Vec<FlattrRevenue>) -> Vec<FlattrRevenue> {
    revenues.reverse();
    revenues.sort_by_key(|line| (line.period, line.id));
    revenues.dedup_by_key(|line| (line.period, line.id));
    revenues
}

fn summed(revenues: &[FlattrRevenue]) -> Result<Imported> {
    let months: BTreeSet<Period> = revenues.iter().map(|line| line.period).collect();
    let revenue = Micros::sum(revenues.iter().map(|line| line.revenue))?;
    let clicks = revenues.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.clicks));
    Ok(Imported {
        months: months.len(),
        lines: revenues.len(),
        clicks: clicks.ok_or(Refusal::Overflow {})?,
        revenue: Money::new(revenue, Currency::EUR),
        changed: 0,
    })
}

/// An account's months at Flattr, the earliest first.
pub async fn history(read: &mut Read, account: AccountId) -> Result<Vec<PeriodAtFlattr>> {
    Ok(flattr_revenues::by_period(read, account).await?)
}

/// A month's file in Flattr's layout, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlattrFile {
    /// `flattr-revenue-YYYYMM.csv`
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What an account's works brought here in a month, in Flattr's layout: euros after the fee.
pub async fn export_csv(app: &App, account: AccountId, period: Period) -> Result<FlattrFile> {
    let brought = app.read((), move |read, ()| {
        Box::pin(async move {
            Ok(flattr_revenues::brought(read, account, (period, Currency::EUR)).await?)
        })
    });
    let brought = brought.await?;
    let works: Vec<WorkId> = brought.iter().map(|brought| brought.work).collect();
    let numbers = flattr_numbers::numbers(app, &works).await?;
    let base = app.config().base_url();
    let line = |work: &Brought| {
        let number = numbers.get(&work.work).copied().unwrap_or_default();
        line_of(&base, (period, number), work)
    };
    let text = flattr_revenue::print(&brought.iter().map(line).collect::<Vec<_>>());
    let name = format!("flattr-revenue-{}.csv", period.to_string().replace('-', ""));
    Ok(FlattrFile { name, text })
}

fn line_of(base: &str, (period, id): (Period, i64), brought: &Brought) -> FlattrRevenue {
    let title = if brought.title.is_empty() { &brought.url } else { &brought.title }.clone();
    FlattrRevenue {
        period,
        id,
        flattr_url: format!("{base}/thing/{id}/{}", flattr_revenue::slug(&title)),
        url: brought.url.clone(),
        title,
        clicks: brought.clicks,
        revenue: brought.net,
        clicks_total: brought.clicks_total,
    }
}
