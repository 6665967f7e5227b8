//! An address as people type or paste it: without a scheme, or as one clones a repository.

use url::Url;

use crate::refusal::Refusal;

/// Hosts at which a repository is cloned by the path that its page has.
const FORGES: [&str; 6] =
    ["github.com", "gitlab.com", "codeberg.org", "bitbucket.org", "git.sr.ht", "hg.sr.ht"];

/// Parses a web address; `example.org/page` and `example.org:8080/page` are given https.
pub(crate) fn parse(text: &str) -> Result<Url, Refusal> {
    if let Some(page) = page_of_clone(text) {
        return Url::parse(&page).map_err(|_| Refusal::UrlMalformed {});
    }
    let parsed = Url::parse(text);
    let names_a_host = |text: &str| {
        let host = text.split(['/', ':', '?', '#']).next().unwrap_or_default();
        host.contains('.') && !host.contains(char::is_whitespace)
    };
    let url = match parsed {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        Ok(url) if !url.scheme().contains('.') => return Err(Refusal::UrlScheme {}),
        // Read as a whole, so that what comes out is read again as itself.
        _ if names_a_host(text) => parse(&format!("https://{text}"))?,
        _ => return Err(Refusal::UrlMalformed {}),
    };
    Ok(url)
}

/// The page of a repository whose address is one to clone from: `git@host:path`,
/// `ssh://git@host/path`, `git://host/path`, `git+https://host/path`.
fn page_of_clone(text: &str) -> Option<String> {
    let text = text.strip_prefix("git+").unwrap_or(text);
    let schemes = ["ssh://", "git://", "https://", "http://"];
    let (host, path) = match schemes.iter().find_map(|scheme| text.strip_prefix(scheme)) {
        Some(rest) => rest.split_once('/')?,
        None => text.strip_prefix("git@")?.split_once(':')?,
    };
    let host = host.strip_prefix("git@").unwrap_or(host);
    FORGES.contains(&host).then(|| format!("https://{host}/{}", path.trim_start_matches('/')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_clones_is_the_page_that_it_has() {
        for text in [
            "git@git.sr.ht:~a/b",
            "ssh://git@git.sr.ht/~a/b",
            "git://git.sr.ht/~a/b",
            "git+ssh://git@git.sr.ht/~a/b",
            "git+https://git.sr.ht/~a/b",
            "https://git.sr.ht/~a/b",
            "git.sr.ht//~a/b",
        ] {
            assert_eq!(parse(text).expect(text).as_str(), "https://git.sr.ht/~a/b", "{text}");
        }
        for text in ["git://other.example/a/b", "ssh://git@other.example/a", "ssh://git.sr.ht@x/a"]
        {
            assert_eq!(parse(text), Err(Refusal::UrlScheme {}), "{text}");
        }
    }
}
