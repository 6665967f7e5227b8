//! Codes that people type and links that they open to prove that they read a mailbox (A3).

use obole_domain::AccountId;
use obole_domain::account::ConfirmationId;

use crate::app::App;
use crate::secrets::{digest, hex};

/// How many characters a code has.
const LENGTH: usize = 8;

/// Crockford's base 32: nothing that looks like something else.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code and a link that are drawn and not stored.
#[derive(Clone)]
pub(crate) struct Drawn {
    pub(crate) id: ConfirmationId,
    /// As it is typed, `ABCD-2345`.
    pub(crate) code: String,
    /// The secret in the link.
    pub(crate) link: String,
    pub(crate) code_hash: [u8; 32],
    pub(crate) link_hash: [u8; 32],
}

/// Draws a code and a link for an account.
pub(crate) fn draw(app: &App, account: AccountId) -> Drawn {
    let letters = app.chance().bytes::<LENGTH>().map(|byte| letter(byte % 32));
    let code: String = letters.iter().collect();
    let (first, last) = code.split_at(LENGTH / 2);
    let link = hex(&app.chance().bytes::<32>());
    Drawn {
        id: ConfirmationId::new(app.chance().id(app.now())),
        code: format!("{first}-{last}"),
        code_hash: hash(app, account, &code),
        link_hash: digest(link.as_bytes()),
        link,
    }
}

/// What is stored of a typed code: a keyed hash, since 40 bits could be guessed from a plain one.
pub(crate) fn hash(app: &App, account: AccountId, typed: &str) -> [u8; 32] {
    let text = format!("{account} {}", folded(typed));
    app.secrets().mac("code", text.as_bytes())
}

/// A typed code without what does not matter: case, spaces, hyphens, letters that look alike.
pub(crate) fn folded(typed: &str) -> String {
    let characters = typed.chars().filter(|c| c.is_ascii_alphanumeric()).take(2 * LENGTH);
    let fold = |character: char| match character.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    characters.map(fold).collect()
}

pub(crate) fn letter(place: u8) -> char {
    LETTERS.get(usize::from(place)).map_or('0', |letter| char::from(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_a_code_is_forgiving() {
        assert_eq!(folded(" ab1o-23l5 "), "AB102315");
        assert_eq!(folded("ABCD 2345"), folded("abcd-2345"));
        assert_eq!(folded(&"A".repeat(100)).len(), 16);
        assert_eq!(letter(31), 'Z');
    }
}
