//! What an instance tells of itself in figures. No label names an account, a work or an address.
//!
//! Counters and times are noted where they happen; what the database knows is read when somebody
//! asks ([`collect`]). Without a recorder all of it costs next to nothing.

use std::time::Instant;

use jiff::Timestamp;
use metrics::{Gauge, Histogram, counter, gauge, histogram};
use obole_domain::Period;
use obole_store::settlements::{self, Stage, Step};
use obole_store::{Read, outbox};

use crate::app::App;
use crate::error::{Error, Result};
use crate::idempotency::Once;
use crate::{audit, clicks};

/// How long each transaction took, with its wait in the queue.
pub const DATABASE_SECONDS: &str = "obole_database_seconds";

/// How many transactions wait or are under way.
const DATABASE_UNDER_WAY: &str = "obole_database_under_way";

/// The transactions of one kind.
struct Kind {
    seconds: Histogram,
    under_way: Gauge,
}

impl Kind {
    fn new(kind: &'static str) -> Self {
        Self {
            seconds: histogram!(DATABASE_SECONDS, "kind" => kind),
            under_way: gauge!(DATABASE_UNDER_WAY, "kind" => kind),
        }
    }

    fn begin(&self) -> Measured<'_> {
        self.under_way.increment(1);
        Measured { kind: self, begun: Instant::now() }
    }
}

/// What is noted of each transaction.
pub(crate) struct Measures {
    reads: Kind,
    writes: Kind,
}

impl Measures {
    pub(crate) fn new() -> Self {
        Self { reads: Kind::new("read"), writes: Kind::new("write") }
    }

    pub(crate) fn read(&self) -> Measured<'_> {
        self.reads.begin()
    }

    pub(crate) fn write(&self) -> Measured<'_> {
        self.writes.begin()
    }
}

/// A transaction that waits or is under way; noted when it ends, however it ends.
pub(crate) struct Measured<'app> {
    kind: &'app Kind,
    begun: Instant,
}

impl Drop for Measured<'_> {
    fn drop(&mut self) {
        self.kind.under_way.decrement(1);
        self.kind.seconds.record(self.begun.elapsed());
    }
}

/// Notes what a command under an idempotency key came to, unless it failed.
pub(crate) fn command<T>(route: &'static str, ended: &Result<Once<T>>) {
    let outcome = match ended {
        Ok(once) if !once.is_replayed => "done",
        Err(Error::Refused(said)) if !said.is_replayed => "refused",
        Ok(_) | Err(Error::Refused(_)) => "replayed",
        Err(_) => return,
    };
    counter!("obole_commands_total", "command" => route, "outcome" => outcome).increment(1);
    if (route, outcome) == (clicks::ROUTE, "done") {
        counter!("obole_clicks_total").increment(1);
    }
}

/// Says what each figure is, for the text that is read.
pub fn describe() {
    use metrics::{describe_counter as counter, describe_gauge as gauge};
    metrics::describe_histogram!(DATABASE_SECONDS, "Seconds of each transaction, queue included");
    gauge!(DATABASE_UNDER_WAY, "Transactions that wait or are under way");
    gauge!("obole_database_up", "Whether the database answers");
    counter!("obole_database_commits_total", "Commits of this process");
    counter!("obole_database_operations_total", "Writes in those commits");
    counter!("obole_commands_total", "Commands that are done once, by what they came to");
    counter!("obole_clicks_total", "Clicks given, repetitions not counted");
    gauge!("obole_mails_waiting", "Mails that no mail server has taken yet");
    gauge!("obole_mails_oldest_seconds", "How long the oldest of them has waited");
    gauge!("obole_audit_age_seconds", "Seconds since the last audit");
    gauge!("obole_audit_breaches", "Rules that did not hold at the last audit");
    gauge!("obole_held", "Whether settlement and payouts wait for an administrator");
    gauge!("obole_settlement_running", "Whether a month is being closed");
    gauge!("obole_settlement_clicks", "Clicks of the month that is being closed");
    gauge!("obole_settlement_clicks_shared", "How many of them are shared out");
    gauge!("obole_settlement_finished_timestamp_seconds", "When the last month was closed");
    gauge!("process_resident_memory_bytes", "Memory of this process");
}

/// Reads what the database and the machine know, and sets the gauges.
pub async fn collect(app: &App) {
    let (commits, operations) = app.store().commits();
    counter!("obole_database_commits_total").absolute(commits);
    counter!("obole_database_operations_total").absolute(operations);
    if let Some(bytes) = resident_bytes() {
        set("process_resident_memory_bytes", bytes);
    }
    let before = app.clock_period().next();
    let known = app.read((), move |read, ()| Box::pin(known(read, before))).await;
    set("obole_database_up", i64::from(known.is_ok()));
    if let Ok(known) = known {
        known.tell(app.now());
    }
}

/// What the database knows.
struct Known {
    mails: (i64, Option<Timestamp>),
    audit: Option<(Timestamp, i64)>,
    is_held: bool,
    running: Option<(i64, i64)>,
    finished_at: Option<Timestamp>,
}

async fn known(read: &mut Read, before: Period) -> Result<Known> {
    let newest = settlements::list(read, before, 2).await?;
    let running = newest.iter().find(|row| row.stage != Stage::Done).map(|row| row.period);
    let running = match running {
        Some(period) => {
            let clicks = rows(read, period, Step::Freeze).await?;
            Some((clicks, rows(read, period, Step::Share).await?))
        }
        None => None,
    };
    Ok(Known {
        mails: outbox::waiting(read).await?,
        audit: audit::last(read).await?,
        is_held: audit::refuse_held(read).await.is_err(),
        running,
        finished_at: newest.iter().find_map(|row| row.finished_at),
    })
}

async fn rows(read: &mut Read, period: Period, step: Step) -> Result<i64> {
    let chunks = settlements::chunks(read, period, step).await?;
    Ok(chunks.iter().map(|chunk| chunk.rows).sum())
}

impl Known {
    fn tell(&self, now: Timestamp) {
        let since = |at: Timestamp| now.duration_since(at).as_secs().max(0);
        let (waiting, oldest) = self.mails;
        set("obole_mails_waiting", waiting);
        set("obole_mails_oldest_seconds", oldest.map_or(0, since));
        if let Some((at, breaches)) = self.audit {
            set("obole_audit_age_seconds", since(at));
            set("obole_audit_breaches", breaches);
        }
        set("obole_held", i64::from(self.is_held));
        let (clicks, shared) = self.running.unwrap_or_default();
        set("obole_settlement_running", i64::from(self.running.is_some()));
        set("obole_settlement_clicks", clicks);
        set("obole_settlement_clicks_shared", shared);
        let finished = self.finished_at.map_or(0, Timestamp::as_second);
        set("obole_settlement_finished_timestamp_seconds", finished);
    }
}

fn set(name: &'static str, value: i64) {
    // Exact up to 2^53, which no figure here reaches.
    gauge!(name).set(value as f64);
}

/// The memory of this process, where Linux tells.
#[must_use]
pub fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1_024)
}
