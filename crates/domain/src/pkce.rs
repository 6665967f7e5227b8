//! Proof that who exchanges a code is who asked for it (RFC 7636): S256 and nothing else (O1).

use sha2::{Digest as _, Sha256};

/// What a client showed when it asked for a code: the hash of what it will show for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge(String);

/// The letters of base64url.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl Challenge {
    /// Reads one: 43 letters of base64url.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_letter = |byte: u8| LETTERS.contains(&byte);
        (text.len() == 43 && text.bytes().all(is_letter)).then(|| Self(text.to_owned()))
    }

    /// The challenge of a verifier.
    #[must_use]
    pub fn of(verifier: &str) -> Self {
        let hash = Sha256::digest(verifier.as_bytes());
        let bit = |place: usize| {
            let byte = hash.get(place / 8).copied().unwrap_or_default();
            usize::from(byte >> (7 - place % 8) & 1)
        };
        let value =
            |letter: usize| (0..6).fold(0, |sum, offset| sum * 2 + bit(letter * 6 + offset));
        let letter = |value: usize| LETTERS.get(value).map_or('A', |letter| char::from(*letter));
        Self((0..43).map(value).map(letter).collect())
    }

    /// Whether this verifier is the one: 43 to 128 letters, digits, `-._~`.
    #[must_use]
    pub fn admits(&self, verifier: &str) -> bool {
        let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        let is_verifier = (43..=128).contains(&verifier.len()) && verifier.bytes().all(is_fine);
        is_verifier && *self == Self::of(verifier)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_standard_holds() {
        let challenge = Challenge::parse(CHALLENGE).expect("a challenge");
        assert!(challenge.admits(VERIFIER));
        for verifier in ["", CHALLENGE, &VERIFIER[..42], &format!("{VERIFIER} ")] {
            assert!(!challenge.admits(verifier), "{verifier}");
        }
    }

    #[test]
    fn a_challenge_has_43_letters() {
        for text in ["", "abc", VERIFIER.get(..42).expect("some"), &format!("{CHALLENGE}=")] {
            assert_eq!(Challenge::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_short_verifier_is_none_even_where_its_hash_fits() {
        assert!(!Challenge::of("short").admits("short"));
        assert!(!Challenge::of(&"a".repeat(129)).admits(&"a".repeat(129)));
    }

    proptest! {
        #[test]
        fn only_its_own_verifier_is_admitted(
            one in "[A-Za-z0-9._~-]{43,128}",
            other in "[A-Za-z0-9._~-]{43,128}",
        ) {
            let challenge = Challenge::of(&one);
            prop_assert_eq!(Challenge::parse(challenge.as_str()), Some(challenge.clone()));
            prop_assert!(challenge.admits(&one));
            prop_assert_eq!(challenge.admits(&other), one == other);
        }
    }
}
