//! The languages that Obole speaks, and which of them a browser asks for (RFC 9110).

use icu_locale_core::{Locale, locale};

/// How much of an `Accept-Language` header is read; what follows is ignored.
const RANGES_MAX: usize = 32;

/// A language that every text exists in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English, with days before months and a clock of 24 hours.
    English,
    /// French.
    French,
}

impl Language {
    /// All of them, the one to fall back on first.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// Its code for addresses, cookies and the `lang` attribute: `en` or `fr`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// What it calls itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::French => "Français",
        }
    }

    /// The language of exactly this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The language that an `Accept-Language` header likes best; English if it likes none.
    /// Regions do not matter (`fr-CA` is French), malformed parts are passed over.
    #[must_use]
    pub fn negotiate(accept_language: &str) -> Self {
        let ranges: Vec<Range> =
            accept_language.split(',').take(RANGES_MAX).filter_map(Range::parse).collect();
        let wishes = Self::ALL.into_iter().filter_map(|language| {
            let wish = language.wish(&ranges)?;
            Some((language, wish))
        });
        let best = wishes.reduce(|best, other| if other.1 > best.1 { other } else { best });
        best.map_or(Self::English, |(language, _)| language)
    }

    /// How much the ranges want this language; none if they do not accept it. `*` speaks only
    /// for the languages that no other range names. At the same quality the earlier wins.
    fn wish(self, ranges: &[Range]) -> Option<(u16, std::cmp::Reverse<usize>)> {
        let best = |name: &str| {
            let named = ranges.iter().enumerate().filter(|(_, range)| range.primary == name);
            named.map(|(place, range)| (range.quality, std::cmp::Reverse(place))).max()
        };
        best(self.code()).or_else(|| best("*")).filter(|(quality, _)| *quality > 0)
    }

    /// The regional form whose numbers and dates are shown.
    pub(crate) const fn locale(self) -> Locale {
        match self {
            Self::English => locale!("en-GB"),
            Self::French => locale!("fr"),
        }
    }
}

/// One thing of each language, made once.
pub(crate) struct PerLanguage<T> {
    english: T,
    french: T,
}

impl<T> PerLanguage<T> {
    pub(crate) fn new(make: impl Fn(Language) -> T) -> Self {
        Self { english: make(Language::English), french: make(Language::French) }
    }

    pub(crate) const fn get(&self, language: Language) -> &T {
        match language {
            Language::English => &self.english,
            Language::French => &self.french,
        }
    }
}

/// A part of the header: the first subtag in small letters, and its quality in thousandths.
struct Range {
    primary: String,
    quality: u16,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let (tag, parameter) = match text.split_once(';') {
            Some((tag, parameter)) => (tag, Some(parameter)),
            None => (text, None),
        };
        let primary = tag.split('-').next()?.trim().to_ascii_lowercase();
        let quality = parameter.map_or(Some(1000), parse_quality)?;
        Some(Self { primary, quality })
    }
}

/// Reads `q=0.8` as 800: zero or one, with at most three decimals, at most one.
fn parse_quality(parameter: &str) -> Option<u16> {
    let (name, value) = parameter.split_once('=')?;
    if !name.trim().eq_ignore_ascii_case("q") {
        return None;
    }
    let (whole, fraction) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    let is_digits = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits || !matches!(whole, "0" | "1") {
        return None;
    }
    let quality: u16 = format!("{whole}{fraction:0<3}").parse().ok()?;
    (quality <= 1000).then_some(quality)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_read_back_and_others_do_not() {
        for language in Language::ALL {
            assert_eq!(Language::from_code(language.code()), Some(language));
        }
        for code in ["", "FR", "fr-CA", "de"] {
            assert_eq!(Language::from_code(code), None, "{code}");
        }
    }

    #[test]
    fn the_best_accepted_language_wins() {
        for (header, code) in [
            ("", "en"),
            ("fr", "fr"),
            ("fr-CA", "fr"),
            ("FR-ca , en;q=0.9", "fr"),
            ("en;q=0.8, fr;q=0.9", "fr"),
            ("de, fr;q=0.2, en;q=0.1", "fr"),
            ("fr, en", "fr"),
            ("en, fr", "en"),
            ("fr;q=0.5,en;q=0.5", "fr"),
            ("de", "en"),
            ("*", "en"),
            ("en;q=0, *;q=0.5", "fr"),
            ("fr;q=0, *", "en"),
            ("fr ; q = 0.3", "fr"),
        ] {
            assert_eq!(Language::negotiate(header).code(), code, "{header}");
        }
    }

    #[test]
    fn malformed_parts_are_passed_over() {
        for header in [
            "fr;q=1.1",
            "fr;q=2",
            "fr;q=-1",
            "fr;q=0.1234",
            "fr;q=NaN",
            "fr;level=1",
            "fr;q=",
            "french",
            "fr_FR",
            "fr;q=0.000",
        ] {
            assert_eq!(Language::negotiate(header), Language::English, "{header}");
        }
        let late = format!("{}fr", "x,".repeat(100_000));
        assert_eq!(Language::negotiate(&late), Language::English);
    }

    proptest! {
        #[test]
        fn any_header_has_an_answer(header in "\\PC{0,60}") {
            let _ = Language::negotiate(&header);
        }
    }
}
