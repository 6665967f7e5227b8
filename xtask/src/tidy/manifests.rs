//! Which crate may use which (style.md section 2), where drivers may be named, and dependencies
//! that nothing uses.

use super::code;
use super::tree::{File, Finding, Tree};

/// What each crate of ours may use of ours.
const ARROWS: [(&str, &[&str]); 11] = [
    ("crates/obole", &["obole-web", "obole-app", "obole-scan", "obole-language"]),
    ("crates/web", &["obole-app", "obole-store", "obole-language", "obole-domain"]),
    ("crates/app", &["obole-store", "obole-gateway", "obole-language", "obole-domain"]),
    ("crates/store", &["obole-domain"]),
    ("crates/gateway", &["obole-domain"]),
    ("crates/language", &["obole-domain"]),
    ("crates/scan", &["obole-domain"]),
    ("crates/domain", &[]),
    ("browser-tests", &[]),
    ("chaos-tests", &[]),
    ("xtask", &[]),
];

/// Crates whose name in code is not their name in the manifest.
const NAMES_IN_CODE: [(&str, &str); 1] = [("iban_validate", "iban")];

/// Crates that are there for their features only, with what for.
const FOR_FEATURES: [(&str, &str); 0] = [];

/// How the drivers of the databases are called in code.
const DRIVERS: [&str; 4] = ["rusqlite", "tokio_postgres", "deadpool", "deadpool_postgres"];

/// A line of a manifest that names a dependency.
struct Dependency<'a> {
    line: usize,
    name: &'a str,
    is_for_tests: bool,
}

/// Arrows that are not on the map, and dependencies that no code names.
pub fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for manifest in tree.under("", "/Cargo.toml") {
        let folder = manifest.path.trim_end_matches("/Cargo.toml");
        if folder.starts_with("extension") || folder.starts_with("fuzz") {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(from, _)| *from == folder) else {
            findings.push(manifest.finding(
                1,
                "a crate that the map of style.md section 2 does not have; draw it there and in \
                 xtask/src/tidy/manifests.rs",
            ));
            continue;
        };
        for dependency in dependencies(&manifest.text) {
            findings.extend(check_arrow(manifest, &dependency, allowed));
            findings.extend(check_use(tree, manifest, &dependency));
        }
    }
    findings
}

fn check_arrow(manifest: &File, it: &Dependency<'_>, allowed: &[&str]) -> Option<Finding> {
    let is_ours = it.name == "obole" || it.name.starts_with("obole-");
    if !is_ours || it.is_for_tests || allowed.contains(&it.name) {
        return None;
    }
    let name = it.name;
    let list = if allowed.is_empty() { "nothing of ours".to_owned() } else { allowed.join(", ") };
    let what = format!("uses {name}, an arrow that points the wrong way; it may use {list}");
    Some(manifest.finding(it.line, what))
}

fn check_use(tree: &Tree, manifest: &File, it: &Dependency<'_>) -> Option<Finding> {
    let folder = manifest.path.trim_end_matches("Cargo.toml");
    let renamed = NAMES_IN_CODE.iter().find(|(package, _)| *package == it.name);
    let in_code = renamed.map_or_else(|| it.name.replace('-', "_"), |(_, name)| (*name).into());
    let is_used = tree
        .under(folder, ".rs")
        .any(|file| code::words(&code::blank(&file.text)).iter().any(|(_, word)| *word == in_code));
    let is_kept = FOR_FEATURES.iter().any(|(package, _)| *package == it.name);
    if is_used || is_kept {
        return None;
    }
    Some(manifest.finding(it.line, format!("{} is used nowhere here; remove the line", it.name)))
}

/// The dependencies of a manifest, in whichever of TOML's forms.
fn dependencies(manifest: &str) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let mut section = "";
    for (index, line) in manifest.lines().enumerate() {
        let line_number = index + 1;
        if let Some(header) = line.trim().strip_prefix('[').and_then(|line| line.strip_suffix(']'))
        {
            section = header;
            let parts = header.rsplit_once('.');
            if let Some((_, name)) = parts.filter(|(table, _)| table.ends_with("dependencies")) {
                let is_for_tests = header.contains("dev-dependencies");
                found.push(Dependency {
                    line: line_number,
                    name: name.trim_matches('"'),
                    is_for_tests,
                });
            }
            continue;
        }
        let key = line.split(['=', '.']).next().unwrap_or_default().trim().trim_matches('"');
        if section.ends_with("dependencies") && !key.is_empty() && !key.starts_with('#') {
            // `alias = { package = "obole-store" }` is an arrow to the package.
            let package =
                line.split_once("package = \"").and_then(|(_, rest)| rest.split('"').next());
            let is_for_tests = section.contains("dev-dependencies");
            let name = package.filter(|name| name.starts_with("obole")).unwrap_or(key);
            found.push(Dependency { line: line_number, name, is_for_tests });
        }
    }
    found
}

/// Drivers named outside the one folder that may.
pub fn check_drivers(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.under("", ".rs") {
        if file.path.starts_with("crates/store/src/db") || file.path.starts_with("xtask/") {
            continue;
        }
        let blanked = code::blank(&file.text);
        for (at, word) in code::words(&blanked) {
            if DRIVERS.contains(&word) {
                let line = code::line_of(&blanked, at);
                let what = format!("names the driver {word}; only crates/store/src/db does that");
                findings.push(file.finding(line, what));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: (&str, &str) = ("crates/store/src/lib.rs", "use obole_domain::Money;");

    #[test]
    fn an_arrow_upwards_is_found_in_every_form() {
        for manifest in [
            "[dependencies]\nobole-app.workspace = true\n",
            "[dependencies]\nobole-app = { path = \"../app\" }\n",
            "[dependencies]\nup = { package = \"obole-app\", path = \"../app\" }\n",
            "[dependencies.obole-app]\n",
            "[target.'cfg(unix)'.dependencies]\nobole-app = \"1\"\n",
            "[build-dependencies]\nobole-app = \"1\"\n",
        ] {
            let tree = Tree::of(&[
                ("crates/store/Cargo.toml", manifest),
                ("crates/store/src/lib.rs", "use obole_app::x; use up::y;"),
            ]);
            let findings = check(&tree);
            assert_eq!(findings.len(), 1, "{manifest}: {findings:?}");
            assert!(findings[0].what.contains("uses obole-app"));
        }
    }

    #[test]
    fn arrows_of_the_map_and_those_of_tests_pass() {
        let manifest = "[dependencies]\nobole-domain.workspace = true\n";
        assert_eq!(check(&Tree::of(&[("crates/store/Cargo.toml", manifest), STORE])), []);
        let manifest = "[dev-dependencies]\nobole-domain.workspace = true\n";
        let code = ("browser-tests/tests/it/main.rs", "use obole_domain::Money;");
        assert_eq!(check(&Tree::of(&[("browser-tests/Cargo.toml", manifest), code])), []);
    }

    #[test]
    fn a_crate_off_the_map_and_an_unused_dependency_are_found() {
        let tree = Tree::of(&[
            ("crates/helper/Cargo.toml", ""),
            ("crates/store/Cargo.toml", "[dependencies]\nquick-xml.workspace = true\n"),
            ("crates/store/src/lib.rs", "// quick_xml\n"),
        ]);
        let findings = check(&tree);
        assert_eq!(findings.len(), 2);
        assert!(findings[0].what.contains("map of style.md"));
        assert_eq!((findings[1].line, findings[1].what.contains("quick-xml is used")), (2, true));
    }

    #[test]
    fn a_driver_is_named_in_one_folder_only() {
        let code = "use rusqlite::Row; // tokio_postgres\n";
        let tree = Tree::of(&[
            ("crates/store/src/db/sqlite.rs", code),
            ("crates/store/src/works.rs", code),
        ]);
        let findings = check_drivers(&tree);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].path, "crates/store/src/works.rs");
    }
}
