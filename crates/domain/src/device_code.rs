//! Codes of devices without a browser (RFC 8628): short enough to type, and how often the device
//! may ask what became of its own.

use jiff::{SignedDuration, Timestamp};

use crate::refusal::Refusal;

/// How long a code can be typed.
pub const LIFETIME: SignedDuration = SignedDuration::from_secs(600);

/// The seconds that a device waits between two questions, at first.
pub const INTERVAL: i64 = 5;

/// The seconds that come on top each time that it does not wait.
pub const SLOWER: i64 = 5;

/// The letters of a code: no vowels, so that no words come of them; nothing that is misread.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

/// A code as people type it: eight letters, shown with a hyphen in the middle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedCode(String);

impl TypedCode {
    /// Makes one from random bytes; none where they would not give each code the same chance.
    #[must_use]
    pub fn draw(random: [u8; 16]) -> Option<Self> {
        let fair = random.into_iter().filter(|byte| *byte < 240);
        let letters = fair.filter_map(|byte| LETTERS.get(usize::from(byte % 20)));
        let text: String = letters.take(8).map(|letter| char::from(*letter)).collect();
        (text.len() == 8).then_some(Self(text))
    }

    /// Reads what somebody typed: capital or small letters, hyphens and spaces as they like.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let is_between = |letter: char| letter == '-' || letter.is_whitespace();
        let letters = typed.chars().filter(|letter| !is_between(*letter));
        let text: String = letters.take(9).map(|letter| letter.to_ascii_uppercase()).collect();
        if text.is_empty() {
            return Err(Refusal::Missing {});
        }
        let is_code = text.len() == 8 && text.bytes().all(|byte| LETTERS.contains(&byte));
        if is_code { Ok(Self(text)) } else { Err(Refusal::DeviceCodeUnknown {}) }
    }

    /// The letters, as they are stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The letters with a hyphen in the middle, as they are shown.
    #[must_use]
    pub fn shown(&self) -> String {
        let (first, second) = self.0.split_at_checked(4).unwrap_or((&self.0, ""));
        format!("{first}-{second}")
    }
}

/// Whether a device asks again too soon.
#[must_use]
pub fn is_too_soon(asked_at: Option<Timestamp>, interval: i64, now: Timestamp) -> bool {
    asked_at.is_some_and(|at| now.duration_since(at) < SignedDuration::from_secs(interval))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let code = TypedCode::parse("bcdf-ghjk").expect("a code");
        assert_eq!((code.as_str(), code.shown().as_str()), ("BCDFGHJK", "BCDF-GHJK"));
        assert_eq!(TypedCode::parse(" BCDF GHJK "), Ok(code));
        assert_eq!(TypedCode::parse(" - "), Err(Refusal::Missing {}));
        for typed in ["bcdfghj", "bcdfghjkl", "bcdfghja", "bcdf\u{e9}hjk", "11111111"] {
            assert_eq!(TypedCode::parse(typed), Err(Refusal::DeviceCodeUnknown {}), "{typed}");
        }
    }

    #[test]
    fn a_device_waits_between_two_questions() {
        let at = Timestamp::from_second(1_000).expect("a moment");
        let after = |seconds: i64| Timestamp::from_second(1_000 + seconds).expect("a moment");
        assert!(!is_too_soon(None, 5, at));
        assert!(is_too_soon(Some(at), 5, after(4)));
        assert!(!is_too_soon(Some(at), 5, after(5)));
    }

    proptest! {
        #[test]
        fn what_is_drawn_can_be_typed(random: [u8; 16]) {
            if let Some(code) = TypedCode::draw(random) {
                prop_assert_eq!(TypedCode::parse(&code.shown()), Ok(code.clone()));
                prop_assert_eq!(TypedCode::parse(&code.shown().to_lowercase()), Ok(code));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(typed in "\\PC{0,40}") {
            let _read = TypedCode::parse(&typed);
        }
    }
}
