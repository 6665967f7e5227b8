//! What can be typed about backups.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct Backup {
    /// The file; it must not be there yet
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Anybody who has the file can read it
    #[arg(long)]
    pub unsealed: bool,
    /// Read a backup that is there into a scratch database and audit that
    #[arg(long, conflicts_with = "unsealed")]
    pub check: bool,
}

#[derive(Debug, Args)]
pub struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

#[derive(Debug, Args)]
pub struct Quarantine {
    #[command(subcommand)]
    pub command: Option<QuarantineCommand>,
}

#[derive(Debug, Subcommand)]
pub enum QuarantineCommand {
    /// Compare the outbound journal with the database again
    Compare(QuarantineCompare),
    /// Let payouts, refunds and settlement go on
    End(QuarantineEnd),
}

#[derive(Debug, Args)]
pub struct QuarantineCompare {
    /// Another outbound journal, such as that of another node; may be given several times
    #[arg(long, value_name = "FILE")]
    pub journal: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct QuarantineEnd {
    /// How you know that nothing can be paid twice; it is kept in the log
    #[arg(long)]
    pub reason: String,
    /// Without the journal: the bank statements since the backup were compared
    #[arg(long)]
    pub bank_checked: bool,
}
