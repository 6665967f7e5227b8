//! What went wrong, as the protocol says it (RFC 6749 section 5.2): a word for programs and a
//! sentence for people, in the plain letters that the standard allows.

use axum::Json;
use axum::http::header::{CACHE_CONTROL, PRAGMA, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use obole_app::Error;
use obole_app::oauth::Denied;
use obole_language::{Language, text};
use serde::Serialize;

use crate::problem::Problem;

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    status: StatusCode,
    /// The word.
    pub error: &'static str,
    /// The key of the sentence; a problem has its own.
    pub key: &'static str,
    problem: Option<Box<Problem>>,
}

#[derive(Serialize)]
struct FaultShape {
    error: &'static str,
    error_description: String,
}

impl Fault {
    const fn of(error: &'static str, key: &'static str) -> Self {
        let status = StatusCode::BAD_REQUEST;
        Self { status, error, key, problem: None }
    }

    /// The request is not one that can be read.
    pub const fn malformed(key: &'static str) -> Self {
        Self::of("invalid_request", key)
    }

    /// It asks for what there is not, or for more than it may have.
    pub const fn scope() -> Self {
        Self::of("invalid_scope", "oauth-scope")
    }

    /// It asks for another kind of answer than a code.
    pub const fn response_type() -> Self {
        Self::of("unsupported_response_type", "oauth-response-type")
    }

    /// It offers something else than a code, a refresh token or a device's code.
    pub const fn grant_type() -> Self {
        Self::of("unsupported_grant_type", "oauth-grant-type")
    }

    /// Somebody said no.
    pub const fn refused() -> Self {
        Self::of("access_denied", "oauth-refused")
    }

    /// The client is not known, or did not prove that it is it. It is told how (RFC 6749 section
    /// 5.2): some old ones wait for that before they send their secret.
    pub fn client() -> Self {
        let status = StatusCode::UNAUTHORIZED;
        Self { status, ..Self::of("invalid_client", "oauth-client") }
    }

    /// The sentence in a language.
    pub fn sentence(&self, language: Language) -> String {
        let own = || text(language, self.key);
        plain(&self.problem.as_ref().map_or_else(own, |problem| problem.sentence(language)))
    }

    /// The answer that says it.
    pub fn answer(&self, language: Language) -> Response {
        let error_description = self.sentence(language);
        let shape = FaultShape { error: self.error, error_description };
        let mut response = (self.status, Json(shape)).into_response();
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
        if self.status == StatusCode::UNAUTHORIZED {
            let basic = HeaderValue::from_static("Basic realm=\"obole\", charset=\"UTF-8\"");
            headers.insert(WWW_AUTHENTICATE, basic);
        }
        if let Some(seconds) = self.problem.as_ref().and_then(|problem| problem.retry_seconds) {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Denied> for Fault {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Grant => Self::of("invalid_grant", "oauth-grant"),
            Denied::Scope => Self::scope(),
            Denied::Client => Self::of("unauthorized_client", "oauth-client-may-not"),
            Denied::Pending => Self::of("authorization_pending", "oauth-pending"),
            Denied::SlowDown => Self::of("slow_down", "oauth-slow-down"),
            Denied::Refused => Self::refused(),
            Denied::Expired => Self::of("expired_token", "oauth-expired"),
        }
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        let status = problem.status;
        let error = match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                "temporarily_unavailable"
            }
            status if status.is_server_error() => "server_error",
            _ => "invalid_request",
        };
        Self { status, problem: Some(Box::new(problem)), ..Self::of(error, "") }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::from(Problem::from(error))
    }
}

/// A sentence in the letters that RFC 6749 allows in a description.
fn plain(sentence: &str) -> String {
    let plain = |letter: char| match letter {
        'à' | 'â' | 'ä' => "a".to_owned(),
        'é' | 'è' | 'ê' | 'ë' => "e".to_owned(),
        'î' | 'ï' => "i".to_owned(),
        'ô' | 'ö' => "o".to_owned(),
        'ù' | 'û' | 'ü' => "u".to_owned(),
        'ç' => "c".to_owned(),
        'œ' => "oe".to_owned(),
        'À' => "A".to_owned(),
        'É' | 'È' | 'Ê' => "E".to_owned(),
        '\u{2019}' | '\u{2018}' | '\u{201C}' | '\u{201D}' | '"' | '\\' => "'".to_owned(),
        '\u{AB}' | '\u{BB}' => "'".to_owned(),
        '\u{A0}' | '\u{202F}' => " ".to_owned(),
        '\u{2013}' | '\u{2014}' => "-".to_owned(),
        letter if letter == ' ' || letter.is_ascii_graphic() => letter.to_string(),
        _ => String::new(),
    };
    sentence.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_plain_letters_only() {
        for language in Language::ALL {
            for denied in [Denied::Grant, Denied::Client, Denied::Pending, Denied::Expired] {
                let sentence = Fault::from(denied).sentence(language);
                let is_allowed = |byte: u8| (0x20..=0x7E).contains(&byte) && byte != b'"';
                assert!(sentence.bytes().all(is_allowed), "{sentence}");
                assert!(sentence.ends_with('.') && !sentence.contains("oauth-"), "{sentence}");
            }
        }
        assert_eq!(plain("D\u{e9}j\u{e0} l\u{2019}\u{ab}\u{a0}un\u{a0}\u{bb}"), "Deja l'' un '");
    }
}
