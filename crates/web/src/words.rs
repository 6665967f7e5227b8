//! Small turns of words that several pages need.

use obole_domain::{Money, Period};
use obole_language::Language;

/// At most so many characters, with an ellipsis where something was left out.
#[must_use]
pub fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A text without the characters that XML cannot hold (XML 1.0 section 2.2), not even escaped.
#[must_use]
pub fn for_xml(text: &str) -> String {
    let is_held = |letter: char| {
        !matches!(letter, '\u{fffe}' | '\u{ffff}')
            && (letter >= ' ' || matches!(letter, '\t' | '\n' | '\r'))
    };
    text.chars().filter(|letter| is_held(*letter)).collect()
}

/// A month as a title: with a capital.
#[must_use]
pub fn month_title(language: Language, period: Period) -> String {
    let name = obole_language::period(language, period);
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Amounts side by side, each only to its currency's own decimals: for estimates.
#[must_use]
pub fn rounded_list(language: Language, amounts: &[Money]) -> String {
    let printed = amounts.iter().map(|money| obole_language::money_rounded(language, *money));
    printed.collect::<Vec<_>>().join(" + ")
}

/// Amounts side by side.
#[must_use]
pub fn money_list(language: Language, amounts: &[Money]) -> String {
    let printed = amounts.iter().map(|money| obole_language::money(language, *money));
    printed.collect::<Vec<_>>().join(" + ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(shorten("éèê", 3), "éèê");
        assert_eq!(shorten("éèêë", 3), "éè…");
    }

    #[test]
    fn xml_gets_nothing_that_breaks_it() {
        assert_eq!(for_xml("a\u{0}\u{b}\u{1f}\u{fffe}\u{ffff}\tb\u{1f3b5}<"), "a\tb\u{1f3b5}<");
    }

    #[test]
    fn a_month_begins_with_a_capital() {
        let period = Period::parse("2026-11").expect("a month");
        assert_eq!(month_title(Language::French, period), "Novembre 2026");
    }
}
