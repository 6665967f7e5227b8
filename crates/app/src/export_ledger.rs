//! The ledger for accountants and auditors: every entry as it was booked, exact to the millionth,
//! as CSV or as a journal for hledger, Beancount or Ledger. Only ids, handles and our own words are
//! written, so that nobody's text can pass for an entry; two exports are the same bytes.

mod beancount;
mod chart;
mod journal;
mod rows;

use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use obole_domain::Currency;
use obole_store::ledger::{Booked, entries_after};
use obole_store::{Read, ledger_chart};

use crate::app::App;
use crate::error::{Error, Result};
use chart::Chart;

/// How many entries are read at a time.
const PAGE: i64 = 500;

/// How many texts may wait to be written.
const WAITING: usize = 4;

/// What the ledger is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Spreadsheets and scripts: a line for each posting, amounts in millionths.
    Csv,
    /// hledger.
    Hledger,
    /// Beancount.
    Beancount,
    /// Ledger.
    Ledger,
}

/// Which days are written, both included; the days are those of the instance's zone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// The first day; none: from the beginning.
    pub from: Option<Date>,
    /// The last day; none: to the end.
    pub to: Option<Date>,
}

impl Days {
    /// The moments from the first day's beginning until the last day is over.
    fn span(self, zone: &TimeZone) -> (Timestamp, Timestamp) {
        let begins = |date: Date| date.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp());
        let from = self.from.and_then(begins).unwrap_or(Timestamp::MIN);
        let after = self.to.and_then(|date| date.tomorrow().ok());
        (from, after.and_then(begins).unwrap_or(Timestamp::MAX))
    }
}

/// Writes the entries of some days as they stand now, and says how many they are.
pub async fn write(
    app: &App,
    days: Days,
    format: Format,
    out: impl Write + Send + 'static,
) -> Result<u64> {
    let (sender, texts) = sync_channel(WAITING);
    let writing = tokio::task::spawn_blocking(move || write_all(&texts, out));
    let (zone, span) = (app.zone().clone(), days.span(app.zone()));
    let input = (sender, zone, span);
    let read = app.read(input, move |read, (sender, zone, span)| {
        Box::pin(async move { send_all(read, sender, (zone, *span), format).await })
    });
    let read = read.await;
    writing.await.map_err(Error::internal)?.map_err(Error::internal)?;
    read
}

fn write_all(texts: &Receiver<String>, mut out: impl Write) -> std::io::Result<()> {
    for text in texts {
        out.write_all(text.as_bytes())?;
    }
    out.flush()
}

/// Reads everything in one transaction, so that all of it is of one moment.
async fn send_all(
    read: &mut Read,
    sender: &SyncSender<String>,
    when: (&TimeZone, (Timestamp, Timestamp)),
    format: Format,
) -> Result<u64> {
    let (zone, span) = when;
    let chart = Chart::new(ledger_chart::all(read).await?);
    let currencies = ledger_chart::currencies(read).await?;
    let mut entries = entries_after(read, 0, span, PAGE).await?;
    let mut journal = Journal { format, chart, zone, date: Date::MIN };
    let mut count = 0;
    send(sender, journal.head(&currencies, entries.first()))?;
    while let Some(last) = entries.last().map(|entry| entry.seq) {
        let text: String = entries.iter().map(|entry| journal.entry(entry)).collect();
        send(sender, text)?;
        count += entries.len() as u64;
        entries = entries_after(read, last, span, PAGE).await?;
    }
    Ok(count)
}

fn send(sender: &SyncSender<String>, text: String) -> Result<()> {
    sender.send(text).map_err(|_| Error::internal("nobody takes the export any more"))
}

/// A ledger that is being written.
struct Journal<'zone> {
    format: Format,
    chart: Chart,
    zone: &'zone TimeZone,
    /// The day of the entry before.
    date: Date,
}

impl Journal<'_> {
    /// What stands before the first entry.
    fn head(&self, currencies: &[Currency], first: Option<&Booked>) -> String {
        let day = first.map(|entry| self.day(entry));
        match self.format {
            Format::Csv => rows::head(),
            Format::Hledger => journal::head_of_hledger(&self.chart, currencies),
            Format::Ledger => journal::head_of_ledger(&self.chart, currencies),
            Format::Beancount => beancount::head(&self.chart, currencies, day),
        }
    }

    /// One entry.
    fn entry(&mut self, entry: &Booked) -> String {
        // Two nodes may number their entries in another order than their clocks': a day never goes
        // back, which `hledger check ordereddates` asks for, and the exact moment stands beside it.
        self.date = self.date.max(self.day(entry));
        match self.format {
            Format::Csv => rows::entry(&self.chart, entry),
            Format::Hledger | Format::Ledger => journal::entry(&self.chart, self.date, entry),
            Format::Beancount => beancount::entry(&self.chart, self.date, entry),
        }
    }

    fn day(&self, entry: &Booked) -> Date {
        entry.at.to_zoned(self.zone.clone()).date()
    }
}

/// What an entry books, in letters that mean nothing to any of the formats.
fn fact(entry: &Booked) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || " -_./".contains(letter);
    entry.fact.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect()
}
