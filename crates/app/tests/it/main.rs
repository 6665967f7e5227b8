//! The commands on both engines.

#![allow(
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that reads past the end has failed; the environment names its tools"
)]

mod accounts;
mod backup;
mod bank_accounts;
mod bench;
mod big_months;
mod claims;
mod click_batches;
mod click_nodes;
mod clicks;
mod cluster;
mod database;
mod deletions;
mod demo;
mod details;
mod disputes;
mod export_ledger;
mod feeds;
mod flattr_reports;
mod glimpses;
mod invitations;
mod ledger;
mod mails;
mod nodes;
mod notes;
mod pages;
mod passing;
mod passkeys;
mod payouts;
mod personal;
mod proofs;
mod proposals;
mod public_gifts;
mod recovery;
mod refunds;
mod reports;
mod second_factor;
mod sessions;
mod settle;
mod signals;
mod simulator;
mod site_letters;
mod sites;
mod subscriptions;
mod support;
mod teams;
mod url_prefixes;
mod vouchers;
mod wallets;
mod webhook_events;
mod webhook_library;
mod webhooks;
mod work_codes;
mod world;
mod year;
