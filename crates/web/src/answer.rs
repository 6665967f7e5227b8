//! How a page's handler answers: with a page, with a page that asks again, or by going on to the
//! next page with a sentence about what was done.

use askama::Template;
use axum::http::header::{CONTENT_SECURITY_POLICY, LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use obole_app::secrets::hex;
use obole_app::{App, SaidValue};
use obole_domain::{Refusal, Value, WorkId};
use obole_language::{Arg, Language, text_with};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use crate::cookies::Cookie;
use crate::headers;
use crate::page::{Notice, Tone, Undo};
use crate::problem::Problem;
use crate::visitor::Visitor;

/// What a handler answers.
pub type Answer = Result<Response, Problem>;

/// The longest notice that a cookie carries, in bytes of its text form.
const NOTICE_MAX: usize = 1_500;

/// A page.
pub fn html(page: &impl Template) -> Answer {
    Ok(Html(page.render()?).into_response())
}

/// A page that brings its own style and script ([`crate::page::Page::window_style`]): it is whole
/// with one answer (docs/decisions/0054).
pub fn window(page: &impl Template) -> Answer {
    html(page).map(as_window)
}

/// The same for a form that comes back with its problems: 422.
pub fn unprocessable_window(page: &impl Template) -> Answer {
    unprocessable(page).map(as_window)
}

fn as_window(mut response: Response) -> Response {
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, headers::window_policy().clone());
    response
}

/// A form that comes back with its problems: 422.
pub fn unprocessable(page: &impl Template) -> Answer {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(page.render()?)).into_response())
}

/// The same for one of many forms of a page; refused where it is not there any more, because
/// somebody else has answered meanwhile.
pub fn unprocessable_one(page: &impl Template, is_there: bool) -> Answer {
    if is_there { unprocessable(page) } else { Err(Refusal::StateMoved {}.into()) }
}

/// Goes on to a path of this instance, with GET. Anything else leads home (W6).
#[must_use]
pub fn see_other(path: &str) -> Response {
    let path = crate::address::safe_path(path).unwrap_or("/");
    let mut response = StatusCode::SEE_OTHER.into_response();
    let location = HeaderValue::try_from(path).unwrap_or_else(|_| HeaderValue::from_static("/"));
    response.headers_mut().insert(LOCATION, location);
    response
}

/// A sentence about what was done, shown on the next page. It travels in a signed cookie: no link
/// can make a page say something (E1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    tone: Tone,
    key: String,
    values: Vec<(String, SaidValue)>,
    undo: Option<(Uuid, i64)>,
}

impl Done {
    /// It is done; `key` is the sentence.
    #[must_use]
    pub fn new(key: &'static str) -> Self {
        Self { tone: Tone::Success, key: key.to_owned(), values: Vec::new(), undo: None }
    }

    /// Means it otherwise than as a success.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    /// A value of the sentence.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.push((name.to_owned(), SaidValue::from(value.into())));
        self
    }

    /// Offers to bring a click back to the points that it had; 0 takes it back.
    #[must_use]
    pub fn undo(mut self, work: WorkId, points: i64) -> Self {
        self.undo = Some((work.uuid(), points));
        self
    }

    fn seal(&self, app: &App) -> String {
        let text = serde_json::to_string(self).unwrap_or_default();
        if text.len() > NOTICE_MAX {
            return String::new();
        }
        let mac = hex(&app.secrets().mac("notice", text.as_bytes()));
        format!("{}.{mac}", hex(text.as_bytes()))
    }

    /// Reads a cookie's value; none when it was not made here.
    #[must_use]
    pub fn open(app: &App, sealed: &str) -> Option<Self> {
        let (text, sent) = sealed.split_once('.')?;
        let text = unhex(text)?;
        let mac = hex(&app.secrets().mac("notice", &text));
        let is_ours: bool = mac.as_bytes().ct_eq(sent.as_bytes()).into();
        serde_json::from_slice(&text).ok().filter(|_| is_ours)
    }

    /// The sentence in a language.
    #[must_use]
    pub fn notice(&self, app: &App, language: Language) -> Notice {
        let values = self.values.iter().filter_map(|(name, value)| {
            value.value().map(|value| (name.as_str(), Arg::from(value)))
        });
        let text = text_with(language, &self.key, &values.collect::<Vec<_>>());
        let undo = self.undo.map(|(work, points)| Undo {
            work: WorkId::new(work),
            points,
            op: app.chance().id(app.now()).to_string(),
        });
        Notice { tone: self.tone, text, undo }
    }
}

impl Visitor {
    /// Goes on to a path, where what was done is said.
    #[must_use]
    pub fn done(&self, path: &str, done: &Done) -> Response {
        let mut response = see_other(path);
        let sealed = done.seal(&self.app);
        response.headers_mut().append(SET_COOKIE, Cookie::Notice.set(&self.app, &sealed));
        response
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() > 2 * NOTICE_MAX || !text.is_ascii() {
        return None;
    }
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs.map(|pair| pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect()
}
