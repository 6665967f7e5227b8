//! What can be typed: the commands, their flags and values (contract.md section 1).

mod backup;
mod cluster;
mod remote;

use std::path::PathBuf;

use clap::builder::RangedI64ValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use obole_app::domain::Period;
use obole_app::export_ledger::Format;

pub use backup::{Backup, Quarantine, QuarantineCommand, Restore};
pub use cluster::Cluster;
pub use remote::{Give, Login};

/// Self-hosted social micropayments: set a budget, click on what you like, we share it out on the
/// last day.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, arg_required_else_help = true)]
pub struct Arguments {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// What every command takes.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// The configuration [default: obole.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The database: sqlite://PATH or postgres://… [default: sqlite://obole.db]
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// Print data as JSON
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the instance
    Serve(Serve),
    /// Serve a made-up instance with play money, to look around
    Demo(Demo),
    /// Make accounts
    #[command(subcommand)]
    Account(Account),
    /// Make tokens for programs
    #[command(subcommand)]
    Token(Token),
    /// Vouch for who a work is by
    #[command(subcommand)]
    Claim(Claim),
    /// Make prepaid codes
    #[command(subcommand)]
    Voucher(Voucher),
    /// Close what is due: share out the budgets and credit the creators
    Settle(Settle),
    /// Check that all the money is where it must be
    Audit,
    /// Write data out
    #[command(subcommand)]
    Export(Export),
    /// Bring data in
    #[command(subcommand)]
    Import(Import),
    /// Measure how fast this machine is
    #[command(subcommand)]
    Bench(Bench),
    /// Take a backup while the instance serves, or check one
    Backup(Backup),
    /// Restore a backup into an empty database
    Restore(Restore),
    /// Why a restored instance waits, and what ends it
    Quarantine(Quarantine),
    /// Spread the database over several machines
    #[command(subcommand)]
    Cluster(Cluster),
    /// Check the configuration and what it needs, and say what to do
    Doctor,
    /// Sign in to an instance from here, to give and to look at your month
    Login(Login),
    /// Give a click on the instance that you are signed in to
    Give(Give),
    /// Your month on the instance that you are signed in to
    Month,
}

/// Where to listen.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// The public address [default: the one it listens on]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
}

#[derive(Debug, Args)]
pub struct Demo {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// How many patrons
    #[arg(long, default_value_t = 200, value_parser = counted(5_000))]
    pub patrons: u32,
    /// How many works
    #[arg(long, default_value_t = 60, value_parser = counted(2_000))]
    pub works: u32,
    /// How many past months, all of them settled
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(0..=36))]
    pub periods: u32,
    /// Another number makes another community
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Keep the instance in this folder
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Account {
    /// Make an account
    Create(AccountCreate),
}

#[derive(Debug, Args)]
pub struct AccountCreate {
    /// Its public name
    #[arg(long)]
    pub handle: String,
    /// Its mail address
    #[arg(long)]
    pub email: String,
    /// What it calls itself
    #[arg(long, default_value = "")]
    pub name: String,
    /// Read its password from standard input; without it the account sets one by mail
    #[arg(long)]
    pub password_stdin: bool,
    /// It administers the instance
    #[arg(long)]
    pub admin: bool,
    /// The mail address is known to be right
    #[arg(long)]
    pub confirmed: bool,
}

#[derive(Debug, Subcommand)]
pub enum Token {
    /// Make a token; it is printed once, last on its line
    Create(TokenCreate),
}

#[derive(Debug, Args)]
pub struct TokenCreate {
    /// Whose
    #[arg(long, value_name = "HANDLE")]
    pub account: String,
    /// What it allows, with spaces between, such as "click clicks:read"
    #[arg(long)]
    pub scope: String,
    /// What it is called in the list of tokens
    #[arg(long, default_value = "command line")]
    pub name: String,
}

#[derive(Debug, Subcommand)]
pub enum Claim {
    /// Say that an account controls a work
    Grant(ClaimGrant),
}

#[derive(Debug, Args)]
pub struct ClaimGrant {
    /// The work's address
    #[arg(long, value_name = "URL")]
    pub work: String,
    /// Who controls it
    #[arg(long, value_name = "HANDLE")]
    pub account: String,
    /// How you know
    #[arg(long)]
    pub reason: String,
}

#[derive(Debug, Subcommand)]
pub enum Voucher {
    /// Make prepaid codes; they are printed one a line
    Create(VoucherCreate),
}

#[derive(Debug, Args)]
pub struct VoucherCreate {
    /// What each is worth, such as 20.00
    #[arg(long)]
    pub amount: String,
    /// In what
    #[arg(long)]
    pub currency: String,
    /// How many
    #[arg(long, default_value_t = 1)]
    pub count: u32,
    /// The last day on which they can be used
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub expires: Option<Date>,
}

#[derive(Debug, Args)]
pub struct Settle {
    /// Just this month, such as 2026-11
    #[arg(long, value_parser = period)]
    pub period: Option<Period>,
}

#[derive(Debug, Subcommand)]
pub enum Export {
    /// The clicks that a month's settlement worked from
    Inputs(OfPeriod),
    /// What each click came to
    Shares(OfPeriod),
    /// The ledger, for accountants and auditors
    Ledger(ExportLedger),
    /// What an account gave and received in a month
    Statement(ExportStatement),
}

#[derive(Debug, Args)]
pub struct OfPeriod {
    /// The month, such as 2026-11
    #[arg(long, value_parser = period)]
    pub period: Period,
}

#[derive(Debug, Args)]
pub struct ExportLedger {
    /// The first day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub from: Option<Date>,
    /// The last day
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub to: Option<Date>,
    /// What it is for
    #[arg(long, value_enum, default_value_t = LedgerFormat::Csv)]
    pub format: LedgerFormat,
}

/// The names of the ledger's formats.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LedgerFormat {
    Csv,
    Hledger,
    Beancount,
    Ledger,
}

impl From<LedgerFormat> for Format {
    fn from(format: LedgerFormat) -> Self {
        match format {
            LedgerFormat::Csv => Self::Csv,
            LedgerFormat::Hledger => Self::Hledger,
            LedgerFormat::Beancount => Self::Beancount,
            LedgerFormat::Ledger => Self::Ledger,
        }
    }
}

#[derive(Debug, Args)]
pub struct ExportStatement {
    /// Whose
    #[arg(long, value_name = "HANDLE")]
    pub account: String,
    /// The month, such as 2026-11
    #[arg(long, value_parser = period)]
    pub period: Period,
    /// As what
    #[arg(long, value_enum, default_value_t = StatementFormat::Csv)]
    pub format: StatementFormat,
}

/// The names of a statement's formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StatementFormat {
    Csv,
    Json,
    /// What was received in euros, in the layout of Flattr's monthly report
    Flattr,
}

#[derive(Debug, Subcommand)]
pub enum Import {
    /// Read Flattr's monthly revenue reports into a creator's history
    FlattrReport(ImportFlattrReport),
}

#[derive(Debug, Args)]
pub struct ImportFlattrReport {
    /// The files, such as flattr-revenue-201305.csv
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Whose history
    #[arg(long, value_name = "HANDLE")]
    pub account: String,
}

#[derive(Debug, Subcommand)]
pub enum Bench {
    /// Fill an empty database with a reproducible load
    Fill(BenchFill),
    /// Close the filled month, and measure
    Settle(BenchSettle),
    /// Give clicks over HTTP, and measure
    Clicks(BenchClicks),
    /// Read pages and buttons over HTTP, and measure
    Pages(BenchPages),
}

#[derive(Clone, Copy, Debug, Args)]
pub struct BenchFill {
    /// How many patrons, each with a funded wallet and a budget
    #[arg(long, default_value_t = 1_000, value_parser = counted(2_000_000))]
    pub patrons: u32,
    /// How many clicks a patron gives on average
    #[arg(long, default_value_t = 30, value_parser = counted(1_000))]
    pub mean_clicks: u32,
    /// How many works
    #[arg(long, default_value_t = 1_000, value_parser = counted(1_000_000))]
    pub works: u32,
    /// Another number makes another load
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

#[derive(Debug, Args)]
pub struct BenchSettle {
    /// What to measure beside it: memory, sql, scan
    #[arg(long, value_enum, value_delimiter = ',')]
    pub against: Vec<Anchor>,
}

/// What a settlement is measured against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Anchor {
    Memory,
    Sql,
    Scan,
}

#[derive(Clone, Copy, Debug, Args)]
pub struct BenchClicks {
    /// How many connections at once
    #[arg(long, default_value_t = 64, value_parser = counted(1_024))]
    pub connections: u32,
    /// How long
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub seconds: u64,
}

#[derive(Clone, Copy, Debug, Args)]
pub struct BenchPages {
    /// How many connections at once
    #[arg(long, default_value_t = 64, value_parser = counted(1_024))]
    pub connections: u32,
    /// How long each is measured
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=3_600))]
    pub seconds: u64,
}

/// A number from 1 to a limit.
fn counted(limit: i64) -> RangedI64ValueParser<u32> {
    RangedI64ValueParser::new().range(1..=limit)
}

fn period(text: &str) -> Result<Period, String> {
    Period::parse(text).map_err(|_| "a month is written like 2026-11".to_owned())
}

fn date(text: &str) -> Result<Date, String> {
    let is_plain = text.len() == 10;
    let date = text.parse().ok().filter(|_| is_plain);
    date.ok_or_else(|| "a day is written like 2026-11-30".to_owned())
}
