//! What a page loads besides itself: stylesheet, icon and scripts, held in the binary. An address
//! carries the hash of what it serves, so a browser may keep it for ever and never has a stale one.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

/// `Cache-Control` of every [`Asset`].
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// Hexadecimal digits of the hash that stand in an address.
const HASH_DIGITS: usize = 16;

/// The one stylesheet: its parts in the order in which they build on each other.
const STYLESHEET: &str = concat!(
    include_str!("../static/css/tokens.css"),
    include_str!("../static/css/base.css"),
    include_str!("../static/css/layout.css"),
    include_str!("../static/css/forms.css"),
    include_str!("../static/css/parts.css"),
    include_str!("../static/css/tables.css"),
    include_str!("../static/css/pictures.css"),
    include_str!("../static/css/buttons.css"),
    include_str!("../static/css/print.css"),
    include_str!("../static/css/sheets.css"),
    include_str!("../static/css/reference.css"),
    include_str!("../static/css/secrets.css"),
);

/// What the giving window looks like: the parts of the stylesheet that it uses.
pub const WINDOW_STYLE: &str = concat!(
    include_str!("../static/css/tokens.css"),
    include_str!("../static/css/base.css"),
    include_str!("../static/css/layout.css"),
    include_str!("../static/css/forms.css"),
    include_str!("../static/css/parts.css"),
);

/// What guards its button (security.md B4).
pub const WINDOW_SCRIPT: &str = include_str!("../static/give.js");

/// A file that pages load.
#[derive(Debug)]
pub struct Asset {
    /// What code calls it, without the hash.
    pub name: &'static str,
    /// Its media type, for `Content-Type`.
    pub content_type: &'static str,
    /// What is served.
    pub bytes: &'static [u8],
    /// Where it is served: `/static/obole-<hash>.css`.
    pub address: String,
}

static ASSETS: LazyLock<[Asset; 8]> = LazyLock::new(|| {
    [
        asset("obole.css", "text/css; charset=utf-8", STYLESHEET.as_bytes()),
        asset("icon.svg", "image/svg+xml", include_bytes!("../static/icon.svg")),
        asset("card.png", "image/png", include_bytes!("../static/card.png")),
        asset("copy.js", "text/javascript; charset=utf-8", include_bytes!("../static/copy.js")),
        asset("api.js", "text/javascript; charset=utf-8", include_bytes!("../static/api.js")),
        asset(
            "buttons.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../static/buttons.js"),
        ),
        asset(
            "passkeys.js",
            "text/javascript; charset=utf-8",
            include_bytes!("../static/passkeys.js"),
        ),
        asset("codes.js", "text/javascript; charset=utf-8", include_bytes!("../static/codes.js")),
    ]
});

fn asset(name: &'static str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let hash: String = hash.chars().take(HASH_DIGITS).collect();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    Asset { name, content_type, bytes, address: format!("/static/{stem}-{hash}.{extension}") }
}

/// All of them.
#[must_use]
pub fn all() -> &'static [Asset] {
    ASSETS.as_slice()
}

/// The address of a file by its name; empty for a name that no file has, which a test of every
/// page would show as a broken link.
#[must_use]
pub fn address(name: &str) -> &'static str {
    all().iter().find(|asset| asset.name == name).map_or("", |asset| asset.address.as_str())
}

/// The file at an address.
#[must_use]
pub fn find(path: &str) -> Option<&'static Asset> {
    all().iter().find(|asset| asset.address == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_to_its_file() {
        for asset in all() {
            assert_eq!(find(address(asset.name)).expect("found").name, asset.name);
            assert!(!asset.bytes.is_empty());
        }
        assert!(address("obole.css").starts_with("/static/obole-"));
        assert!(find("/static/obole.css").is_none(), "only with its hash");
        assert_eq!(address("other.css"), "");
    }

    #[test]
    fn the_stylesheet_loads_nothing_from_elsewhere() {
        assert!(!STYLESHEET.contains("http:") && !STYLESHEET.contains("https:"), "W4, P4");
        assert!(!STYLESHEET.contains("@import"));
    }

    #[test]
    fn what_stands_in_the_giving_window_cannot_end_it() {
        for text in [WINDOW_STYLE, WINDOW_SCRIPT] {
            assert!(!text.contains("</") && !text.contains("<!--"));
        }
    }

    #[test]
    fn the_stylesheet_is_whole() {
        let count = |character: char| STYLESHEET.matches(character).count();
        assert_eq!(count('{'), count('}'));
    }
}
