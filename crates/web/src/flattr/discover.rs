//! Pages whose owner can be found although nobody has clicked them yet: profiles and works on sites
//! where everybody has a name (research/flattr-api-v2.md section 13.1). What is given to them is
//! promised, as to every page that nobody has claimed.

use obole_domain::CanonicalUrl;

/// A site, and how many parts the paths of profiles and works have there.
const SITES: [(&str, usize); 14] = [
    ("github.com", 4),
    ("gist.github.com", 2),
    ("gitlab.com", 2),
    ("codeberg.org", 2),
    ("soundcloud.com", 3),
    ("twitter.com", 3),
    ("x.com", 3),
    ("instagram.com", 2),
    ("flickr.com", 3),
    ("vimeo.com", 1),
    ("500px.com", 3),
    ("youtube.com", 2),
    ("mixcloud.com", 2),
    ("bandcamp.com", 1),
];

/// Whether an owner can be found for a page.
pub fn is_discoverable(url: &CanonicalUrl) -> bool {
    let host = url.host();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let path = url.without_scheme().split_once('/').map_or("", |(_, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let parts = path.split('/').filter(|part| !part.is_empty()).count();
    SITES.into_iter().any(|(site, most)| site == host && (1..=most).contains(&parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_has_an_owner_and_a_front_page_has_none() {
        for (text, is) in [
            ("https://github.com/example", true),
            ("https://github.com/example/project", true),
            ("https://soundcloud.com/example/sets/one", true),
            ("https://github.com/", false),
            ("https://soundcloud.com/a/b/c/d/e", false),
            ("https://blog.example/post", false),
            ("https://github.com.evil.example/example", false),
        ] {
            let url = CanonicalUrl::parse(text).expect(text);
            assert_eq!(is_discoverable(&url), is, "{text}");
        }
    }
}
