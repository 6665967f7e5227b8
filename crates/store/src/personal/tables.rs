//! The declaration of what goes with an account: one entry a table, one line a group of columns.
//! Those that others refer to stand after those that refer to them, the order of erasing.

use super::Fate::{Deleted, Kept};
use super::Taken::{Exported, Private};
use super::{Columns, Fate, Statement, Table, Taken, With};

/// The account's own id, the same in every row: it stands once, in the profile.
pub(super) const OWN: Taken = Private("the account's own id, which the profile has");
/// Opens something.
pub(super) const SECRET: Taken = Private("a secret, or the hash of one (S1)");
/// Somebody else's.
pub(super) const OTHERS: Taken = Private("it is another account's (P3)");
/// Nothing about a person.
pub(super) const NOBODY: Taken = Private("it is about no account");
/// How the program works.
pub(super) const WORKINGS: Taken =
    Private("it says how the program works, not what the account did");

/// Of the clicks.
const CLICKS: Fate =
    Kept("those of the open month go; settled ones are what the statements were made of");
/// Of programs that others have granted something.
const GRANTED: Fate = Kept("what others granted refers to it");

pub(super) const fn columns(names: &'static str, taken: Taken, fate: Fate) -> Columns {
    Columns { names, taken, fate }
}

/// Given the account's id.
pub(super) const fn id(text: &'static str) -> Statement {
    Statement::new(text, With::Id)
}

/// The tables whose rows go, all or some.
pub const TABLES: &[Table] = &[
    Table {
        name: "idempotency_keys",
        columns: &[
            columns("account", OWN, Deleted),
            columns("route, idempotency_key, request, is_refused, answer, at", WORKINGS, Deleted),
        ],
        take: None,
        erase: &[id("delete from idempotency_keys where account = $1")],
    },
    Table {
        name: "limits",
        columns: &[columns("name, subject, begins_at, count", WORKINGS, Deleted)],
        take: None,
        erase: &[Statement::new("delete from limits where subject = $1", With::Text)],
    },
    Table {
        name: "outbox",
        columns: &[
            columns("account", OWN, Deleted),
            columns("id, recipient, kind, language, subject, created_at", Exported, Deleted),
            columns("state, server, reply, ended_at", Exported, Deleted),
            columns(
                "body_text, body_html, unsubscribe",
                Private("it may hold a code or a link"),
                Deleted,
            ),
            columns("next_at, taken_until, tries", WORKINGS, Deleted),
        ],
        take: Some(id("
            select id, recipient, kind, language, subject, created_at, state, server, reply,
                ended_at
            from outbox where account = $1 order by created_at, id")),
        erase: &[id("
            delete from outbox
            where account = $1 or recipient in (
                select email from accounts where id = $1 and email_confirmed_at is not null)")],
    },
    Table {
        name: "sessions",
        columns: &[
            columns("account", OWN, Deleted),
            columns("hash", SECRET, Deleted),
            columns("id, browser, created_at, seen_at, proved_at, ends_at", Exported, Deleted),
        ],
        take: Some(id("
            select id, browser, created_at, seen_at, proved_at, ends_at
            from sessions where account = $1 order by created_at, id")),
        erase: &[id("delete from sessions where account = $1")],
    },
    Table {
        name: "devices",
        columns: &[
            columns("account", OWN, Deleted),
            columns("hash", SECRET, Deleted),
            columns("seen_at", Exported, Deleted),
        ],
        take: Some(id("select seen_at from devices where account = $1 order by seen_at")),
        erase: &[id("delete from devices where account = $1")],
    },
    Table {
        name: "confirmations",
        columns: &[
            columns("account", OWN, Deleted),
            columns("id, code_hash, link_hash", SECRET, Deleted),
            columns("mail, tries", WORKINGS, Deleted),
            columns("purpose, email, created_at, expires_at, used_at", Exported, Deleted),
        ],
        take: Some(id("
            select purpose, email, created_at, expires_at, used_at
            from confirmations where account = $1 order by created_at, id")),
        erase: &[id("delete from confirmations where account = $1")],
    },
    Table {
        name: "tokens",
        columns: &[
            columns("account", OWN, Deleted),
            columns("hash", SECRET, Deleted),
            columns("id, name, scopes, created_at, used_at, revoked_at", Exported, Deleted),
            columns("client, of_grant, expires_at", Exported, Deleted),
        ],
        take: Some(id("
            select id, name, scopes, created_at, used_at, revoked_at, client, of_grant, expires_at
            from tokens where account = $1 order by created_at, id")),
        erase: &[
            id("
            update tokens set revoked_at = created_at
            where revoked_at is null and client in (
                select id from oauth_clients where owner = $1)"),
            id("
            delete from tokens where account = $1"),
        ],
    },
    Table {
        name: "oauth_refreshes",
        columns: &[
            columns("hash, follower", SECRET, Deleted),
            columns("of_grant, made_at, used_at, is_spent", WORKINGS, Deleted),
        ],
        take: None,
        erase: &[id("
            delete from oauth_refreshes
            where of_grant in (select id from oauth_grants where account = $1)")],
    },
    Table {
        name: "oauth_codes",
        columns: &[
            columns("account", OWN, Deleted),
            columns("hash, challenge", SECRET, Deleted),
            columns("client, scopes, redirect, is_redirect_named", WORKINGS, Deleted),
            columns("expires_at, of_grant", WORKINGS, Deleted),
        ],
        take: None,
        erase: &[id("delete from oauth_codes where account = $1")],
    },
    Table {
        name: "oauth_devices",
        columns: &[
            columns("account", OWN, Deleted),
            columns("hash, typed_code", SECRET, Deleted),
            columns("client, scopes, wait_seconds, asked_at", WORKINGS, Deleted),
            columns("expires_at, state", WORKINGS, Deleted),
        ],
        take: None,
        erase: &[id("delete from oauth_devices where account = $1")],
    },
    Table {
        name: "oauth_grants",
        columns: &[
            columns("account", OWN, Deleted),
            columns("id, client, scopes, created_at, used_at", Exported, Deleted),
            columns("ends_at, revoked_at", Exported, Deleted),
        ],
        take: Some(id("
            select id, client, scopes, created_at, used_at, ends_at, revoked_at
            from oauth_grants where account = $1 order by created_at, id")),
        erase: &[
            id("
            update oauth_grants set revoked_at = created_at
            where revoked_at is null and client in (
                select id from oauth_clients where owner = $1)"),
            id("
            delete from oauth_grants where account = $1"),
        ],
    },
    Table {
        name: "oauth_clients",
        columns: &[
            columns("owner", OWN, Deleted),
            columns("id, kind, created_at", Exported, GRANTED),
            columns("name, site, redirects", Exported, Deleted),
            columns("deleted_at, needs_state", Exported, GRANTED),
            columns("secret_hash, former_hash", SECRET, Deleted),
            columns("former_until", WORKINGS, Deleted),
        ],
        take: Some(id("
            select id, kind, created_at, name, site, redirects, deleted_at, needs_state
            from oauth_clients where owner = $1 order by created_at, id")),
        erase: &[id("
            update oauth_clients set owner = null, name = '', site = '', redirects = '',
                secret_hash = null, former_hash = null, former_until = null,
                deleted_at = coalesce(deleted_at, created_at)
            where owner = $1")],
    },
    Table {
        name: "feeds",
        columns: &[
            columns("account", OWN, Deleted),
            columns("number", SECRET, Deleted),
            columns("made_at, tells_patrons", Exported, Deleted),
        ],
        take: Some(id("select made_at, tells_patrons from feeds where account = $1")),
        erase: &[id("delete from feeds where account = $1")],
    },
    Table {
        name: "trusted_sites",
        columns: &[
            columns("account", OWN, Deleted),
            columns("site, trusted_at", Exported, Deleted),
        ],
        take: Some(id(
            "select site, trusted_at from trusted_sites where account = $1 order by site",
        )),
        erase: &[id("delete from trusted_sites where account = $1")],
    },
    Table {
        name: "proposals",
        columns: &[
            columns("account", OWN, Deleted),
            columns("url, title, place, at", Exported, Deleted),
        ],
        take: Some(id(
            "select url, title, place, at from proposals where account = $1 order by place, url",
        )),
        erase: &[id("delete from proposals where account = $1")],
    },
    Table {
        name: "webhook_deliveries",
        columns: &[
            columns("webhook, event, state, created_at, tries, tried_at", Exported, Deleted),
            columns("status, answer, problem, ended_at", Exported, Deleted),
            columns("headers", SECRET, Deleted),
            columns("next_at", WORKINGS, Deleted),
        ],
        take: Some(id("
            select webhook, event, state, created_at, tries, tried_at, status, answer, problem,
                ended_at
            from webhook_deliveries where webhook in (select id from webhooks where account = $1)
            order by webhook, created_at, event")),
        erase: &[id("
            delete from webhook_deliveries
            where webhook in (select id from webhooks where account = $1)")],
    },
    Table {
        name: "webhooks",
        columns: &[
            columns("account", OWN, Deleted),
            columns("id, url, kinds, created_at, off_at, off_why, failures", Exported, Deleted),
            columns("secret_sealed, old_secret_sealed", SECRET, Deleted),
            columns("is_slow, rests_until, taken_until", WORKINGS, Deleted),
        ],
        take: Some(id("
            select id, url, kinds, created_at, off_at, off_why, failures
            from webhooks where account = $1 order by created_at, id")),
        erase: &[id("delete from webhooks where account = $1")],
    },
    Table {
        name: "subscription_clicks",
        columns: &[
            columns("patron", OWN, Deleted),
            columns("period, work, subscription, points, given_at", Exported, Deleted),
        ],
        take: Some(id("
            select period, work, subscription, points, given_at
            from subscription_clicks where patron = $1 order by period, work")),
        erase: &[id("delete from subscription_clicks where patron = $1")],
    },
    Table {
        name: "subscriptions",
        columns: &[
            columns("patron", OWN, Deleted),
            columns("id, work, points, periods_left, periods_given, state", Exported, Deleted),
            columns("due, last_given, missed, missed_why, created_at", Exported, Deleted),
            columns("started_at, ended_at, end_reason", Exported, Deleted),
        ],
        take: Some(id("
            select id, work, points, periods_left, periods_given, state, due, last_given, missed,
                missed_why, created_at, started_at, ended_at, end_reason
            from subscriptions where patron = $1 order by created_at, id")),
        erase: &[id("delete from subscriptions where patron = $1")],
    },
    Table {
        name: "notes",
        columns: &[
            columns("patron", OWN, Deleted),
            columns("period, work, text, at, hidden_at", Exported, Deleted),
        ],
        take: Some(id("
            select period, work, text, at, hidden_at
            from notes where patron = $1 order by period, work")),
        erase: &[id("delete from notes where patron = $1")],
    },
    Table {
        name: "note_reports",
        columns: &[
            columns("patron", OWN, Deleted),
            columns("id, period, work, text, state", Exported, Deleted),
            columns("reported_at, ended_at, end_reason", Exported, Deleted),
            columns("reason, reported_by, ended_by", OTHERS, Deleted),
        ],
        take: Some(id("
            select id, period, work, text, state, reported_at, ended_at, end_reason
            from note_reports where patron = $1 order by reported_at, id")),
        erase: &[id("delete from note_reports where patron = $1 or reported_by = $1")],
    },
    Table {
        name: "clicks",
        columns: &[
            columns("patron", OWN, CLICKS),
            columns("period, work, points, carries, way, first_at, last_at", Exported, CLICKS),
        ],
        take: Some(id("
            select period, work, points, carries, way, first_at, last_at
            from clicks where patron = $1 order by period, work")),
        erase: &[id("
            delete from clicks
            where patron = $1 and period not in (
                select period from periods where closed_at is not null)")],
    },
    Table {
        name: "budgets",
        columns: &[
            columns("account", OWN, Deleted),
            columns("currency, amount_micros, set_at", Exported, Deleted),
        ],
        take: Some(id("
            select currency, amount_micros, set_at
            from budgets where account = $1 order by currency")),
        erase: &[id("delete from budgets where account = $1")],
    },
    Table {
        name: "currencies_refused",
        columns: &[columns("account", OWN, Deleted), columns("currency", Exported, Deleted)],
        take: Some(id(
            "select currency from currencies_refused where account = $1 order by currency",
        )),
        erase: &[id("delete from currencies_refused where account = $1")],
    },
    Table {
        name: "bank_accounts",
        columns: &[
            columns("account", OWN, Deleted),
            columns("holder, iban_last4, set_at, rests_until", Exported, Deleted),
            columns("iban_sealed, iban_mac", SECRET, Deleted),
        ],
        take: Some(id("
            select holder, iban_last4, set_at, rests_until
            from bank_accounts where account = $1")),
        erase: &[id("delete from bank_accounts where account = $1")],
    },
    Table {
        name: "flattr_revenues",
        columns: &[
            columns("account", OWN, Deleted),
            columns("period, flattr_id, flattr_url, url, title", Exported, Deleted),
            columns("clicks, revenue_micros, clicks_total", Exported, Deleted),
        ],
        take: Some(id("
            select period, flattr_id, flattr_url, url, title, clicks, revenue_micros, clicks_total
            from flattr_revenues where account = $1 order by period, flattr_id")),
        erase: &[id("delete from flattr_revenues where account = $1")],
    },
    Table {
        name: "work_details",
        columns: &[
            columns("account", OWN, Deleted),
            columns("work, title, description, tags, category", Exported, Deleted),
            columns("language, is_hidden, created_at, updated_at", Exported, Deleted),
        ],
        take: Some(id("
            select work, title, description, tags, category, language, is_hidden, created_at,
                updated_at
            from work_details where account = $1 order by created_at, work")),
        erase: &[id("delete from work_details where account = $1")],
    },
];
