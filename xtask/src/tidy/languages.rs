//! The catalogues of texts: complete in every language, nothing empty, nothing unused, nothing
//! asked for that is not there.

use std::collections::{BTreeMap, BTreeSet};

use super::code;
use super::tree::{File, Finding, Tree};

const LOCALES: &str = "crates/language/locales/";
const LANGUAGES: [&str; 2] = ["en", "fr"];

/// Keys put together while the program runs: how they begin, and what comes behind.
const DYNAMIC_PREFIXES: [(&str, &str); 8] = [
    ("problem-", "the code of a refusal, crates/domain/src/refusal.rs"),
    ("wallet-moved-", "the reason of an entry, crates/domain/src/ledger.rs"),
    ("wallet-held-", "why money waits, crates/app/src/wallets.rs"),
    ("wallet-refund-", "where a refund stands, crates/domain/src/payout.rs"),
    ("admin-rule-", "the name of a rule, crates/domain/src/policy.rs"),
    ("admin-choice-", "a word that a rule can be set to, crates/domain/src/policy.rs"),
    ("api-", "the code of an API problem, crates/web/src/api/problem.rs"),
    ("creator-payout-", "where a payout stands, crates/domain/src/payout.rs"),
];

/// Texts in code that look like a key and are none, with what they are.
const NOT_KEYS: [(&str, &str); 3] = [
    ("click-minute", "the name of a limit"),
    ("click-day", "the name of a limit"),
    ("give-to-receive", "the end of a key of wallet-held-"),
];

/// Where a text stands.
#[derive(Clone, Copy)]
struct Place<'a> {
    file: &'a File,
    line: usize,
}

type Keys<'a> = BTreeMap<&'a str, Place<'a>>;

/// Everything that is wrong in the catalogues and with the keys that code asks for.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut catalogues = Vec::new();
    for language in LANGUAGES {
        let mut keys = Keys::new();
        for file in tree.under(LOCALES, ".ftl").filter(|file| is_in(file, language)) {
            read(file, &mut keys, &mut findings);
        }
        catalogues.push((language, keys));
    }
    for (language, keys) in &catalogues {
        for (other, others) in catalogues.iter().filter(|(other, _)| other != language) {
            for (key, place) in keys.iter().filter(|(key, _)| !others.contains_key(*key)) {
                let what = format!("{key} is not there in {other}; write it");
                findings.push(place.file.finding(place.line, what));
            }
        }
    }
    let english = catalogues.remove(0).1;
    findings.extend(check_problems(tree, &english));
    findings.extend(check_unused(tree, &english));
    findings.extend(check_missing(tree, &english));
    findings
}

fn is_in(file: &File, language: &str) -> bool {
    file.path.starts_with(&format!("{LOCALES}{language}/"))
}

/// Reads the keys of a catalogue; a key is `area-thing = text`, the text may go on in the lines
/// below.
fn read<'a>(file: &'a File, keys: &mut Keys<'a>, findings: &mut Vec<Finding>) {
    let lines: Vec<&str> = file.text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let starts = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
        let Some((key, text)) = line.split_once('=').filter(|_| starts) else { continue };
        let (key, line) = (key.trim(), index + 1);
        let more =
            lines.iter().skip(line).take_while(|line| line.starts_with(' ') || line.is_empty());
        if text.trim().is_empty() && more.clone().all(|line| line.trim().is_empty()) {
            findings.push(file.finding(line, format!("{key} is empty; write its text")));
        }
        if let Some(first) = keys.insert(key, Place { file, line }) {
            let what = format!("{key} stands in {} already; remove one", first.file.path);
            findings.push(file.finding(line, what));
        }
    }
}

/// Each code of a refusal has its sentence.
fn check_problems(tree: &Tree, english: &Keys<'_>) -> Vec<Finding> {
    let Some(file) = tree.file("crates/domain/src/refusal.rs") else { return Vec::new() };
    if english.is_empty() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        // `Variant { value: Kind } "code" "field";` is a line of the table.
        let parts: Vec<&str> = line.split('"').collect();
        let [head, code, " ", _, ";"] = parts[..] else { continue };
        let key = format!("problem-{code}");
        let is_there = english.contains_key(key.as_str())
            || english.contains_key(key.replace('_', "-").as_str());
        if head.trim_end().ends_with('}') && !is_there {
            findings.push(file.finding(index + 1, format!("{key} has no text; write it")));
        }
    }
    findings
}

fn check_unused(tree: &Tree, english: &Keys<'_>) -> Vec<Finding> {
    let mut asked = BTreeSet::new();
    for file in tree.files.iter().filter(|file| asks(file)) {
        asked.extend(key_words(&file.text));
    }
    let codes = tree.file("crates/domain/src/refusal.rs").map_or("", |file| &file.text);
    let is_code = |rest: &str| {
        let quoted = |code: &str| codes.contains(&format!("\"{code}\""));
        quoted(rest) || quoted(&rest.replace('-', "_"))
    };
    let is_dynamic = |key: &str| {
        DYNAMIC_PREFIXES.iter().any(|(prefix, _)| match key.strip_prefix(prefix) {
            Some(code) if *prefix == "problem-" => is_code(code),
            rest => rest.is_some(),
        })
    };
    let mut findings = Vec::new();
    for (key, place) in english {
        if !asked.contains(key) && !is_dynamic(key) {
            let what = format!("{key} is used nowhere; remove it from every language");
            findings.push(place.file.finding(place.line, what));
        }
    }
    findings
}

/// Whether a file may ask for a text: code, templates, and catalogues that put one in another.
fn asks(file: &File) -> bool {
    let is_code = file.ends(".rs") && !file.path.starts_with("xtask/");
    let is_template = file.path.starts_with("crates/web/templates/");
    is_code || is_template || file.path.starts_with("crates/app/mails/") || file.ends(".ftl")
}

/// Words of letters, digits, `-` and `_` that do not begin a line of a catalogue.
fn key_words(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let lines = text.lines().map(move |line| {
        let is_definition = line.trim_start_matches(is_part).starts_with(" =");
        if is_definition { line.trim_start_matches(is_part) } else { line }
    });
    lines.flat_map(move |line| line.split(move |c: char| !is_part(c))).filter(|w| !w.is_empty())
}

/// Keys that code or templates ask for and that no catalogue has. What looks like a key is a
/// quoted word with `-` that begins like a key that is there.
fn check_missing(tree: &Tree, english: &Keys<'_>) -> Vec<Finding> {
    let area = |key: &str| key.split_once('-').map(|(area, _)| area.to_owned());
    let areas: BTreeSet<String> = english.keys().filter_map(|key| area(key)).collect();
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| asks(file) && !file.is_test()) {
        for (line, word) in quoted_words(file) {
            let is_area = area(word).is_some_and(|area| areas.contains(&area));
            let is_known =
                english.contains_key(word) || NOT_KEYS.iter().any(|(text, _)| *text == word);
            if is_area && !is_known {
                let what = format!("no text for {word}; write it in every language");
                findings.push(file.finding(line, what));
            }
        }
    }
    findings
}

/// Quoted words in product code and in the `{{ }}` and `{% %}` of templates, with their lines.
fn quoted_words(file: &File) -> Vec<(usize, &str)> {
    let is_key = |word: &str| {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.ends_with(|c: char| c.is_ascii_alphanumeric())
            && word.chars().all(plain)
            && word.contains('-')
    };
    let is_rust = file.ends(".rs");
    let product = if is_rust { code::product_code(&file.text) } else { String::new() };
    let mut product_lines = product.lines();
    let mut found = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let has_code = product_lines.next().is_some_and(|code| !code.trim().is_empty());
        let is_comment = line.trim_start().starts_with("//");
        let pieces: Vec<&str> = match (is_rust, has_code || starts_with_quote(line), is_comment) {
            (true, true, false) => vec![line],
            (true, _, _) => Vec::new(),
            (false, _, _) => expressions(line),
        };
        let quoted = pieces.iter().flat_map(|piece| piece.split('"').skip(1).step_by(2));
        found.extend(quoted.filter(|word| is_key(word)).map(|word| (index + 1, word)));
    }
    found
}

fn starts_with_quote(line: &str) -> bool {
    line.trim_start().starts_with('"')
}

/// What stands in the braces of a template's line.
fn expressions(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (open, close) in [("{{", "}}"), ("{%", "%}")] {
        let pieces = line.split(open).skip(1);
        found.extend(pieces.map(|rest| rest.split(close).next().unwrap_or_default()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: &str = "crates/language/locales/en/budget.ftl";
    const FR: &str = "crates/language/locales/fr/budget.ftl";
    const PAGE: &str = "crates/web/templates/pages/budget.html";

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_complete_catalogue_passes() {
        let text = "# Budget\nbudget-title = Your budget\nbudget-note =\n    Two\n\n    lines\n";
        let page = "<h1 class=\"budget-form\">{{ t.text(\"budget-title\") }}</h1>";
        let code = "fn a() {\n    text(\n        \"budget-note\",\n    )\n}\n";
        let files = [(EN, text), (FR, text), (PAGE, page), ("crates/web/src/a.rs", code)];
        assert_eq!(found(&files), Vec::<String>::new());
    }

    #[test]
    fn what_one_language_lacks_is_found() {
        let files = [(EN, "budget-title = A\n"), (FR, ""), (PAGE, "{{ \"budget-title\" }}")];
        assert_eq!(found(&files), [format!("{EN}:1: budget-title is not there in fr; write it")]);
    }

    #[test]
    fn an_empty_text_is_found() {
        let text = "budget-title =\nbudget-note = B\n";
        let page = (PAGE, "{{ \"budget-title\" }}{{ \"budget-note\" }}");
        let findings = found(&[(EN, text), (FR, text), page]);
        assert_eq!(findings.len(), 2);
        assert!(findings[0].contains(":1: budget-title is empty"));
    }

    #[test]
    fn an_unused_text_is_found_and_one_used_in_another_is_not() {
        let text = "budget-title = A { budget-part }\nbudget-part = B\nbudget-old = C\n";
        let findings = found(&[(EN, text), (FR, text), (PAGE, "{{ \"budget-title\" }}")]);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].contains(":3: budget-old is used nowhere"));
    }

    #[test]
    fn a_text_that_is_asked_for_and_missing_is_found() {
        let text = "budget-title = A\n";
        for asks in [
            (PAGE, "{{ \"budget-title\" }}\n{% call t(\"budget-none\") %}"),
            (
                "crates/app/src/a.rs",
                "const A: &str = \"budget-title\";\nconst B: &str = \"budget-none\";\n",
            ),
        ] {
            let findings = found(&[(EN, text), (FR, text), asks]);
            assert_eq!(findings.len(), 1, "{findings:?}");
            assert!(findings[0].contains(":2: no text for budget-none"));
        }
    }

    #[test]
    fn each_refusal_has_its_sentence_and_each_sentence_its_refusal() {
        let codes = "/// A.\nMissing {} \"missing\" \"\";\nOverflow {} \"overflow\" \"amount\";\n";
        let text = "problem-missing = A\nproblem-gone = B\n";
        let findings = found(&[(EN, text), (FR, text), ("crates/domain/src/refusal.rs", codes)]);
        assert_eq!(findings.len(), 2, "{findings:?}");
        assert!(findings[0].contains("refusal.rs:3: problem-overflow has no text"));
        assert!(findings[1].contains("problem-gone is used nowhere"));
    }

    #[test]
    fn a_key_defined_twice_is_found() {
        let text = "budget-title = A\nbudget-title = B\n";
        let findings = found(&[(EN, text), (FR, "budget-title = A\n"), (PAGE, "\"budget-title\"")]);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].contains(":2: budget-title stands in"));
    }
}
