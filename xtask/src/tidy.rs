//! `cargo x tidy`: the house rules of style.md that a machine can check. Each finding says where,
//! what is wrong and what to do.

mod code;
mod documents;
mod languages;
mod manifests;
mod migrations;
mod sizes;
mod tree;
mod words;

use crate::places;
use crate::run::Outcome;
use tree::{Finding, Tree};

/// Checks the checkout.
pub fn run() -> Outcome {
    let tree = Tree::read(&places::root()).map_err(|error| error.to_string())?;
    let findings = check(&tree);
    if findings.is_empty() {
        println!("{} files are tidy.", tree.files.len());
        return Ok(());
    }
    let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
    Err(format!("{}\n{} findings.", lines.join("\n"), lines.len()))
}

fn check(tree: &Tree) -> Vec<Finding> {
    let rules: [fn(&Tree) -> Vec<Finding>; 7] = [
        manifests::check,
        manifests::check_drivers,
        sizes::check,
        words::check,
        languages::check,
        documents::check,
        migrations::check,
    ];
    let mut findings: Vec<_> = rules.iter().flat_map(|rule| rule(tree)).collect();
    findings.sort();
    findings
}
