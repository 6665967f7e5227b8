//! The pages as a browser meets them and the API as programs do, on both engines.
#![allow(clippy::disallowed_methods, reason = "tests may")]
#![allow(clippy::indexing_slicing, reason = "a test that reaches too far fails")]

mod accounts;
mod admin;
mod admin_accounts;
mod admin_backups;
mod api_access;
mod api_browsers;
mod api_clicks;
mod api_client;
mod api_description;
mod api_hostile;
mod api_me;
mod api_months;
mod api_once;
mod api_period;
mod api_prefixes;
mod api_webhooks;
mod api_works;
mod browser;
mod buttons;
mod cached;
mod codes;
mod connections;
mod core;
mod creator;
mod extension;
mod feeds;
mod give;
mod give_at_once;
mod give_window;
mod imports;
mod limits;
mod links;
mod measures;
mod month;
mod nodes;
mod notes;
mod oauth;
mod oauth_attacks;
mod oauth_client;
mod public;
mod robot;
mod wallet;
mod webhooks;
mod workshop;
