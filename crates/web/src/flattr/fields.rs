//! What old clients send: a form or a JSON object, with a media type or without, and the query
//! (research/flattr-api-v2.md sections 2.1 and 2.2).

use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use obole_language::Language;
use serde_json::{Map, Value};

use super::fault::Fault;
use crate::form::Form;

/// The parameters of a request. Those of the body go before those of the query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pairs: Vec<(String, String)>,
    /// What one call takes instead: a list of objects.
    pub list: Option<Vec<Value>>,
}

impl Fields {
    /// Reads a query.
    pub fn of_query(query: &str) -> Self {
        let mut fields = Self::default();
        fields.add(query);
        fields
    }

    /// Reads a body and a query.
    pub fn read(headers: &HeaderMap, body: &[u8], query: &str) -> Result<Self, Fault> {
        let mut fields = Self::default();
        let text = std::str::from_utf8(body).map_err(|_| Fault::malformed())?.trim();
        let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_json = kind.is_some_and(|kind| kind.to_ascii_lowercase().contains("json"));
        // Some send JSON and call it a form, or nothing.
        if !text.is_empty() && (is_json || text.starts_with('{') || text.starts_with('[')) {
            match serde_json::from_str(text).map_err(|_| Fault::malformed())? {
                Value::Object(object) => fields.pairs.extend(pairs(object)),
                Value::Array(list) => fields.list = Some(list),
                _ => return Err(Fault::malformed()),
            }
        } else {
            fields.add(text);
        }
        fields.add(query);
        Ok(fields)
    }

    fn add(&mut self, text: &str) {
        let form = Form::of_text(text, Language::English);
        self.pairs.extend(form.pairs().map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    /// A parameter without the space around it; empty where it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// A parameter, if it is there.
    pub fn find(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.trim())
    }

    /// A parameter that is yes or no; none where it says neither.
    pub fn is(&self, name: &str) -> Option<bool> {
        match self.find(name)?.to_ascii_lowercase().as_str() {
            "1" | "true" => Some(true),
            "" | "0" | "false" => Some(false),
            _ => None,
        }
    }

    /// A count; the usual one where it is no positive number.
    pub fn count(&self) -> i64 {
        self.number("count").map_or(COUNT, |count| count.min(COUNT_MAX))
    }

    /// How many items the pages before this one have.
    pub fn offset(&self) -> i64 {
        let page = self.number("page").unwrap_or(1).min(PAGE_MAX);
        (page - 1) * self.count()
    }

    /// The page; the first where it is no positive number.
    pub fn page(&self) -> i64 {
        self.number("page").unwrap_or(1).min(PAGE_MAX)
    }

    /// Whether whole objects are asked for: `full` alone, or any word but those for no.
    pub fn is_full(&self) -> bool {
        match self.find("full").map(str::to_ascii_lowercase).as_deref() {
            None | Some("0" | "false" | "undefined") => false,
            Some(_) => true,
        }
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.get(name).parse().ok().filter(|number| *number > 0)
    }
}

/// How many items a page has where nothing is said, and how many at most.
const COUNT: i64 = 30;
const COUNT_MAX: i64 = 100;

/// Pages beyond this one are empty: nobody reads that far.
const PAGE_MAX: i64 = 1_000;

/// The members of an object as a form would have them. What is neither text nor number nor yes or
/// no nor a list of texts is no parameter.
fn pairs(object: Map<String, Value>) -> impl Iterator<Item = (String, String)> {
    object.into_iter().filter_map(|(name, value)| Some((name, text_of(&value)?)))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        Value::Array(list) => {
            let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        Value::Null | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(body: &str) -> Result<Fields, Fault> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, "application/json".parse().expect("a header"));
        Fields::read(&headers, body.as_bytes(), "")
    }

    #[test]
    fn forms_and_objects_are_one() {
        let sent = r#"{"url": "https://a.example/?b=c&d", "hidden": true, "count": 5,
            "tags": ["one", "two"], "full": null, "other": {"deep": []}}"#;
        let of_json = json(sent).expect("read");
        let of_form =
            "url=https%3A%2F%2Fa.example%2F%3Fb%3Dc%26d&hidden=true&count=5&tags=one%2Ctwo";
        let of_form = Fields::read(&HeaderMap::new(), of_form.as_bytes(), "").expect("read");
        for name in ["url", "hidden", "count", "tags", "full", "other"] {
            assert_eq!(of_json.find(name), of_form.find(name), "{name}");
        }
        assert_eq!(json(" ").expect("nothing").find("url"), None);
        for broken in ["{", "7", "\"text\"", "null", &"[".repeat(60_000)] {
            assert_eq!(json(broken).map_err(|fault| fault.error), Err("invalid_request"));
        }
        assert!(json("[1]").expect("a list").list.is_some());
    }

    #[test]
    fn odd_pages_are_the_first() {
        for query in ["", "count=&page=", "page=undefined", "page=0&count=-3", "count=x&page=-1"] {
            let fields = Fields::of_query(query);
            assert_eq!((fields.count(), fields.offset()), (30, 0), "{query}");
        }
        let fields = Fields::of_query("count=5&page=3");
        assert_eq!((fields.count(), fields.offset(), fields.page()), (5, 10, 3));
        assert_eq!(Fields::of_query("count=900").count(), 100);
        assert_eq!(Fields::of_query("page=9223372036854775807").offset(), 29_970);
    }

    #[test]
    fn whole_objects_are_asked_for_in_several_ways() {
        for query in ["full", "full=", "full=1", "full=true", "full=full"] {
            assert!(Fields::of_query(query).is_full(), "{query}");
        }
        for query in ["", "full=0", "full=False", "full=false"] {
            assert!(!Fields::of_query(query).is_full(), "{query}");
        }
    }
}
