//! Looking for the proof of a claim (C1 to C3): in the name's zone, at a well-known place of its
//! site, in a manifest, on the page. One look, one finding; nothing else is taken from what is
//! read.

mod file;
mod manifest;
mod page;
mod zone;

use obole_domain::claim::{ClaimMethod, Finding, ProofToken, Reach, Way};
use obole_domain::work::CanonicalUrl;
use url::Url;

use crate::fetch::{Answer, Excess, FetchError, Fetcher, Redirects, TextsError, Wanted};
use crate::page::PAGE_BYTES_MAX;

/// The largest well-known file (F5).
const FILE_MAX: usize = 8 << 10;

/// The largest manifest.
const MANIFEST_MAX: usize = 256 << 10;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// How it is proven, and of what.
    pub way: Way,
    /// The claim's token.
    pub token: ProofToken,
    /// The instance's public address: links to it that end in the token are the claim's.
    pub base_url: String,
}

/// Looks once. Takes as long as the site's turn and its answer take; never fails otherwise.
pub async fn look(fetcher: &Fetcher, sought: &Sought) -> Finding {
    let place = sought.way.place();
    if sought.way.method == ClaimMethod::Dns {
        return match fetcher.texts(&place).await {
            Ok(texts) => zone::read(&texts, &sought.token),
            Err(TextsError::Unsafe) => Finding::Unsafe,
            Err(TextsError::Unclear) => Finding::Unclear,
        };
    }
    let fetched = match fetcher.get(&place, &wanted(sought.way.method)).await {
        Ok(fetched) => fetched,
        // It leads elsewhere, so it is not where it must be.
        Err(FetchError::Refused) => return Finding::Missing,
        Err(_) => return Finding::Unclear,
    };
    match fetched.answer.status {
        200 => {}
        404 | 410 => return Finding::Missing,
        _ => return Finding::Unclear,
    }
    sought.read(&fetched.url, &fetched.answer)
}

/// What is asked for. Its owner asks us to look, so nothing is asked of robots.txt; a proof moves
/// between a name and its `www.` only (F5).
const fn wanted(method: ClaimMethod) -> Wanted {
    let (accept, body_max) = match method {
        ClaimMethod::File => ("text/plain", FILE_MAX),
        ClaimMethod::Funding => ("application/json, text/plain;q=0.9", MANIFEST_MAX),
        _ => ("text/html, application/xhtml+xml;q=0.9", PAGE_BYTES_MAX),
    };
    let (excess, redirects) = (Excess::Cut, Redirects::SameSite);
    Wanted { accept, body_max, excess, redirects, obeys_robots: false }
}

impl Sought {
    /// What an answer from an address says.
    fn read(&self, url: &str, answer: &Answer) -> Finding {
        match self.way.method {
            ClaimMethod::File => file::read(answer, &self.token),
            ClaimMethod::Funding => manifest::read(answer, self),
            // Somewhere else than where the claim reaches, a page speaks for something else.
            _ if !self.is_within(url) => Finding::Missing,
            ClaimMethod::Meta => page::read_meta(url, answer, self),
            ClaimMethod::RelMe => page::read_links(url, answer, self),
            ClaimMethod::Dns | ClaimMethod::Operator => Finding::Missing,
        }
    }

    /// Whether an address is within reach, or would be without the `www.` that a site added to it.
    fn is_within(&self, url: &str) -> bool {
        let plain = url.replacen("://www.", "://", 1);
        let mut addresses =
            [url, &plain].into_iter().filter_map(|url| CanonicalUrl::parse(url).ok());
        addresses.any(|url| self.way.reach.covers(&url))
    }

    /// The token that a link to this instance ends in; none where it is another link.
    fn token_of(&self, link: &str) -> Option<ProofToken> {
        let (link, base) = (Url::parse(link).ok()?, Url::parse(&self.base_url).ok()?);
        let path = link.path().strip_suffix('/').unwrap_or(link.path());
        let last = path.rsplit('/').next()?;
        (link.origin() == base.origin()).then(|| ProofToken::parse(last)).flatten()
    }

    /// What some links come to.
    fn among<'link>(&self, links: impl Iterator<Item = &'link str>) -> Finding {
        finding(links.filter_map(|link| self.token_of(link)), &self.token)
    }

    /// Whether the whole page speaks, not only its head: a home page or a profile, where nobody
    /// else writes. Below other pages visitors may comment.
    fn is_profile(&self) -> bool {
        match &self.way.reach {
            Reach::Below(_) => true,
            Reach::Page(page) => page.path() == "/" && page.query().is_none(),
            Reach::Name(_) => false,
        }
    }
}

/// What some tokens come to: ours, another claim's, or none.
fn finding(tokens: impl Iterator<Item = ProofToken>, ours: &ProofToken) -> Finding {
    let mut finding = Finding::Missing;
    for token in tokens {
        if token == *ours {
            return Finding::Found;
        }
        finding = Finding::Other;
    }
    finding
}
