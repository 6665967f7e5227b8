//! Sizes (style.md section 5), the opening words of a file, and notes of things left to do.

use super::code;
use super::tree::{File, Finding, Tree};

/// Characters in a line.
const LINE_MAX: usize = 100;
/// Lines in a function.
const FUNCTION_MAX: usize = 70;
/// Lines in a file, without its tests.
const FILE_MAX: usize = 400;
/// Lines in a template.
const TEMPLATE_MAX: usize = 150;
/// Marks of what was left to do, in two parts so that this file has none.
const LEFT: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Everything that is too large, opens without a word, or is left to do.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        if file.ends(".rs") {
            check_rust(file, &mut findings);
        }
        if file.path.starts_with("crates/web/templates")
            || file.path.starts_with("crates/app/mails")
        {
            let lines = file.text.lines().count();
            if lines > TEMPLATE_MAX {
                let what = format!("{lines} lines; a template has {TEMPLATE_MAX}: make parts");
                findings.push(file.finding(TEMPLATE_MAX + 1, what));
            }
        }
        if !file.ends(".json") {
            check_left(file, &mut findings);
        }
    }
    findings
}

fn check_rust(file: &File, findings: &mut Vec<Finding>) {
    if !file.text.starts_with("//!") {
        findings.push(file.finding(1, "does not open with `//!`; say what it is for"));
    }
    for (index, line) in file.text.lines().enumerate() {
        let length = line.chars().count();
        if length > LINE_MAX {
            let what = format!("{length} characters; a line has {LINE_MAX}: break it");
            findings.push(file.finding(index + 1, what));
        }
    }
    let blanked = code::blank(&file.text);
    let in_tests: usize = code::test_modules(&blanked).iter().map(|(from, to)| to - from + 1).sum();
    let lines = file.text.lines().count() - in_tests;
    if lines > FILE_MAX && !file.is_test() {
        let what = format!("{lines} lines without tests; a file has {FILE_MAX}: part it by noun");
        findings.push(file.finding(FILE_MAX + 1, what));
    }
    check_functions(file, &blanked, findings);
}

fn check_functions(file: &File, blanked: &str, findings: &mut Vec<Finding>) {
    for [(at, keyword), (name_at, name)] in code::words(blanked).array_windows() {
        // A pointer type, `fn(u8)`, has no name right behind.
        let between = blanked.get(at + keyword.len()..*name_at).unwrap_or_default();
        if *keyword != "fn" || !between.trim().is_empty() {
            continue;
        }
        let Some(end) = code::body_end(blanked, *at) else { continue };
        let first = code::line_of(blanked, *at);
        let lines = code::line_of(blanked, end) - first + 1;
        if lines > FUNCTION_MAX {
            let what = format!("{name} has {lines} lines; a function has {FUNCTION_MAX}: part it");
            findings.push(file.finding(first, what));
        }
    }
}

fn check_left(file: &File, findings: &mut Vec<Finding>) {
    for (index, line) in file.text.lines().enumerate() {
        let found =
            LEFT.iter().find(|mark| code::words(line).iter().any(|(_, word)| word == *mark));
        if let Some(mark) = found {
            findings.push(file.finding(index + 1, format!("{mark}; open an issue instead")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(path: &str, text: &str) -> Finding {
        let findings = check(&Tree::of(&[(path, text)]));
        assert_eq!(findings.len(), 1, "{findings:?}");
        findings[0].clone()
    }

    fn none(path: &str, text: &str) {
        assert_eq!(check(&Tree::of(&[(path, text)])), []);
    }

    #[test]
    fn a_line_of_101_characters_is_too_long() {
        none("a/b.rs", &format!("//! {}\n", "é".repeat(96)));
        assert_eq!(one("a/b.rs", &format!("//! A.\n//{}\n", "x".repeat(99))).line, 2);
    }

    #[test]
    fn a_file_opens_with_what_it_is_for() {
        assert!(one("a/b.rs", "use x;\n").what.contains("//!"));
    }

    #[test]
    fn a_function_of_71_lines_is_too_long() {
        let function =
            |lines: usize| format!("//! A.\nfn long(\n) {{\n{}}}\n", "a();\n".repeat(lines - 3));
        none("a/b.rs", &function(70));
        let finding = one("a/b.rs", &function(71));
        assert_eq!((finding.line, finding.what.contains("long has 71 lines")), (2, true));
    }

    #[test]
    fn a_files_tests_do_not_count() {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "// a\n".repeat(500));
        none("a/b.rs", &format!("//! A.\n{}{tests}", "// a\n".repeat(399)));
        assert!(one("a/b.rs", &format!("//! A.\n{}{tests}", "// a\n".repeat(400))).line == 401);
        none("a/tests/it/b.rs", &format!("//! A.\n{}", "// a\n".repeat(400)));
    }

    #[test]
    fn a_template_of_151_lines_is_too_long() {
        none("crates/web/templates/a.html", &"<p>\n".repeat(150));
        assert_eq!(one("crates/web/templates/a.html", &"<p>\n".repeat(151)).line, 151);
    }

    #[test]
    fn what_is_left_to_do_is_an_issue() {
        for mark in LEFT {
            assert_eq!(one("docs/a.md", &format!("Fine.\n{mark}: more\n")).line, 2);
        }
        none("docs/a.md", "TODOS and a todo\n");
    }
}
