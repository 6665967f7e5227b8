//! The declaration of what an account signs in with: passkeys, the second factor, its codes.

use super::Fate::Deleted;
use super::Table;
use super::Taken::Exported;
use super::tables::{NOBODY, OTHERS, OWN, SECRET, WORKINGS, columns, id};

/// The tables; every row goes.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "passkeys",
        columns: &[
            columns("account", OWN, Deleted),
            columns("id, name, created_at, used_at, stopped_at", Exported, Deleted),
            columns("credential, public_key", SECRET, Deleted),
        ],
        take: Some(id("
            select id, name, created_at, used_at, stopped_at
            from passkeys where account = $1 order by created_at, id")),
        erase: &[id("delete from passkeys where account = $1")],
    },
    Table {
        name: "passkey_challenges",
        columns: &[
            columns("hash, browser", SECRET, Deleted),
            columns("purpose, state, expires_at", NOBODY, Deleted),
        ],
        take: None,
        // Each goes within minutes, and says of no account whose it is.
        erase: &[],
    },
    Table {
        name: "second_factors",
        columns: &[
            columns("account", OWN, Deleted),
            columns("seed", SECRET, Deleted),
            columns("begun_at, on_since", Exported, Deleted),
            columns("last_step", WORKINGS, Deleted),
        ],
        take: Some(id("select begun_at, on_since from second_factors where account = $1")),
        erase: &[id("delete from second_factors where account = $1")],
    },
    Table {
        name: "recovery_codes",
        columns: &[
            columns("account", OWN, Deleted),
            columns("hash", SECRET, Deleted),
            columns("used_at", Exported, Deleted),
        ],
        take: Some(id("
            select used_at from recovery_codes where account = $1 order by used_at, hash")),
        erase: &[id("delete from recovery_codes where account = $1")],
    },
    Table {
        name: "half_sign_ins",
        columns: &[
            columns("account", OWN, Deleted),
            columns("hash", SECRET, Deleted),
            columns("expires_at", WORKINGS, Deleted),
        ],
        take: None,
        erase: &[id("delete from half_sign_ins where account = $1")],
    },
    Table {
        name: "second_factor_helps",
        columns: &[
            columns("account", OWN, Deleted),
            columns("reason, asked_at, due_at", Exported, Deleted),
            columns("asked_by", OTHERS, Deleted),
        ],
        take: Some(id("
            select reason, asked_at, due_at from second_factor_helps where account = $1")),
        erase: &[
            id("delete from second_factor_helps where account = $1"),
            id("delete from second_factor_helps where asked_by = $1"),
        ],
    },
];
