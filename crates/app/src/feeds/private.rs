//! A patron's own feed: the clicks of days that are over, and what settled months came to. Its
//! address is reckoned from a number and the instance's key, and nothing of it is stored.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use obole_domain::{AccountId, Money, Period};
use obole_store::clicks::{self, Shown};
use obole_store::{Read, accounts, feeds, settlements, shares};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::limits;
use crate::secrets::hex;

/// For how many days back clicks are told.
const DAYS: i64 = 31;

/// The most clicks that are read of a month.
const CLICKS: i64 = 500;

/// How many rows of statements are read back: months by currencies.
const ROWS: i64 = 24;

/// Bytes of the MAC that stand in an address.
const MAC: usize = 16;

/// What a private feed tells.
#[derive(Clone, Debug)]
pub struct Private {
    /// Whose it is.
    pub account: AccountId,
    /// Since when it has this address.
    pub made_at: Timestamp,
    /// Days that are over and had clicks, the latest first.
    pub days: Vec<Day>,
    /// Settled months, the latest first.
    pub periods: Vec<SettledPeriod>,
}

/// A day and its clicks, the latest first.
#[derive(Clone, Debug)]
pub struct Day {
    /// Which day, in the instance's zone.
    pub date: Date,
    /// When it was over.
    pub ended_at: Timestamp,
    /// Its clicks.
    pub clicks: Vec<Shown>,
}

/// What a settled month came to for a patron.
#[derive(Clone, Debug)]
pub struct SettledPeriod {
    /// Which month.
    pub period: Period,
    /// When it was settled.
    pub settled_at: Timestamp,
    /// What left the wallet, by currency.
    pub given: Vec<Money>,
    /// What was promised and stays there, by currency.
    pub promised: Vec<Money>,
}

/// The secret in the address of a private feed with this number.
#[must_use]
pub fn secret_of(app: &App, number: Uuid) -> String {
    let mac = app.secrets().mac("feed", number.as_bytes());
    format!("{}{}", number.simple(), hex(mac.get(..MAC).unwrap_or_default()))
}

/// The number in a secret that was made here; the database is not asked about any other.
fn number_of(app: &App, secret: &str) -> Option<Uuid> {
    let number = Uuid::try_parse(secret.get(..32)?).ok()?;
    let is_ours: bool = secret_of(app, number).as_bytes().ct_eq(secret.as_bytes()).into();
    is_ours.then_some(number)
}

/// What the private feed of a secret tells. None where the secret is not one, is renewed or
/// switched off, or its account suspended. Refused for who reads it all the time.
pub async fn private(app: &App, secret: &str) -> Result<Option<Private>> {
    let Some(number) = number_of(app, secret) else { return Ok(None) };
    let whose = app.read((), move |read, ()| {
        Box::pin(async move {
            let Some((account, made_at)) = feeds::find(read, number).await? else {
                return Ok(None);
            };
            let row = accounts::find(read, account).await?;
            let is_open = row.is_some_and(|row| row.suspended_at.is_none());
            Ok(is_open.then_some((account, made_at)))
        })
    });
    let Some((account, made_at)) = whose.await? else { return Ok(None) };
    app.limit(limits::FEED, account).await?;
    let (clock, now, zone) = (app.clock_period(), app.now(), app.zone().clone());
    app.read((), move |read, ()| {
        let zone = zone.clone();
        Box::pin(async move {
            let days = days(read, (account, clock), now, &zone).await?;
            let periods = periods(read, account).await?;
            Ok(Some(Private { account, made_at, days, periods }))
        })
    })
    .await
}

/// Only days that are over: a day is told once and whole, and not when in it somebody clicked.
async fn days(
    read: &mut Read,
    (patron, clock): (AccountId, Period),
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Vec<Day>> {
    let today = now.to_zoned(zone.clone()).date();
    let first = today.checked_sub(Span::new().days(DAYS)).unwrap_or(today);
    let open = clicks::shown_period(read, clock).await?;
    let mut by_day: BTreeMap<Date, Vec<Shown>> = BTreeMap::new();
    for period in [open, open.back(1)] {
        for click in clicks::shown(read, (period, patron), None, CLICKS).await? {
            let date = click.last_at.to_zoned(zone.clone()).date();
            // What was carried over was told on its day.
            if date >= first && date < today && click.carries == 0 {
                by_day.entry(date).or_default().push(click);
            }
        }
    }
    let day = |(date, clicks): (Date, Vec<Shown>)| {
        let next = date.tomorrow().ok()?.to_zoned(zone.clone()).ok()?;
        Some(Day { date, ended_at: next.timestamp(), clicks })
    };
    Ok(by_day.into_iter().rev().filter_map(day).collect())
}

async fn periods(read: &mut Read, patron: AccountId) -> Result<Vec<SettledPeriod>> {
    let mut periods: Vec<SettledPeriod> = Vec::new();
    for sum in shares::months_given(read, patron, ROWS).await? {
        if periods.last().is_none_or(|last| last.period != sum.period) {
            let settlement = settlements::find(read, sum.period).await?;
            let Some(settled_at) = settlement.and_then(|row| row.finished_at) else { continue };
            let (given, promised) = (Vec::new(), Vec::new());
            periods.push(SettledPeriod { period: sum.period, settled_at, given, promised });
        }
        if let Some(last) = periods.last_mut() {
            last.given.push(Money::new(sum.amount, sum.currency));
            last.promised.push(Money::new(obole_domain::Micros::new(sum.other), sum.currency));
        }
    }
    Ok(periods)
}
