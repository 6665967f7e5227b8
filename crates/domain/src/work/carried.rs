//! Addresses that carry another one: caches of AMP pages, and what sites put in front of a link
//! that leads out. The page is at the address that is carried.

use url::Url;

use super::origin::without_www;

/// Sites that lead out over a page of theirs: host, path, the parameter with the address.
const LEADING_OUT: [(&str, &str, &str); 8] = [
    ("google.com", "/url", "url"),
    ("google.com", "/url", "q"),
    ("l.facebook.com", "/l.php", "u"),
    ("lm.facebook.com", "/l.php", "u"),
    ("l.instagram.com", "/", "u"),
    ("youtube.com", "/redirect", "q"),
    ("out.reddit.com", "/", "url"),
    ("duckduckgo.com", "/l/", "uddg"),
];

/// Domains of caches, each page below a host of its own.
const CACHES: [&str; 2] = ["cdn.ampproject.org", "bing-amp.com"];

/// The address that is carried, if any. It is always shorter than the one that carries it.
pub(super) fn inner(url: &Url) -> Option<Url> {
    if url.port().is_some() {
        return None;
    }
    let host = without_www(url.host_str()?);
    let inner = cached(host, url).or_else(|| led_out(host, url))?;
    let names_a_host = inner.host_str().is_some_and(|host| host.contains('.'));
    let is_web = matches!(inner.scheme(), "http" | "https");
    (names_a_host && is_web && inner.as_str().len() < url.as_str().len()).then_some(inner)
}

fn cached(host: &str, url: &Url) -> Option<Url> {
    let below = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    let is_cache = CACHES.iter().any(|domain| host == *domain || below(domain));
    let path = url.path();
    let rest = if is_cache {
        ["/c/", "/v/", "/wp/"].iter().find_map(|kind| path.strip_prefix(kind))?
    } else if host == "bing.com" || is_google(host) {
        path.strip_prefix("/amp/")?
    } else {
        return None;
    };
    let (scheme, page) = rest.strip_prefix("s/").map_or(("http", rest), |rest| ("https", rest));
    let mut inner = Url::parse(&format!("{scheme}://{page}")).ok()?;
    inner.set_query(url.query());
    Some(inner)
}

/// Google's hosts in all countries: `google.fr`, `google.co.uk`, `google.com.br`.
fn is_google(host: &str) -> bool {
    let Some(rest) = host.strip_prefix("google.") else { return false };
    let country = rest.strip_prefix("co.").or_else(|| rest.strip_prefix("com.")).unwrap_or(rest);
    rest == "com" || (country.len() == 2 && country.bytes().all(|b| b.is_ascii_lowercase()))
}

fn led_out(host: &str, url: &Url) -> Option<Url> {
    let host = if is_google(host) { "google.com" } else { host };
    LEADING_OUT.iter().find_map(|(site, path, name)| {
        if *site != host || *path != url.path() {
            return None;
        }
        let mut found = url.query_pairs().filter(|(found, _)| found == name);
        let (_, address) = found.next().filter(|_| found.next().is_none())?;
        let is_whole = address.starts_with("https://") || address.starts_with("http://");
        Url::parse(&address).ok().filter(|_| is_whole)
    })
}

/// Brings a page in the form for telephones to its own address, where that is certain: the last
/// part `amp` behind the name of an article, and parameters that mean nothing else.
pub(super) fn fold_page(url: &mut Url) {
    let page = url.path().trim_end_matches('/').strip_suffix("/amp").filter(|page| {
        let name = page.rsplit('/').next().unwrap_or_default();
        let is_file = [".html", ".htm", ".php"].iter().any(|ending| name.ends_with(ending));
        is_file || name.matches('-').count() >= 2
    });
    if let Some(page) = page.map(str::to_owned) {
        url.set_path(&page);
    }
    let is_amp = |parameter: &str| {
        matches!(parameter, "amp" | "amp=" | "amp=1" | "amp=true" | "outputType=amp")
    };
    let kept = url.query().map(|query| {
        let kept = query.split('&').filter(|parameter| !is_amp(parameter));
        kept.collect::<Vec<_>>().join("&")
    });
    url.set_query(kept.as_deref().filter(|query| !query.is_empty()));
}

#[cfg(test)]
mod tests {
    use crate::CanonicalUrl;

    fn canonical(text: &str) -> String {
        CanonicalUrl::parse(text).expect(text).to_string()
    }

    #[test]
    fn the_page_is_at_the_address_that_is_carried() {
        for text in [
            "https://www.google.com/amp/s/www.example.org/a-b-c?x=1",
            "https://www.google.fr/amp/www.example.org/a-b-c?x=1",
            "https://www.google.co.uk/amp/s/example.org/a-b-c/amp?x=1",
            "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/a-b-c?x=1&usqp=mq331",
            "https://cdn.ampproject.org/v/s/example.org/a-b-c?amp_js_v=0.1&x=1",
            "https://www-example-org.bing-amp.com/c/s/www.example.org/a-b-c?x=1",
            "https://www.bing.com/amp/s/www.example.org/a-b-c?x=1",
            "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.org%2Fa-b-c%3Fx%3D1&usg=z",
            "https://www.google.de/url?q=http://www.example.org/a-b-c?x%3D1",
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fa-b-c%3Fx%3D1%26gclid%3Dy",
            "https://duckduckgo.com/l/?uddg=https%3A%2F%2Fexample.org%2Fa-b-c%3Fx%3D1",
            "https://google.com/amp/s/google.com/amp/s/example.org/a-b-c?x=1",
        ] {
            assert_eq!(canonical(text), "https://example.org/a-b-c?x=1", "{text}");
        }
        let video = "https://www.google.com/url?q=https://youtu.be/aB3_-xY9zQ0";
        assert_eq!(canonical(video), "https://youtube.com/watch?v=aB3_-xY9zQ0");
    }

    #[test]
    fn an_article_for_telephones_is_the_article() {
        for text in [
            "https://example.org/a-long-title/amp",
            "https://example.org/a-long-title/amp/",
            "https://example.org/a-long-title?amp=1",
            "https://example.org/a-long-title?amp",
            "https://example.org/a-long-title?outputType=amp",
        ] {
            assert_eq!(canonical(text), "https://example.org/a-long-title", "{text}");
        }
        assert_eq!(canonical("https://example.org/1.html/amp"), "https://example.org/1.html");
    }

    #[test]
    fn other_pages_stay() {
        for text in [
            "https://example.org/amp",
            "https://example.org/music/amp",
            "https://example.org/guitar-amp",
            "https://example.org/a-long-title/amp/more",
            "https://example.org/a-long-title/amps",
            "https://example.org/?amp=2",
            "https://example.org/?amps=1",
            "https://example.org/url?url=https%3A%2F%2Fother.example%2F",
            "https://google.com/search?q=https%3A%2F%2Fother.example%2F",
            "https://google.com/url?q=song",
            "https://google.com/amp/s/localhost/a",
            "https://google.example/amp/s/other.example/a",
            "https://notcdn.ampproject.example/c/s/other.example/a",
            "https://cdn.ampproject.org/i/s/other.example/a.png",
            "https://web.archive.org/web/2020/https://www.google.com/amp/s/other.example/a",
        ] {
            assert_eq!(canonical(text), text);
        }
    }
}
