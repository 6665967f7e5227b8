//! Notes of thanks: a patron signs a click with one, the creator sees it and can hide or report it
//! (product.md section 6).

use crate::click::clean_text;
use crate::refusal::Refusal;

crate::id! {
    /// A creator's report of a note.
    NoteReportId
}

/// A note of thanks that the creator sees: one to 500 characters of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note(String);

impl Note {
    /// The longest note, in characters.
    pub const LENGTH_MAX: usize = 500;

    /// Reads a typed note; nothing typed is no note.
    pub fn parse(text: &str) -> Result<Option<Self>, Refusal> {
        let text = clean_text(text, Self::LENGTH_MAX)?;
        Ok((!text.is_empty()).then_some(Self(text)))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why somebody does something, in their own words: as long as a note, and never nothing. Refused
/// like one, and where nothing was typed.
pub fn reason(typed: &str) -> Result<String, Refusal> {
    words(typed, Note::LENGTH_MAX)
}

/// What somebody says, up to so many characters, and never nothing.
pub fn words(typed: &str, limit: usize) -> Result<String, Refusal> {
    let text = clean_text(typed, limit)?;
    if text.is_empty() { Err(Refusal::Missing {}) } else { Ok(text) }
}

/// How an administrator answered a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteVerdict {
    /// The note stays.
    Kept,
    /// The note is gone.
    Removed,
}

impl NoteVerdict {
    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Removed => "removed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_plain_text() {
        assert_eq!(Note::parse("  "), Ok(None));
        let note = Note::parse(" merci\nà vous ").expect("text").expect("a note");
        assert_eq!(note.as_str(), "merci à vous");
        assert_eq!(Note::parse("a\u{202E}b"), Err(Refusal::NotText {}));
        assert_eq!(Note::parse("a\u{0}b"), Err(Refusal::NotText {}));
        assert_eq!(Note::parse(&"é".repeat(501)), Err(Refusal::TooLong { limit: 500 }));
    }
}
