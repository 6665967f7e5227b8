//! What can be typed about several machines.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Cluster {
    /// Spread the tables over the machines of a Citus cluster; it can be stopped and run again
    #[command(name = "distribute")]
    Spread(Spread),
    /// Make the role that an instance works as: it cannot change the ledger
    Role(Role),
}

#[derive(Clone, Copy, Debug, Args)]
pub struct Spread {
    /// Print the statements and run none
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Clone, Copy, Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Role {
    /// Print the statements and run none
    #[arg(long)]
    pub dry_run: bool,
    /// Run them
    #[arg(long)]
    pub apply: bool,
}
