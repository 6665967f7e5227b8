//! The statements that spread a database and that make the role, in their order. Each counts by
//! itself, and a second run leaves out what is done.

use std::collections::BTreeSet;

use super::{APPEND_ONLY, LAYOUT, Layout, Lies, ROLE};

/// Where the statements run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The schema, quoted where it must be.
    pub schema: String,
    /// Whether the role is there.
    pub has_role: bool,
}

/// What spreads the tables that are not among `done`, and the role after it.
#[must_use]
pub fn distribute_statements(place: &Place, done: &BTreeSet<String>) -> Vec<String> {
    // With more, no row could be locked at all.
    let mut statements = vec!["set citus.shard_replication_factor = 1".to_owned()];
    for layout in in_order().filter(|layout| !done.contains(layout.table)) {
        // Citus keeps no trigger; from here on the role guards (L2).
        let drop = |what: &&str| format!("drop trigger if exists {0}_{what} on {0}", layout.table);
        statements.extend(triggers(layout.table).iter().map(drop));
        statements.push(spread(layout));
        if layout.table == "postings" {
            statements.extend(REFERENCES.map(str::to_owned));
        }
    }
    statements.extend(role_statements(place));
    statements
}

/// What the triggers of a table are called, behind its name.
#[must_use]
pub fn triggers(table: &str) -> &'static [&'static str] {
    match table {
        "postings" => &["no_change", "no_truncate", "no_orphan"],
        "ledger_accounts" => &["no_rename"],
        _ if APPEND_ONLY.contains(&table) => &["no_change", "no_truncate"],
        _ => &[],
    }
}

/// What a trigger sees to elsewhere: a posting has its entry and its ledger account.
const REFERENCES: [&str; 2] = [
    "alter table postings add foreign key (entry) references entries (seq)",
    "alter table postings add foreign key (owner, kind, currency, period) \
     references ledger_accounts (owner, kind, currency, period)",
];

/// Reference tables first, for the others refer to them; then the first table of each group, which
/// the others lie beside.
fn in_order() -> impl Iterator<Item = &'static Layout> {
    let rank = |layout: &Layout| match layout.lies {
        Lies::Reference => 0,
        Lies::Distributed { beside, .. } if beside == layout.table => 1,
        Lies::Distributed { .. } => 2,
    };
    (0..=2).flat_map(move |wanted| LAYOUT.iter().filter(move |layout| rank(layout) == wanted))
}

fn spread(layout: &Layout) -> String {
    let table = layout.table;
    match layout.lies {
        Lies::Reference => format!("select create_reference_table('{table}')"),
        Lies::Distributed { column, beside } => {
            let beside = if beside == table { "none" } else { beside };
            let of = format!("'{table}', '{column}', colocate_with => '{beside}'");
            format!("select create_distributed_table({of})")
        }
    }
}

/// What makes the role, or brings its rights up to date: it may do everything with rows but change
/// or take away what is append-only (L2).
#[must_use]
pub fn role_statements(place: &Place) -> Vec<String> {
    let schema = &place.schema;
    let of = |table: &str| format!("{schema}.{table}");
    let only = APPEND_ONLY.map(of).join(", ");
    let names = LAYOUT.iter().map(|layout| layout.table);
    let others = names.filter(|table| *table != "migrations" && !APPEND_ONLY.contains(table));
    let others = others.map(of).collect::<Vec<_>>().join(", ");
    let create = (!place.has_role).then(|| format!("create role {ROLE} login"));
    let rights = [
        format!("grant usage on schema {schema} to {ROLE}"),
        format!("grant select, insert, update, delete on {others} to {ROLE}"),
        format!("grant select on {schema}.migrations to {ROLE}"),
        format!("revoke all on {only} from {ROLE}"),
        format!("grant select, insert on {only} to {ROLE}"),
        format!("grant usage, select on all sequences in schema {schema} to {ROLE}"),
        // For what a later version brings.
        format!(
            "alter default privileges in schema {schema} \
             grant select, insert, update, delete on tables to {ROLE}"
        ),
        format!(
            "alter default privileges in schema {schema} grant usage, select on sequences to {ROLE}"
        ),
    ];
    create.into_iter().chain(rights).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_place(has_role: bool) -> Place {
        Place { schema: "public".to_owned(), has_role }
    }

    fn position(statements: &[String], what: &str) -> usize {
        let found = statements.iter().position(|statement| statement.contains(what));
        found.unwrap_or_else(|| panic!("no {what}"))
    }

    #[test]
    fn what_others_need_comes_first() {
        let statements = distribute_statements(&a_place(false), &BTreeSet::new());
        for (one, other) in [
            ("replication_factor", "create_reference_table('migrations')"),
            ("create_reference_table('accounts')", "create_reference_table('sessions')"),
            ("create_reference_table('refunds')", "create_distributed_table('clicks'"),
            ("create_distributed_table('clicks'", "create_distributed_table('ledger_accounts'"),
            ("create_distributed_table('ledger_accounts'", "create_distributed_table('postings'"),
            ("drop trigger if exists entries_no_change", "create_reference_table('entries')"),
            ("drop trigger if exists postings_no_truncate", "create_distributed_table('postings'"),
            ("create_distributed_table('postings'", "add foreign key (entry)"),
            ("create_distributed_table('flattr_revenues'", "create role obole_app"),
            ("create role obole_app", "grant usage on schema"),
        ] {
            assert!(position(&statements, one) < position(&statements, other), "{one} {other}");
        }
        let spread = |statement: &&String| statement.starts_with("select create_");
        assert_eq!(statements.iter().filter(spread).count(), LAYOUT.len());
        let budgets = "select create_distributed_table('budgets', 'account', \
                       colocate_with => 'clicks')";
        assert!(statements.contains(&budgets.to_owned()));
    }

    #[test]
    fn a_second_run_leaves_out_what_is_done() {
        let all: BTreeSet<String> = LAYOUT.iter().map(|layout| layout.table.to_owned()).collect();
        let mut most = all.clone();
        most.remove("postings");
        let statements = distribute_statements(&a_place(true), &most);
        let of_tables: Vec<_> = statements
            .iter()
            .filter(|text| text.contains("trigger") || text.contains("create"))
            .collect();
        assert_eq!(
            of_tables,
            [
                "drop trigger if exists postings_no_change on postings",
                "drop trigger if exists postings_no_truncate on postings",
                "drop trigger if exists postings_no_orphan on postings",
                "select create_distributed_table('postings', 'owner', colocate_with => 'clicks')",
            ]
        );
        let none = distribute_statements(&a_place(true), &all);
        assert!(none.iter().all(|text| !text.contains("create")), "{none:?}");
    }
}
