//! Accounts: a person or an organisation with a sign-in, and the names that they go by.

use std::fmt;

use crate::refusal::Refusal;

crate::id! {
    /// An account.
    AccountId
}

crate::id! {
    /// A browser's sign-in, as its owner sees it in the list of sessions.
    SessionId
}

crate::id! {
    /// A passkey, as its owner sees it in the list.
    PasskeyId
}

crate::id! {
    /// A mail in the outbox.
    MailId
}

crate::id! {
    /// A code and link that prove who reads a mailbox.
    ConfirmationId
}

/// The public name of an account, `@handle`: ASCII (security.md C8), lower case, 2 to 30 letters,
/// digits, hyphens and underscores, a letter or digit at both ends.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle(String);

/// Names that would look like the instance speaking.
const RESERVED: &[&str] =
    &["admin", "administrator", "nobody", "obole", "official", "root", "support"];

impl Handle {
    /// The longest handle.
    pub const LENGTH_MAX: usize = 30;

    /// Reads a typed handle; a leading `@` and capitals are forgiven.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let trimmed = text.trim();
        let name = trimmed.strip_prefix('@').unwrap_or(trimmed).to_ascii_lowercase();
        let is_inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        let ends_well = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        let is_well = (2..=Self::LENGTH_MAX).contains(&name.len())
            && name.bytes().all(is_inner)
            && ends_well(name.bytes().next())
            && ends_well(name.bytes().last());
        if name.is_empty() {
            return Err(Refusal::Missing {});
        }
        if is_well { Ok(Self(name)) } else { Err(Refusal::HandleMalformed {}) }
    }

    /// Whether a newcomer may take it; administrators make the reserved ones by command.
    #[must_use]
    pub fn is_reserved(&self) -> bool {
        RESERVED.contains(&self.0.as_str())
    }

    /// The name without `@`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A mail address, folded to lower case: one mailbox is one account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The longest address (RFC 5321).
    pub const LENGTH_MAX: usize = 254;

    /// Reads a typed address: one `@`, printable ASCII without spaces or quoting on the left, a
    /// host name with a dot on the right; international host names become punycode.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::Missing {});
        }
        let parts = text.rsplit_once('@').ok_or(Refusal::EmailMalformed {})?;
        let (local, host) = parts;
        let is_atom =
            |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte);
        let dots_well = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
        if local.is_empty() || local.len() > 64 || !local.bytes().all(is_atom) || !dots_well {
            return Err(Refusal::EmailMalformed {});
        }
        let host = idna::domain_to_ascii_strict(host).map_err(|_| Refusal::EmailMalformed {})?;
        let is_host = host.contains('.') && host.len() <= 253 && !host.ends_with('.');
        let ends_in_name = host
            .rsplit('.')
            .next()
            .is_some_and(|last| last.len() >= 2 && !last.bytes().all(|byte| byte.is_ascii_digit()));
        let address = format!("{}@{host}", local.to_ascii_lowercase());
        if !is_host || !ends_in_name || address.len() > Self::LENGTH_MAX {
            return Err(Refusal::EmailMalformed {});
        }
        Ok(Self(address))
    }

    /// The folded address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The fewest characters of a password (security.md A1).
pub const PASSWORD_MIN: usize = 10;

/// The most bytes of a password: enough for any phrase, and hashing stays bounded.
pub const PASSWORD_MAX: usize = 512;

/// Passwords of at least [`PASSWORD_MIN`] characters that are tried first, and what makes one:
/// a single character, a run of digits, the same short piece again and again.
const COMMON: &[&str] = &[
    "0123456789",
    "1234567890",
    "12345678910",
    "1q2w3e4r5t",
    "azertyuiop",
    "baseball123",
    "changeme123",
    "football123",
    "iloveyou123",
    "letmein123",
    "motdepasse",
    "motdepasse1",
    "motdepasse123",
    "password12",
    "password123",
    "password1234",
    "princess123",
    "qwertyuiop",
    "qwerty12345",
    "sunshine123",
    "superman123",
    "trustno1trustno1",
    "welcome123",
    "zaq12wsxcde",
];

/// Checks a new password (security.md A1): long enough, not among the common ones, not the
/// account's own address.
pub fn check_password(password: &str, email: &EmailAddress) -> Result<(), Refusal> {
    if password.is_empty() {
        return Err(Refusal::Missing {});
    }
    if password.chars().count() < PASSWORD_MIN {
        return Err(Refusal::PasswordTooShort { limit: PASSWORD_MIN as i64 });
    }
    if password.len() > PASSWORD_MAX {
        return Err(Refusal::TooLong { limit: PASSWORD_MAX as i64 });
    }
    let folded = password.to_lowercase();
    let local = email.as_str().split('@').next().unwrap_or_default();
    let is_guessable = COMMON.contains(&folded.as_str())
        || folded == email.as_str()
        || (local.len() >= PASSWORD_MIN && folded == local)
        || is_repetition(&folded);
    if is_guessable { Err(Refusal::PasswordCommon {}) } else { Ok(()) }
}

/// Whether a text is one piece of at most four characters again and again.
fn is_repetition(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    (1..=4).any(|width| {
        characters.iter().zip(characters.iter().skip(width)).all(|(one, later)| one == later)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_folded_or_refused() {
        assert_eq!(Handle::parse(" @Ada-3 ").map(|handle| handle.to_string()), Ok("ada-3".into()));
        for text in ["a", "-ada", "ada-", "a da", "ädä", "аda", &"a".repeat(31), "<b>"] {
            assert_eq!(Handle::parse(text), Err(Refusal::HandleMalformed {}), "{text}");
        }
        assert_eq!(Handle::parse("  "), Err(Refusal::Missing {}));
    }

    #[test]
    fn addresses_are_folded_or_refused() {
        let address = EmailAddress::parse(" Ada@Exämple.ORG ").map(|address| address.to_string());
        assert_eq!(address, Ok("ada@xn--exmple-cua.org".into()));
        let refused = [
            "ada",
            "@example.org",
            "ada@",
            "ada@localhost",
            "a da@example.org",
            "ada@example.org\nBcc: x@y.zz",
            "ada@ex ample.org",
            "ada@127.0.0.1",
            ".ada@example.org",
            "a..b@example.org",
            "\"a\"@example.org",
        ];
        for text in refused {
            assert_eq!(EmailAddress::parse(text), Err(Refusal::EmailMalformed {}), "{text}");
        }
        assert!(EmailAddress::parse(&format!("ada@{}.org", "a.".repeat(130))).is_err());
    }

    #[test]
    fn weak_passwords_are_refused() {
        let email = EmailAddress::parse("ada.lovelace@example.org").expect("an address");
        let check = |password: &str| check_password(password, &email);
        assert_eq!(check("short"), Err(Refusal::PasswordTooShort { limit: 10 }));
        for common in ["Password123", "aaaaaaaaaaaa", "abcabcabcabc", "ada.lovelace"] {
            assert_eq!(check(common), Err(Refusal::PasswordCommon {}), "{common}");
        }
        assert!(check(&"x1".repeat(300)).is_err());
        assert_eq!(check("a quiet harbour"), Ok(()));
    }
}
