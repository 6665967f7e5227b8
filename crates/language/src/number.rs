//! Numbers and percentages as each language writes them, with ICU's grouping and separators.

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;

use crate::language::{Language, PerLanguage};

thread_local! {
    // Not shared between threads: ICU's formatters cannot be.
    static FORMATTERS: PerLanguage<DecimalFormatter> = PerLanguage::new(|language| {
        DecimalFormatter::try_new(language.locale().into(), Default::default())
            .expect("the data of every language is compiled in")
    });
}

/// A whole number with its groups: `1,234` or `1 234` (U+202F).
#[must_use]
pub fn number(language: Language, number: i64) -> String {
    decimal(language, &Decimal::from(number))
}

/// Parts per million as a percentage, with the decimals that it needs: `7.5%` or `7,5 %`
/// (U+202F before the sign, as ICU writes it).
#[must_use]
pub fn percent(language: Language, ppm: u32) -> String {
    let mut share = Decimal::from(ppm);
    share.multiply_pow10(-4);
    share.trim_end();
    let digits = decimal(language, &share);
    match language {
        Language::English => format!("{digits}%"),
        Language::French => format!("{digits}\u{202f}%"),
    }
}

/// Millionths as a number with at least `decimals` decimals, more only if it needs them.
pub(crate) fn micros(language: Language, micros: i128, decimals: u8) -> String {
    let mut amount = Decimal::from(micros);
    amount.multiply_pow10(-6);
    amount.trim_end();
    amount.pad_end(-i16::from(decimals));
    decimal(language, &amount)
}

fn decimal(language: Language, decimal: &Decimal) -> String {
    FORMATTERS.with(|formatters| formatters.get(language).format(decimal).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(Language::English, 1_234_567), "1,234,567");
        assert_eq!(number(Language::French, 1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(number(Language::French, -1000), "-1\u{202f}000");
        assert_eq!(number(Language::English, i64::MIN), "-9,223,372,036,854,775,808");
        assert_eq!(number(Language::English, 0), "0");
    }

    #[test]
    fn percentages_show_what_they_need() {
        for (ppm, english, french) in [
            (100_000, "10%", "10\u{202f}%"),
            (75_000, "7.5%", "7,5\u{202f}%"),
            (0, "0%", "0\u{202f}%"),
            (1, "0.0001%", "0,0001\u{202f}%"),
            (1_000_000, "100%", "100\u{202f}%"),
        ] {
            assert_eq!(percent(Language::English, ppm), english);
            assert_eq!(percent(Language::French, ppm), french);
        }
    }
}
