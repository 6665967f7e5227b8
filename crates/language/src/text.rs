//! Looks up the texts of `locales`, which are embedded, and fills in their values.

use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, langid, static_loader};

use crate::language::Language;
use crate::{Arg, date, moment, money, number, percent, period};

static_loader! {
    static TEXTS = {
        locales: "./locales",
        fallback_language: "en",
        // Else each value stands between invisible marks (U+2068, U+2069).
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const ENGLISH: LanguageIdentifier = langid!("en");
const FRENCH: LanguageIdentifier = langid!("fr");

/// A text without values.
#[must_use]
pub fn text(language: Language, key: &str) -> String {
    text_with(language, key, &[])
}

/// A text with its values. A number chooses the plural under its name and is shown, grouped,
/// under its name with `_text`: `{ $count_text }`. A key or value that is missing is a mistake
/// of ours: it stops a debug build, otherwise the key itself is shown.
#[must_use]
pub fn text_with(language: Language, key: &str, args: &[(&str, Arg)]) -> String {
    let mut values = HashMap::new();
    for (name, arg) in args {
        if let Arg::Number(count) = arg {
            values.insert((*name).to_owned(), FluentValue::from(*count));
            values.insert(format!("{name}_text"), print(language, arg).into());
        } else {
            values.insert((*name).to_owned(), print(language, arg).into());
        }
    }
    let identifier = match language {
        Language::English => ENGLISH,
        Language::French => FRENCH,
    };
    let found = TEXTS.lookup_single_language(&identifier, key, Some(&values));
    found.unwrap_or_else(|error| {
        debug_assert!(false, "the text {key} in {}: {error:?}", language.code());
        key.to_owned()
    })
}

fn print(language: Language, arg: &Arg) -> String {
    match arg {
        Arg::Text(text) => text.clone(),
        Arg::Number(count) => number(language, *count),
        Arg::Money(amount) => money(language, *amount),
        Arg::Period(month) => period(language, *month),
        Arg::Date(day) => date(language, *day),
        Arg::Moment(instant, zone) => moment(language, *instant, zone),
        Arg::Percent(ppm) => percent(language, *ppm),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(language: Language, count: i64) -> String {
        text_with(language, "common-points", &[("count", count.into())])
    }

    #[test]
    fn plurals_follow_the_language() {
        assert_eq!(points(Language::English, 0), "0 points");
        assert_eq!(points(Language::English, 1), "1 point");
        assert_eq!(points(Language::English, 1234), "1,234 points");
        assert_eq!(points(Language::French, 0), "0\u{a0}point");
        assert_eq!(points(Language::French, 1), "1\u{a0}point");
        assert_eq!(points(Language::French, 2), "2\u{a0}points");
        assert_eq!(points(Language::French, 1_000_000), "1\u{202f}000\u{202f}000\u{a0}points");
    }

    #[test]
    fn texts_are_of_the_language_asked_for() {
        assert_eq!(text(Language::English, "common-save"), "Save");
        assert_eq!(text(Language::French, "common-save"), "Enregistrer");
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "no-such-key")]
    fn a_missing_key_stops_a_debug_build() {
        let _ = text(Language::English, "no-such-key");
    }

    #[test]
    #[cfg(debug_assertions)]
    #[should_panic(expected = "common-points")]
    fn a_missing_value_stops_a_debug_build() {
        let _ = text(Language::French, "common-points");
    }

    #[test]
    #[cfg(not(debug_assertions))]
    fn a_missing_key_is_shown_itself() {
        assert_eq!(text(Language::English, "no-such-key"), "no-such-key");
    }
}
