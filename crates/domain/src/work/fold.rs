//! Brings a parsed address to its one spelling. All of it is done from the address alone: no page
//! is opened, and what comes out is read again as itself.

use url::Url;

use super::tracking::is_tracking;
use super::{carried, origin, sites};
use crate::refusal::Refusal;

/// The address that stands for all that lead to the same page.
pub(super) fn fold(url: Url) -> Result<Url, Refusal> {
    let mut url = plain(url)?;
    while let Some(inner) = carried::inner(&url) {
        let inner = plain(inner)?;
        if inner.as_str().len() >= url.as_str().len() {
            break;
        }
        url = inner;
    }
    if let Some(folded) = sites::fold(&url) {
        return Ok(folded);
    }
    if !sites::is_known(&url) {
        carried::fold_page(&mut url);
    }
    Ok(url)
}

/// What holds on every host: no fragment, user part, tracking parameters; escapes, scheme and host
/// in one form.
fn plain(mut url: Url) -> Result<Url, Refusal> {
    url.set_fragment(None);
    let dropped = url.set_username("").and_then(|()| url.set_password(None));
    dropped.map_err(|()| Refusal::UrlMalformed {})?;
    let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
    if host.split('.').any(str::is_empty) {
        return Err(Refusal::UrlMalformed {});
    }
    url.set_host(Some(&host)).map_err(|_| Refusal::UrlMalformed {})?;
    origin::fold(&mut url).ok_or(Refusal::UrlMalformed {})?;
    let path = fold_escapes(url.path());
    url.set_path(&path);
    let kept = url.query().map(|query| {
        let parts = query.split('&').filter(|part| !part.is_empty() && !is_tracking(part));
        fold_escapes(&parts.collect::<Vec<_>>().join("&"))
    });
    url.set_query(kept.as_deref().filter(|query| !query.is_empty()));
    Ok(url)
}

/// Percent escapes in one form (RFC 3986 section 6.2.2): unreserved characters plain, the others
/// with capital digits.
fn fold_escapes(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        folded.push_str(before);
        let escape = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        rest = match escape.filter(|_| after.bytes().take(2).all(|b| b.is_ascii_hexdigit())) {
            // A dot stays escaped: plain, it could be read as a dot segment the next time.
            Some(byte) if byte.is_ascii_alphanumeric() || b"-_~".contains(&byte) => {
                folded.push(char::from(byte));
                after.get(2..).unwrap_or_default()
            }
            Some(byte) => {
                folded.push_str(&format!("%{byte:02X}"));
                after.get(2..).unwrap_or_default()
            }
            None => {
                folded.push_str("%25");
                after
            }
        };
    }
    folded.push_str(rest);
    folded
}
