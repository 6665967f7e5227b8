//! What other sites show of this instance: buttons and embeddings. No cookie is read or set, and
//! nothing of who looks is kept (B1).

use axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use obole_language::Language;

use self::button::Kind;
use self::look::{Look, Shape, Style, Theme};

pub mod button;
pub mod color;
pub mod drawing;
pub mod letters;
pub mod look;
pub mod oembed;
pub mod old_badges;
pub mod pixels;
pub mod script;
pub mod snippets;

/// How long a button may be shown before it is asked for again, and how long while it is: the count
/// moves once a month, so an hour is soon.
pub const FOR_ALL: &str = "public, max-age=3600, stale-while-revalidate=86400";

/// All that an answer depends on which many addresses share: the cache in front keeps it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Face {
    /// A picture with no word and no colour of the site's own.
    Picture(Kind, (Style, Theme, Shape), Language, Option<i64>),
    /// A count as JSON.
    Count(Option<i64>),
}

impl Face {
    /// The face of a picture; none where a site made it its own.
    #[must_use]
    pub fn of(look: &Look, kind: Kind, count: Option<i64>) -> Option<Self> {
        let is_usual = look.label.is_empty() && look.color.is_none();
        let shown = (look.style, look.theme, look.shape);
        is_usual.then_some(Self::Picture(kind, shown, look.language, count))
    }
}

/// Lets pages of every origin load an answer (B1).
pub fn open_to_all(headers: &mut HeaderMap) {
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    headers.insert(policy, HeaderValue::from_static("cross-origin"));
    headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
}
