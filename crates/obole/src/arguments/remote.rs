//! What can be typed of the commands of somebody who has an account on an instance.

use clap::Args;

use super::counted;

#[derive(Debug, Args)]
pub struct Login {
    /// The instance, such as obole.example [default: the one you are signed in to]
    #[arg(long, value_name = "URL")]
    pub instance: Option<String>,
    /// Open the page in a browser
    #[arg(long)]
    pub open: bool,
    /// Sign out: revoke what this machine was allowed and forget it
    #[arg(long, conflicts_with_all = ["instance", "open"])]
    pub end: bool,
}

#[derive(Debug, Args)]
pub struct Give {
    /// The address of what you like
    #[arg(value_name = "URL")]
    pub url: String,
    /// Its weight
    #[arg(long, default_value_t = 1, value_parser = counted(1_000_000))]
    pub points: u32,
    /// A note of thanks that its creator sees
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}
