//! The headers of answers, each described once.

use serde_json::{Map, Value, json};

/// Headers that every answer has or may have.
const COMMON: [&str; 6] = [
    "RateLimit",
    "RateLimit-Limit",
    "RateLimit-Policy",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "X-Request-Id",
];

/// Every header: its name among the components, what it says, its schema, whether it is always
/// there, an example.
fn all() -> Vec<(&'static str, &'static str, Value, bool, Value)> {
    let (text, number) = (json!({ "type": "string" }), json!({ "type": "integer", "minimum": 0 }));
    vec![
        (
            "ETag",
            "What to send as `If-None-Match` to be told 304 while nothing changed",
            text.clone(),
            true,
            json!("\"8c1f0b52a6d94e7f8c1f0b52a6d94e7f\""),
        ),
        (
            "Idempotent-Replayed",
            "`true` where the request was done before under this key, and this is its answer",
            json!({ "type": "string", "enum": ["true"] }),
            false,
            json!("true"),
        ),
        (
            "Link",
            "The next page, `rel=\"next\"`, where there is one",
            text.clone(),
            false,
            json!("<https://obole.example/api/v1/works?limit=50&after=00>; rel=\"next\""),
        ),
        (
            "RateLimit",
            "What is left of the limit on requests, and the seconds until its window ends \
             (draft-ietf-httpapi-ratelimit-headers-10)",
            text.clone(),
            false,
            json!("\"requests\";r=598;t=42"),
        ),
        (
            "RateLimit-Policy",
            "The limit on requests, and the seconds of its window",
            text.clone(),
            false,
            json!("\"requests\";q=600;w=60"),
        ),
        ("RateLimit-Limit", "The limit on requests", number.clone(), false, json!(600)),
        ("RateLimit-Remaining", "What is left of it", number.clone(), false, json!(598)),
        ("RateLimit-Reset", "Seconds until its window ends", number.clone(), false, json!(42)),
        ("Retry-After", "Seconds to wait", number.clone(), true, json!(42)),
        (
            "Retry-After-Perhaps",
            "Seconds to wait, where waiting helps (`still_running`)",
            number,
            false,
            json!(5),
        ),
        (
            "WWW-Authenticate",
            "What kind of token is needed (RFC 6750)",
            text.clone(),
            true,
            json!("Bearer error=\"insufficient_scope\", scope=\"click\""),
        ),
        (
            "X-Request-Id",
            "The number to name when you write to the operator",
            text,
            true,
            json!("019bc186-de00-77c0-a559-b74fdab168e5"),
        ),
    ]
}

/// All of them, for the components.
pub fn components() -> Map<String, Value> {
    let shape = |(name, about, schema, is_required, example): (&str, &str, Value, bool, Value)| {
        let header = json!({
            "description": about, "schema": schema, "required": is_required, "example": example,
        });
        (name.to_owned(), header)
    };
    all().into_iter().map(shape).collect()
}

/// Those that every answer has or may have.
pub fn common() -> Map<String, Value> {
    let mut headers = Map::new();
    add(&mut headers, &COMMON);
    headers
}

/// Adds some by their names among the components.
pub fn add(headers: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        let reference = json!({ "$ref": format!("#/components/headers/{name}") });
        let name = name.strip_suffix("-Perhaps").unwrap_or(name);
        headers.insert(name.to_owned(), reference);
    }
}
