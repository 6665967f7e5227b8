//! Which proofs can work for an address, how far each reaches, and where it is looked for.

use crate::work::CanonicalUrl;

use super::shared::{area, is_shared, name_of, registrable};
use super::{ClaimMethod, ProofToken, Reach};

/// Hosts of code, and where the default branch's files of `/owner/project` are read.
const FORGES: [(&str, &str); 6] = [
    ("github.com", "https://raw.githubusercontent.com{}/HEAD/"),
    ("gitlab.com", "https://gitlab.com{}/-/raw/HEAD/"),
    ("framagit.org", "https://framagit.org{}/-/raw/HEAD/"),
    ("salsa.debian.org", "https://salsa.debian.org{}/-/raw/HEAD/"),
    ("codeberg.org", "https://codeberg.org/api/v1/repos{}/raw/"),
    ("bitbucket.org", "https://bitbucket.org{}/raw/HEAD/"),
];

/// The name of the file that says how a project is funded.
const MANIFEST: &str = "funding.json";

/// A proof that can work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// How.
    pub method: ClaimMethod,
    /// How far it reaches.
    pub reach: Reach,
}

/// Why a kind of proof cannot work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Many parties have their pages on the host: controlling it proves nothing of one of them.
    Shared,
    /// The host has no name of the public network.
    Nameless,
    /// It is not reached by https at the usual port.
    Plain,
    /// The page is not a profile, and not a project of a code host that is known here.
    Elsewhere,
}

/// What can be done for each kind of proof, the strongest first.
pub type Ways = Vec<(ClaimMethod, Result<Vec<Way>, Obstacle>)>;

/// What can be done to claim a work at an address.
#[must_use]
pub fn ways(url: &CanonicalUrl) -> Ways {
    let all = ClaimMethod::PROOFS.into_iter();
    let each = all.map(|method| {
        let reaches = match method {
            ClaimMethod::Dns => names(url),
            ClaimMethod::File => roots(url).map(|root| vec![Reach::Below(root)]),
            ClaimMethod::Funding => manifests(url),
            ClaimMethod::Meta => meta(url),
            ClaimMethod::RelMe | ClaimMethod::Operator => profile(url),
        };
        let ways =
            |reaches: Vec<Reach>| reaches.into_iter().map(|reach| Way { method, reach }).collect();
        (method, reaches.map(ways))
    });
    each.collect()
}

impl Way {
    /// The way of a method with a reach, where the address allows it.
    #[must_use]
    pub fn find(url: &CanonicalUrl, method: ClaimMethod, reach: Option<&Reach>) -> Option<Self> {
        let (_, found) = ways(url).into_iter().find(|(other, _)| *other == method)?;
        found.ok()?.into_iter().find(|way| reach.is_none_or(|reach| way.reach == *reach))
    }

    /// Where the proof is looked for: a name in the DNS, or the address of a page or file.
    #[must_use]
    pub fn place(&self) -> String {
        match (&self.reach, self.method) {
            (Reach::Name(name), _) => format!("_obole.{name}"),
            (Reach::Below(root), ClaimMethod::File) => under(root, ProofToken::FILE),
            (Reach::Below(root), ClaimMethod::Funding) => manifest(root),
            (Reach::Below(root) | Reach::Page(root), _) => root.to_string(),
        }
    }
}

/// What has to stand at the place of a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Where: a name in the DNS, or the address of a page or file.
    pub place: String,
    /// What is looked for there, as it is copied.
    pub snippet: String,
}

impl Way {
    /// What has to stand where, with the claim's token and the link that ends in it
    /// ([`ProofToken::link`]). `name` is what a link is called by.
    #[must_use]
    pub fn evidence(&self, token: &ProofToken, (link, name): (&str, &str)) -> Evidence {
        let snippet = match self.method {
            ClaimMethod::Dns => token.record(),
            ClaimMethod::Meta => {
                format!("<meta name=\"{}\" content=\"{token}\">", ProofToken::META)
            }
            ClaimMethod::RelMe => match self.reach {
                Reach::Below(_) => link.to_owned(),
                _ => format!("<link rel=\"me\" href=\"{link}\">"),
            },
            ClaimMethod::Funding => format!(
                "{{\"guid\": \"obole\", \"type\": \"payment-provider\",\n \
                 \"address\": \"{link}\",\n \"description\": \"{name}\"}}"
            ),
            ClaimMethod::File | ClaimMethod::Operator => token.to_string(),
        };
        Evidence { place: self.place(), snippet }
    }
}

/// The names that can be proven: what somebody registered, and the host itself.
fn names(url: &CanonicalUrl) -> Result<Vec<Reach>, Obstacle> {
    let name = name_of(url.host()).ok_or(Obstacle::Nameless)?;
    let own = registrable(name).filter(|_| is_own(url)).ok_or(Obstacle::Shared)?;
    let mut names = vec![Reach::Name(own.to_owned())];
    if name != own {
        names.push(Reach::Name(name.to_owned()));
    }
    Ok(names)
}

/// Whether the host's owner and the page's are one.
fn is_own(url: &CanonicalUrl) -> bool {
    let name = name_of(url.host()).unwrap_or(url.host());
    !is_shared(name) && area(name, url.path()).is_none()
}

/// The root under which a file can be put: the site's, or a home's on a host of many (`/~alice`).
fn roots(url: &CanonicalUrl) -> Result<CanonicalUrl, Obstacle> {
    reachable(url)?;
    let name = name_of(url.host()).ok_or(Obstacle::Nameless)?;
    let home = area(name, url.path()).filter(|area| area.starts_with("/~"));
    match home {
        _ if is_shared(name) => Err(Obstacle::Shared),
        Some(home) => at(url, home),
        None if is_own(url) => at(url, "/"),
        None => Err(Obstacle::Shared),
    }
}

/// Where a manifest can be put: in a project on a code host, or where a file can.
fn manifests(url: &CanonicalUrl) -> Result<Vec<Reach>, Obstacle> {
    if let Some(project) = project(url) {
        return Ok(vec![Reach::Below(project)]);
    }
    match roots(url) {
        Err(Obstacle::Shared) => Err(Obstacle::Elsewhere),
        other => other.map(|root| vec![Reach::Below(root)]),
    }
}

/// A page's head speaks for the page; that of a home page for the site, or for a home on a host of
/// many.
fn meta(url: &CanonicalUrl) -> Result<Vec<Reach>, Obstacle> {
    reachable(url)?;
    let name = name_of(url.host()).ok_or(Obstacle::Nameless)?;
    if is_shared(name) {
        return Err(Obstacle::Shared);
    }
    let home = area(name, url.path()).unwrap_or("/");
    let home = at(url, home)?;
    let mut reaches = vec![Reach::Below(home.clone())];
    if home != *url {
        reaches.push(Reach::Page(url.clone()));
    }
    Ok(reaches)
}

/// A profile speaks for what is below it, any other page for itself.
fn profile(url: &CanonicalUrl) -> Result<Vec<Reach>, Obstacle> {
    reachable(url)?;
    let name = name_of(url.host()).ok_or(Obstacle::Nameless)?;
    match area(name, url.path()) {
        Some(profile) => Ok(vec![Reach::Below(at(url, profile)?)]),
        None if is_shared(name) => Err(Obstacle::Elsewhere),
        None => Ok(vec![Reach::Page(url.clone())]),
    }
}

/// Proofs are read over https only (F2).
fn reachable(url: &CanonicalUrl) -> Result<(), Obstacle> {
    if url.as_str().starts_with("https://") { Ok(()) } else { Err(Obstacle::Plain) }
}

/// The project of an address on a code host that is known here.
fn project(url: &CanonicalUrl) -> Option<CanonicalUrl> {
    FORGES.iter().find(|(host, _)| *host == url.host())?;
    let mut parts = url.path().split('/').skip(1);
    let (owner, name) = (parts.next()?, parts.next()?);
    if owner.is_empty() || name.is_empty() {
        return None;
    }
    at(url, &format!("/{owner}/{name}")).ok()
}

/// Where the manifest of a root is read.
fn manifest(root: &CanonicalUrl) -> String {
    let forge = FORGES.iter().find(|(host, _)| *host == root.host() && root.path() != "/");
    match forge {
        Some((_, files)) => format!("{}{MANIFEST}", files.replace("{}", root.path())),
        None => under(root, MANIFEST),
    }
}

fn at(url: &CanonicalUrl, path: &str) -> Result<CanonicalUrl, Obstacle> {
    CanonicalUrl::parse(&format!("{}{path}", url.origin())).map_err(|_| Obstacle::Nameless)
}

fn under(root: &CanonicalUrl, file: &str) -> String {
    let root = root.as_str();
    format!("{}/{file}", root.strip_suffix('/').unwrap_or(root))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Method, reach and place of each way; an obstacle by its name.
    fn told(text: &str) -> Vec<String> {
        let url = CanonicalUrl::parse(text).expect(text);
        let mut told = Vec::new();
        for (method, found) in ways(&url) {
            match found {
                Ok(ways) => told.extend(ways.iter().map(|way| {
                    assert!(way.reach.covers(&url), "{way:?}");
                    format!("{} {} {}", method.code(), way.reach.key(), way.place())
                })),
                Err(obstacle) => told.push(format!("{} {obstacle:?}", method.code())),
            }
        }
        told
    }

    #[test]
    fn a_page_of_ones_own_site_is_proven_in_every_way() {
        assert_eq!(
            told("https://www.blog.example.org/2026/a"),
            [
                "dns name:example.org _obole.example.org",
                "dns name:blog.example.org _obole.blog.example.org",
                "file below:https://blog.example.org/ \
                 https://blog.example.org/.well-known/obole.txt",
                "funding below:https://blog.example.org/ https://blog.example.org/funding.json",
                "meta below:https://blog.example.org/ https://blog.example.org/",
                "meta page:https://blog.example.org/2026/a https://blog.example.org/2026/a",
                "rel-me page:https://blog.example.org/2026/a https://blog.example.org/2026/a",
            ]
        );
    }

    #[test]
    fn a_project_is_proven_by_its_manifest_or_its_owners_profile() {
        assert_eq!(
            told("https://github.com/alice/project/issues"),
            [
                "dns Shared",
                "file Shared",
                "funding below:https://github.com/alice/project \
                 https://raw.githubusercontent.com/alice/project/HEAD/funding.json",
                "meta Shared",
                "rel-me below:https://github.com/alice https://github.com/alice",
            ]
        );
        let codeberg = told("https://codeberg.org/alice/project");
        assert!(codeberg.iter().any(|way| {
            way.ends_with("https://codeberg.org/api/v1/repos/alice/project/raw/funding.json")
        }));
    }

    #[test]
    fn a_home_on_a_host_of_many_is_proven_by_itself() {
        assert_eq!(
            told("https://uni.example/~alice/paper"),
            [
                "dns Shared",
                "file below:https://uni.example/~alice \
                 https://uni.example/~alice/.well-known/obole.txt",
                "funding below:https://uni.example/~alice https://uni.example/~alice/funding.json",
                "meta below:https://uni.example/~alice https://uni.example/~alice",
                "meta page:https://uni.example/~alice/paper https://uni.example/~alice/paper",
                "rel-me below:https://uni.example/~alice https://uni.example/~alice",
            ]
        );
        assert_eq!(told("https://pypi.org/project/x")[4], "rel-me Elsewhere");
        assert_eq!(told("https://social.example/@alice/1")[1], "file Shared");
    }

    #[test]
    fn what_has_no_name_or_no_certificate_is_left_to_the_operator() {
        assert_eq!(told("http://192.0.2.1/a")[0], "dns Nameless");
        assert_eq!(
            told("http://example.org:81/a")[1..],
            ["file Plain", "funding Plain", "meta Plain", "rel-me Plain",]
        );
    }

    #[test]
    fn a_way_is_found_by_its_reach() {
        let url = CanonicalUrl::parse("https://blog.example.org/a").expect("an address");
        let host = Reach::Name("blog.example.org".to_owned());
        let way = Way::find(&url, ClaimMethod::Dns, Some(&host)).expect("a way");
        assert_eq!(way.reach, host);
        let other = Reach::Name("example.com".to_owned());
        assert_eq!(Way::find(&url, ClaimMethod::Dns, Some(&other)), None);
        assert_eq!(Way::find(&url, ClaimMethod::Operator, None), None);
    }

    #[test]
    fn what_has_to_stand_where_is_ready_to_copy() {
        let url = CanonicalUrl::parse("https://songs.example/a").expect("an address");
        let token = ProofToken::from_random([0; 16]);
        let link = token.link("https://obole.example", "zoe");
        let snippet = |method| {
            let way = Way::find(&url, method, None).expect("a way");
            way.evidence(&token, (&link, "Obole")).snippet
        };
        let zeros = "0".repeat(26);
        assert_eq!(snippet(ClaimMethod::Dns), format!("obole-verification=obole-{zeros}"));
        assert_eq!(snippet(ClaimMethod::File), format!("obole-{zeros}"));
        assert_eq!(
            snippet(ClaimMethod::Meta),
            format!("<meta name=\"obole:id\" content=\"obole-{zeros}\">")
        );
        assert_eq!(
            snippet(ClaimMethod::RelMe),
            format!("<link rel=\"me\" href=\"https://obole.example/@zoe/obole-{zeros}\">")
        );
        assert!(snippet(ClaimMethod::Funding).contains(&format!("\"address\": \"{link}\"")));
    }

    proptest! {
        #[test]
        fn whatever_is_offered_reaches_the_page(
            host in "(a\\.)?(example\\.org|github\\.com|codeberg\\.org|x\\.tumblr\\.com)",
            path in "(/[~@]?[a-c]{0,3}){0,4}",
            query in "(\\?[a-c]=1)?",
        ) {
            let url = CanonicalUrl::parse(&format!("https://{host}{path}{query}")).expect("one");
            for (_, ways) in ways(&url) {
                for way in ways.unwrap_or_default() {
                    prop_assert!(way.reach.covers(&url), "{:?}", way);
                    prop_assert_eq!(Reach::from_key(&way.reach.key()), Some(way.reach));
                }
            }
        }
    }
}
