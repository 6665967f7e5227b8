//! Vouchers: prepaid codes of 80 random bits in Crockford's base 32 with a check symbol
//! (security.md M7).

use std::fmt;

use crate::refusal::Refusal;

crate::id! {
    /// A voucher.
    VoucherId
}

crate::id! {
    /// The vouchers that were made together.
    VoucherBatchId
}

/// Crockford's digits, then the five that only a check symbol can be.
const SYMBOLS: &[u8; 37] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

/// How many digits carry the 80 bits.
const DIGITS: usize = 16;

/// The most vouchers in one batch.
pub const BATCH_MAX: i64 = 1_000;

/// A voucher's secret code. `Debug` hides it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VoucherCode(u128);

impl VoucherCode {
    /// A code from 80 random bits.
    #[must_use]
    pub fn from_random(random: [u8; 10]) -> Self {
        Self(random.iter().fold(0, |bits, byte| bits << 8 | u128::from(*byte)))
    }

    /// Reads a typed code: case, spaces and hyphens mean nothing, O is 0, I and L are 1. A wrong
    /// check symbol is told apart from other refusals: it says nothing about what exists.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let skipped =
            |character: &char| character.is_whitespace() || matches!(character, '-' | '–');
        let typed: Vec<char> = text.chars().filter(|c| !skipped(c)).take(DIGITS + 2).collect();
        if typed.is_empty() {
            return Err(Refusal::Missing {});
        }
        let values: Option<Vec<u128>> = typed.iter().map(|character| value(*character)).collect();
        let values = values.filter(|values| values.len() == DIGITS + 1);
        let values = values.ok_or(Refusal::VoucherMistyped {})?;
        let (check, digits) = values.split_last().ok_or(Refusal::VoucherMistyped {})?;
        let bits = digits.iter().fold(0, |bits, digit| bits * 32 + digit);
        let is_sound = digits.iter().all(|digit| *digit < 32) && bits % 37 == *check;
        if is_sound { Ok(Self(bits)) } else { Err(Refusal::VoucherMistyped {}) }
    }

    /// The bytes that are kept as an HMAC, never as they are.
    #[must_use]
    pub fn secret_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// The code as it is handed out: four groups of four and the check symbol.
    #[must_use]
    pub fn reveal(self) -> String {
        let mut text = String::with_capacity(DIGITS + 5);
        for place in (0..DIGITS).rev() {
            text.push(symbol((self.0 >> (place * 5)) % 32));
            if place % 4 == 0 {
                text.push('-');
            }
        }
        text.push(symbol(self.0 % 37));
        text
    }
}

impl fmt::Debug for VoucherCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("VoucherCode(***)")
    }
}

/// The symbol of a value.
fn symbol(value: u128) -> char {
    let found = usize::try_from(value).ok().and_then(|place| SYMBOLS.get(place));
    found.map_or('?', |byte| char::from(*byte))
}

/// The value of a typed symbol.
fn value(character: char) -> Option<u128> {
    let folded = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = SYMBOLS.iter().position(|symbol| char::from(*symbol) == folded)?;
    u128::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn typing_errors_are_seen() {
        let code = VoucherCode::from_random([7; 10]).reveal();
        let swapped = format!("{}{}", if code.starts_with('0') { '1' } else { '0' }, &code[1..]);
        assert_eq!(VoucherCode::parse(&swapped), Err(Refusal::VoucherMistyped {}));
        for text in ["x", "0000-0000-0000-0000", "é", &"0".repeat(500)] {
            assert_eq!(VoucherCode::parse(text), Err(Refusal::VoucherMistyped {}), "{text}");
        }
        assert_eq!(VoucherCode::parse(" - "), Err(Refusal::Missing {}));
    }

    #[test]
    fn debug_hides_the_code() {
        assert_eq!(format!("{:?}", VoucherCode::from_random([1; 10])), "VoucherCode(***)");
    }

    proptest! {
        #[test]
        fn a_code_reads_back_however_it_is_typed(random: [u8; 10]) {
            let code = VoucherCode::from_random(random);
            let printed = code.reveal();
            prop_assert_eq!(VoucherCode::parse(&printed), Ok(code));
            let sloppy = printed.to_lowercase().replace('-', " ");
            let sloppy = sloppy.replace('0', "o").replace('1', "l");
            prop_assert_eq!(VoucherCode::parse(&sloppy), Ok(code));
        }
    }
}
