//! `obole bench settle`: the real close of a filled month, and what it is held against.

use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use jiff::ToSpan;
use obole_app::audit_log::Actor;
use obole_app::bench::{self, Shared};
use obole_app::domain::Period;
use obole_app::settle::{self, Outcome, Stage};
use obole_app::{App, Clock, Parts, secrets, settlements};
use serde_json::{Map, Value, json};

use super::{engine, per_second, thousandths};
use crate::arguments::{Anchor, BenchSettle, Common};
use crate::progress::Progress;
use crate::{configuration, instance, output};

pub async fn run(common: &Common, wanted: BenchSettle) -> Result<ExitCode> {
    let (app, period) = open_after(common).await?;
    let took = close(&app, period).await?;
    let peak = peak_rss();
    let Some(settled) = settlements::find(&app, period).await? else {
        bail!("{period} was not closed");
    };
    let clicks = u64::try_from(settled.row.clicks).unwrap_or_default();
    let anchors = measure(&app, period, (clicks, &wanted.against)).await?;
    let json = json!({
        "engine": engine(&app),
        "clicks": clicks,
        "patrons": settled.row.patrons,
        "seconds": seconds(took.whole)?,
        "clicks_per_second": per_second(clicks, took.whole),
        "share_out_per_second": per_second(clicks, took.share),
        "postings_per_second": per_second(took.postings, took.book),
        "freeze_seconds": seconds(took.freeze)?,
        "share_out_seconds": seconds(took.share)?,
        "booking_seconds": seconds(took.book)?,
        "crediting_seconds": seconds(took.credit)?,
        "peak_rss_bytes": peak,
        "agree": anchors.agree,
        "shares": anchors.shares,
        "anchors": anchors.told,
    });
    output::data(common.json, &json, || words(&json));
    if !anchors.agree {
        bail!("the ways do not agree on the shares");
    }
    Ok(ExitCode::SUCCESS)
}

/// The filled instance with its clock after the filled month.
async fn open_after(common: &Common) -> Result<(App, Period)> {
    let app = instance::open(common).await?;
    let period = bench::filled_period(&app).await?;
    if settlements::find(&app, period).await?.is_some() {
        bail!("{period} is settled already; fill a new database with `obole bench fill`");
    }
    if app.clock_period() > period {
        return Ok((app, period));
    }
    let after = period.ends(app.zone()).checked_add(1.second())?;
    drop(app);
    let config = configuration::read(common)?;
    let parts = Parts::configured(&config, Clock::starting_at(after)).await?;
    Ok((App::open(config, parts).await?, period))
}

fn seconds(took: Duration) -> Result<Value> {
    Ok(thousandths(u64::try_from(took.as_millis())?))
}

/// How long the steps of a close took, and how many postings the booking made.
struct Took {
    freeze: Duration,
    share: Duration,
    book: Duration,
    credit: Duration,
    /// All of it, with the audit log's line and without the mails.
    whole: Duration,
    postings: u64,
}

/// When the last chunk of each step was done.
struct Moments {
    frozen: Instant,
    shared: Instant,
    booked: Instant,
    done: Option<Instant>,
    postings: u64,
}

impl Moments {
    fn note(&mut self, told: settle::Progress) {
        let now = Instant::now();
        match told.stage {
            Stage::Freezing => (self.frozen, self.shared, self.booked) = (now, now, now),
            Stage::Sharing => (self.shared, self.booked) = (now, now),
            Stage::Booking => {
                (self.booked, self.postings) = (now, u64::try_from(told.done).unwrap_or_default());
            }
            Stage::Crediting => {}
            Stage::Done => self.done = self.done.or(Some(now)),
        }
    }
}

/// Closes the month.
async fn close(app: &App, period: Period) -> Result<Took> {
    let progress = Progress::new();
    let started = Instant::now();
    let (frozen, shared, booked) = (started, started, started);
    let moments = Mutex::new(Moments { frozen, shared, booked, done: None, postings: 0 });
    let tell = |told: settle::Progress| {
        moments.lock().unwrap_or_else(PoisonError::into_inner).note(told);
        let count = |count: i64| u64::try_from(count).unwrap_or_default();
        progress.tell(told.stage.code(), count(told.done), count(told.of));
    };
    let outcomes = settle::run(app, Actor::CommandLine, Some(period), &tell).await?;
    if outcomes != [Outcome::Closed(period)] {
        bail!("{period} was closed by somebody else meanwhile");
    }
    let moments = moments.into_inner().unwrap_or_else(PoisonError::into_inner);
    let done = moments.done.unwrap_or_else(Instant::now);
    Ok(Took {
        freeze: moments.frozen.duration_since(started),
        share: moments.shared.duration_since(moments.frozen),
        book: moments.booked.duration_since(moments.shared),
        credit: done.duration_since(moments.booked),
        whole: done.duration_since(started),
        postings: moments.postings,
    })
}

/// What the anchors came to.
struct Anchors {
    agree: bool,
    /// The hash of all shares that were stored.
    shares: Option<String>,
    told: Map<String, Value>,
}

async fn measure(app: &App, period: Period, of: (u64, &[Anchor])) -> Result<Anchors> {
    let (clicks, against) = of;
    let told = |took| json!({ "clicks_per_second": per_second(clicks, took) });
    let settled =
        if against.is_empty() { None } else { Some(bench::by_settlement(app, period).await?) };
    let shares = settled.as_ref().map(|settled| secrets::hex(&settled.shares));
    let mut anchors = Anchors { agree: true, shares, told: Map::new() };
    let agrees = |way: &Shared| {
        let is_same = |s: &Shared| (s.shares, &s.by_work) == (way.shares, &way.by_work);
        settled.as_ref().is_none_or(is_same)
    };
    for anchor in against {
        match anchor {
            Anchor::Memory => {
                let shared = bench::by_memory(app, period).await?;
                anchors.agree &= agrees(&shared);
                anchors.told.insert("memory".to_owned(), told(shared.took));
            }
            Anchor::Sql => {
                let shared = bench::by_sql(app, period).await?;
                anchors.agree &= agrees(&shared);
                anchors.told.insert("sql".to_owned(), told(shared.took));
                let stored = shared.stored.map(told).unwrap_or_default();
                anchors.told.insert("sql_stored".to_owned(), stored);
            }
            Anchor::Scan => {
                let took = bench::by_scan(app, period).await?;
                anchors.told.insert("scan".to_owned(), told(took));
            }
        }
    }
    Ok(anchors)
}

/// The most memory that this process had, where Linux tells.
fn peak_rss() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1_024)
}

fn words(json: &Value) -> String {
    let Some(fields) = json.as_object() else { return String::new() };
    let lines = fields.iter().map(|(name, value)| format!("{name}: {value}"));
    lines.collect::<Vec<_>>().join("\n")
}
