//! Migrations are numbered from 1 without gaps; what differs by engine comes as a pair.

use std::collections::BTreeMap;

use super::tree::{File, Finding, Tree};

const FOLDER: &str = "crates/store/migrations/";

/// Names that do not fit, numbers that are missing or doubled, halves of pairs.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut numbers: BTreeMap<u32, Vec<(&str, &str, &File)>> = BTreeMap::new();
    for file in tree.under(FOLDER, ".sql") {
        match parse(file.name()) {
            Some((number, what, engine)) => {
                numbers.entry(number).or_default().push((what, engine, file));
            }
            None => findings.push(file.finding(1, "not named NNNN_what.sql; rename it")),
        }
    }
    let mut expected = 1;
    for (number, files) in &numbers {
        if *number != expected {
            let what = format!("{number:04} comes where {expected:04} should; number without gaps");
            findings.extend(files.first().map(|(_, _, file)| file.finding(1, what)));
        }
        expected = number + 1;
        findings.extend(check_number(files));
    }
    findings
}

fn check_number(files: &[(&str, &str, &File)]) -> Option<Finding> {
    let (what, _, file) = *files.first()?;
    let mut engines: Vec<_> = files.iter().map(|(_, engine, _)| *engine).collect();
    engines.sort_unstable();
    let is_one_change = files.iter().all(|(other, _, _)| *other == what);
    if !is_one_change {
        return Some(file.finding(1, "two changes have this number; renumber one"));
    }
    if engines == [""] || engines == ["postgres", "sqlite"] {
        return None;
    }
    let fix = "either NNNN_what.sql, or NNNN_what.sqlite.sql and NNNN_what.postgres.sql together";
    Some(file.finding(1, format!("not the same for both engines; {fix}")))
}

fn parse(name: &str) -> Option<(u32, &str, &str)> {
    let (number, rest) = name.strip_suffix(".sql")?.split_once('_')?;
    let (what, engine) = rest.split_once('.').unwrap_or((rest, ""));
    let is_plain = what.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    let fits = number.len() == 4 && !what.is_empty() && is_plain;
    let is_engine = ["", "sqlite", "postgres"].contains(&engine);
    (fits && is_engine).then_some((number.parse().ok()?, what, engine))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str]) -> Vec<String> {
        let paths: Vec<_> = names.iter().map(|name| format!("{FOLDER}{name}")).collect();
        let files: Vec<_> = paths.iter().map(|path| (path.as_str(), "select 1;")).collect();
        check(&Tree::of(&files)).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn numbers_without_gaps_pass() {
        let pair = ["0001_accounts.sql", "0002_guards.sqlite.sql", "0002_guards.postgres.sql"];
        assert_eq!(found(&pair), Vec::<String>::new());
    }

    #[test]
    fn gaps_doubles_halves_and_odd_names_are_found() {
        assert!(found(&["0001_a.sql", "0003_b.sql"])[0].contains("0003 comes where 0002"));
        assert!(found(&["0001_a.sql", "0001_b.sql"])[0].contains("two changes"));
        assert!(found(&["0001_a.sqlite.sql"])[0].contains("both engines"));
        assert!(found(&["1-a.sql"])[0].contains("not named"));
    }
}
