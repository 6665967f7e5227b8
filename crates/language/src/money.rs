//! Amounts of money as each language writes them (product.md section 3.1): equal to ICU's
//! output for euro, dollar and pound; every other currency shows its code after the amount.

use obole_domain::{Currency, Money};

use crate::language::Language;
use crate::number::micros;

const NO_BREAK_SPACE: char = '\u{a0}';

/// An exact amount with the currency's decimals, and more (up to six) only when it needs them:
/// `€1,234.56`, `1 234,56 €`, `12.50 MLC-LYON`. Spaces do not break.
#[must_use]
pub fn money(language: Language, money: Money) -> String {
    print(language, i128::from(money.amount.get()), money.currency)
}

/// An amount for estimates: the currency's own decimals, the half away from zero.
#[must_use]
pub fn money_rounded(language: Language, money: Money) -> String {
    let (amount, step) = (i128::from(money.amount.get()), i128::from(money.currency.step()));
    let rounded = (amount.abs() + step / 2) / step * step * amount.signum();
    print(language, rounded, money.currency)
}

/// An amount as a person of this language types it: no sign, no groups. A form begins with it.
#[must_use]
pub fn money_typed(language: Language, money: Money) -> String {
    let plain = money.amount.to_decimal(money.currency.decimals());
    match language {
        Language::English => plain,
        Language::French => plain.replace('.', ","),
    }
}

/// The sign that a language prints for a currency, if it has one.
fn sign(language: Language, currency: Currency) -> Option<&'static str> {
    match (currency.code(), language) {
        ("EUR", _) => Some("€"),
        ("USD", Language::English) => Some("$"),
        ("USD", Language::French) => Some("$US"),
        ("GBP", Language::English) => Some("£"),
        ("GBP", Language::French) => Some("£GB"),
        _ => None,
    }
}

/// The signs that people type for a currency, in any language, the longer ones first.
pub(crate) fn typed_signs(currency: Currency) -> &'static [&'static str] {
    match currency.code() {
        "EUR" => &["€"],
        "USD" => &["US$", "$US", "$"],
        "GBP" => &["£GB", "£"],
        _ => &[],
    }
}

fn print(language: Language, amount: i128, currency: Currency) -> String {
    let digits = micros(language, amount.abs(), currency.decimals());
    let minus = if amount < 0 { "-" } else { "" };
    match (language, sign(language, currency)) {
        (Language::English, Some(sign)) => format!("{minus}{sign}{digits}"),
        (Language::French, Some(sign)) => format!("{minus}{digits}{NO_BREAK_SPACE}{sign}"),
        (_, None) => format!("{minus}{digits}{NO_BREAK_SPACE}{currency}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use obole_domain::Micros;

    fn of(micros: i64, currency: Currency) -> Money {
        Money::new(Micros::new(micros), currency)
    }

    #[test]
    fn each_currency_has_its_place() {
        let iso = |code| Currency::iso(code).expect("a known currency");
        let local = Currency::community("MLC-LYON", 2).expect("a code");
        for (currency, english, french) in [
            (Currency::EUR, "€1,234.50", "1\u{202f}234,50\u{a0}€"),
            (iso("USD"), "$1,234.50", "1\u{202f}234,50\u{a0}$US"),
            (iso("GBP"), "£1,234.50", "1\u{202f}234,50\u{a0}£GB"),
            (iso("CHF"), "1,234.50\u{a0}CHF", "1\u{202f}234,50\u{a0}CHF"),
            (local, "1,234.50\u{a0}MLC-LYON", "1\u{202f}234,50\u{a0}MLC-LYON"),
        ] {
            assert_eq!(money(Language::English, of(1_234_500_000, currency)), english);
            assert_eq!(money(Language::French, of(1_234_500_000, currency)), french);
        }
    }

    #[test]
    fn decimals_are_the_currencys_and_more_when_needed() {
        let yen = Currency::iso("JPY").expect("a known currency");
        let dinar = Currency::iso("KWD").expect("a known currency");
        for (micros, currency, english) in [
            (2_000_000, Currency::EUR, "€2.00"),
            (123_456, Currency::EUR, "€0.123456"),
            (1_005_000, Currency::EUR, "€1.005"),
            (-1, Currency::EUR, "-€0.000001"),
            (1_000_000, yen, "1\u{a0}JPY"),
            (1_200_000, dinar, "1.200\u{a0}KWD"),
        ] {
            assert_eq!(money(Language::English, of(micros, currency)), english);
        }
        assert_eq!(money(Language::French, of(-1_500_000, Currency::EUR)), "-1,50\u{a0}€");
        let least = of(i64::MIN, Currency::EUR);
        assert_eq!(money(Language::English, least), "-€9,223,372,036,854.775808");
    }

    #[test]
    fn what_a_form_begins_with_is_read_as_the_same() {
        for (language, typed) in [(Language::English, "1234.50"), (Language::French, "1234,50")] {
            let amount = of(1_234_500_000, Currency::EUR);
            assert_eq!(money_typed(language, amount), typed);
            let read = crate::parse_amount(language, typed, Currency::EUR);
            assert_eq!(read, Ok(amount.amount));
        }
    }

    #[test]
    fn estimates_round_the_half_away_from_zero() {
        for (micros, english) in [
            (1_005_000, "€1.01"),
            (1_004_999, "€1.00"),
            (-1_005_000, "-€1.01"),
            (-4_999, "€0.00"),
            (0, "€0.00"),
            (i64::MAX, "€9,223,372,036,854.78"),
        ] {
            assert_eq!(money_rounded(Language::English, of(micros, Currency::EUR)), english);
        }
        let fine = Currency::community("FINE", 6).expect("a code");
        assert_eq!(money_rounded(Language::English, of(1, fine)), "0.000001\u{a0}FINE");
    }
}
