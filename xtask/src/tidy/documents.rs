//! Links and paths in documents lead somewhere.

use super::tree::{File, Finding, Tree};

/// Folders whose paths documents name in backticks.
const NAMED: [&str; 7] =
    ["crates/", "docs/", "xtask/", "browser-tests/", "chaos-tests/", "extension/", ".ci/"];

/// Links and paths to what is not there.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.under("", ".md") {
        let mut is_sample = false;
        for (index, line) in file.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                is_sample = !is_sample;
            } else if !is_sample {
                findings.extend(check_line(tree, file, index + 1, line));
            }
        }
    }
    findings
}

fn check_line(tree: &Tree, file: &File, line_number: usize, line: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Every second part stands between backticks.
    let parts: Vec<&str> = line.split('`').collect();
    for path in parts.iter().skip(1).step_by(2) {
        let is_pattern =
            path.contains(['*', '<', '{', '…', ' ', '$', '[']) || path.contains("NNNN");
        let is_named = NAMED.iter().any(|folder| path.starts_with(folder));
        if is_named && !is_pattern && !tree.has(path.split(':').next().unwrap_or_default()) {
            let what = format!("`{path}` is not there; name what is");
            findings.push(file.finding(line_number, what));
        }
    }
    let text: String = parts.iter().step_by(2).copied().collect::<Vec<_>>().join("`");
    for target in links(&text) {
        if !leads_somewhere(tree, &file.path, target) {
            let what = format!("the link to {target} is broken; link to what is there");
            findings.push(file.finding(line_number, what));
        }
    }
    findings
}

/// Targets of `[…](target)` and of `[name]: target`.
fn links(line: &str) -> Vec<&str> {
    let inline = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let named = line.strip_prefix('[').and_then(|rest| rest.split_once("]: "));
    inline.chain(named.and_then(|(_, target)| target.split(' ').next())).collect()
}

fn leads_somewhere(tree: &Tree, from: &str, target: &str) -> bool {
    let target = target.trim_matches(['<', '>']);
    let is_elsewhere = target.contains("://") || target.starts_with("mailto:");
    let path = target.split(['#', '?']).next().unwrap_or_default();
    if is_elsewhere || path.is_empty() {
        return true;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." if parts.pop().is_none() => return false,
            ".." => {}
            name => parts.push(name),
        }
    }
    tree.has(&parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let tree = Tree::of(&[("docs/manual/a.md", text), ("docs/api/b.md", ""), ("x.rs", "")]);
        check(&tree).into_iter().map(|finding| finding.what).collect()
    }

    #[test]
    fn links_that_lead_somewhere_pass() {
        for text in [
            "[b](../api/b.md#part) and [x](../../x.rs), [folder](../api/)",
            "[web](https://example.org/none) [mail](mailto:a@example.org) [here](#part)",
            "`[not](a-link.md)` and\n```\n[nor](this.md)\n```\n",
            "[b]: ../api/b.md",
            "`docs/api/b.md` and `docs/decisions/NNNN-what.md`",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn links_and_paths_to_nothing_are_found() {
        assert!(found("[c](../api/c.md)")[0].contains("../api/c.md is broken"));
        assert_eq!(found("[up](../../../x.rs)").len(), 1);
        assert_eq!(found("[b]: b.md").len(), 1);
        assert!(found("`docs/api/c.md`")[0].contains("not there"));
    }
}
