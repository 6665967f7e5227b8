//! The declaration, second half: what stays, under a pseudonym or as everybody's; the account.

use super::Fate::{Deleted, Kept};
use super::Taken::{Exported, Private};
use super::tables::{NOBODY, OTHERS, OWN, SECRET, WORKINGS, columns, id};
use super::{Columns, Fate, Statement, Table, With};

pub(super) const LEGAL: Fate =
    Kept("under a pseudonym, for as long as the law asks of the operator");
pub(super) const PUBLIC: Fate = Kept("everybody can see it: it is about the work");
const LOG: Fate = Kept("the log is chained: none can be taken out (L13); of the account, its id");
pub(super) const STAYS: Fate = Kept("it is about no account");
const TOMBSTONE: Fate = Kept("what stays refers to the account by its id");
pub(super) const OFFICE: super::Taken = Private("what an administrator did for the instance");

/// A table that is about no account, or about many at once.
macro_rules! nobody {
    ($name:literal, $columns:literal) => {{
        const ALL: &[Columns] = &[columns($columns, NOBODY, STAYS)];
        Table { name: $name, columns: ALL, take: None, erase: &[] }
    }};
}

/// The tables of which something stays.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "invitations",
        columns: &[
            columns("account", OWN, Deleted),
            columns("id, email, created_at, expires_at, used_at, withdrawn_at", Exported, LEGAL),
            columns("code_hash", SECRET, LEGAL),
            columns("used_by", OTHERS, Deleted),
        ],
        take: Some(id("
            select id, email, created_at, expires_at, used_at, withdrawn_at
            from invitations where account = $1 order by created_at, id")),
        erase: &[
            id("delete from invitations where account = $1 and used_at is null"),
            id("update invitations set account = null where account = $1"),
            id("update invitations set used_by = null where used_by = $1"),
        ],
    },
    Table {
        name: "invitation_allowances",
        columns: &[columns("account", OWN, Deleted), columns("more", Exported, Deleted)],
        take: Some(id("select more from invitation_allowances where account = $1")),
        erase: &[id("delete from invitation_allowances where account = $1")],
    },
    Table {
        name: "waiting",
        columns: &[
            columns("email, language, asked_at, confirmed_at, invited_at", Exported, Deleted),
            columns("id, link_hash", SECRET, Deleted),
        ],
        take: Some(id("
            select email, language, asked_at, confirmed_at, invited_at
            from waiting where email in (
                select email from accounts where id = $1 and email_confirmed_at is not null)")),
        erase: &[id("
            delete from waiting where email in (
                select email from accounts where id = $1 and email_confirmed_at is not null)")],
    },
    Table {
        name: "glimpses",
        columns: &[
            columns("account", OWN, Deleted),
            columns("reason, at, ends_at", Exported, Deleted),
            columns("id", WORKINGS, Deleted),
            columns("admin", OTHERS, Deleted),
        ],
        take: Some(id("
            select reason, at, ends_at from glimpses where account = $1 order by at, id")),
        erase: &[id("delete from glimpses where account = $1")],
    },
    Table {
        name: "export_parts",
        columns: &[columns("build, number, sealed", WORKINGS, Deleted)],
        take: None,
        erase: &[id("
            delete from export_parts
            where build in (select build from exports where account = $1)")],
    },
    Table {
        name: "exports",
        columns: &[
            columns("account", OWN, Deleted),
            columns("id, asked_at, ready_at, ends_at, taken_at", Exported, Deleted),
            columns("link_hash", SECRET, Deleted),
            columns("build, bytes", WORKINGS, Deleted),
        ],
        take: Some(id("
            select id, asked_at, ready_at, ends_at, taken_at
            from exports where account = $1 order by asked_at, id")),
        erase: &[id("delete from exports where account = $1")],
    },
    Table {
        name: "deletions",
        columns: &[
            columns("account", OWN, TOMBSTONE),
            columns("asked_at, erases_at, undone_at, erased_at", Exported, TOMBSTONE),
            columns("stays_suspended, is_journaled", WORKINGS, TOMBSTONE),
            columns("link_hash", SECRET, Deleted),
        ],
        take: Some(id("
            select asked_at, erases_at, undone_at, erased_at from deletions where account = $1")),
        erase: &[id("update deletions set link_hash = null where account = $1")],
    },
    Table {
        name: "promises",
        columns: &[
            columns("patron", OWN, LEGAL),
            columns("period, work, currency, amount_micros, state", Exported, LEGAL),
            columns("settles, ended_at", Exported, LEGAL),
        ],
        take: Some(id("
            select period, work, currency, amount_micros, state, settles, ended_at
            from promises where patron = $1 order by period, work, currency")),
        erase: &[],
    },
    Table {
        name: "holds",
        columns: &[
            columns("owner", OWN, LEGAL),
            columns("id, kind, currency, amount_micros, reason, created_at", Exported, LEGAL),
        ],
        take: Some(id("
            select id, kind, currency, amount_micros, reason, created_at
            from holds where owner = $1 order by created_at, id")),
        erase: &[],
    },
    Table {
        name: "statements",
        columns: &[
            columns("patron", OWN, LEGAL),
            columns("period, currency, taken_micros, collected_micros", Exported, LEGAL),
            columns("pool_micros, promised_micros", Exported, LEGAL),
            columns("body", Private("its lines are in the file shares"), LEGAL),
        ],
        take: Some(id("
            select period, currency, taken_micros, collected_micros, pool_micros, promised_micros
            from statements where patron = $1 order by period, currency")),
        erase: &[],
    },
    Table {
        name: "frozen_purses",
        columns: &[
            columns("patron", OWN, LEGAL),
            columns("period, currency, budget_micros, available_micros", Exported, LEGAL),
            columns("held_micros, gives_unspent", Exported, LEGAL),
        ],
        take: Some(id("
            select period, currency, budget_micros, available_micros, held_micros, gives_unspent
            from frozen_purses where patron = $1 order by period, currency")),
        erase: &[],
    },
    Table {
        name: "frozen_works",
        columns: &[
            columns("payee", OWN, LEGAL),
            columns("period, work, is_refused", Exported, LEGAL),
        ],
        take: Some(id("
            select period, work, is_refused
            from frozen_works where payee = $1 order by period, work")),
        erase: &[],
    },
    Table {
        name: "frozen_payees",
        columns: &[
            columns("payee", OWN, LEGAL),
            columns("period, currency, is_refused, is_giving", Exported, LEGAL),
        ],
        take: Some(id("
            select period, currency, is_refused, is_giving
            from frozen_payees where payee = $1 order by period, currency")),
        erase: &[],
    },
    Table {
        name: "credits",
        columns: &[
            columns("payee", OWN, LEGAL),
            columns("period, work, currency, clicks", Exported, LEGAL),
            columns("gross_micros, fee_micros, net_micros", Exported, LEGAL),
        ],
        take: Some(id("
            select period, work, currency, clicks, gross_micros, fee_micros, net_micros
            from credits where payee = $1 order by period, work, currency")),
        erase: &[],
    },
    Table {
        name: "postings",
        columns: &[
            columns("owner", OWN, LEGAL),
            columns("entry, kind, currency, period, amount_micros", Exported, LEGAL),
        ],
        take: Some(id("
            select entry, kind, currency, period, amount_micros
            from postings where owner = $1 order by entry, kind, currency, period")),
        erase: &[],
    },
    Table {
        name: "entries",
        columns: &[
            columns("seq, at, reason, reverses", Exported, LEGAL),
            columns("source, external_id, effect", WORKINGS, LEGAL),
        ],
        take: Some(id("
            select seq, at, reason, reverses
            from entries where seq in (select entry from postings where owner = $1) order by seq")),
        erase: &[],
    },
    Table {
        name: "ledger_accounts",
        columns: &[
            columns("owner", OWN, LEGAL),
            columns("kind, currency, period, balance_micros, held_micros", Exported, LEGAL),
        ],
        take: Some(id("
            select kind, currency, period, balance_micros, held_micros
            from ledger_accounts where owner = $1 order by kind, currency, period")),
        erase: &[],
    },
    Table {
        name: "vouchers",
        columns: &[
            columns("redeemed_by", OWN, LEGAL),
            columns("id, amount_micros, currency, expires_at, redeemed_at", Exported, LEGAL),
            columns("code_mac", SECRET, LEGAL),
            columns("batch, number, voided_at", WORKINGS, LEGAL),
        ],
        take: Some(id("
            select id, amount_micros, currency, expires_at, redeemed_at
            from vouchers where redeemed_by = $1 order by redeemed_at, id")),
        erase: &[],
    },
    Table {
        name: "payouts",
        columns: &[
            columns("account", OWN, LEGAL),
            columns("id, currency, amount_micros, state, requested_at, ended_at", Exported, LEGAL),
            columns("holder, iban_last4, end_reason", Exported, Deleted),
            columns("iban_sealed", SECRET, Deleted),
            columns("batch, request_entry, sent_entry", WORKINGS, LEGAL),
        ],
        take: Some(id("
            select id, currency, amount_micros, state, requested_at, ended_at, holder, iban_last4,
                end_reason
            from payouts where account = $1 order by requested_at, id")),
        erase: &[Statement::new(
            "
            update payouts set holder = '', iban_last4 = '', end_reason = '', iban_sealed = $2
            where account = $1",
            With::Bytes,
        )],
    },
    Table {
        name: "refunds",
        columns: &[
            columns("account", OWN, LEGAL),
            columns("id, currency, amount_micros, state, requested_at, ended_at", Exported, LEGAL),
            columns("note, end_reason", Exported, Deleted),
            columns("request_entry, begun_at", WORKINGS, LEGAL),
        ],
        take: Some(id("
            select id, currency, amount_micros, state, requested_at, ended_at, note, end_reason
            from refunds where account = $1 order by requested_at, id")),
        erase: &[id("update refunds set note = '', end_reason = '' where account = $1")],
    },
    Table {
        name: "audit_log",
        columns: &[
            columns("at, way, action, details", Exported, LOG),
            columns("seq, previous, hash", WORKINGS, LOG),
            columns("actor, object", Private("the account's own id, or another's"), LOG),
        ],
        take: Some(Statement::new(
            "
            select at, way, action, case when object = $2 then details else '' end
            from audit_log where actor = $1 or object = $2 order by seq",
            With::Both,
        )),
        erase: &[],
    },
    Table {
        name: "voucher_batches",
        columns: &[
            columns("id, amount_micros, currency, count", OFFICE, LEGAL),
            columns("expires_at, created_by, created_at", OFFICE, LEGAL),
        ],
        take: None,
        erase: &[],
    },
    Table {
        name: "payout_batches",
        columns: &[
            columns("id, currency, count, total_micros, file, file_hash", OFFICE, LEGAL),
            columns("created_by, created_at, approved_by, handed_at", OFFICE, LEGAL),
            columns("journaled_at, sent_at, discarded_at", OFFICE, LEGAL),
        ],
        take: None,
        erase: &[],
    },
    Table {
        name: "promise_lists",
        columns: &[columns(
            "period, bucket, work, currency, number, body",
            Private("packed for many accounts at once; each one's lines are in the file shares"),
            Kept("until the promises end, 12 months at most"),
        )],
        take: None,
        erase: &[],
    },
    Table {
        name: "sheets",
        columns: &[columns(
            "period, part, chunk, currency, body",
            Private("packed for many accounts at once while a month is settled"),
            Kept("until the month is settled"),
        )],
        take: None,
        erase: &[],
    },
    nobody!("chunks", "period, step, number, first, last, rows, patrons, hash"),
    nobody!("promised_works", "work"),
    nobody!("webhook_events", "id, kind, body, created_at"),
    nobody!("settings", "name, value"),
    nobody!("versions", "name, number"),
    nobody!("leases", "name, holder, until"),
    nobody!("audit_head", "one, hash"),
    nobody!("periods", "period, closed_at"),
    nobody!(
        "settlements",
        "period, state, policy, inputs_hash, plan_hash, patrons, works, clicks, started_at, \
         finished_at, told_at, judged_at, details_end_at, details_chunk"
    ),
    nobody!(
        "settlement_totals",
        "period, currency, taken_micros, promised_micros, gross_micros, fee_micros, net_micros, \
         pool_micros"
    ),
    nobody!("work_codes", "code, work, language, created_at"),
    nobody!("work_pages", "work, state, title, facts, hints, fetched_at, tries, next_try_at"),
    nobody!("flattr_numbers", "id, work"),
    nobody!(
        "site_letters",
        "party, notice_since, notice_url, patrons, invitation_url, next_try_at, tries, noticed_at, \
         invited_at, declined_at"
    ),
    nobody!("site_letter_readers", "address_mac, link_hash, written_at, declined_at"),
    nobody!("migrations", "number, name"),
    Table {
        name: "accounts",
        columns: &[
            columns("id, created_at, suspended_at", Exported, TOMBSTONE),
            columns("hidden_at", Exported, Deleted),
            columns("compared_at", WORKINGS, STAYS),
            columns("handle, name, email, email_confirmed_at, language", Exported, Deleted),
            columns("is_admin, is_public, gives_unspent, keeps_details", Exported, Deleted),
            columns("payout_threshold_micros", Exported, Deleted),
            columns("password_hash", SECRET, Deleted),
        ],
        take: Some(id("
            select id, created_at, suspended_at, handle, name, email, email_confirmed_at, language,
                is_admin, is_public, gives_unspent, keeps_details, payout_threshold_micros,
                hidden_at
            from accounts where id = $1")),
        erase: &[Statement::new(
            "
            update accounts set handle = $2, name = '',
                email = cast($2 as text) || '@gone.invalid',
                email_confirmed_at = null, password_hash = '', language = '', is_admin = false,
                is_public = false, gives_unspent = false, keeps_details = false,
                payout_threshold_micros = 0,
                hidden_at = null
            where id = $1",
            With::Name,
        )],
    },
];
