//! `funding.json` (FLOSS/fund, version 1): the address of who is behind it, and channels that are
//! one.

use obole_domain::account::EmailAddress;
use serde_json::Value;

use super::mailto;

/// The mail addresses of a manifest.
pub(super) fn read(body: &[u8]) -> Vec<EmailAddress> {
    let Ok(manifest) = serde_json::from_slice::<Value>(body) else { return Vec::new() };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let entity = manifest.pointer("/entity/email").and_then(text);
    let entity = entity.and_then(|email| EmailAddress::parse(&email).ok());
    let channels = manifest.pointer("/funding/channels").and_then(Value::as_array);
    let channels = channels.into_iter().flatten().filter_map(|one| one.get("address")?.as_str());
    entity.into_iter().chain(channels.filter_map(mailto)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_behind_it_comes_first() {
        let manifest = r#"{"version": "v1.0.0",
            "entity": {"name": "Zoe", "email": "zoe@site.example"},
            "funding": {"channels": [{"guid": "bank", "address": ""},
                {"guid": "mail", "address": "mailto:money@site.example"}]}}"#;
        let found: Vec<String> =
            read(manifest.as_bytes()).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["zoe@site.example", "money@site.example"]);
        for body in ["", "[]", "<html>", r#"{"entity":{"email":["x@y.example"]}}"#] {
            assert_eq!(read(body.as_bytes()), [], "{body}");
        }
    }
}
