//! The declaration of what is public of an account: support that it shows, reports, what its names
//! look like.

use super::Fate::Deleted;
use super::Table;
use super::Taken::{Exported, Private};
use super::kept::{LEGAL, OFFICE};
use super::tables::{OTHERS, OWN, SECRET, WORKINGS, columns, id};

/// The tables.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "reports",
        columns: &[
            columns("reported_by", OWN, Deleted),
            columns("id, work, why, state, reported_at, decided_at", Exported, LEGAL),
            columns("appeal_state, appealed_at, appeal_decided_at", Exported, LEGAL),
            columns("words, reason, appeal, appeal_reason", Exported, Deleted),
            columns("hidden_words", Private("what was hidden; its owner wrote it"), Deleted),
            columns("appeal_hash", SECRET, Deleted),
            columns("account, concerns", OTHERS, LEGAL),
            columns("decided_by, appeal_decided_by", OFFICE, LEGAL),
        ],
        // What others said stays with them.
        take: Some(id("
            select id, work, why, state, reported_at, decided_at, appeal_state, appealed_at,
                appeal_decided_at, case when reported_by = $1 then words else '' end as words,
                reason, case when concerns = $1 then appeal else '' end as appeal,
                case when concerns = $1 then appeal_reason else '' end as appeal_reason
            from reports where reported_by = $1 or concerns = $1 order by reported_at, id")),
        erase: &[
            id("
            update reports
            set reported_by = null, words = '',
                reason = case when concerns is null then '' else reason end
            where reported_by = $1"),
            id("
            update reports
            set hidden_words = '', appeal_hash = null, reason = '', appeal = '', appeal_reason = '',
                words = ''
            where concerns = $1"),
        ],
    },
    Table {
        name: "public_gifts",
        columns: &[columns("patron", OWN, Deleted), columns("work, since", Exported, Deleted)],
        take: Some(id("select work, since from public_gifts where patron = $1 order by work")),
        erase: &[id("delete from public_gifts where patron = $1")],
    },
    Table {
        name: "looks",
        columns: &[columns("account", OWN, Deleted), columns("look", WORKINGS, Deleted)],
        take: None,
        erase: &[id("delete from looks where account = $1")],
    },
];
