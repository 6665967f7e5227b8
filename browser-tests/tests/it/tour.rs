//! Every page of the instance, as each person finds it: through links, as people do.

use obole_browser_tests::{Browser, Instance};

/// Who can see a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed out.
    Anybody,
    /// A patron in the middle of a month.
    Patron,
    /// A creator with earnings.
    Creator,
    /// An administrator.
    Admin,
    /// Somebody who has just signed up: every list is empty.
    Newcomer,
}

use Who::{Admin, Anybody, Creator, Newcomer, Patron};

/// A page: the name of its pictures, its route, whose eyes see it.
pub struct Stop(pub &'static str, pub &'static str, pub Who);

/// Every page, and the states of pages that look different. A `{…}` is found on another page.
pub const STOPS: &[Stop] = &[
    Stop("landing", "/", Anybody),
    Stop("how", "/how", Anybody),
    Stop("works", "/works", Anybody),
    Stop("works-none", "/works?q=nothing-has-this-name", Anybody),
    Stop("work", "/w/{id}", Anybody),
    Stop("profile", "/@{handle}", Anybody),
    Stop("settlements", "/settlements", Anybody),
    Stop("settlement", "/settlements/{period}", Anybody),
    Stop("give-ask", "/give", Anybody),
    Stop("give-signed-out", "/give?url=https%3A%2F%2Fnew.example%2Fessay", Anybody),
    Stop("sign-up", "/sign-up", Anybody),
    Stop("sign-in", "/sign-in", Anybody),
    Stop("reset", "/reset", Anybody),
    Stop("reset-link", "/reset/{link}", Anybody),
    Stop("set-up", "/set-up/{token}", Anybody),
    Stop("not-found", "/nothing-is-here", Anybody),
    Stop("month", "/month", Patron),
    Stop("wallet", "/wallet", Patron),
    Stop("budget", "/budget", Patron),
    Stop("refund", "/wallet/refund", Patron),
    Stop("statements", "/statements", Patron),
    Stop("statement-given", "/statements/{period}", Patron),
    Stop("give", "/give?url=https%3A%2F%2Fnew.example%2Fessay", Patron),
    Stop("give-done", "/give/done", Patron),
    Stop("settings", "/settings", Patron),
    Stop("settings-sign-in", "/settings/sign-in", Patron),
    Stop("settings-tokens", "/settings/tokens", Patron),
    Stop("proof", "/sign-in/proof", Patron),
    Stop("creator", "/creator", Creator),
    Stop("creator-bank", "/creator/bank", Creator),
    Stop("creator-payouts", "/creator/payouts", Creator),
    Stop("creator-earnings", "/creator/earnings", Creator),
    Stop("statement-received", "/statements/{period}?side=received", Creator),
    Stop("work-own", "/w/{id}", Creator),
    Stop("profile-own", "/@{handle}", Creator),
    Stop("admin", "/admin", Admin),
    Stop("admin-settlement", "/admin/settlement", Admin),
    Stop("admin-vouchers", "/admin/vouchers", Admin),
    Stop("admin-voucher-batch", "/admin/vouchers/{batch}", Admin),
    Stop("admin-payouts", "/admin/payouts", Admin),
    Stop("admin-payout-batch", "/admin/payouts/{batch}", Admin),
    Stop("admin-refunds", "/admin/refunds", Admin),
    Stop("admin-works", "/admin/works", Admin),
    Stop("admin-accounts", "/admin/accounts", Admin),
    Stop("admin-account", "/admin/accounts/{handle}", Admin),
    Stop("admin-mails", "/admin/mails", Admin),
    Stop("admin-mail", "/admin/mails/{id}", Admin),
    Stop("admin-policy", "/admin/policy", Admin),
    Stop("admin-audit", "/admin/audit", Admin),
    Stop("admin-log", "/admin/log", Admin),
    Stop("confirm", "/confirm", Newcomer),
    Stop("confirm-link", "/confirm/{link}", Newcomer),
    Stop("month-empty", "/month", Newcomer),
    Stop("wallet-empty", "/wallet", Newcomer),
    Stop("budget-none", "/budget", Newcomer),
    Stop("statements-empty", "/statements", Newcomer),
    Stop("creator-empty", "/creator", Newcomer),
    Stop("creator-payouts-empty", "/creator/payouts", Newcomer),
];

/// Routes that hand out something else than a page for people.
const NO_PAGES: &[&str] = &[
    "/healthz",
    "/readyz",
    "/robots.txt",
    "/.well-known/security.txt",
    "/static/{name}",
];
