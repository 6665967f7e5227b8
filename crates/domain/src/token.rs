//! API tokens and their scopes (security.md O2, O3): 256 random bits with a prefix and a checksum,
//! so that a typing error is seen and a leaked one is found by its look.

use sha2::{Digest, Sha256};

use crate::refusal::Refusal;

crate::id! {
    /// A token, as its owner sees it in the list of tokens.
    TokenId
}

/// What a token allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Read the account's name.
    Profile,
    /// Read the account's mail address.
    Email,
    /// Give, change and take back clicks.
    Click,
    /// Read clicks.
    ClicksRead,
    /// Read statements.
    StatsRead,
    /// Change works that the account controls.
    WorksWrite,
    /// Register web hooks.
    Webhooks,
    /// Read wallets and redeem vouchers; for personal tokens only.
    Wallet,
    /// Set budgets; for personal tokens only.
    Budget,
    /// Change what the account has set up; for personal tokens only.
    Settings,
}

impl Scope {
    /// All scopes.
    pub const ALL: [Self; 10] = [
        Self::Profile,
        Self::Email,
        Self::Click,
        Self::ClicksRead,
        Self::StatsRead,
        Self::WorksWrite,
        Self::Webhooks,
        Self::Wallet,
        Self::Budget,
        Self::Settings,
    ];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Email => "email",
            Self::Click => "click",
            Self::ClicksRead => "clicks:read",
            Self::StatsRead => "stats:read",
            Self::WorksWrite => "works:write",
            Self::Webhooks => "webhooks",
            Self::Wallet => "wallet",
            Self::Budget => "budget",
            Self::Settings => "settings",
        }
    }

    /// Reads names with spaces between, in any order, each once.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, Refusal> {
        let mut scopes = Vec::new();
        for name in text.split_whitespace() {
            let found = Self::ALL.into_iter().find(|scope| scope.name() == name);
            let unknown = || Refusal::ScopeUnknown { scope: name.chars().take(40).collect() };
            scopes.push(found.ok_or_else(unknown)?);
        }
        scopes.sort_unstable();
        scopes.dedup();
        if scopes.is_empty() { Err(Refusal::Missing {}) } else { Ok(scopes) }
    }

    /// Writes what [`Self::parse_list`] reads.
    #[must_use]
    pub fn print_list(scopes: &[Self]) -> String {
        scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(" ")
    }
}

/// What a secret text opens, which its first letters tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A personal token, made by its owner.
    Personal,
    /// An access token of a client.
    Access,
    /// What a client gets new access tokens with.
    Refresh,
    /// A code that a client exchanges.
    Code,
    /// What a device asks with.
    Device,
    /// The secret of a client.
    Secret,
}

impl TokenKind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Personal => "obo_pt_",
            Self::Access => "obo_at_",
            Self::Refresh => "obo_rt_",
            Self::Code => "obo_ac_",
            Self::Device => "obo_dc_",
            Self::Secret => "obo_cs_",
        }
    }
}

/// The letters of a token: Crockford's base 32 in small letters.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Writes a token from 256 random bits: the prefix, 52 letters, 6 letters of checksum.
#[must_use]
pub fn print(kind: TokenKind, random: [u8; 32]) -> String {
    let body = letters(&random, 52);
    let sum = checksum(&body);
    format!("{}{body}{sum}", kind.prefix())
}

/// Whether a text has the form of a token of a kind and its checksum holds. It says nothing about
/// whether the token exists.
#[must_use]
pub fn is_well_formed(kind: TokenKind, text: &str) -> bool {
    let body = text.strip_prefix(kind.prefix()).filter(|body| body.len() == 58 && body.is_ascii());
    let parts = body.and_then(|body| body.split_at_checked(52));
    parts.is_some_and(|(body, sum)| checksum(body) == sum)
}

/// Whether a text has the form of what the API takes: a personal token, or a client's.
#[must_use]
pub fn is_bearer(text: &str) -> bool {
    is_well_formed(TokenKind::Personal, text) || is_well_formed(TokenKind::Access, text)
}

/// What is stored of a token (O2).
#[must_use]
pub fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// The first 30 bits of the body's SHA-256.
fn checksum(body: &str) -> String {
    letters(&Sha256::digest(body.as_bytes()), 6)
}

/// The first `count` five-bit letters of some bytes, zeros after their end.
fn letters(bytes: &[u8], count: usize) -> String {
    let bit = |place: usize| {
        let byte = bytes.get(place / 8).copied().unwrap_or_default();
        usize::from(byte >> (7 - place % 8) & 1)
    };
    let letter = |place: usize| (0..5).fold(0, |value, offset| value * 2 + bit(place * 5 + offset));
    let symbol = |value: usize| LETTERS.get(value).map_or('0', |letter| char::from(*letter));
    (0..count).map(letter).map(symbol).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scopes_are_known_names() {
        let scopes = Scope::parse_list("clicks:read click  click").expect("known");
        assert_eq!(Scope::print_list(&scopes), "click clicks:read");
        let unknown = Err(Refusal::ScopeUnknown { scope: "pay".into() });
        assert_eq!(Scope::parse_list("click pay"), unknown);
        assert_eq!(Scope::parse_list(" "), Err(Refusal::Missing {}));
    }

    proptest! {
        #[test]
        fn a_token_is_well_formed_and_a_changed_one_is_not(random: [u8; 32], place in 7_usize..65) {
            let token = print(TokenKind::Personal, random);
            prop_assert_eq!(token.len(), 65);
            prop_assert!(is_well_formed(TokenKind::Personal, &token) && is_bearer(&token));
            prop_assert!(!is_well_formed(TokenKind::Access, &token));
            prop_assert!(!is_bearer(&print(TokenKind::Refresh, random)));
            let mut changed = token.into_bytes();
            changed[place] = if changed[place] == b'0' { b'1' } else { b'0' };
            prop_assert!(!is_bearer(std::str::from_utf8(&changed).expect("ascii")));
        }

        #[test]
        fn any_text_is_judged(text in "\\PC{0,80}") {
            prop_assert!(!is_bearer(&text));
        }
    }
}
