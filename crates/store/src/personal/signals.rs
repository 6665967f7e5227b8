//! The declaration of earnings that wait because of signals.

use super::Fate::Deleted;
use super::Table;
use super::Taken::Exported;
use super::kept::{LEGAL, OFFICE};
use super::tables::{OWN, WORKINGS, columns, id};

/// The tables.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "signal_holds",
        columns: &[
            columns("payee", OWN, LEGAL),
            columns("id, period, currency, amount_micros, signals, state", Exported, LEGAL),
            columns("held_at, ends_at, answered_at, decided_at", Exported, LEGAL),
            columns("answer, reason", Exported, Deleted),
            columns("decided_by", OFFICE, LEGAL),
        ],
        take: Some(id("
            select id, period, currency, amount_micros, signals, state, held_at, ends_at,
                answered_at, decided_at, answer, reason
            from signal_holds where payee = $1 order by held_at, id")),
        erase: &[id("update signal_holds set answer = '', reason = '' where payee = $1")],
    },
    Table {
        name: "signal_gifts",
        columns: &[
            columns("patron", OWN, LEGAL),
            columns("work, gross_micros, net_micros, signals", Exported, LEGAL),
            columns("hold", WORKINGS, LEGAL),
        ],
        take: Some(id("
            select work, gross_micros, net_micros, signals from signal_gifts
            where patron = $1 order by hold, work")),
        erase: &[],
    },
];
