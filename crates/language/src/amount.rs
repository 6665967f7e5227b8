//! Reads amounts as people type them (security.md L14). What could mean two amounts is refused:
//! nobody pays a thousand times what they meant.

use obole_domain::money::AMOUNT_MAX;
use obole_domain::{Currency, Micros, Money, Refusal};

use crate::language::Language;
use crate::money::typed_signs;

/// The longest text that is looked at.
const TYPED_BYTES_MAX: usize = 80;

/// Reads an amount typed by a person: digits, `,` or `.` before the decimals, groups only as the
/// language writes them, the currency's own sign or code at one end. Zero is an amount; signs,
/// exponents and other scripts' digits are not.
pub fn parse_amount(
    language: Language,
    typed: &str,
    currency: Currency,
) -> Result<Micros, Refusal> {
    let typed = typed.trim_matches(is_space);
    if typed.is_empty() {
        return Err(Refusal::Missing {});
    }
    if typed.len() > TYPED_BYTES_MAX {
        return Err(Refusal::AmountMalformed {});
    }
    let decimals = currency.decimals();
    let number = without_currency(typed, currency);
    let plain = match (grouped(language, number), decimal(language, number)) {
        (Some(units), None) => units,
        (None, Some(fine)) => fine,
        // `1,234` in English is two amounts where the currency has three decimals.
        (Some(_), Some(fine)) if fraction_length(&fine) <= usize::from(decimals) => {
            return Err(Refusal::AmountMalformed {});
        }
        (Some(units), Some(_)) => units,
        (None, None) => return Err(Refusal::AmountMalformed {}),
    };
    Micros::parse(&plain, decimals).map_err(|refusal| match refusal {
        Refusal::Overflow {} => Refusal::AmountTooLarge { limit: Money::new(AMOUNT_MAX, currency) },
        other => other,
    })
}

const fn is_space(character: char) -> bool {
    character.is_ascii_whitespace() || matches!(character, '\u{a0}' | '\u{202f}')
}

fn fraction_length(plain: &str) -> usize {
    plain.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

/// Takes the currency's sign or code off one end, once.
fn without_currency(typed: &str, currency: Currency) -> &str {
    let signs = typed_signs(currency).iter();
    let bare = signs.map(|sign| typed.strip_prefix(sign).or_else(|| typed.strip_suffix(sign)));
    let bare = bare.chain([without_code(typed, currency.code())]).flatten().next();
    bare.map_or(typed, |number| number.trim_matches(is_space))
}

/// Takes the code off, in capitals or not. One with digits or hyphens must stand apart: with the
/// currency `E5`, `1E5` could be an exponent.
fn without_code<'typed>(typed: &'typed str, code: &str) -> Option<&'typed str> {
    let start = typed.get(..code.len()).filter(|start| start.eq_ignore_ascii_case(code));
    let number = if start.is_some() {
        typed.get(code.len()..)?
    } else {
        let (number, end) = typed.split_at_checked(typed.len().checked_sub(code.len())?)?;
        end.eq_ignore_ascii_case(code).then_some(number)?
    };
    let is_letters = code.bytes().all(|byte| byte.is_ascii_alphabetic());
    let stands_apart = number.starts_with(is_space) || number.ends_with(is_space);
    (is_letters || stands_apart).then_some(number)
}

/// Reads digits without decimals, in one piece or grouped as the language does.
fn grouped(language: Language, number: &str) -> Option<String> {
    let is_group_mark = |character: char| match language {
        Language::English => character == ',',
        Language::French => character == ' ' || character == '\u{a0}' || character == '\u{202f}',
    };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let groups: Vec<&str> = number.split(is_group_mark).collect();
    let (first, rest) = groups.split_first()?;
    let first_fits = rest.is_empty() || (first.len() <= 3 && !first.starts_with('0'));
    let fits = first_fits && is_digits(first);
    let rest_fits = rest.iter().all(|group| group.len() == 3 && is_digits(group));
    (fits && rest_fits).then(|| groups.concat())
}

/// Reads digits with decimals after the last `,` or `.`, and writes them with `.`. A mark that
/// separates groups cannot separate the decimals too.
fn decimal(language: Language, number: &str) -> Option<String> {
    let (place, mark) = number.char_indices().rfind(|(_, mark)| matches!(mark, ',' | '.'))?;
    let (units, fraction) = (number.get(..place)?, number.get(place + 1..)?);
    let is_digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits || units.contains(mark) {
        return None;
    }
    Some(format!("{}.{fraction}", grouped(language, units)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, French};
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::iso(code).expect("a known currency")
    }

    fn euros(language: Language, typed: &str) -> Result<i64, Refusal> {
        parse_amount(language, typed, Currency::EUR).map(Micros::get)
    }

    #[test]
    fn both_languages_take_both_separators() {
        for language in Language::ALL {
            for (typed, micros) in [
                ("0", 0),
                ("2", 2_000_000),
                ("007", 7_000_000),
                ("2,5", 2_500_000),
                ("2.50", 2_500_000),
                ("1234,50", 1_234_500_000),
                (" \u{a0}2\u{202f}\t", 2_000_000),
                ("€2", 2_000_000),
                ("2,00\u{a0}€", 2_000_000),
                ("2EUR", 2_000_000),
                ("eur 2", 2_000_000),
            ] {
                assert_eq!(euros(language, typed), Ok(micros), "{typed}");
            }
        }
    }

    #[test]
    fn groups_are_those_of_the_language() {
        let million = Ok(1_234_567_500_000);
        assert_eq!(euros(English, "1,234,567.50"), million);
        for space in [" ", "\u{a0}", "\u{202f}"] {
            let typed = |mark| format!("1{space}234{space}567{mark}50");
            assert_eq!(euros(French, &typed(",")), million);
            assert_eq!(euros(French, &typed(".")), million);
            assert_eq!(euros(English, &typed(".")), Err(Refusal::AmountMalformed {}));
        }
        assert_eq!(euros(English, "1,234"), Ok(1_234_000_000));
        assert_eq!(euros(French, "1,234"), Err(Refusal::AmountTooFine { decimals: 2 }));
        assert_eq!(euros(French, "1.234"), Err(Refusal::AmountTooFine { decimals: 2 }));
        assert_eq!(euros(English, "1.234"), Err(Refusal::AmountTooFine { decimals: 2 }));
        assert_eq!(euros(English, "0,234"), Err(Refusal::AmountTooFine { decimals: 2 }));
    }

    #[test]
    fn three_decimals_make_an_english_comma_ambiguous() {
        let dinars = |language, typed| parse_amount(language, typed, currency("KWD"));
        assert_eq!(dinars(English, "1,234"), Err(Refusal::AmountMalformed {}));
        assert_eq!(dinars(English, "1.234"), Ok(Micros::new(1_234_000)));
        assert_eq!(dinars(English, "1,23"), Ok(Micros::new(1_230_000)));
        assert_eq!(dinars(English, "1,234.000"), Ok(Micros::units(1234)));
        assert_eq!(dinars(French, "1,234"), Ok(Micros::new(1_234_000)));
        let yen = parse_amount(English, "1,234", currency("JPY"));
        assert_eq!(yen, Ok(Micros::units(1234)));
        let yen = parse_amount(English, "5.0", currency("JPY"));
        assert_eq!(yen, Err(Refusal::AmountTooFine { decimals: 0 }));
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for language in Language::ALL {
            for typed in [
                "-1",
                "+1",
                "1e5",
                "1E5",
                "٣",
                "２",
                "½",
                ".5",
                "5.",
                ",",
                "€",
                "EUR",
                "1..2",
                "1,2,3",
                "1,234,56",
                "1.2.3",
                "1 2",
                "12 34",
                "1,23,456.00",
                "1234,567.00",
                "0x10",
                "NaN",
                "$2",
                "2 USD",
                "€2€",
                "EUR2EUR",
                "€ 2 EUR",
                "2 €EUR",
                "--",
                "1'234",
                "2\u{0}",
            ] {
                let refused = euros(language, typed);
                assert_eq!(refused, Err(Refusal::AmountMalformed {}), "{typed}");
            }
            assert_eq!(euros(language, " \u{a0} "), Err(Refusal::Missing {}));
            assert_eq!(euros(language, &"1".repeat(81)), Err(Refusal::AmountMalformed {}));
        }
        let limit = Money::new(AMOUNT_MAX, Currency::EUR);
        assert_eq!(euros(English, "10000000"), Ok(AMOUNT_MAX.get()));
        for typed in ["10000000.01", "99999999999999999999999999"] {
            assert_eq!(euros(English, typed), Err(Refusal::AmountTooLarge { limit }));
        }
    }

    #[test]
    fn codes_that_could_be_numbers_stand_apart() {
        let odd = Currency::community("E5", 2).expect("a code");
        assert_eq!(parse_amount(English, "1E5", odd), Err(Refusal::AmountMalformed {}));
        assert_eq!(parse_amount(English, "E512", odd), Err(Refusal::AmountMalformed {}));
        assert_eq!(parse_amount(English, "1 E5", odd), Ok(Micros::units(1)));
        assert_eq!(parse_amount(English, "E5 12", odd), Ok(Micros::units(12)));
        let local = Currency::community("MLC-LYON", 2).expect("a code");
        assert_eq!(parse_amount(French, "12,50\u{a0}MLC-LYON", local), Ok(Micros::new(12_500_000)));
        assert_eq!(parse_amount(English, "US$5", currency("USD")), Ok(Micros::units(5)));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_back(steps in 0_i64..=10_000_000_000_000, decimals in 0_u8..=6) {
            let local = Currency::community("MLC-LYON", decimals).expect("a code");
            let euro = Currency::EUR;
            for currency in [local, euro, currency("USD"), currency("GBP"), currency("JPY")] {
                let steps_max = AMOUNT_MAX.get() / currency.step();
                let amount = Micros::new(steps % (steps_max + 1) * currency.step());
                for language in Language::ALL {
                    let printed = crate::money(language, Money::new(amount, currency));
                    let number = printed.trim_matches(|c: char| !c.is_ascii_digit());
                    prop_assert_eq!(parse_amount(language, &printed, currency), Ok(amount));
                    prop_assert_eq!(parse_amount(language, number, currency), Ok(amount));
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused(typed in "[0-9., €$EUR\u{a0}\u{202f}eé'+-]{0,16}") {
            for language in Language::ALL {
                for code in ["EUR", "USD", "KWD", "JPY"] {
                    if let Ok(amount) = parse_amount(language, &typed, currency(code)) {
                        prop_assert!(amount >= Micros::ZERO && amount <= AMOUNT_MAX);
                    }
                }
            }
        }
    }
}
