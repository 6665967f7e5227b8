//! Invitations: codes of 80 bits by which newcomers come into an instance that is not open.

use std::fmt;

use crate::refusal::Refusal;

crate::id! {
    /// An invitation.
    InvitationId
}

crate::id! {
    /// An address on the waiting list.
    WaitingId
}

/// The most that an account may invite.
pub const INVITED_MAX: i64 = 1_000;

/// For how many days an invitation can be used.
pub const INVITATION_DAYS: i64 = 30;

/// For how many days an address stays on the waiting list.
pub const WAITING_DAYS: i64 = 365;

/// How many digits carry the 80 bits.
const DIGITS: usize = 16;

/// Crockford's base 32: nothing that looks like something else.
const SYMBOLS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// An invitation's secret code. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationCode(String);

impl InvitationCode {
    /// A code from 80 bits.
    #[must_use]
    pub fn from_bits(bits: [u8; 10]) -> Self {
        let number = bits.iter().fold(0_u128, |number, byte| number << 8 | u128::from(*byte));
        let digit = |place: usize| symbol((number >> (5 * place)) % 32);
        Self((0..DIGITS).rev().map(digit).collect())
    }

    /// Reads a typed code: case, spaces and hyphens mean nothing, O is 0, I and L are 1.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let is_skipped = |character: &char| character.is_whitespace() || *character == '-';
        let typed: Vec<char> = text.chars().filter(|c| !is_skipped(c)).take(DIGITS + 1).collect();
        if typed.is_empty() {
            return Err(Refusal::Missing {});
        }
        let digits: Option<String> = typed.iter().map(|character| folded(*character)).collect();
        let digits = digits.filter(|digits| digits.len() == DIGITS);
        digits.map(Self).ok_or(Refusal::InvitationUnusable {})
    }

    /// The digits alone, as a keyed hash is made of them.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }

    /// The code as it is handed out: four groups of four.
    #[must_use]
    pub fn reveal(&self) -> String {
        let digits: Vec<char> = self.0.chars().collect();
        let groups: Vec<String> = digits.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join("-")
    }
}

impl fmt::Debug for InvitationCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("InvitationCode(***)")
    }
}

fn symbol(value: u128) -> char {
    let found = usize::try_from(value).ok().and_then(|place| SYMBOLS.get(place));
    found.map_or('0', |byte| char::from(*byte))
}

fn folded(character: char) -> Option<char> {
    let folded = match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    SYMBOLS.iter().any(|symbol| char::from(*symbol) == folded).then_some(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_however_it_is_typed() {
        let code = InvitationCode::from_bits([0, 1, 2, 3, 250, 251, 252, 253, 254, 255]);
        assert_eq!(code.reveal().len(), 19);
        let typed = code.reveal().to_lowercase().replace('0', "o").replace('-', " ");
        assert_eq!(InvitationCode::parse(&typed), Ok(code.clone()));
        assert_eq!(format!("{code:?}"), "InvitationCode(***)");
    }

    #[test]
    fn what_is_no_code_is_refused() {
        assert_eq!(InvitationCode::parse(" - "), Err(Refusal::Missing {}));
        for text in ["x", "0000-0000-0000-000U", "é", &"0".repeat(17), &"0".repeat(500)] {
            let refused = Err(Refusal::InvitationUnusable {});
            assert_eq!(InvitationCode::parse(text), refused, "{text}");
        }
    }
}
