//! What a project builds on, by its lockfile or bill of materials: the pages of those works. Names
//! become addresses by what the file says and by rules; nothing is opened or asked. What is broken
//! is passed over.

mod json;
mod plain;
mod tables;

use std::collections::BTreeSet;

/// The most works that are read of one file.
pub const WORKS_MAX: usize = 500;

/// The longest address that is read, in bytes.
const URL_MAX: usize = 2_048;

/// Reads a file of any of these kinds, whatever it is called: Cargo.lock, poetry.lock, uv.lock,
/// package-lock.json, composer.lock, CycloneDX and SPDX as JSON, go.mod, Gemfile.lock,
/// requirements.txt. The addresses in their order, each once, [`WORKS_MAX`] at most.
#[must_use]
pub fn read(file: &str) -> Vec<String> {
    let file = file.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let found = match file.chars().next() {
        Some('{') => json::read(file),
        _ if file.contains("[[package]]") => tables::read(file),
        _ => plain::read(file),
    };
    let mut seen = BTreeSet::new();
    let is_new = |url: &String| url.len() <= URL_MAX && seen.insert(url.clone());
    found.into_iter().filter(is_new).take(WORKS_MAX).collect()
}

/// The registries whose packages have pages, by the word of a package URL (purl).
fn page(kind: &str, name: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.@/+~".contains(&byte);
    if name.is_empty() || name.contains("..") || !name.bytes().all(is_plain) {
        return None;
    }
    Some(match kind {
        "cargo" => format!("https://crates.io/crates/{name}"),
        "npm" => format!("https://www.npmjs.com/package/{name}"),
        "pypi" => format!("https://pypi.org/project/{}/", name.to_ascii_lowercase()),
        "composer" => format!("https://packagist.org/packages/{name}"),
        "gem" => format!("https://rubygems.org/gems/{name}"),
        "golang" => go(name),
        "hex" => format!("https://hex.pm/packages/{name}"),
        "pub" => format!("https://pub.dev/packages/{name}"),
        "nuget" => format!("https://www.nuget.org/packages/{name}"),
        "github" => format!("https://github.com/{name}"),
        _ => return None,
    })
}

/// A module whose path begins with a code host is a repository there.
fn go(module: &str) -> String {
    const HOSTS: [&str; 5] =
        ["github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "git.sr.ht"];
    let parts: Vec<&str> = module.split('/').collect();
    match parts.as_slice() {
        [host, owner, name, ..] if HOSTS.contains(host) => {
            format!("https://{host}/{owner}/{name}")
        }
        _ => format!("https://pkg.go.dev/{module}"),
    }
}

/// A package URL without its version: `pkg:npm/%40types/node@20` and the like.
fn of_purl(purl: &str) -> Option<String> {
    let rest = purl.strip_prefix("pkg:")?;
    let rest = rest.split(['?', '#']).next()?;
    let (kind, name) = rest.split_once('/')?;
    let name = name.replace("%40", "@").replace("%2F", "/").replace("%2f", "/");
    let end = name.rfind('@').filter(|place| *place > 0).unwrap_or(name.len());
    page(&kind.to_ascii_lowercase(), name.get(..end)?)
}

/// A repository's address as people open it: without `git+`, `.git` and what comes after.
fn repository(address: &str) -> Option<String> {
    let address = address.trim().trim_start_matches("git+");
    let address = match address.strip_prefix("git@") {
        Some(rest) => format!("https://{}", rest.replacen(':', "/", 1)),
        None => address.replacen("git://", "https://", 1).replacen("ssh://git@", "https://", 1),
    };
    let address = address.split(['#', '?']).next()?;
    let address = address.trim_end_matches('/').trim_end_matches(".git");
    let is_page = address.starts_with("https://") || address.starts_with("http://");
    (is_page && !address.contains(char::is_whitespace)).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn package_urls_become_pages() {
        for (purl, page) in [
            ("pkg:npm/%40types/node@20.1.0", "https://www.npmjs.com/package/@types/node"),
            ("pkg:npm/left-pad@1.3.0?arch=x", "https://www.npmjs.com/package/left-pad"),
            ("pkg:pypi/Django@5.0", "https://pypi.org/project/django/"),
            ("pkg:golang/github.com/a/b/v2@v2.0.0", "https://github.com/a/b"),
            ("pkg:golang/golang.org/x/net@v0.1", "https://pkg.go.dev/golang.org/x/net"),
            ("pkg:cargo/serde@1.0.200", "https://crates.io/crates/serde"),
        ] {
            assert_eq!(of_purl(purl).as_deref(), Some(page), "{purl}");
        }
        for purl in ["pkg:deb/debian/curl@7", "pkg:npm/", "npm/x", "pkg:npm/a b", "pkg:npm/../x"] {
            assert_eq!(of_purl(purl), None, "{purl}");
        }
    }

    #[test]
    fn repositories_become_pages() {
        for address in [
            "git+https://code.example/a/b.git#1234",
            "git@code.example:a/b.git",
            "git://code.example/a/b",
            "ssh://git@code.example/a/b.git",
            "https://code.example/a/b/",
        ] {
            assert_eq!(repository(address).as_deref(), Some("https://code.example/a/b"));
        }
        for address in ["file:///etc/passwd", "javascript:alert(1)", "", "https://a b"] {
            assert_eq!(repository(address), None, "{address}");
        }
    }

    #[test]
    fn a_work_stands_once_and_there_is_an_end() {
        let lines: String = (0..900).map(|number| format!("package-{}==1\n", number / 2)).collect();
        assert_eq!(read(&lines).len(), 450);
        let lines: String = (0..900).map(|number| format!("package-{number}==1\n")).collect();
        assert_eq!(read(&lines).len(), WORKS_MAX);
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_passed_over(file in "\\PC{0,400}") {
            for start in ["", "{", "[[package]]\n", "{\"packages\":", "require ("] {
                let found = read(&format!("{start}{file}"));
                prop_assert!(found.iter().all(|url| url.starts_with("http")));
            }
        }
    }
}
