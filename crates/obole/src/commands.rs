//! The commands, each thin over what `obole_app` can do.

mod account;
mod audit;
mod backup;
mod bench;
mod claim;
mod cluster;
mod demo;
mod doctor;
mod export;
mod give;
mod import;
mod login;
mod month;
mod quarantine;
mod restore;
mod serve;
mod settle;
mod token;
mod voucher;

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::{Arguments, Command};

/// Runs a command and gives its exit code.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    let common = &arguments.common;
    match arguments.command {
        Command::Serve(serve) => serve::run(common, serve).await,
        Command::Demo(demo) => demo::run(common, demo).await,
        Command::Account(command) => account::run(common, command).await,
        Command::Token(command) => token::run(common, command).await,
        Command::Claim(command) => claim::run(common, command).await,
        Command::Voucher(command) => voucher::run(common, command).await,
        Command::Settle(settle) => settle::run(common, settle).await,
        Command::Audit => audit::run(common).await,
        Command::Export(command) => export::run(common, command).await,
        Command::Import(command) => import::run(common, command).await,
        Command::Bench(command) => bench::run(common, command).await,
        Command::Backup(backup) => backup::run(common, backup).await,
        Command::Restore(restore) => restore::run(common, restore).await,
        Command::Quarantine(quarantine) => quarantine::run(common, quarantine).await,
        Command::Cluster(command) => cluster::run(common, command).await,
        Command::Doctor => doctor::run(common).await,
        Command::Login(login) => login::run(common, login).await,
        Command::Give(give) => give::run(common, give).await,
        Command::Month => month::run(common).await,
    }
}
