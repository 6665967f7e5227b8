//! Amounts and currencies (product.md section 3, security.md L14): integers of millionths,
//! checked everywhere; no floating point.

use std::fmt;

use crate::refusal::Refusal;

/// Millionths in one unit of any currency.
pub const MICROS_PER_UNIT: i64 = 1_000_000;

/// The most that one entry, one budget or one typed amount may be: ten million units (L14).
pub const AMOUNT_MAX: Micros = Micros(10_000_000 * MICROS_PER_UNIT);

/// An amount in millionths of a currency's unit. It has no `+`: sums and products are checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Micros(i64);

impl Micros {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount of so many millionths.
    #[must_use]
    pub const fn new(micros: i64) -> Self {
        Self(micros)
    }

    /// An amount of whole units, for limits written in code.
    #[must_use]
    pub const fn units(units: i64) -> Self {
        Self(units * MICROS_PER_UNIT)
    }

    /// The count of millionths.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether it is more than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// The sum. Refused when it leaves 64 bits.
    pub fn plus(self, other: Self) -> Result<Self, Refusal> {
        self.0.checked_add(other.0).map(Self).ok_or(Refusal::Overflow {})
    }

    /// The difference. Refused when it leaves 64 bits.
    pub fn minus(self, other: Self) -> Result<Self, Refusal> {
        self.0.checked_sub(other.0).map(Self).ok_or(Refusal::Overflow {})
    }

    /// The amount with the other sign.
    pub fn negated(self) -> Result<Self, Refusal> {
        self.0.checked_neg().map(Self).ok_or(Refusal::Overflow {})
    }

    /// `floor(self × numerator ÷ denominator)` with the product in 128 bits (L14).
    pub fn times(self, numerator: u64, denominator: u64) -> Result<Self, Refusal> {
        let product = i128::from(self.0) * i128::from(numerator);
        let quotient = product.checked_div_euclid(i128::from(denominator));
        let quotient = quotient.ok_or(Refusal::Overflow {})?;
        i64::try_from(quotient).map(Self).map_err(|_| Refusal::Overflow {})
    }

    /// The sum of many, added up in 128 bits.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Result<Self, Refusal> {
        let total: i128 = amounts.into_iter().map(|amount| i128::from(amount.0)).sum();
        i64::try_from(total).map(Self).map_err(|_| Refusal::Overflow {})
    }

    /// What a bank can move: the amount without what is finer than the currency's decimals.
    /// Rounds toward zero.
    #[must_use]
    pub fn whole_cents(self, currency: Currency) -> Self {
        Self(self.0 - self.0 % currency.step())
    }

    /// Reads digits with at most `decimals` after one `.`, as the API writes amounts. No sign,
    /// exponent, grouping or other script's digits (L14); at most [`AMOUNT_MAX`].
    pub fn parse(text: &str, decimals: u8) -> Result<Self, Refusal> {
        let (units, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let has_point = text.contains('.');
        if units.is_empty() || !is_digits(units) || !is_digits(fraction) {
            return Err(Refusal::AmountMalformed {});
        }
        if has_point && fraction.is_empty() {
            return Err(Refusal::AmountMalformed {});
        }
        if fraction.len() > usize::from(decimals.min(6)) {
            return Err(Refusal::AmountTooFine { decimals: i64::from(decimals) });
        }
        let mut micros: i64 = 0;
        let padding = std::iter::repeat_n(b'0', 6 - fraction.len());
        for digit in units.bytes().chain(fraction.bytes()).chain(padding) {
            let next = micros.checked_mul(10).and_then(|m| m.checked_add(i64::from(digit - b'0')));
            micros = next.ok_or(Refusal::Overflow {})?;
        }
        if micros > AMOUNT_MAX.0 {
            return Err(Refusal::Overflow {});
        }
        Ok(Self(micros))
    }

    /// Writes the amount with `.` and as many decimals as it needs, at least `decimals`.
    #[must_use]
    pub fn to_decimal(self, decimals: u8) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let micros = self.0.unsigned_abs();
        let (units, rest) = (micros / 1_000_000, micros % 1_000_000);
        let mut fraction = format!("{rest:06}");
        while fraction.len() > usize::from(decimals) && fraction.ends_with('0') {
            fraction.pop();
        }
        if fraction.is_empty() {
            format!("{sign}{units}")
        } else {
            format!("{sign}{units}.{fraction}")
        }
    }
}

/// A currency: its code and how many decimals people write. ISO 4217 ones are known; a community
/// one is made by the operator (product.md section 8).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; Self::CODE_MAX],
    decimals: u8,
}

/// The ISO 4217 currencies that an instance can have, with their decimals.
const ISO: &[(&str, u8)] = &[
    ("AUD", 2),
    ("BGN", 2),
    ("BRL", 2),
    ("CAD", 2),
    ("CHF", 2),
    ("CLP", 0),
    ("CNY", 2),
    ("CZK", 2),
    ("DKK", 2),
    ("EUR", 2),
    ("GBP", 2),
    ("HUF", 2),
    ("IDR", 2),
    ("ILS", 2),
    ("INR", 2),
    ("ISK", 0),
    ("JPY", 0),
    ("KRW", 0),
    ("KWD", 3),
    ("MAD", 2),
    ("MXN", 2),
    ("NOK", 2),
    ("NZD", 2),
    ("PLN", 2),
    ("RON", 2),
    ("RSD", 2),
    ("SEK", 2),
    ("SGD", 2),
    ("THB", 2),
    ("TND", 3),
    ("TRY", 2),
    ("TWD", 2),
    ("UAH", 2),
    ("USD", 2),
    ("VND", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
    ("ZAR", 2),
];

impl Currency {
    /// The longest code.
    pub const CODE_MAX: usize = 12;

    /// The euro.
    pub const EUR: Self = Self { code: *b"EUR\0\0\0\0\0\0\0\0\0", decimals: 2 };

    /// An ISO 4217 currency by its code.
    #[must_use]
    pub fn iso(code: &str) -> Option<Self> {
        let found = ISO.iter().find(|(known, _)| *known == code);
        found.and_then(|(code, decimals)| Self::community(code, *decimals).ok())
    }

    /// A currency of the operator's own: 2 to 12 capitals, digits and hyphens, a capital first;
    /// 0 to 6 decimals.
    pub fn community(code: &str, decimals: u8) -> Result<Self, Refusal> {
        let is_plain =
            |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
        let starts_well = code.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase());
        let fits = (2..=Self::CODE_MAX).contains(&code.len()) && decimals <= 6;
        if !fits || !starts_well || !code.bytes().all(is_plain) {
            return Err(Refusal::CurrencyUnknown { code: code.chars().take(20).collect() });
        }
        let mut bytes = [0; Self::CODE_MAX];
        bytes.iter_mut().zip(code.bytes()).for_each(|(slot, byte)| *slot = byte);
        Ok(Self { code: bytes, decimals })
    }

    /// The code, such as `EUR`.
    #[must_use]
    pub fn code(&self) -> &str {
        let length = self.code.iter().position(|byte| *byte == 0).unwrap_or(Self::CODE_MAX);
        self.code.get(..length).and_then(|code| std::str::from_utf8(code).ok()).unwrap_or_default()
    }

    /// How many decimals people write.
    #[must_use]
    pub const fn decimals(self) -> u8 {
        self.decimals
    }

    /// The smallest amount that can be written, in millionths.
    #[must_use]
    pub const fn step(self) -> i64 {
        10_i64.pow(6 - self.decimals as u32)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

/// An amount and its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    /// How much.
    pub amount: Micros,
    /// Of what.
    pub currency: Currency,
}

impl Money {
    /// So much of a currency.
    #[must_use]
    pub const fn new(amount: Micros, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Reads a typed amount ([`Micros::parse`]) that must be more than nothing.
    pub fn parse_positive(text: &str, currency: Currency) -> Result<Self, Refusal> {
        let amount = Micros::parse(text, currency.decimals()).map_err(|refusal| match refusal {
            Refusal::Overflow {} => {
                Refusal::AmountTooLarge { limit: Self::new(AMOUNT_MAX, currency) }
            }
            other => other,
        })?;
        if amount.is_positive() {
            Ok(Self::new(amount, currency))
        } else {
            Err(Refusal::AmountZero {})
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.amount.to_decimal(self.currency.decimals()), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_decimals_are_those_of_iso_4217() {
        for (code, decimals) in ISO {
            let listed = iso_currency::Currency::from_code(code).expect("an ISO code");
            assert_eq!(listed.exponent(), Some(u16::from(*decimals)), "{code}");
        }
    }

    #[test]
    fn hostile_amounts_are_refused() {
        for text in [
            "", ".", "1.", ".5", "-1", "+1", "1e9", "１２", "1,00", " 1", "1 000", "NaN", "0x1",
            "1.0.0",
        ] {
            assert_eq!(Micros::parse(text, 2), Err(Refusal::AmountMalformed {}), "{text:?}");
        }
        assert_eq!(Micros::parse("1.001", 2), Err(Refusal::AmountTooFine { decimals: 2 }));
        assert_eq!(Micros::parse("10000000.01", 2), Err(Refusal::Overflow {}));
        assert_eq!(Micros::parse("99999999999999999999999", 2), Err(Refusal::Overflow {}));
        assert_eq!(Money::parse_positive("0.00", Currency::EUR), Err(Refusal::AmountZero {}));
    }

    #[test]
    fn whole_cents_leave_the_rest() {
        assert_eq!(Micros::new(12_349_999).whole_cents(Currency::EUR), Micros::new(12_340_000));
        let yen = Currency::iso("JPY").expect("yen");
        assert_eq!(Micros::new(12_349_999).whole_cents(yen), Micros::new(12_000_000));
    }

    #[test]
    fn sums_that_leave_the_range_are_refused() {
        let most = Micros::new(i64::MAX);
        assert_eq!(most.plus(Micros::new(1)), Err(Refusal::Overflow {}));
        assert_eq!(Micros::new(i64::MIN).negated(), Err(Refusal::Overflow {}));
        assert_eq!(most.times(2, 1), Err(Refusal::Overflow {}));
        assert_eq!(most.times(1, 0), Err(Refusal::Overflow {}));
        assert_eq!(Micros::sum([most, most, Micros::new(-i64::MAX)]), Ok(most));
    }

    proptest! {
        #[test]
        fn parse_after_print_is_the_same(micros in 0..=AMOUNT_MAX.get(), decimals in 0_u8..=6) {
            let amount = Micros::new(micros);
            prop_assert_eq!(Micros::parse(&amount.to_decimal(decimals), 6), Ok(amount));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,24}") {
            if let Ok(amount) = Micros::parse(&text, 6) {
                prop_assert!(amount >= Micros::ZERO && amount <= AMOUNT_MAX);
            }
        }
    }
}
