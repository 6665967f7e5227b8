//! How every table lies where PostgreSQL is spread over several machines by Citus: rows of one
//! account together on one shard, what is small or has a key of its own on every machine.

mod statements;

use std::collections::BTreeSet;

use crate::db::{Engine, Read, sql};
use crate::error::StoreResult;

pub use statements::{Place, distribute_statements, role_statements, triggers};

/// The role that an instance works as where no trigger guards the ledger: it may add to what is
/// append-only, and not change it (L2).
pub const ROLE: &str = "obole_app";

/// What only grows (L2).
pub const APPEND_ONLY: [&str; 4] = ["entries", "postings", "audit_log", "claim_events"];

/// How a table lies in a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lies {
    /// Its rows are parted by a column. Those with the same value there lie together, and beside
    /// those of the other tables of the group.
    Distributed {
        /// The column: part of every unique key.
        column: &'static str,
        /// The first table of the group.
        beside: &'static str,
    },
    /// The whole table is on every machine: any unique key, dear to write.
    Reference,
}

/// A table and how it lies.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Its name.
    pub table: &'static str,
    /// How it lies.
    pub lies: Lies,
    /// Why so.
    pub why: &'static str,
}

/// By the id of the account that it is about, beside the clicks of that account.
const fn account(table: &'static str, column: &'static str, why: &'static str) -> Layout {
    Layout { table, lies: Lies::Distributed { column, beside: "clicks" }, why }
}

/// By a column of its own, apart from all else.
const fn apart(table: &'static str, column: &'static str, why: &'static str) -> Layout {
    Layout { table, lies: Lies::Distributed { column, beside: table }, why }
}

const fn reference(table: &'static str, why: &'static str) -> Layout {
    Layout { table, lies: Lies::Reference, why }
}

/// Every table of the schema, those first that others refer to.
pub const LAYOUT: &[Layout] = &[
    reference("migrations", "a few rows"),
    reference("settings", "a few rows"),
    reference("audit_log", "one chain (L13)"),
    reference("audit_head", "one row, which all queue for"),
    account("idempotency_keys", "account", "taken in the transaction of the click"),
    apart("limits", "subject", "subjects are accounts and addresses: texts"),
    reference("versions", "a few rows, looked at by every node"),
    reference("outbox", "taken by what is due, whoever it is for"),
    reference("leases", "a few rows"),
    reference("accounts", "handle and address are one account's only; everything refers to it"),
    reference("sessions", "found by its hash before anybody knows whose it is"),
    reference("devices", "found by its hash before anybody knows whose it is"),
    reference("passkeys", "found by its credential before anybody knows whose it is"),
    reference("passkey_challenges", "found by its hash before anybody knows whose it is"),
    reference("half_sign_ins", "found by its hash before anybody knows whose it is"),
    reference("second_factors", "read beside the account, when somebody signs in"),
    reference("recovery_codes", "read beside the account, when somebody signs in"),
    reference("second_factor_helps", "taken by what is due, whoever it is for"),
    reference("confirmations", "found by the hash of its link"),
    reference("tokens", "found by its hash before anybody knows whose it is"),
    reference("oauth_clients", "listed for developers; every grant refers to it"),
    reference("oauth_grants", "joined with clients and tokens, which are on every machine"),
    reference("oauth_codes", "found by its hash before anybody knows whose it is"),
    reference("oauth_refreshes", "found by its hash before anybody knows whose it is"),
    reference("oauth_devices", "found by its hash or what is typed, before it is anybody's"),
    reference("feeds", "found by its number before anybody knows whose it is"),
    reference("works", "an address is one work's only; everything joins it"),
    reference("claims", "one standing claim a reach"),
    reference("claim_events", "one log, which everybody reads"),
    reference("disputes", "a few rows, asked from both sides"),
    reference("reports", "a few rows, asked from both sides"),
    reference("looks", "compared with everybody's"),
    reference("signal_holds", "a few rows, asked by payee and by what is due"),
    reference("signal_gifts", "a few rows, beside what they wait for"),
    reference("currencies_refused", "joined with works when a month is frozen"),
    reference("teams", "small; members and percentages refer to it"),
    reference("team_roles", "asked from both sides"),
    reference("team_invitations", "found by the hash of its link"),
    reference("team_percentages", "small, read when a month is frozen"),
    reference("team_percentage_lines", "small, read when a month is frozen"),
    reference("pass_ons", "joined with works when a month is frozen"),
    reference("pass_on_targets", "joined with works when a month is frozen"),
    account("ledger_accounts", "owner", "a wallet beside its owner's clicks"),
    reference("entries", "an outside fact moves money once, whoever it is for (L5)"),
    account("postings", "owner", "beside the balance that they add up to (L3)"),
    account("holds", "owner", "beside the balance that they hold"),
    account("budgets", "account", "beside the clicks that share it"),
    reference("periods", "a row a month, which every click reads"),
    account("clicks", "patron", "what a settlement reads, patron by patron"),
    account("notes", "patron", "beside its click"),
    account("public_gifts", "patron", "beside its clicks"),
    reference("note_reports", "listed for administrators, whoever they are about"),
    reference("settlements", "a row a month"),
    reference("settlement_totals", "a row a month and currency"),
    reference("chunks", "a row for some thousand patrons"),
    account("frozen_purses", "patron", "read beside the clicks"),
    reference("frozen_works", "every chunk reads all of it"),
    reference("frozen_payees", "every chunk reads all of it"),
    reference("frozen_percentages", "every part reads all of it"),
    reference("frozen_pass_ons", "every part reads all of it"),
    account("statements", "patron", "written where the clicks were read"),
    apart("sheets", "part", "the works of a part together; large, and gone when they are credited"),
    account("credits", "payee", "beside the earnings that they add up to"),
    account("team_credits", "member", "beside the earnings that they add up to"),
    account("passes", "payer", "beside the earnings that hold them"),
    apart("promise_lists", "bucket", "the works of a bucket together, as they are written"),
    reference("promised_works", "joined with the frozen works, once a month"),
    account("promises", "patron", "beside the statements that made them"),
    reference("voucher_batches", "small"),
    reference("vouchers", "found by the code's MAC before anybody knows whose it is"),
    reference("bank_accounts", "small, joined with payouts"),
    reference("payout_batches", "small"),
    reference("payouts", "listed for administrators, whoever they are for"),
    reference("refunds", "listed for administrators, whoever they are for"),
    account("flattr_revenues", "account", "a creator's own history"),
    account("trusted_sites", "account", "beside the clicks that they send"),
    account("proposals", "account", "read beside the clicks that come of them"),
    account("subscriptions", "patron", "beside the clicks that they give"),
    account("subscription_clicks", "patron", "written in the transaction of the click"),
    reference("work_codes", "a code is one work's only, and a work has one a language"),
    reference("work_pages", "a row for each work, read beside it"),
    reference("work_details", "read beside its work"),
    reference("site_letters", "a row a site that was written to, taken by what is due"),
    reference("site_letter_readers", "found by the hash of its link"),
    reference("flattr_numbers", "a number is one work's only"),
    reference("invitations", "found by the hash of its code"),
    reference("invitation_allowances", "a few rows, which administrators set"),
    reference("exports", "a few rows, found by the hash of its link"),
    reference("export_parts", "a few rows, for a day"),
    reference("glimpses", "a few rows"),
    reference("deletions", "a few rows, found by what is due"),
    reference("waiting", "found by its address or the hash of its link"),
    reference("webhooks", "taken by what is due, whoever it is for"),
    reference("webhook_events", "told to several accounts"),
    reference("webhook_deliveries", "taken by what is due, whoever it is for"),
];

/// What the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// One file.
    Sqlite,
    /// One server.
    Postgres,
    /// A server with Citus.
    Citus {
        /// How many machines hold shards.
        machines: i64,
        /// The tables that are distributed already.
        done: BTreeSet<String>,
    },
}

impl Standing {
    /// The tables that still lie on one machine, where there are several.
    #[must_use]
    pub fn missing(&self) -> Vec<&'static str> {
        let Self::Citus { done, .. } = self else { return Vec::new() };
        let tables = LAYOUT.iter().map(|layout| layout.table);
        tables.filter(|table| !done.contains(*table)).collect()
    }
}

/// What the database is.
pub async fn standing(read: &mut Read) -> StoreResult<Standing> {
    if read.engine() == Engine::Sqlite {
        return Ok(Standing::Sqlite);
    }
    if !has_citus(read).await? {
        return Ok(Standing::Postgres);
    }
    let machines = sql("
        select count(*) from pg_dist_node
        where isactive and shouldhaveshards and noderole = 'primary'");
    let machines = machines.fetch_one(read, |row| row.get(0)).await?;
    Ok(Standing::Citus { machines, done: done(read).await? })
}

async fn has_citus(read: &mut Read) -> StoreResult<bool> {
    let select = sql("select count(*) from pg_extension where extname = 'citus'");
    Ok(select.fetch_one(read, |row| row.get::<i64>(0)).await? > 0)
}

/// The tables that lie on several machines: parted (`h`), or whole on each (`t`).
async fn done(read: &mut Read) -> StoreResult<BTreeSet<String>> {
    let select = sql("
        select cast(c.relname as text) from pg_dist_partition p
        join pg_class c on c.oid = p.logicalrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = current_schema() and (p.partmethod = 'h' or p.repmodel = 't')");
    Ok(select.fetch_all(read, |row| row.get(0)).await?.into_iter().collect())
}

/// Whether rows can be locked over a range of accounts: Citus locks those of one value of the
/// distribution column only.
pub(crate) async fn locks_ranges(read: &mut Read) -> StoreResult<bool> {
    Ok(read.engine() == Engine::Sqlite || !has_citus(read).await? || done(read).await?.is_empty())
}

/// Where the statements run: the schema and whether the role is there.
pub async fn place(read: &mut Read) -> StoreResult<Place> {
    let select = sql("
        select cast(quote_ident(current_schema()) as text),
            (select count(*) from pg_roles where rolname = $1)");
    let select = select.bind(ROLE);
    let place = select
        .fetch_one(read, |row| Ok(Place { schema: row.get(0)?, has_role: row.get::<i64>(1)? > 0 }));
    place.await
}

/// Which of [`APPEND_ONLY`] the one who is connected could change (L2): none where the role works.
pub async fn changeable(read: &mut Read) -> StoreResult<Vec<String>> {
    if read.engine() == Engine::Sqlite {
        return Ok(Vec::new());
    }
    let select = sql("
        select cast(c.relname as text) from pg_class c
        where c.relnamespace = cast(current_schema() as regnamespace)
            and c.relname in ('entries', 'postings', 'audit_log', 'claim_events')
            and has_table_privilege(c.oid, 'update, delete, truncate')
        order by c.relname");
    select.fetch_all(read, |row| row.get(0)).await
}

/// Whether the role is there and can change nothing that is append-only (L2).
pub async fn has_guarding_role(read: &mut Read) -> StoreResult<bool> {
    if read.engine() == Engine::Sqlite {
        return Ok(false);
    }
    let select = sql("
        select count(*) from pg_roles r
        where r.rolname = $1 and not exists (
            select 1 from pg_class c
            where c.relnamespace = cast(current_schema() as regnamespace)
                and c.relname in ('entries', 'postings', 'audit_log', 'claim_events')
                and has_table_privilege(r.oid, c.oid, 'update, delete, truncate'))");
    Ok(select.bind(ROLE).fetch_one(read, |row| row.get::<i64>(0)).await? > 0)
}

#[cfg(test)]
mod tests;
