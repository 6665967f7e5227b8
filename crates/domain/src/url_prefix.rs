//! The first digits of the hash of a work's address: a client asks by them for what is known, and
//! the instance does not learn which page is read.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::work::CanonicalUrl;

/// The first 20 bits of the SHA-256 of a canonical address, written as five hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlPrefix(u32);

impl UrlPrefix {
    /// How many hexadecimal digits it has: about a million parts, in each of which far more pages
    /// of the web lie than anybody could try.
    pub const DIGITS: usize = 5;

    /// The prefix of an address.
    #[must_use]
    pub fn of(url: &CanonicalUrl) -> Self {
        let [first, second, third, ..] = url_hash(url);
        Self(u32::from_be_bytes([0, first, second, third]) >> 4)
    }

    /// Reads five digits, small letters only, so that each prefix has one spelling.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
        let is_prefix = text.len() == Self::DIGITS && text.bytes().all(is_digit);
        is_prefix.then(|| u32::from_str_radix(text, 16).ok().map(Self)).flatten()
    }

    /// The number that is stored.
    #[must_use]
    pub fn number(self) -> i64 {
        i64::from(self.0)
    }
}

impl fmt::Display for UrlPrefix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:05x}", self.0)
    }
}

/// SHA-256 of a canonical address as it is printed, in UTF-8.
#[must_use]
pub fn url_hash(url: &CanonicalUrl) -> [u8; 32] {
    Sha256::digest(url.as_str().as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_prefix_is_how_the_hash_begins() {
        // printf https://example.org/ | sha256sum
        let url = CanonicalUrl::parse("example.org").expect("an address");
        assert_eq!(url.as_str(), "https://example.org/");
        let hash: String = url_hash(&url).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, HASH);
        assert_eq!(UrlPrefix::of(&url).to_string(), HASH[..UrlPrefix::DIGITS]);
    }

    const HASH: &str = "8198d1bac40a1033653a78e48800cefc9e6b974ff075c66e5548b5c1e145a2b0";

    #[test]
    fn a_prefix_has_one_spelling() {
        for text in ["", "0000", "000000", "ABCDE", "0x123", "+1234", " 1234", "éabc"] {
            assert_eq!(UrlPrefix::parse(text), None, "{text}");
        }
        assert_eq!(UrlPrefix::parse("00000").map(UrlPrefix::number), Some(0));
        assert_eq!(UrlPrefix::parse("fffff").map(UrlPrefix::number), Some(1_048_575));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read(text in "[a-z]{1,20}\\.example/[a-z0-9]{0,20}") {
            let prefix = UrlPrefix::of(&CanonicalUrl::parse(&text).expect("an address"));
            prop_assert_eq!(UrlPrefix::parse(&prefix.to_string()), Some(prefix));
        }
    }
}
