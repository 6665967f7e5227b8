//! What a program posts: its fields, as a form or as JSON, and who it says it is (RFC 6749 section
//! 2.3.1).

use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use obole_app::App;
use obole_app::oauth::{self, Credentials};
use obole_language::Language;
use obole_store::oauth_clients::ClientRow;
use tokio::time::timeout;

use super::fault::Fault;
use super::frame::language;
use crate::address::escape;
use crate::form::{BODY_MAX, Form};
use crate::problem::Problem;
use crate::visitor::client_address;

/// How long a body may take.
const WAIT: Duration = Duration::from_secs(25);

/// A request of a program whose client has proven who it is.
pub struct Sent {
    /// The instance.
    pub app: App,
    /// The client.
    pub client: ClientRow,
    /// The language of sentences.
    pub language: Language,
    /// Where it comes from; empty where that is not known.
    pub address: String,
    form: Form,
}

/// A fault with the language in which it is told.
pub struct Told(Fault, Language);

impl IntoResponse for Told {
    fn into_response(self) -> Response {
        self.0.answer(self.1)
    }
}

impl Sent {
    /// A field; none where nothing was sent (RFC 6749 section 3.1).
    pub fn get(&self, name: &str) -> Option<&str> {
        Some(self.form.text(name)).filter(|text| !text.is_empty())
    }

    /// A field that has to be there.
    pub fn need(&self, name: &str) -> Result<&str, Fault> {
        self.get(name).ok_or(Fault::malformed("oauth-field-missing"))
    }

    /// The answer to what came of it.
    pub fn answer(&self, result: Result<Response, Fault>) -> Response {
        result.unwrap_or_else(|fault| fault.answer(self.language))
    }

    async fn read(app: &App, request: Request, language: Language) -> Result<Self, Fault> {
        let (parts, body) = request.into_parts();
        let too_slow = |_| Problem::of_status(StatusCode::REQUEST_TIMEOUT);
        let bytes = timeout(WAIT, to_bytes(body, BODY_MAX)).await.map_err(too_slow)?;
        let bytes = bytes.map_err(|_| Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE))?;
        let text = fields(&parts.headers, &bytes)?;
        let form = Form::of_text(&text, language);
        if !is_each_once(&form) {
            return Err(Fault::malformed("oauth-field-twice"));
        }
        let credentials = credentials(&parts.headers, &form)?;
        let client = oauth::authenticate(app, credentials).await?;
        let client = client.ok_or(Fault::client())?;
        let address = client_address(app.config(), &parts);
        Ok(Self { app: app.clone(), client, language, address, form })
    }
}

impl FromRequest<App> for Sent {
    type Rejection = Told;

    async fn from_request(request: Request, app: &App) -> Result<Self, Told> {
        let (parts, body) = request.into_parts();
        let language = language(&parts);
        let request = Request::from_parts(parts, body);
        Self::read(app, request, language).await.map_err(|fault| Told(fault, language))
    }
}

/// The fields that decide something.
const FIELDS: [&str; 12] = [
    "client_id",
    "client_secret",
    "code",
    "code_verifier",
    "device_code",
    "grant_type",
    "redirect_uri",
    "refresh_token",
    "scope",
    "token",
    "token_type_hint",
    "state",
];

/// Whether no field was sent twice, or cannot be read.
fn is_each_once(form: &Form) -> bool {
    FIELDS.into_iter().all(|name| !form.has(name) || form.all(name).count() == 1)
}

/// The body as a form; a JSON object of texts stands for one.
fn fields(headers: &HeaderMap, bytes: &[u8]) -> Result<String, Fault> {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let malformed = || Fault::malformed("oauth-malformed");
    match kind.as_str() {
        // Old programs name no kind.
        "application/x-www-form-urlencoded" | "" => {
            std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| malformed())
        }
        "application/json" => {
            let object: serde_json::Map<String, serde_json::Value> =
                serde_json::from_slice(bytes).map_err(|_| malformed())?;
            let texts = object.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
            let pairs = texts.map(|(name, value)| format!("{}={}", escape(name), escape(value)));
            Ok(pairs.collect::<Vec<_>>().join("&"))
        }
        _ => Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE).into()),
    }
}

/// Who a client says it is: in the head of its request or in its fields, not in both.
fn credentials(headers: &HeaderMap, form: &Form) -> Result<Credentials, Fault> {
    let field = |name: &str| Some(form.text(name).to_owned()).filter(|text| !text.is_empty());
    let (id, secret) = (field("client_id"), field("client_secret"));
    let mut lines = headers.get_all(AUTHORIZATION).iter();
    let Some(line) = lines.next() else {
        let id = id.ok_or(Fault::client())?;
        return Ok(Credentials { id, secret });
    };
    if secret.is_some() || lines.next().is_some() {
        return Err(Fault::malformed("oauth-client-twice"));
    }
    let (own, secret) = line.to_str().ok().and_then(basic).ok_or(Fault::client())?;
    if id.is_some_and(|id| id != own) {
        return Err(Fault::client());
    }
    Ok(Credentials { id: own, secret: Some(secret) })
}

/// Reads `Basic …`: both parts are written as in a form.
fn basic(line: &str) -> Option<(String, String)> {
    let (scheme, code) = line.split_once(' ')?;
    let bytes = BASE64_STANDARD.decode(code.trim()).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (id, secret) = text.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let form = Form::of_text(&format!("id={id}&secret={secret}"), Language::English);
    Some((form.text("id").to_owned(), form.text("secret").to_owned()))
}
