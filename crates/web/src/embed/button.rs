//! `GET /button/{style}.svg?url=…`, the same with `.png`, and `GET /button/count?url=…`: the button
//! of a work as a picture, and its public counter alone (P2). An address that nobody clicked has a
//! button too: it is where the first click comes from.

use std::sync::LazyLock;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use obole_app::{App, public};
use obole_domain::{CanonicalUrl, Refusal, public_count};
use obole_language::Language;
use sha2::{Digest as _, Sha256};

use crate::embed::drawing::{AUTO, Drawing};
use crate::embed::look::{Look, Style};
use crate::embed::pixels::png;
use crate::embed::script::base64;
use crate::embed::{FOR_ALL, Face, open_to_all};
use crate::form::Form;
use crate::problem::Problem;

/// What an SVG that is opened by itself may do: nothing but be dark where the reader's system is.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let style = base64(&Sha256::digest(AUTO));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{style}'; frame-ancestors 'none'; base-uri 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"))
});

/// What is asked of a button, in the parts of its address.
const FIELDS: [&str; 3] = ["url", "label", "color"];

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// SVG.
    Lines,
    /// PNG.
    Pixels,
    /// PNG of twice the size, for dense screens.
    DensePixels,
}

impl Kind {
    /// What a file name says.
    fn of_name(name: &str) -> Option<(Style, Self)> {
        let endings =
            [(".svg", Self::Lines), ("@2x.png", Self::DensePixels), (".png", Self::Pixels)];
        let (style, kind) = endings
            .into_iter()
            .find_map(|(ending, kind)| Some((name.strip_suffix(ending)?, kind)))?;
        Some((Style::of_word(style)?, kind))
    }
}

/// `GET /button/{style}.svg`, `/button/{style}.png`, `/button/{style}@2x.png`
pub async fn show(State(app): State<App>, parts: Parts) -> Response {
    let name = parts.uri.path().rsplit('/').next().unwrap_or_default();
    let mut asked = asked(&parts);
    told(picture(&app, &mut asked, Kind::of_name(name)).await, &asked)
}

/// `GET /button/count`
pub async fn count(State(app): State<App>, parts: Parts) -> Response {
    let mut asked = asked(&parts);
    told(number(&app, &mut asked).await, &asked)
}

type Made = Result<Response, Problem>;

async fn picture(app: &App, asked: &mut Form, named: Option<(Style, Kind)>) -> Made {
    let (style, kind) = named.ok_or_else(Problem::not_found)?;
    let look = Look::read(asked, style);
    let url = address(asked)?;
    let count = if look.is_counted { count_of(app, url).await? } else { None };
    let drawing = Drawing::new(&look, count, &app.config().instance.name);
    let mut response = match kind {
        Kind::Lines => {
            let headers = [(CONTENT_TYPE, "image/svg+xml"), (CACHE_CONTROL, FOR_ALL)];
            (headers, drawing.svg()).into_response()
        }
        Kind::Pixels | Kind::DensePixels => {
            if !drawing.has_outlines() {
                asked.refuse("label", &Refusal::NotText {});
                return Err(Problem::of_status(StatusCode::BAD_REQUEST));
            }
            let png = png(&drawing, kind == Kind::DensePixels);
            let png = png.ok_or_else(|| Problem::internal("a button cannot be drawn"))?;
            ([(CONTENT_TYPE, "image/png"), (CACHE_CONTROL, FOR_ALL)], png).into_response()
        }
    };
    if let Some(face) = Face::of(&look, kind, count) {
        response.extensions_mut().insert(face);
    }
    Ok(response)
}

async fn number(app: &App, asked: &mut Form) -> Made {
    let url = address(asked)?;
    let count = count_of(app, url).await?;
    let number = count.map_or_else(|| "null".to_owned(), |count| count.to_string());
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, FOR_ALL)];
    let mut response = (headers, format!("{{\"count\": {number}}}\n")).into_response();
    response.extensions_mut().insert(Face::Count(count));
    Ok(response)
}

/// Reads an address's own words in its own language: the reader's has no say.
fn asked(parts: &Parts) -> Form {
    let asked = Form::of_query(parts, Language::English);
    match Language::from_code(asked.text("lang")) {
        Some(language) => Form::of_query(parts, language),
        None => asked,
    }
}

/// The work that a button is of; refused where any part of its address cannot be.
fn address(asked: &mut Form) -> Result<CanonicalUrl, Problem> {
    let url = asked.read("url", CanonicalUrl::parse);
    url.filter(|_| asked.is_well()).ok_or_else(|| Problem::of_status(StatusCode::BAD_REQUEST))
}

async fn count_of(app: &App, url: CanonicalUrl) -> obole_app::Result<Option<i64>> {
    Ok(public::patrons_of(app, url).await?.and_then(public_count))
}

/// The answer with what all of them say. Who builds an address by hand is told which part of it is
/// meant.
fn told(made: Made, asked: &Form) -> Response {
    let mut response = made.unwrap_or_else(|problem| {
        let filled = asked.filled();
        let refused = FIELDS.into_iter().find(|field| !filled.error(field).is_empty());
        let sentence = match refused {
            Some(field) if problem.status == StatusCode::BAD_REQUEST => {
                format!("{field}: {}\n", filled.error(field))
            }
            _ => format!("{}\n", problem.sentence(asked.language())),
        };
        let kind = (CONTENT_TYPE, "text/plain; charset=utf-8");
        (problem.status, [kind, (CACHE_CONTROL, "no-store")], sentence).into_response()
    });
    let headers = response.headers_mut();
    open_to_all(headers);
    headers.insert(CONTENT_SECURITY_POLICY, POLICY.clone());
    response
}
