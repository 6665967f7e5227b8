//! How far a claim reaches (C2, C3): a name and what is below it, a site or one party's part of a
//! shared one, or one page. Always downwards, and never to where others have their pages.

use std::fmt;

use crate::work::CanonicalUrl;

use super::shared::{area, is_shared, name_of, registrable};

/// The most parts of a path at which claims are looked for.
const PARTS_MAX: usize = 32;

/// What a claim controls.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reach {
    /// A host name and all names below it, in small letters and punycode, without a port.
    Name(String),
    /// The page at the root and all pages below it on the same origin. Of `https://example.org/`
    /// the whole site.
    Below(CanonicalUrl),
    /// This page.
    Page(CanonicalUrl),
}

impl Reach {
    /// Whether a work at this address is within reach. A host that many parties share is within
    /// nobody's reach as a whole, nor is a party's part of a host (`/~alice`, `/@alice`) for who
    /// controls the host only.
    #[must_use]
    pub fn covers(&self, url: &CanonicalUrl) -> bool {
        match self {
            Self::Page(page) => page == url,
            Self::Name(name) => covers_name(name, url),
            Self::Below(root) => root == url || covers_below(root, url),
        }
    }

    /// Every reach that a work at this address may be within, the widest first.
    #[must_use]
    pub fn around(url: &CanonicalUrl) -> Vec<Self> {
        let mut reaches = Vec::new();
        if let Some((name, own)) = name_of(url.host()).and_then(|n| Some((n, registrable(n)?))) {
            let mut names = vec![name];
            while let Some(last) = names.last().filter(|last| **last != own) {
                let Some((_, parent)) = last.split_once('.') else { break };
                names.push(parent);
            }
            reaches.extend(names.into_iter().rev().map(|name| Self::Name(name.to_owned())));
        }
        let path = url.path();
        let ends = path.match_indices('/').map(|(at, _)| at).skip(1).chain([path.len()]);
        let roots = [1].into_iter().chain(ends.filter(|end| *end > 1)).take(PARTS_MAX);
        let origin = url.origin();
        let roots = roots.filter_map(|end| path.get(..end));
        let roots = roots.filter_map(|path| CanonicalUrl::parse(&format!("{origin}{path}")).ok());
        reaches.extend(roots.map(Self::Below));
        reaches.push(Self::Page(url.clone()));
        reaches.retain(|reach| reach.covers(url));
        reaches
    }

    /// All that the party behind a page may reach: their name with what is below it, or their part
    /// of a shared host; the page alone where nothing says whose it is.
    #[must_use]
    pub fn party(url: &CanonicalUrl) -> Self {
        let page = || Self::Page(url.clone());
        let name = name_of(url.host());
        if name.is_some_and(|name| is_shared(name) && area(name, url.path()).is_none()) {
            return page();
        }
        Self::around(url).into_iter().next().unwrap_or_else(page)
    }

    /// The first page of what is reached, as a page of it is reached: by its scheme and port.
    #[must_use]
    pub fn home(&self, near: &CanonicalUrl) -> CanonicalUrl {
        let Self::Name(name) = self else { return self.root() };
        let (origin, host) = (near.origin(), near.host());
        let port = host.strip_prefix(name_of(host).unwrap_or(host)).unwrap_or_default();
        let scheme = origin.split_once("://").map_or("https", |(scheme, _)| scheme);
        let home = CanonicalUrl::parse(&format!("{scheme}://{name}{port}/"));
        home.unwrap_or_else(|_| self.root())
    }

    /// The text that is stored: the same for the same reach.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Name(name) => format!("name:{name}"),
            Self::Below(root) => format!("below:{root}"),
            Self::Page(page) => format!("page:{page}"),
        }
    }

    /// Reads a stored text.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        let (kind, rest) = key.split_once(':')?;
        let address = || CanonicalUrl::parse(rest).ok();
        match kind {
            "name" => name_of(rest).map(|name| Self::Name(name.to_owned())),
            "below" => address().map(Self::Below),
            "page" => address().map(Self::Page),
            _ => None,
        }
    }

    /// The host that it is on, or below; with its port where that is not the usual one.
    #[must_use]
    pub fn host(&self) -> &str {
        match self {
            Self::Name(name) => name,
            Self::Below(url) | Self::Page(url) => url.host(),
        }
    }

    /// The page at its root.
    #[must_use]
    pub fn root(&self) -> CanonicalUrl {
        match self {
            Self::Name(name) => CanonicalUrl::of_host(name),
            Self::Below(url) | Self::Page(url) => url.clone(),
        }
    }

    /// Whether another reach lies within this one, or is the same.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        self.covers(&other.root()) && self.narrowness() <= other.narrowness()
    }

    /// How narrow it is: of two that cover a work, the greater one is nearer to it.
    #[must_use]
    pub fn narrowness(&self) -> usize {
        match self {
            Self::Name(name) => name.len(),
            Self::Below(root) => 1_000 + root.as_str().len(),
            Self::Page(_) => 10_000,
        }
    }
}

/// As people read it: `example.org`, `https://example.org/songs`.
impl fmt::Display for Reach {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => formatter.write_str(name),
            Self::Below(url) | Self::Page(url) => formatter.write_str(url.without_scheme()),
        }
    }
}

fn covers_name(name: &str, url: &CanonicalUrl) -> bool {
    let Some(host) = name_of(url.host()) else { return false };
    let is_below =
        host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let own = registrable(host);
    is_below
        && own.is_some()
        && own == registrable(name)
        && !is_shared(host)
        && area(host, url.path()).is_none()
}

fn covers_below(root: &CanonicalUrl, url: &CanonicalUrl) -> bool {
    if root.origin() != url.origin() || root.query().is_some() {
        return false;
    }
    let (from, path) = (root.path(), url.path());
    let name = name_of(url.host()).unwrap_or(url.host());
    if from == "/" {
        return !is_shared(name) && area(name, path).is_none();
    }
    let from = from.strip_suffix('/').unwrap_or(from);
    let is_below =
        path.strip_prefix(from).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    // What is above one party's part of a host is not that party's.
    is_below && area(name, path).is_none_or(|own| from.len() >= own.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn url(text: &str) -> CanonicalUrl {
        CanonicalUrl::parse(text).expect(text)
    }

    fn name(name: &str) -> Reach {
        Reach::Name(name.to_owned())
    }

    fn below(root: &str) -> Reach {
        Reach::Below(url(root))
    }

    #[test]
    fn a_name_reaches_what_is_below_it() {
        for (reach, within, without) in [
            (
                name("example.org"),
                vec!["example.org", "example.org/a?b", "blog.example.org", "http://example.org:81"],
                vec!["example.com", "notexample.org", "example.org.evil.com"],
            ),
            (name("blog.example.org"), vec!["a.blog.example.org/x"], vec!["example.org"]),
        ] {
            for page in within {
                assert!(reach.covers(&url(page)), "{reach} {page}");
            }
            for page in without {
                assert!(CanonicalUrl::parse(page).is_ok_and(|page| !reach.covers(&page)), "{page}");
            }
        }
    }

    #[test]
    fn a_shared_hosts_name_reaches_nobody_else() {
        for (reach, page) in [
            (name("github.io"), "alice.github.io"),
            (name("github.com"), "github.com/alice/project"),
            (name("tumblr.com"), "alice.tumblr.com/post/1"),
            (name("co.uk"), "news.co.uk"),
            (name("example.org"), "example.org/~alice/"),
            (name("social.example"), "social.example/@alice/1"),
            (below("github.com"), "github.com/alice"),
            (below("example.org"), "example.org/~alice"),
            (below("alice.example/@"), "alice.example/@alice"),
        ] {
            assert!(!reach.covers(&url(page)), "{reach} {page}");
        }
        assert!(name("alice.github.io").covers(&url("alice.github.io/notes")));
        assert!(name("alice.tumblr.com").covers(&url("alice.tumblr.com/post/1")));
    }

    #[test]
    fn a_root_reaches_downwards_on_its_own_origin() {
        let songs = below("https://example.org/songs");
        for page in ["example.org/songs", "example.org/songs/", "example.org/songs/a?b=c"] {
            assert!(songs.covers(&url(page)), "{page}");
        }
        for page in [
            "example.org",
            "example.org/songsters",
            "other.example/songs/a",
            "example.org:8443/songs/a",
            "http://example.org:81/songs",
        ] {
            assert!(!songs.covers(&url(page)), "{page}");
        }
        let site = below("https://example.org/");
        assert!(site.covers(&url("example.org/a/b")) && !site.covers(&url("blog.example.org")));
        assert!(below("github.com/alice").covers(&url("github.com/alice/project")));
        assert!(!below("github.com/alice").covers(&url("github.com/alicent/project")));
        assert!(below("uni.example/~alice").covers(&url("uni.example/~alice/a")));
        let page = Reach::Page(url("example.org/a"));
        assert!(page.covers(&url("example.org/a")) && !page.covers(&url("example.org/a?b=1")));
    }

    #[test]
    fn a_page_has_one_party() {
        for (page, party) in [
            ("blog.example.org/2026/a", "example.org"),
            ("alice.github.io/notes", "alice.github.io"),
            ("github.com/alice/project/issues", "github.com/alice"),
            ("uni.example/~alice/a", "uni.example/~alice"),
            ("pypi.org/project/x", "pypi.org/project/x"),
            ("127.0.0.1:8080/a", "127.0.0.1:8080/"),
        ] {
            assert_eq!(Reach::party(&url(page)).to_string(), party, "{page}");
        }
        for (page, home) in [
            ("https://blog.example.org:8443/a", "https://example.org:8443/"),
            ("example.org/a", "https://example.org/"),
            ("github.com/alice/project", "https://github.com/alice"),
        ] {
            let page = url(page);
            assert_eq!(Reach::party(&page).home(&page).as_str(), home);
        }
    }

    #[test]
    fn everything_around_a_page_is_found_widest_first() {
        let around = |text: &str| -> Vec<String> {
            Reach::around(&url(text)).iter().map(Reach::key).collect()
        };
        assert_eq!(
            around("https://blog.example.org/2026/a"),
            [
                "name:example.org",
                "name:blog.example.org",
                "below:https://blog.example.org/",
                "below:https://blog.example.org/2026",
                "below:https://blog.example.org/2026/a",
                "page:https://blog.example.org/2026/a",
            ]
        );
        assert_eq!(
            around("https://github.com/alice/project"),
            [
                "below:https://github.com/alice",
                "below:https://github.com/alice/project",
                "page:https://github.com/alice/project",
            ]
        );
        let long = format!("https://example.org/{}", "a/".repeat(500));
        assert!(around(&long).len() <= PARTS_MAX + 2);
    }

    #[test]
    fn a_wider_reach_holds_a_narrower_one() {
        let (org, blog) = (name("example.org"), name("blog.example.org"));
        let (site, page) =
            (below("https://blog.example.org/"), Reach::Page(url("blog.example.org")));
        for (one, other) in [(&org, &blog), (&blog, &site), (&site, &page), (&org, &page)] {
            assert!(one.holds(other) && !other.holds(one), "{one:?} {other:?}");
            assert!(one.holds(one));
        }
        assert!(!org.holds(&below("https://example.org/~alice")));
        assert!(!name("github.com").holds(&below("https://github.com/alice")));
    }

    proptest! {
        #[test]
        fn what_is_around_covers_and_reads_back(
            host in "(a\\.|b\\.){0,2}(example\\.org|github\\.com|alice\\.github\\.io)(:81)?",
            path in "(/[~@]?[a-c]{0,3}){0,4}",
        ) {
            let page = url(&format!("https://{host}{path}"));
            let around = Reach::around(&page);
            prop_assert!(around.contains(&Reach::Page(page.clone())));
            for reach in around {
                prop_assert!(reach.covers(&page));
                prop_assert_eq!(Reach::from_key(&reach.key()), Some(reach));
            }
        }

        #[test]
        fn nothing_reaches_upwards(path in "(/[a-c]{1,3}){1,4}", more in "(/[a-c]{1,3}){1,3}") {
            let deep = url(&format!("https://example.org{path}{more}"));
            let high = url(&format!("https://example.org{path}"));
            prop_assert!(!Reach::Below(deep.clone()).covers(&high));
            prop_assert!(Reach::Below(high).covers(&deep));
        }
    }
}
