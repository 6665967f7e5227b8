//! `GET /button/view/` and `GET /button/popout/`: the frames of Flattr's old buttons
//! (research/flattr-api-v2.md sections 11.5 and 11.6). They are what pages of others may frame: no
//! cookie is read or set, nothing of who looks is kept (B1), and giving happens on our own page in
//! a window of its own (B2). What the button says about title or owner is handed on as a hint (B3).

use std::sync::LazyLock;

use askama::Template;
use axum::extract::State;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use obole_app::{App, public};
use obole_domain::work_details::WorkLanguage;
use obole_domain::{CanonicalUrl, public_count};
use obole_language::{Arg, Language, text, text_with};
use obole_store::works;
use sha2::{Digest as _, Sha256};

use super::fields::Fields;
use super::lists::language_of;
use crate::address::with_query;
use crate::embed::script::base64;
use crate::embed::{FOR_ALL, open_to_all};
use crate::problem::Problem;
use crate::words::shorten;

const STYLE: &str = include_str!("../../static/flattr-button.css");

/// May be framed by every page; may do nothing but show itself and open a window.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = base64(&Sha256::digest(STYLE));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; frame-ancestors *; base-uri 'none'; \
         form-action 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

#[derive(Template)]
#[template(path = "flattr/button_view.html")]
struct View {
    language: Language,
    style: &'static str,
    link: String,
    words: String,
    word: String,
    count: i64,
    is_compact: bool,
}

#[derive(Template)]
#[template(path = "flattr/button_popout.html")]
struct Popout {
    language: Language,
    style: &'static str,
    address: String,
    state: String,
    about: String,
    link: String,
    words: String,
}

/// `GET /button/view/`
pub async fn view(State(app): State<App>, parts: Parts) -> Response {
    answer(async {
        let asked = Asked::of(&parts)?;
        let count = public::patrons_of(&app, asked.url.clone()).await?.and_then(public_count);
        let language = asked.language;
        Ok(View {
            language,
            style: STYLE,
            link: asked.link,
            words: {
                let url = ("url", Arg::from(asked.address));
                text_with(language, "flattrs-button-words", &[url])
            },
            word: text(language, "flattrs-button-word"),
            count: count.unwrap_or_default(),
            is_compact: asked.is_compact,
        })
    })
    .await
}

/// `GET /button/popout/`
pub async fn popout(State(app): State<App>, parts: Parts) -> Response {
    answer(async {
        let asked = Asked::of(&parts)?;
        let found = app.read(asked.url.clone(), |read, url| {
            Box::pin(async move { Ok(works::find_by_url(read, url).await?) })
        });
        let owner = found.await?.and_then(|work| work.owner_handle);
        let language = asked.language;
        let state = match owner {
            Some(owner) => {
                let handle = ("handle", Arg::from(owner.to_string()));
                text_with(language, "flattrs-button-owner", &[handle])
            }
            None => text(language, "flattrs-button-nobody"),
        };
        Ok(Popout {
            language,
            style: STYLE,
            address: shorten(&asked.address, 160),
            state,
            about: text(language, "flattrs-button-about"),
            link: asked.link,
            words: text(language, "flattrs-button-give"),
        })
    })
    .await
}

/// What a frame is of.
struct Asked {
    url: CanonicalUrl,
    address: String,
    link: String,
    language: Language,
    is_compact: bool,
}

/// What is handed on to the page on which one gives, under its names there.
const HINTS: [(&str, &str); 3] = [("uid", "user_id"), ("title", "title"), ("language", "language")];

impl Asked {
    fn of(parts: &Parts) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default().replace("&amp;", "&");
        let fields = Fields::of_query(&query);
        let url = CanonicalUrl::parse(fields.get("url"))?;
        let address = url.without_scheme().to_owned();
        let mut sent = vec![("url", url.as_str())];
        let hints = HINTS.into_iter().map(|(name, theirs)| (theirs, fields.get(name)));
        sent.extend(hints.filter(|(_, value)| !value.is_empty()));
        let link = with_query("/submit/auto", &sent);
        let language = WorkLanguage::parse(fields.get("language")).map(language_of);
        let is_compact = fields.get("button") == "compact";
        Ok(Self { address, link, language: language.unwrap_or(Language::English), is_compact, url })
    }
}

async fn answer<T: Template>(made: impl Future<Output = Result<T, Problem>>) -> Response {
    let mut response = match made.await.and_then(|page| Ok(page.render()?)) {
        Ok(html) => {
            let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, FOR_ALL)];
            (headers, html).into_response()
        }
        Err(problem) => {
            let status = match problem.status {
                StatusCode::UNPROCESSABLE_ENTITY => StatusCode::BAD_REQUEST,
                status => status,
            };
            let kind = (CONTENT_TYPE, "text/plain; charset=utf-8");
            let sentence = format!("{}\n", problem.sentence(Language::English));
            (status, [kind, (CACHE_CONTROL, "no-store")], sentence).into_response()
        }
    };
    let headers = response.headers_mut();
    open_to_all(headers);
    headers.insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    // Browsers go by the policy; this keeps the usual refusal from being added.
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("ALLOWALL"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    headers.insert(opener, HeaderValue::from_static("unsafe-none"));
    response
}
