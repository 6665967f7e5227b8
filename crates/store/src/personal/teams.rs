//! The declaration of teams and of what works pass on.

use super::Fate::{Deleted, Kept};
use super::Taken::Exported;
use super::kept::{LEGAL, STAYS};
use super::tables::{NOBODY, OTHERS, OWN, SECRET, columns, id};
use super::{Fate, Table};

const TEAM: Fate = Kept("it is the team's history; of the account, its id");

/// The tables.
pub(super) const TABLES: &[Table] = &[
    Table {
        name: "team_roles",
        columns: &[
            columns("account", OWN, Deleted),
            columns("team, role, since", Exported, Deleted),
        ],
        take: Some(id("
            select team, role, since from team_roles where account = $1 order by team")),
        erase: &[id("delete from team_roles where account = $1")],
    },
    Table {
        name: "team_invitations",
        columns: &[
            columns("invited_by", OWN, Deleted),
            columns("id, team, email, role, created_at, expires_at, ended_at", Exported, TEAM),
            columns("link_hash", SECRET, TEAM),
            columns("account, accepted_by", OTHERS, Deleted),
        ],
        take: Some(id("
            select id, team, email, role, created_at, expires_at, ended_at
            from team_invitations where invited_by = $1 order by created_at, id")),
        erase: &[
            id("delete from team_invitations where invited_by = $1 and ended_at is null"),
            id("delete from team_invitations where account = $1 and ended_at is null"),
            id("update team_invitations set account = null where account = $1"),
            id("update team_invitations set invited_by = null where invited_by = $1"),
            id("update team_invitations set accepted_by = null where accepted_by = $1"),
        ],
    },
    Table {
        name: "team_percentages",
        columns: &[columns("set_by", OWN, TEAM), columns("team, number, set_at", Exported, TEAM)],
        take: Some(id("
            select team, number, set_at from team_percentages where set_by = $1
            order by team, number")),
        erase: &[],
    },
    Table {
        name: "team_percentage_lines",
        columns: &[columns("member", OWN, TEAM), columns("team, number, part", Exported, TEAM)],
        take: Some(id("
            select team, number, part from team_percentage_lines where member = $1
            order by team, number")),
        erase: &[],
    },
    Table {
        name: "teams",
        columns: &[
            columns("account", OWN, TEAM),
            columns("is_open, created_at, closed_at", Exported, TEAM),
            columns("founded_by", OTHERS, Deleted),
        ],
        take: Some(id("
            select is_open, created_at, closed_at from teams where account = $1")),
        erase: &[id("update teams set founded_by = null where founded_by = $1")],
    },
    Table {
        name: "frozen_percentages",
        columns: &[columns("member", OWN, LEGAL), columns("period, team, part", Exported, LEGAL)],
        take: Some(id("
            select period, team, part from frozen_percentages where member = $1
            order by period, team")),
        erase: &[],
    },
    Table {
        name: "team_credits",
        columns: &[
            columns("member", OWN, LEGAL),
            columns("period, team, work, currency, amount_micros", Exported, LEGAL),
        ],
        take: Some(id("
            select period, team, work, currency, amount_micros from team_credits
            where member = $1 order by period, team, work, currency")),
        erase: &[],
    },
    Table {
        name: "pass_on_targets",
        columns: &[columns("work, target, weight", Exported, Deleted)],
        take: Some(id("
            select work, target, weight from pass_on_targets
            where work in (select work from pass_ons where account = $1)
            order by work, target")),
        erase: &[id("
            delete from pass_on_targets
            where work in (select work from pass_ons where account = $1)")],
    },
    Table {
        name: "pass_ons",
        columns: &[
            columns("account", OWN, Deleted),
            columns("work, part, set_at", Exported, Deleted),
            columns("set_by", OTHERS, Deleted),
        ],
        take: Some(id("
            select work, part, set_at from pass_ons where account = $1 order by work")),
        erase: &[
            id("delete from pass_ons where account = $1"),
            id("update pass_ons set set_by = null where set_by = $1"),
        ],
    },
    Table {
        name: "frozen_pass_ons",
        columns: &[columns("period, work, target, part, weight", NOBODY, STAYS)],
        take: None,
        erase: &[],
    },
    Table {
        name: "passes",
        columns: &[
            columns("payer", OWN, LEGAL),
            columns("arisen, due, work, target, currency, amount_micros", Exported, LEGAL),
            columns("state, settles, ended_at", Exported, LEGAL),
            columns("payee", OTHERS, LEGAL),
        ],
        take: Some(id("
            select arisen, due, work, target, currency, amount_micros, state, settles, ended_at
            from passes where payer = $1
            order by arisen, due, work, target, currency")),
        erase: &[],
    },
];
