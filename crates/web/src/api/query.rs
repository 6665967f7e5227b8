//! The query of a request: filters, and which page of a list.

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use obole_app::App;
use obole_domain::Refusal;

use crate::api::caller::Caller;
use crate::form::Form;
use crate::problem::Problem;

/// How many items a page of a list has where nothing is asked.
const LIMIT: usize = 50;

/// The most items of a page.
const LIMIT_MAX: usize = 200;

/// The query's fields. Those that nobody reads are passed over.
#[derive(Debug)]
pub struct Query(Form);

impl Query {
    /// A filter; none where it is missing or empty. Refused where it stands twice or is no text.
    pub fn text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        let read = self.0.read(name, |text| Ok(text.to_owned()));
        let text = read.ok_or_else(|| Problem::from(Refusal::NotText {}).at(name))?;
        Ok((!text.is_empty()).then_some(text))
    }

    /// Which page is asked for: how many items, after which.
    pub fn page(&mut self) -> Result<Page, Problem> {
        let limit = match self.text("limit")? {
            Some(text) => read_limit(&text)?,
            // A number that is empty is none.
            None if self.0.has("limit") => read_limit("")?,
            None => LIMIT,
        };
        let after = self.text("after")?.map(|text| unhex(&text).ok_or_else(cursor_malformed));
        Ok(Page { limit, after: after.transpose()? })
    }
}

fn read_limit(text: &str) -> Result<usize, Problem> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let limit = text.parse().ok().filter(|limit| is_number && (1..=LIMIT_MAX).contains(limit));
    limit.ok_or_else(|| Problem::bad_request("limit_malformed").at("limit"))
}

fn cursor_malformed() -> Problem {
    Problem::bad_request("cursor_malformed").at("after")
}

/// The problem of a cursor that looks like one and was not made by this list.
fn cursor_foreign() -> Problem {
    Problem::of(StatusCode::UNPROCESSABLE_ENTITY, "cursor_foreign").at("after")
}

/// Reads the hexadecimal digits of a cursor.
fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() > 64
        || !text.len().is_multiple_of(2)
        || !text.bytes().all(|b| b.is_ascii_hexdigit())
    {
        return None;
    }
    let pairs = text.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
    pairs.map(|pair| pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect()
}

/// Which page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many items at most.
    pub limit: usize,
    /// What the cursor of the page before said.
    pub after: Option<Vec<u8>>,
}

impl Page {
    /// How many rows to ask for: one more than is shown tells whether there is a next page.
    #[must_use]
    pub fn rows(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(i64::MAX).saturating_add(1)
    }

    /// The cursor as what it was made of.
    pub fn after<T>(&self, read: impl FnOnce(&[u8]) -> Option<T>) -> Result<Option<T>, Problem> {
        let after = self.after.as_deref().map(|bytes| read(bytes).ok_or_else(cursor_foreign));
        after.transpose()
    }
}

impl FromRequestParts<App> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let language = Caller::from_request_parts(parts, app).await?.language;
        Ok(Self(Form::of_query(parts, language)))
    }
}

/// Which page of a list, for the description.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the description only; Query reads the values")]
pub struct PageParameters {
    /// How many items at most.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// What `next` said on the page before.
    #[param(max_length = 64, pattern = "^([0-9a-f]{2})*$")]
    after: Option<String>,
}
