//! Where a visitor of the click page comes from (security.md B3), and whether that site may give at
//! once (B5).

use axum::http::HeaderMap;
use axum::http::header::REFERER;
use obole_app::sites;
use obole_domain::{CanonicalUrl, Site};

use crate::address::is_own_host;
use crate::csrf::origin_of;
use crate::problem::Problem;
use crate::visitor::Visitor;

/// The site that sent the visitor.
pub struct Source {
    /// Which.
    pub site: Site,
    /// Whether the work is on another one.
    pub is_other: bool,
}

/// The site whose page the visitor comes from; none from this instance itself or where the browser
/// does not say (B3).
pub fn source(visitor: &Visitor, headers: &HeaderMap, url: &CanonicalUrl) -> Option<Source> {
    let referer = headers.get(REFERER)?.to_str().ok()?;
    // Parsed as addresses of works are, so that it shows in punycode and without a user part.
    let site = Site::parse(origin_of(referer)).ok()?;
    if is_own_host(visitor.app.config(), site.host(), None) {
        return None;
    }
    let is_other = !site.holds(url);
    Some(Source { site, is_other })
}

/// Whether the page may post by itself: a person pressed something on a site that they trust, for a
/// work of that site, not too often today. Without a word of the browser about it, they are asked.
pub async fn gives_at_once(
    visitor: &Visitor,
    headers: &HeaderMap,
    source: Option<&Source>,
) -> Result<bool, Problem> {
    let (Some(session), Some(source)) = (&visitor.session, source) else { return Ok(false) };
    if source.is_other || !is_pressed(headers) {
        return Ok(false);
    }
    Ok(sites::may_post(&visitor.app, session.account, source.site.clone()).await?)
}

/// Whether a browser says that a person opened this address as a page of its own.
fn is_pressed(headers: &HeaderMap) -> bool {
    let expected =
        [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), ("sec-fetch-user", "?1")];
    let says = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_ahead = headers.contains_key("sec-purpose") || headers.contains_key("purpose");
    !is_ahead && expected.into_iter().all(|(name, value)| says(name) == Some(value))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn only_a_person_opens_a_page() {
        let headers = |changed: Option<(&'static str, &'static str)>| {
            let usual = [
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "document"),
                ("sec-fetch-user", "?1"),
            ];
            let pairs = usual.into_iter().chain(changed);
            let pairs = pairs.filter(|(_, value)| !value.is_empty());
            let pairs = pairs.map(|(name, value)| {
                (HeaderName::from_static(name), HeaderValue::from_static(value))
            });
            let mut headers = HeaderMap::new();
            pairs.for_each(|(name, value)| {
                headers.insert(name, value);
            });
            headers
        };
        assert!(is_pressed(&headers(None)));
        for changed in [
            ("sec-fetch-mode", "no-cors"),
            ("sec-fetch-dest", "iframe"),
            ("sec-fetch-user", "?0"),
            ("sec-purpose", "prefetch"),
        ] {
            assert!(!is_pressed(&headers(Some(changed))), "{changed:?}");
        }
        assert!(!is_pressed(&HeaderMap::new()));
    }
}
