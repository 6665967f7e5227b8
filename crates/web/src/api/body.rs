//! Bodies and idempotency keys as programs send them. Whatever is sent is read or refused with a
//! sentence (E2); nothing of it makes a 500.

use std::cell::RefCell;

use axum::body::to_bytes;
use axum::extract::{OriginalUri, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use obole_app::{IdempotencyKey, SaidValue};
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use serde_json::{Map, Value};
use tokio::time::timeout;

use crate::form::{BODY_MAX, BODY_WAIT};
use crate::problem::Problem;

/// Reads a JSON object of a shape that knows its fields (`deny_unknown_fields`).
pub async fn read<T: DeserializeOwned>(request: Request) -> Result<T, Problem> {
    read_up_to(request, BODY_MAX).await
}

/// The same for a body that may be as long as this.
pub async fn read_up_to<T: DeserializeOwned>(request: Request, most: usize) -> Result<T, Problem> {
    let (parts, body) = request.into_parts();
    shaped(&bytes(&parts.headers, body, most).await?)
}

/// The same for a request that is done once, with its key (K1). The key stands for method, path
/// and body (K2).
pub async fn read_once<T: DeserializeOwned>(
    request: Request,
) -> Result<(T, IdempotencyKey), Problem> {
    let (parts, body) = request.into_parts();
    let key = key_text(&parts.headers)?;
    let bytes = bytes(&parts.headers, body, BODY_MAX).await?;
    let path = parts.extensions.get::<OriginalUri>().map_or(parts.uri.path(), |uri| uri.path());
    let request = [format!("{} {path}\n", parts.method).as_bytes(), bytes.as_slice()].concat();
    let key = IdempotencyKey::new(&key, &request).ok_or_else(key_malformed)?;
    Ok((shaped(&bytes)?, key))
}

/// The header of a request that is done once, for the description.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "read by the description only")]
pub struct KeyParameter {
    /// Your own name for this one doing: 1 to 255 visible ASCII characters, new for each.
    #[param(
        rename = "Idempotency-Key",
        pattern = "^([!#-~]{1,255}|\"([!#-\\[\\]-~]|\\\\[\"\\\\]){1,255}\")$",
        example = "019bc186-de00-77c0-a559-b74fdab168e5"
    )]
    idempotency_key: String,
}

async fn bytes(
    headers: &HeaderMap,
    body: axum::body::Body,
    most: usize,
) -> Result<Vec<u8>, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = text(CONTENT_TYPE).unwrap_or_default().split(';').next().unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    let too_large = || Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE);
    let announced = text(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    if announced.is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let too_slow = |_| Problem::of_status(StatusCode::REQUEST_TIMEOUT);
    let read = timeout(BODY_WAIT, to_bytes(body, most)).await.map_err(too_slow)?;
    Ok(read.map_err(|_| too_large())?.to_vec())
}

/// Reads a shape. serde names no field in its errors, so the last one handed to it is remembered.
fn shaped<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let object: Value = serde_json::from_slice(bytes).map_err(|_| malformed())?;
    let Value::Object(fields) = object else { return Err(Problem::bad_request("wrong_type")) };
    read_fields(fields)
}

fn malformed() -> Problem {
    Problem::bad_request("json_malformed")
}

fn read_fields<T: DeserializeOwned>(fields: Map<String, Value>) -> Result<T, Problem> {
    let last = RefCell::new(String::new());
    let fields = fields.into_iter().map(|(name, value)| (name, whole(value)));
    let fields = fields.inspect(|(name, _)| name.clone_into(&mut last.borrow_mut()));
    let read = T::deserialize(MapDeserializer::<_, serde_json::Error>::new(fields));
    read.map_err(|error| {
        let error = error.to_string();
        if let Some(rest) = error.strip_prefix("missing field `") {
            let field = rest.split('`').next().unwrap_or_default();
            return Problem::bad_request("field_missing").at(field);
        }
        let field = last.borrow().chars().take(FIELD_MAX).collect::<String>();
        let is_unknown = error.starts_with("unknown field");
        let code = if is_unknown { "field_unknown" } else { "wrong_type" };
        Problem::bad_request(code).at(&field).with("field", SaidValue::Text(field.clone()))
    })
}

/// A whole number as one, however it is written: to JSON, `206.0` is the integer 206.
fn whole(value: Value) -> Value {
    let Value::Number(number) = &value else { return value };
    let text = number.to_string();
    match text.strip_suffix(".0").and_then(|digits| digits.parse::<i64>().ok()) {
        Some(whole) => whole.into(),
        None => value,
    }
}

/// As much of a name that we do not know is repeated.
const FIELD_MAX: usize = 40;

/// The text of `Idempotency-Key`: bare, or a quoted string as structured fields write it
/// (RFC 8941 section 3.3.3). Both spell the same key.
fn key_text(headers: &HeaderMap) -> Result<String, Problem> {
    let mut lines = headers.get_all("idempotency-key").iter();
    let line = lines.next().ok_or_else(|| Problem::bad_request("idempotency_key_missing"))?;
    let line = line.to_str().ok().filter(|_| lines.next().is_none()).map(str::trim);
    let Some(quoted) = line.ok_or_else(key_malformed)?.strip_prefix('"') else {
        let bare = line.filter(|bare| !bare.contains('"'));
        return bare.map(ToOwned::to_owned).ok_or_else(key_malformed);
    };
    unquote(quoted).ok_or_else(key_malformed)
}

fn key_malformed() -> Problem {
    Problem::bad_request("idempotency_key_malformed")
}

/// What stands between quotation marks; only the mark itself and the backslash may be escaped.
fn unquote(quoted: &str) -> Option<String> {
    let mut text = String::with_capacity(quoted.len());
    let mut rest = quoted.chars();
    loop {
        match rest.next()? {
            '"' => return rest.as_str().is_empty().then_some(text),
            '\\' => text.push(rest.next().filter(|next| matches!(next, '"' | '\\'))?),
            plain => text.push(plain),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Shape {
        #[expect(dead_code, reason = "read only to see whether it can be")]
        amount: String,
        #[expect(dead_code, reason = "read only to see whether it can be")]
        points: Option<i64>,
    }

    fn refused(text: &str) -> (String, String) {
        let problem = shaped::<Shape>(text.as_bytes()).expect_err(text);
        (problem.code, problem.field)
    }

    #[test]
    fn a_shape_names_the_field_that_is_wrong() {
        for points in ["null", "206", "206.0", "2.06e2"] {
            let text = format!(r#"{{"amount": "2", "points": {points}}}"#);
            assert!(shaped::<Shape>(text.as_bytes()).is_ok(), "{points}");
        }
        for (text, code, field) in [
            (r#"{"points": 1}"#, "field_missing", "amount"),
            (r#"{"amount": 2}"#, "wrong_type", "amount"),
            (r#"{"amount": "2", "points": "1"}"#, "wrong_type", "points"),
            (r#"{"amount": "2", "points": 206.5}"#, "wrong_type", "points"),
            (r#"{"amount": "2", "points": 1e400}"#, "json_malformed", ""),
            (r#"{"amount": "2", "points": 9223372036854775808}"#, "wrong_type", "points"),
            (r#"{"amount": "2", "other": 1}"#, "field_unknown", "other"),
            (r#"["2", 1]"#, "wrong_type", ""),
            ("", "json_malformed", ""),
            (r#"{"amount": "2""#, "json_malformed", ""),
            (r#"{"amount": "\ud800"}"#, "json_malformed", ""),
        ] {
            assert_eq!(refused(text), (code.to_owned(), field.to_owned()), "{text}");
        }
        assert_eq!(refused(&"[".repeat(60_000)).0, "json_malformed");
    }

    #[test]
    fn a_key_is_bare_or_quoted() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("idempotency-key", text.parse().expect("a header"));
            key_text(&headers).ok()
        };
        assert_eq!(read("abc"), Some("abc".to_owned()));
        assert_eq!(read("\"abc\""), Some("abc".to_owned()));
        assert_eq!(read(r#""a\"b\\""#), Some(r#"a"b\"#.to_owned()));
        for text in ["\"abc", "abc\"", "\"a\"b", "\"a\";x=1", r#""a\b""#] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
