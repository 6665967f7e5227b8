//! What the texts of the statements show: row locks on a distributed table name its column.

use std::collections::BTreeMap;
use std::path::Path;

use super::*;

/// Locks a range of wallets, but only where [`locks_ranges`] says that it can.
const GUARDED: (&str, &str) = ("freeze.rs", "ledger_accounts");

#[derive(Debug, PartialEq, Eq)]
struct Locking {
    file: String,
    table: String,
    text: String,
}

/// The statements of a file that lock rows: the nearest text before each call that locks.
fn locking(file: &str, source: &str) -> Vec<Locking> {
    let calls = [".locked()", ".shared()", ".skip_locked()"];
    let places = calls.iter().flat_map(|call| source.match_indices(call));
    let texts = places.map(|(place, _)| {
        let before = &source[..place];
        let start = before.rfind("sql(\"").expect("a text before the call") + "sql(\"".len();
        let text = source[start..].split('"').next().expect("a text");
        let table = text.split(" from ").nth(1).or_else(|| text.split("from ").nth(1));
        let table = table.and_then(|rest| rest.split_whitespace().next()).expect("a table");
        Locking { file: file.to_owned(), table: table.to_owned(), text: text.to_owned() }
    });
    texts.collect()
}

/// Whether the lock is one that a cluster can take.
fn fits(locking: &Locking) -> bool {
    let layout = LAYOUT.iter().find(|layout| layout.table == locking.table);
    match layout.unwrap_or_else(|| panic!("{locking:?}")).lies {
        Lies::Reference => true,
        Lies::Distributed { column, .. } => {
            let words =
                locking.text.split(|c: char| !c.is_ascii_alphanumeric() && !"_=$".contains(c));
            let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
            words.windows(3).any(|w| w[0] == column && w[1] == "=" && w[2].starts_with('$'))
        }
    }
}

fn sources(folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let name = path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
            let name = name.expect("below").display().to_string();
            found.insert(name, std::fs::read_to_string(&path).expect("a text"));
        }
    }
}

#[test]
fn every_lock_on_a_distributed_table_names_its_column() {
    let mut found = BTreeMap::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut found);
    let ours = found.iter().filter(|(file, _)| *file != "db/sql.rs" && *file != "cluster/tests.rs");
    let mut locks = Vec::new();
    for (file, source) in ours {
        for text in ["for update", "for share", "for no key update", "for key share"] {
            assert!(!source.contains(&format!("{text}\"")), "{file}: lock with .locked(): {text}");
            assert!(!source.contains(&format!("{text} skip")), "{file}: use .skip_locked()");
        }
        locks.extend(locking(file, source));
    }
    assert!(locks.len() >= 8, "{locks:?}");
    assert!(locks.iter().any(|lock| lock.table == "ledger_accounts" && fits(lock)), "{locks:?}");
    let (guarded, others): (Vec<_>, Vec<_>) =
        locks.iter().partition(|lock| (lock.file.as_str(), lock.table.as_str()) == GUARDED);
    assert_eq!(guarded.len(), 1, "{guarded:?}");
    assert!(found[GUARDED.0].contains("locks_ranges(tx)"));
    for lock in others {
        assert!(fits(lock), "Citus refuses this lock: name the column: {lock:?}");
    }
}

#[test]
fn a_lock_without_the_column_is_seen() {
    let source = r#"let a = sql("select x from budgets where currency = $1").bind(1).locked();
        let b = sql("select x from budgets where account = $1 and currency = $2").bind(1).shared();
        let c = sql("select x from budgets where account > $1").skip_locked();
        let d = sql("select x from accounts where handle = $1").locked();"#;
    let mut locks = locking("a.rs", source);
    locks.sort_by_key(|lock| source.find(&lock.text));
    assert_eq!(locks.iter().map(fits).collect::<Vec<_>>(), [false, true, false, true]);
}

#[test]
fn groups_are_begun_by_a_table_of_their_own() {
    for layout in LAYOUT {
        assert!(!layout.why.is_empty(), "{}", layout.table);
        if let Lies::Distributed { beside, .. } = layout.lies {
            let first = LAYOUT.iter().find(|other| other.table == beside).expect("the first");
            assert!(matches!(first.lies, Lies::Distributed { beside: own, .. } if own == beside));
        }
    }
}
