//! Which hosts are shared by many parties, and where one party's pages begin there (C2): the public
//! suffix list with its private part, the table `shared.txt`, and paths that say so themselves.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;
use std::sync::LazyLock;

/// The table as it is written.
const TABLE: &str = include_str!("shared.txt");

static SHARED: LazyLock<Shared> = LazyLock::new(Shared::read);

/// The longest host name (RFC 1035).
const NAME_MAX: usize = 253;

#[derive(Default)]
struct Shared {
    /// By host: how its parties' paths begin.
    hosts: HashMap<&'static str, Vec<&'static str>>,
    /// Names below which each label is another party's.
    parents: HashSet<&'static str>,
}

impl Shared {
    fn read() -> Self {
        let mut shared = Self::default();
        for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (host, path) = line.split_once(' ').unwrap_or((line, ""));
            if let Some(parent) = host.strip_prefix("*.") {
                shared.parents.insert(parent);
                continue;
            }
            let paths = shared.hosts.entry(host).or_default();
            paths.extend(Some(path).filter(|path| !path.is_empty()));
        }
        shared
    }
}

/// A host without its port; none where it is no name of the public network.
pub(super) fn name_of(host: &str) -> Option<&str> {
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    let is_name = name.contains('.') && name.len() <= NAME_MAX && name.parse::<IpAddr>().is_err();
    let is_named = name.rsplit('.').next().is_some_and(|last| last.parse::<u64>().is_err());
    (is_name && is_named && !name.starts_with('[')).then_some(name)
}

/// Whether many parties have their pages on a host, so that the host proves nothing of them.
pub(super) fn is_shared(name: &str) -> bool {
    SHARED.hosts.contains_key(name) || is_suffix(name)
}

/// Whether others register names below this one: a public suffix, or a name of the table.
fn is_suffix(name: &str) -> bool {
    SHARED.parents.contains(name) || psl::suffix_str(name) == Some(name)
}

/// The part of a name that one party registers: nothing below another one is its own.
/// `blog.example.org` is `example.org`'s, `alice.github.io` its own, `github.io` nobody's.
pub(super) fn registrable(name: &str) -> Option<&str> {
    if is_suffix(name) {
        return None;
    }
    let mut own = psl::domain_str(name)?;
    // A name of the table is nearer than the public suffix list knows.
    let mut rest = name;
    while let Some((_, parent)) = rest.split_once('.') {
        if SHARED.parents.contains(parent) {
            own = rest;
        }
        rest = parent;
    }
    Some(own)
}

/// Where the pages of one party begin on a host, of a path: `/alice` of `/alice/project` on a code
/// host, and `/~alice` or `/@alice` anywhere. None where a path is nobody's in particular.
pub(super) fn area<'path>(name: &str, path: &'path str) -> Option<&'path str> {
    if let Some(starts) = SHARED.hosts.get(name) {
        return starts.iter().find_map(|start| begin(start, path));
    }
    ["/~{}", "/@{}"].into_iter().find_map(|start| begin(start, path))
}

/// The beginning of a path that is like a pattern of as many parts.
fn begin<'path>(pattern: &str, path: &'path str) -> Option<&'path str> {
    let mut end = 0;
    let mut parts = path.strip_prefix('/')?.split('/');
    for wanted in pattern.strip_prefix('/')?.split('/') {
        let part = parts.next()?;
        let is_like = match wanted.strip_suffix("{}") {
            Some(start) => part.len() > start.len() && part.starts_with(start),
            None => part == wanted,
        };
        if !is_like {
            return None;
        }
        end += 1 + part.len();
    }
    path.get(..end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_of_the_public_network() {
        for (host, name) in [
            ("example.org", Some("example.org")),
            ("example.org:8443", Some("example.org")),
            ("127.0.0.1", None),
            ("127.0.0.1:80", None),
            ("[::1]", None),
            ("localhost", None),
        ] {
            assert_eq!(name_of(host), name, "{host}");
        }
    }

    #[test]
    fn who_registers_a_name_has_what_is_below_it_but_no_further() {
        for (name, own) in [
            ("example.org", Some("example.org")),
            ("a.blog.example.org", Some("example.org")),
            ("news.co.uk", Some("news.co.uk")),
            ("www.news.co.uk", Some("news.co.uk")),
            ("co.uk", None),
            ("github.io", None),
            ("alice.github.io", Some("alice.github.io")),
            ("x.alice.github.io", Some("alice.github.io")),
            ("tumblr.com", None),
            ("alice.tumblr.com", Some("alice.tumblr.com")),
            ("org", None),
        ] {
            assert_eq!(registrable(name), own, "{name}");
        }
    }

    #[test]
    fn a_partys_pages_begin_somewhere() {
        for (name, path, begins) in [
            ("github.com", "/alice/project/issues", Some("/alice")),
            ("github.com", "/alice", Some("/alice")),
            ("github.com", "/", None),
            ("youtube.com", "/@some.maker", Some("/@some.maker")),
            ("youtube.com", "/watch", None),
            ("bsky.app", "/profile/alice.example/post/1", Some("/profile/alice.example")),
            ("pypi.org", "/project/x", None),
            ("uni.example", "/~alice/a", Some("/~alice")),
            ("social.example", "/@alice/1", Some("/@alice")),
            ("social.example", "/@", None),
            ("blog.example", "/2026/a", None),
        ] {
            assert_eq!(area(name, path), begins, "{name}{path}");
        }
    }

    #[test]
    fn the_table_is_read_whole() {
        for line in TABLE.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (host, path) = line.split_once(' ').unwrap_or((line, ""));
            let name = host.strip_prefix("*.").unwrap_or(host);
            assert!(name_of(name).is_some() && name == name.to_lowercase(), "{line}");
            assert!(is_shared(name), "{line}");
            assert!(path.is_empty() || (path.starts_with('/') && path.ends_with("{}")), "{line}");
        }
        for known in ["youtube.com", "codeberg.org", "alice.wordpress.com"] {
            assert!(is_shared(known) != (known == "alice.wordpress.com"), "{known}");
        }
    }
}
