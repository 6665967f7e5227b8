//! Accessibility as axe-core judges it: what it finds, in sentences.

use std::sync::Arc;

use serde_json::{Value, json};
use thirtyfour::session::handle::SessionHandle;

use crate::surroundings;

/// WCAG 2.2 up to AA, and what axe-core calls good practice.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

const RUN: &str = "const done = arguments[arguments.length - 1]; \
    axe.run(document, { runOnly: { type: 'tag', values: arguments[0] }, \
    resultTypes: ['violations'] }).then((result) => done(result.violations), \
    (error) => done([{ id: 'axe', help: String(error), nodes: [] }]));";

/// Every violation on the page that is open, a paragraph each.
pub async fn violations(session: &Arc<SessionHandle>) -> Vec<String> {
    let path = surroundings::required("OBOLE_TEST_AXE");
    let script = std::fs::read_to_string(&path);
    let script = script.unwrap_or_else(|error| panic!("OBOLE_TEST_AXE is {path}: {error}"));
    let loaded = session.execute(script, []).await;
    loaded.unwrap_or_else(|error| panic!("axe-core does not load: {error}"));
    let answer = session.execute_async(RUN, [json!(TAGS)]).await;
    let answer = answer.unwrap_or_else(|error| panic!("axe-core does not run: {error}"));
    let violations = answer.json().as_array().expect("axe-core answers with a list");
    violations.iter().map(describe).collect()
}

fn describe(violation: &Value) -> String {
    let text = |key: &str| violation.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut lines = vec![format!("- {} ({}): {}", text("id"), text("impact"), text("help"))];
    for node in violation.get("nodes").and_then(Value::as_array).into_iter().flatten() {
        let html = node.get("html").and_then(Value::as_str).unwrap_or_default();
        let why = node.get("failureSummary").and_then(Value::as_str).unwrap_or_default();
        lines.push(format!("    {html}\n      {}", why.replace('\n', "\n      ")));
    }
    lines.push(format!("    {}", text("helpUrl")));
    lines.join("\n")
}
