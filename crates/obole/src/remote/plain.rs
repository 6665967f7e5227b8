//! Texts of others on a terminal: what a terminal would obey, or what would make a text look like
//! another, is taken out before anything else happens to it.

use serde_json::Value;

/// The longest text that is kept, in characters.
const LENGTH_MAX: usize = 4_096;

/// A text without control characters (line ends and tabs become spaces) and direction marks.
pub fn text(text: &str) -> String {
    let kept = text.chars().filter_map(|character| match character {
        '\n' | '\r' | '\t' => Some(' '),
        character if character.is_control() => None,
        '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => None,
        '\u{061C}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' => None,
        character => Some(character),
    });
    kept.take(LENGTH_MAX).collect()
}

/// The same of every text in a JSON value, names too.
pub fn value(json: Value) -> Value {
    match json {
        Value::String(found) => Value::String(text(&found)),
        Value::Array(values) => values.into_iter().map(value).collect(),
        Value::Object(fields) => {
            fields.into_iter().map(|(name, found)| (text(&name), value(found))).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_that_a_terminal_obeys_is_left() {
        for (hostile, left) in [
            ("\u{1b}[2Jgone", "[2Jgone"),
            ("\u{9b}31mred", "31mred"),
            ("\u{1b}]0;title\u{7}", "]0;title"),
            ("two\r\nlines\tand more", "two  lines and more"),
            ("\u{202e}gpj.exe\u{2066}", "gpj.exe"),
            ("a\u{0}\u{8}\u{7f}b", "ab"),
            ("Être à l’œuvre 🎵 日本", "Être à l’œuvre 🎵 日本"),
        ] {
            assert_eq!(text(hostile), left, "{hostile:?}");
        }
        assert_eq!(text(&"x".repeat(10_000)).len(), LENGTH_MAX);
        let read = value(json!({ "a\u{1b}": ["\u{1b}[1m", 1, { "b": "\u{7}" }] }));
        assert_eq!(read, json!({ "a": ["[1m", 1, { "b": "" }] }));
    }
}
