//! What is looked for in a proof: a token of one claim, and nobody else's (C1). It is no secret: it
//! proves control by where it stands.

use std::fmt;

/// Crockford's alphabet in small letters: nothing that is mistaken for something else.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// How many symbols 128 bits need.
const SYMBOLS: usize = 26;

/// What every token begins with, so that who finds one knows what it is.
const PREFIX: &str = "obole-";

/// The token of a claim: `obole-` and 128 random bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProofToken(String);

impl ProofToken {
    /// Makes a token of random bits.
    #[must_use]
    pub fn from_random(random: [u8; 16]) -> Self {
        let mut rest = u128::from_be_bytes(random);
        let mut symbols = [b'0'; SYMBOLS];
        for symbol in symbols.iter_mut().rev() {
            let place = usize::try_from(rest & 31).unwrap_or_default();
            *symbol = ALPHABET.get(place).copied().unwrap_or(b'0');
            rest >>= 5;
        }
        Self(format!("{PREFIX}{}", String::from_utf8_lossy(&symbols)))
    }

    /// Reads a token; none when it is not one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let symbols = text.strip_prefix(PREFIX)?;
        let is_token = symbols.len() == SYMBOLS && symbols.bytes().all(|b| ALPHABET.contains(&b));
        is_token.then(|| Self(text.to_owned()))
    }

    /// As it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text of the TXT record.
    #[must_use]
    pub fn record(&self) -> String {
        format!("{}{}", Self::RECORD, self.0)
    }

    /// The address at an instance that means the claim: a page about its account.
    #[must_use]
    pub fn link(&self, base_url: &str, handle: &str) -> String {
        format!("{base_url}/@{handle}/{}", self.0)
    }

    /// What the text of a TXT record begins with.
    pub const RECORD: &'static str = "obole-verification=";

    /// The name of the meta element that carries a token.
    pub const META: &'static str = "obole:id";

    /// The file that carries tokens, one a line, under the root of what it proves.
    pub const FILE: &'static str = ".well-known/obole.txt";
}

impl fmt::Display for ProofToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_token_has_one_look() {
        let token = ProofToken::from_random([0xff; 16]);
        assert_eq!(token.as_str(), "obole-7zzzzzzzzzzzzzzzzzzzzzzzzz");
        assert_eq!(token.record(), "obole-verification=obole-7zzzzzzzzzzzzzzzzzzzzzzzzz");
        for text in ["", "obole-", "obole-7ZZZZZZZZZZZZZZZZZZZZZZZZZ", "7zzzzzzzzzzzzzzzzzzzzzzzzz"]
        {
            assert_eq!(ProofToken::parse(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn two_tokens_differ_where_their_bits_do(one: [u8; 16], other: [u8; 16]) {
            let (first, second) = (ProofToken::from_random(one), ProofToken::from_random(other));
            prop_assert_eq!(ProofToken::parse(first.as_str()), Some(first.clone()));
            prop_assert_eq!(first == second, one == other);
        }
    }
}
