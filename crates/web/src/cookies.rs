//! Cookies: their names, and how they are read, set and ended (W1). Over https they carry the
//! `__Host-` prefix; over plain http, which only loopback may use, browsers would drop such a
//! cookie, so there the prefix and `Secure` are left out.

use axum::http::header::COOKIE;
use axum::http::{HeaderMap, HeaderValue};
use obole_app::App;

use crate::address::is_https;

/// A cookie that this instance sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// The secret of the sign-in (W1).
    Session,
    /// The secret of a sign-in that lacks its code; it opens nothing alone.
    Half,
    /// What tells a browser in which somebody signed in from a stranger's; it opens nothing.
    Device,
    /// What the forms of a signed-out visitor are tied to (W2).
    Visit,
    /// What the last form came to, until it is shown.
    Notice,
    /// The language that the reader chose.
    Language,
}

const DAY: u32 = 86_400;

impl Cookie {
    const fn name(self) -> &'static str {
        match self {
            Self::Session => "obole",
            Self::Half => "obole-half",
            Self::Device => "obole-device",
            Self::Visit => "obole-visit",
            Self::Notice => "obole-notice",
            Self::Language => "obole-language",
        }
    }

    /// How long a browser keeps it, in seconds. The server ends sessions by its own clock.
    const fn seconds(self) -> u32 {
        match self {
            Self::Session => 90 * DAY,
            Self::Half => 600,
            Self::Device => 180 * DAY,
            Self::Visit => DAY,
            Self::Notice => 60,
            Self::Language => 365 * DAY,
        }
    }

    fn full_name(self, app: &App) -> String {
        // The language is no secret, and has one name so that clients may set it.
        if is_https(app.config()) && self != Self::Language {
            format!("__Host-{}", self.name())
        } else {
            self.name().to_owned()
        }
    }

    /// Its value in a request.
    #[must_use]
    pub fn find<'headers>(self, app: &App, headers: &'headers HeaderMap) -> Option<&'headers str> {
        let name = self.full_name(app);
        let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut pairs =
            lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
        pairs.find(|(found, _)| found.trim() == name).map(|(_, value)| value.trim())
    }

    /// `Cookie` with a value, as a browser sends it, of a cookie whose name is the same everywhere.
    #[must_use]
    pub fn sent(self, value: &'static str) -> HeaderValue {
        let line = format!("{}={value}", self.name());
        HeaderValue::try_from(line).unwrap_or_else(|_| HeaderValue::from_static(""))
    }

    /// `Set-Cookie` with a value of letters, digits, `-` and `.`; any other value sets nothing.
    #[must_use]
    pub fn set(self, app: &App, value: &str) -> HeaderValue {
        self.header(app, value, self.seconds())
    }

    /// `Set-Cookie` that ends it.
    #[must_use]
    pub fn end(self, app: &App) -> HeaderValue {
        self.header(app, "", 0)
    }

    fn header(self, app: &App, value: &str, seconds: u32) -> HeaderValue {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        let value = if value.bytes().all(is_plain) { value } else { "" };
        let secure = if is_https(app.config()) { "; Secure" } else { "" };
        let name = self.full_name(app);
        let line =
            format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::try_from(line).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}
