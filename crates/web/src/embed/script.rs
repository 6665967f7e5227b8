//! `/button.js`, which defines `<obole-button>`: at an address for everyday use, and at one that
//! carries its hash and never changes, for pages that name what they load (SRI).

use std::sync::LazyLock;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha384};

use crate::assets;
use crate::embed::{FOR_ALL, open_to_all};

/// The script itself.
const SOURCE: &str = include_str!("../../static/button.js");

/// Where it is served, with its newest changes.
pub const PATH: &str = "/button.js";

/// Hexadecimal digits of the hash that stand in the fixed address.
const HASH_DIGITS: usize = 16;

static HASH: LazyLock<[u8; 48]> = LazyLock::new(|| Sha384::digest(SOURCE).into());

static FIXED: LazyLock<String> = LazyLock::new(|| {
    let hash: String = HASH.iter().map(|byte| format!("{byte:02x}")).collect();
    let hash: String = hash.chars().take(HASH_DIGITS).collect();
    format!("/button.{hash}.js")
});

static INTEGRITY: LazyLock<String> =
    LazyLock::new(|| format!("sha384-{}", base64(HASH.as_slice())));

/// Where exactly this version of it is served.
#[must_use]
pub fn fixed_path() -> &'static str {
    &FIXED
}

/// What a page that loads it writes as `integrity`.
#[must_use]
pub fn integrity() -> &'static str {
    &INTEGRITY
}

/// `GET /button.js`
pub async fn newest() -> Response {
    answer(FOR_ALL)
}

/// `GET /button.{hash}.js`
pub async fn fixed() -> Response {
    answer(assets::CACHE_CONTROL)
}

fn answer(caching: &'static str) -> Response {
    let kind = (CONTENT_TYPE, "text/javascript; charset=utf-8");
    let mut response = ([kind, (CACHE_CONTROL, caching)], SOURCE).into_response();
    open_to_all(response.headers_mut());
    response
}

/// Bytes as RFC 4648 section 4 writes them.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letter =
        |bits: u32| LETTERS.get((bits & 63) as usize).map_or('=', |byte| char::from(*byte));
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for (place, shift) in [18, 12, 6, 0].into_iter().enumerate() {
            text.push(if place > three.len() { '=' } else { letter(bits >> shift) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_as_the_standard_has_it() {
        // RFC 4648 section 10.
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (text, written) in cases {
            assert_eq!(base64(text.as_bytes()), written);
        }
    }

    #[test]
    fn its_addresses_and_its_hash_belong_together() {
        assert!(fixed_path().starts_with("/button.") && fixed_path().ends_with(".js"));
        assert_eq!(fixed_path().len(), "/button.0123456789abcdef.js".len());
        assert_eq!(integrity().len(), "sha384-".len() + 64);
    }

    #[test]
    fn it_writes_no_markup_and_speaks_to_nobody_else() {
        let banned =
            ["innerHTML", "outerHTML", "eval(", "document.write", "cookie =", "localStorage"];
        for word in
            banned.into_iter().chain(["sessionStorage", "postMessage", "import(", "<iframe"])
        {
            assert!(!SOURCE.contains(word), "{word}");
        }
        let addresses = SOURCE.matches("https:").count() + SOURCE.matches("//www").count();
        let namespaces = SOURCE.matches("http://www.w3.org/").count();
        assert_eq!(addresses, namespaces, "no address but the names of XHTML and SVG");
    }

    #[test]
    fn it_speaks_all_languages() {
        for language in obole_language::Language::ALL {
            assert!(SOURCE.contains(&format!("{}: {{", language.code())), "{}", language.code());
            let word = obole_language::text(language, "button-word");
            assert!(SOURCE.contains(&format!("give: \"{word}\"")), "{word}");
        }
    }
}
