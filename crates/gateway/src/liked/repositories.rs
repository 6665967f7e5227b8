//! JSON: starred repositories as forges hand them out, or any list of things with an address.

use serde_json::{Map, Value};

use super::{ENTRIES_MAX, Liked};

/// Names under which a thing has the address of its page, the likeliest first: forges have the
/// address of their interface for programs under `url`.
const ADDRESSES: [&str; 4] = ["html_url", "web_url", "url", "link"];

/// Names under which it has its own.
const TITLES: [&str; 4] = ["full_name", "path_with_namespace", "title", "name"];

pub(super) fn read(file: &str) -> Vec<Liked> {
    let mut entries = Vec::new();
    if let Ok(value) = serde_json::from_str(file) {
        collect(&value, &mut entries);
    }
    entries
}

fn collect(value: &Value, entries: &mut Vec<Liked>) {
    if entries.len() >= ENTRIES_MAX {
        return;
    }
    match value {
        Value::String(url) if url.contains("://") => {
            entries.push(Liked { url: url.clone(), title: String::new() });
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, entries)),
        // What is within a thing that has an address belongs to it: its owner, its licence.
        Value::Object(object) => match text(object, &ADDRESSES).filter(|url| url.contains("://")) {
            Some(url) => {
                let title = text(object, &TITLES).unwrap_or_default();
                entries.push(Liked { url, title });
            }
            None => {
                let inner = object.values().filter(|value| !value.is_string());
                inner.for_each(|value| collect(value, entries));
            }
        },
        _ => {}
    }
}

fn text(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| object.get(*name)?.as_str().map(str::to_owned))
}
