//! The declaration of what an account controls: claims, what everybody sees of them, works.

use super::Fate::Deleted;
use super::Table;
use super::Taken::{Exported, Private};
use super::kept::{LEGAL, OFFICE, PUBLIC};
use super::tables::{OTHERS, OWN, WORKINGS, columns, id};

/// The tables.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "claims",
        columns: &[
            columns("account", OWN, LEGAL),
            columns("id, work, method, reach, state, created_at, ended_at", Exported, LEGAL),
            columns("refuses_since", Exported, LEGAL),
            columns("proven_at, confirmed_at, found_at, stale_at", Exported, LEGAL),
            columns("finding, checked_at", Exported, LEGAL),
            columns("reason, end_reason, token", Exported, Deleted),
            columns("granted_by", OFFICE, LEGAL),
            columns("host_key, gone_times, gone_since, next_check_at", WORKINGS, LEGAL),
            columns("left_by, yields_to, yields_at, spread_after", WORKINGS, LEGAL),
        ],
        take: Some(id("
            select id, work, method, reach, state, created_at, ended_at, proven_at, confirmed_at,
                found_at, stale_at, refuses_since, finding, checked_at, reason, end_reason, token
            from claims where account = $1 order by created_at, id")),
        erase: &[id("
            update claims set reason = '', end_reason = '', token = '' where account = $1")],
    },
    Table {
        name: "disputes",
        columns: &[
            columns("filer", OWN, LEGAL),
            columns("id, claim, by_claim, reach, state, filed_at", Exported, LEGAL),
            columns("answered_at, ended_at", Exported, LEGAL),
            columns("words, answer, reason", Exported, Deleted),
            columns("holder", OTHERS, LEGAL),
            columns("decided_by", OFFICE, LEGAL),
        ],
        take: Some(id("
            select id, claim, by_claim, reach, state, filed_at, answered_at, ended_at, words,
                answer, reason
            from disputes where filer = $1 or holder = $1 order by filed_at, id")),
        erase: &[
            id("update disputes set words = '', reason = '' where filer = $1"),
            id("update disputes set answer = '', reason = '' where holder = $1"),
        ],
    },
    Table {
        name: "claim_events",
        columns: &[columns("claim, what, at", Exported, PUBLIC), columns("seq", WORKINGS, PUBLIC)],
        take: Some(id("
            select claim, what, at from claim_events
            where claim in (select id from claims where account = $1)
            order by seq")),
        erase: &[],
    },
    Table {
        name: "works",
        columns: &[
            columns("id, url, title, created_at, refused_at, hidden_at", Exported, PUBLIC),
            columns("shows_patrons_since", Exported, PUBLIC),
            columns("owned_at", Exported, Deleted),
            columns("owner", OWN, Deleted),
            columns("created_by", Private("who clicked first; the clicks have it"), Deleted),
            columns("url_prefix, host_key, refused_by", WORKINGS, PUBLIC),
            columns("claim", WORKINGS, Deleted),
        ],
        take: Some(id("
            select id, url, title, created_at, refused_at, hidden_at, shows_patrons_since,
                owned_at
            from works where owner = $1 order by owned_at, id")),
        erase: &[
            id("update works set owner = null, owned_at = null, claim = null where owner = $1"),
            id("update works set created_by = null where created_by = $1"),
        ],
    },
];
