//! Who can be written to about a site, as the site itself says: `security.txt` (RFC 9116), files
//! about its funding, `rel="me"` links of who writes it. Read like any page, robots.txt first.

mod funding;
mod security;

use jiff::Timestamp;
use obole_domain::account::EmailAddress;
use obole_domain::claim::Reach;
use obole_domain::letter::{Contact, Source};
use obole_domain::work::CanonicalUrl;

use crate::fetch::{Answer, Excess, FetchError, Fetched, Fetcher, Redirects, Wanted};
use crate::page::{self, PAGE_BYTES_MAX};

/// The most bytes of a file.
const FILE_MAX: usize = 64 << 10;

/// The most addresses that are kept of one place.
const EACH_MAX: usize = 5;

/// What a site says of who can be written to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts {
    /// Who, in the order in which they were found.
    pub found: Vec<Contact>,
    /// The language of its first page (BCP 47); empty where that does not say.
    pub language: String,
    /// Whether that page wants no money at all ([`page::DECLINES`], C7).
    pub declines: bool,
}

/// Looks for who can be written to about the party behind a page, at a moment: the name's own site
/// first, and that of the page only where nobody is named there, since what is below a name can be
/// somebody else's. A name whose site does not want to be read has nobody.
///
/// # Errors
/// `Unreachable` where it is not clear whether the name's own site names somebody, unless this is
/// the last try: then the page's site speaks for it.
pub async fn find(
    fetcher: &Fetcher,
    (party, url): (&Reach, &CanonicalUrl),
    (now, is_last): (Timestamp, bool),
) -> Result<Contacts, FetchError> {
    let (mut is_clear, mut declines) = (true, false);
    for (place, home) in homes(party, url).into_iter().enumerate() {
        let Some((found, is_read)) = look(fetcher, &home, now).await else { break };
        // Only the name's own first page declines for all of it.
        declines |= place == 0 && found.declines;
        if !found.found.is_empty() {
            return Ok(Contacts { declines, ..found });
        }
        is_clear &= is_read;
        if !is_read && !is_last {
            break;
        }
    }
    let nobody = Contacts { declines, ..Contacts::default() };
    if is_clear || declines { Ok(nobody) } else { Err(FetchError::Unreachable) }
}

/// What the first page and the files of a site say, and whether all of it could be read; none where
/// the site does not want to be.
async fn look(fetcher: &Fetcher, home: &CanonicalUrl, now: Timestamp) -> Option<(Contacts, bool)> {
    let mut contacts = Contacts::default();
    let page = get(fetcher, home.as_str(), &PAGE).await;
    let mut is_read = page != Err(FetchError::Unreachable);
    match page {
        Ok(page) => contacts.add_page(&page, is_whole(home)),
        Err(FetchError::Unwelcome) => return None,
        Err(_) => {}
    }
    if home.path() == "/" {
        is_read &= contacts.add_files(fetcher, home, now).await;
    }
    Some((contacts, is_read))
}

const PAGE: Wanted = wanted("text/html, application/xhtml+xml;q=0.9", PAGE_BYTES_MAX);
const TEXT: Wanted = wanted("text/plain", FILE_MAX);
const JSON: Wanted = wanted("application/json, text/plain;q=0.9", FILE_MAX);

const fn wanted(accept: &'static str, body_max: usize) -> Wanted {
    let (excess, redirects) = (Excess::Cut, Redirects::SameSite);
    Wanted { accept, body_max, excess, redirects, obeys_robots: true }
}

/// What is there with a good answer; `Unreadable` where nothing is.
async fn get(fetcher: &Fetcher, url: &str, wanted: &Wanted) -> Result<Fetched, FetchError> {
    let fetched = fetcher.get(url, wanted).await?;
    match fetched.answer.status {
        200 => Ok(fetched),
        429 | 500.. => Err(FetchError::Unreachable),
        _ => Err(FetchError::Unreadable),
    }
}

/// The first pages of a party: of its name, and of the page's own host below that; of a party on a
/// shared host, where its own pages begin.
fn homes(party: &Reach, url: &CanonicalUrl) -> Vec<CanonicalUrl> {
    let mut homes = vec![party.home(url)];
    if let (Reach::Name(_), Ok(own)) = (party, CanonicalUrl::parse(&format!("{}/", url.origin()))) {
        homes.extend(Some(own).filter(|own| party.covers(own) && !homes.contains(own)));
    }
    homes
}

/// Whether nobody else writes on a page: it is the first one of a site, or of one party.
fn is_whole(home: &CanonicalUrl) -> bool {
    home.path() == "/" || Reach::party(home) == Reach::Below(home.clone())
}

impl Contacts {
    fn add(&mut self, source: Source, addresses: impl IntoIterator<Item = EmailAddress>) {
        let addresses = addresses.into_iter().take(EACH_MAX);
        self.found.extend(addresses.map(|address| Contact { address, source }));
    }

    fn add_page(&mut self, page: &Fetched, is_whole: bool) {
        let Fetched { url, answer } = page;
        let facts = page::read(url, answer);
        if self.language.is_empty() {
            self.language = facts.language;
        }
        self.declines |= facts.declines;
        let links = page::links_to_self(url, answer, is_whole);
        self.add(Source::Profile, links.iter().filter_map(|link| mailto(link)));
    }

    /// What the well-known files of a site say, and whether they could be read; a file that is not
    /// there says nothing.
    async fn add_files(&mut self, fetcher: &Fetcher, home: &CanonicalUrl, now: Timestamp) -> bool {
        let at = |path: &str| format!("{}{path}", home.origin());
        let security = get(fetcher, &at("/.well-known/security.txt"), &TEXT).await;
        let funding = get(fetcher, &at("/funding.json"), &JSON).await;
        let mut is_read = true;
        match security {
            Ok(file) if is_plain(&file.answer) => {
                self.add(Source::Security, security::read(&file.url, &file.answer.body, now));
            }
            other => is_read &= other != Err(FetchError::Unreachable),
        }
        match funding {
            Ok(file) => self.add(Source::Funding, funding::read(&file.answer.body)),
            Err(error) => is_read &= error != FetchError::Unreachable,
        }
        is_read
    }
}

fn is_plain(answer: &Answer) -> bool {
    answer.content_type.trim().to_ascii_lowercase().starts_with("text/plain")
}

/// The address of a `mailto:` link, without what it proposes to write.
fn mailto(link: &str) -> Option<EmailAddress> {
    let (scheme, rest) = link.trim().split_once(':')?;
    let address = rest.split(['?', ',']).next()?;
    scheme.eq_ignore_ascii_case("mailto").then(|| EmailAddress::parse(address).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailto_link_is_an_address() {
        for (link, address) in [
            ("mailto:zoe@site.example", Some("zoe@site.example")),
            (" MAILTO:Zoe@Site.example?subject=x@y.z ", Some("zoe@site.example")),
            ("mailto:a@site.example,b@site.example", Some("a@site.example")),
            ("mailto:zoe", None),
            ("mailto:\r\nBcc: x@site.example", None),
            ("https://site.example/zoe@site.example", None),
            ("zoe@site.example", None),
        ] {
            assert_eq!(mailto(link).as_ref().map(EmailAddress::as_str), address, "{link}");
        }
    }

    #[test]
    fn a_party_has_a_first_page_where_it_writes() {
        let homes = |page: &str| -> Vec<String> {
            let url = CanonicalUrl::parse(page).expect(page);
            let homes = homes(&Reach::party(&url), &url);
            homes.iter().map(|home| home.without_scheme().trim_end_matches('/').into()).collect()
        };
        let both = ["site.example:8443", "blog.site.example:8443"];
        assert_eq!(homes("https://blog.site.example:8443/a"), both);
        assert_eq!(homes("site.example/a/b"), ["site.example"]);
        // Who runs a shared host does not answer for who writes there.
        assert_eq!(homes("github.com/alice/project"), ["github.com/alice"]);
        assert_eq!(homes("alice.github.io/notes"), ["alice.github.io"]);
        assert_eq!(homes("site.example/~zoe/a"), ["site.example/~zoe"]);
        assert_eq!(homes("pypi.org/project/x"), ["pypi.org/project/x"]);
        let whole = |page: &str| is_whole(&CanonicalUrl::parse(page).expect(page));
        assert!(whole("site.example") && whole("github.com/alice"));
        assert!(!whole("pypi.org/project/x"));
    }
}
