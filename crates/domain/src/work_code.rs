//! Sayable codes of works: two words and two digits, such as `maple-river-42`, to say aloud, to
//! print and to type (docs/decisions/0049). The last digit is a check digit.

mod words;

use std::fmt;

use crate::refusal::Refusal;
use words::{WordList, find, near};

/// The longest text that is read as a code, in bytes.
const TEXT_MAX: usize = 120;

/// The language that a code's words are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeLanguage {
    /// English words.
    English,
    /// French words, without accents.
    French,
}

impl CodeLanguage {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::French];

    /// Its code: `en`, `fr`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
        }
    }

    /// The language of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

/// A code that stands for one work. Any of ten million in each language; whether a work has it is
/// another question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkCode {
    language: CodeLanguage,
    /// Places in the list of words.
    first: usize,
    second: usize,
    digit: u8,
}

impl WorkCode {
    /// A code from random bytes.
    #[must_use]
    pub fn from_random(language: CodeLanguage, random: [u8; 8]) -> Self {
        let bits = u64::from_be_bytes(random);
        let word = |shift: u32| usize::try_from(bits >> shift & 1_023).unwrap_or_default();
        let (first, second) = (word(0), word(10));
        let digit = u8::try_from((bits >> 20) % 10).unwrap_or_default();
        let second = if first == second { (second + 1) % WordList::LENGTH } else { second };
        let code = Self { language, first, second, digit };
        if code.is_in_order() { code } else { Self { first: second, second: first, ..code } }
    }

    /// Reads a code as it is typed: capitals, accents, and what stands between the parts mean
    /// nothing. The refusal says what kind of mistake it may be.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let parts = Parts::of(text).ok_or(Refusal::WorkCodeMalformed {})?;
        let found = parts.words.each_ref().map(|word| find(word));
        let (language, first, second) = match found {
            [Some((one, first)), Some((other, second))] if one == other => (one, first, second),
            [Some(_), Some(_)] => return Err(Refusal::WorkCodeMixed {}),
            [known, other] => {
                let wrong = if known.is_none() { &parts.words[0] } else { &parts.words[1] };
                let language = known.or(other).map(|(language, _)| language);
                return Err(unknown(wrong, language));
            }
        };
        let [digit, check] = parts.digits;
        let code = Self { language, first, second, digit };
        if code.is_in_order() && code.check() == check {
            return Ok(code);
        }
        let swapped = [
            (Self { first: second, second: first, ..code }, check),
            (Self { digit: check, ..code }, digit),
        ];
        let meant =
            swapped.iter().find(|(code, check)| code.is_in_order() && code.check() == *check);
        Err(match meant {
            Some((code, _)) => Refusal::WorkCodeSwapped { code: code.to_string() },
            None => Refusal::WorkCodeMistyped {},
        })
    }

    /// Whether a text looks like a code, right or wrong: two words, of which codes have at least
    /// one, and two digits.
    #[must_use]
    pub fn is_like(text: &str) -> bool {
        Parts::of(text).is_some_and(|parts| parts.words.iter().any(|word| find(word).is_some()))
    }

    /// The language of its words.
    #[must_use]
    pub const fn language(self) -> CodeLanguage {
        self.language
    }

    /// Two words of one value stand in the order of the list: so that a swap is seen, which the
    /// check digit could not see.
    const fn is_in_order(self) -> bool {
        value(self.first) != value(self.second) || self.first < self.second
    }

    /// The check digit.
    fn check(self) -> u8 {
        let digits = [value(self.first), value(self.second), self.digit];
        digits.into_iter().fold(0, step)
    }
}

impl fmt::Display for WorkCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = WordList::of(self.language);
        let (first, second) = (words.word(self.first), words.word(self.second));
        write!(formatter, "{first}-{second}-{}{}", self.digit, self.check())
    }
}

fn unknown(word: &str, language: Option<CodeLanguage>) -> Refusal {
    let near = near(word, language).join(", ");
    let word = word.to_owned();
    if near.is_empty() {
        Refusal::WorkCodeWord { word }
    } else {
        Refusal::WorkCodeWordNear { word, near }
    }
}

/// What a word counts for in the check digit: words of a list that are at most two letters apart
/// count for different values.
const fn value(place: usize) -> u8 {
    (place % 10) as u8
}

/// A totally anti-symmetric quasigroup of order ten (H. M. Damm, 2004): every single wrong digit
/// and every swap of two neighbours changes what comes out.
const QUASIGROUP: [[u8; 10]; 10] = [
    [0, 3, 1, 7, 5, 9, 8, 6, 4, 2],
    [7, 0, 9, 2, 1, 5, 4, 8, 6, 3],
    [4, 2, 0, 6, 8, 7, 1, 3, 5, 9],
    [1, 7, 5, 0, 9, 8, 3, 4, 2, 6],
    [6, 1, 2, 3, 0, 4, 5, 9, 7, 8],
    [3, 6, 7, 4, 2, 0, 9, 5, 8, 1],
    [5, 8, 6, 9, 7, 2, 0, 1, 3, 4],
    [8, 9, 4, 5, 3, 6, 2, 0, 1, 7],
    [9, 4, 3, 8, 6, 1, 7, 2, 0, 5],
    [2, 5, 8, 1, 4, 3, 6, 7, 9, 0],
];

fn step(check: u8, digit: u8) -> u8 {
    let row = QUASIGROUP.get(usize::from(check)).unwrap_or(&QUASIGROUP[0]);
    row.get(usize::from(digit)).copied().unwrap_or_default()
}

/// Two words and two digits, in one spelling.
struct Parts {
    words: [String; 2],
    digits: [u8; 2],
}

impl Parts {
    fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_address = text.contains(['/', ':', '?', '@', '=', '&', '%']);
        if text.len() > TEXT_MAX || is_address {
            return None;
        }
        let folded = words::fold(text);
        let end = folded.find(|letter: char| letter.is_ascii_digit())?;
        let (words, digits) = folded.split_at(end);
        let mut words = words.split_whitespace().map(str::to_owned);
        let words = [words.next()?, words.next()?, words.next().unwrap_or_default()];
        let [first, second, none] = words;
        let digits: Option<Vec<u8>> = digits
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .map(|digit| digit.to_digit(10).and_then(|digit| u8::try_from(digit).ok()))
            .collect();
        let digits = <[u8; 2]>::try_from(digits?).ok()?;
        none.is_empty().then_some(Self { words: [first, second], digits })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codes() -> impl Strategy<Value = WorkCode> {
        (prop::sample::select(&CodeLanguage::ALL[..]), any::<[u8; 8]>())
            .prop_map(|(language, random)| WorkCode::from_random(language, random))
    }

    fn parts(code: WorkCode) -> [String; 3] {
        let text = code.to_string();
        let mut parts = text.split('-').map(str::to_owned);
        [(); 3].map(|()| parts.next().expect("three parts"))
    }

    #[test]
    fn every_wrong_value_and_every_swap_changes_the_check_digit() {
        let check = |values: &[u8]| values.iter().fold(0, |check, digit| step(check, *digit));
        for number in 0..1_000_u16 {
            let values = [number / 100, number / 10 % 10, number % 10]
                .map(|digit| u8::try_from(digit).expect("a digit"));
            let right = check(&values);
            assert_eq!(check(&[values[0], values[1], values[2], right]), 0);
            for place in 0..3 {
                for other in (0..10).filter(|other| *other != values[place]) {
                    let mut wrong = values;
                    wrong[place] = other;
                    assert_ne!(check(&wrong), right, "{values:?} {wrong:?}");
                }
            }
            if values[0] != values[1] {
                assert_ne!(check(&[values[1], values[0], values[2]]), right, "{values:?}");
            }
            if values[2] != right {
                assert_ne!(check(&[values[0], values[1], right]), values[2], "{values:?}");
            }
        }
    }

    #[test]
    fn a_swap_is_said() {
        let code = WorkCode { language: CodeLanguage::English, first: 3, second: 17, digit: 4 };
        let [first, second, digits] = parts(code);
        let swapped = format!("{second} {first} {digits}");
        let said = Err(Refusal::WorkCodeSwapped { code: code.to_string() });
        assert_eq!(WorkCode::parse(&swapped), said);
        let turned: String = digits.chars().rev().collect();
        assert_eq!(WorkCode::parse(&format!("{first} {second} {turned}")), said);
    }

    #[test]
    fn the_refusal_says_what_kind_of_mistake_it_may_be() {
        let code = WorkCode { language: CodeLanguage::French, first: 5, second: 900, digit: 7 };
        let [first, second, digits] = parts(code);
        let words = WordList::of(CodeLanguage::English);
        let english = words.word(1);
        let mixed = WorkCode::parse(&format!("{first} {english} {digits}"));
        assert_eq!(mixed, Err(Refusal::WorkCodeMixed {}));
        let near = WorkCode::parse(&format!("{first} {second}x {digits}"));
        let expected = Refusal::WorkCodeWordNear { word: format!("{second}x"), near: second };
        assert_eq!(near, Err(expected));
        let unknown = WorkCode::parse(&format!("qqqqqqq {first} {digits}"));
        assert_eq!(unknown, Err(Refusal::WorkCodeWord { word: "qqqqqqq".to_owned() }));
        for text in [
            "",
            "-",
            "maple",
            "maple-42",
            "maple-river",
            "maple-river-4",
            "maple-river-421",
            "maple-river-lake-42",
            "42-maple-river",
            "maple-42-river",
            "https://maple-river-42/",
            "maple/river/42",
            "\u{0}",
            "٤٢ ٤٢ ٤٢",
            &"maple ".repeat(100),
        ] {
            assert_eq!(WorkCode::parse(text), Err(Refusal::WorkCodeMalformed {}), "{text}");
            assert!(!WorkCode::is_like(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_code_reads_back_however_it_is_typed(code in codes(), between in "[-. _,·–]{1,3}") {
            let printed = code.to_string();
            prop_assert_eq!(WorkCode::parse(&printed), Ok(code));
            prop_assert_eq!(WorkCode::parse(&printed.to_uppercase()), Ok(code));
            let accented = printed.replace('e', "é").replace('o', "Ô");
            prop_assert_eq!(WorkCode::parse(&accented), Ok(code));
            let [first, second, digits] = parts(code);
            let sloppy = format!(" {first}{between}{second}{digits}.");
            prop_assert_eq!(WorkCode::parse(&sloppy), Ok(code));
            prop_assert!(WorkCode::is_like(&sloppy));
        }

        /// Wrong words up to two letters away, other digits, swaps.
        #[test]
        fn every_single_mistake_is_found(code in codes(), place in any::<prop::sample::Index>()) {
            let [first, second, digits] = parts(code);
            let swapped = format!("{second}-{first}-{digits}");
            prop_assert!(WorkCode::parse(&swapped).is_err());
            for other in (0..100).map(|other| format!("{other:02}")) {
                let same = other.bytes().zip(digits.bytes()).filter(|(one, other)| one == other);
                if same.count() == 1 {
                    let text = format!("{first}-{second}-{other}");
                    prop_assert!(WorkCode::parse(&text).is_err(), "{}", text);
                }
            }
            let words = WordList::of(code.language);
            let wrong = place.index(WordList::LENGTH);
            for (right, second_is_wrong) in [(code.first, false), (code.second, true)] {
                let is_near = words::distance(words.word(right), words.word(wrong)) <= 2;
                if wrong != right && (is_near || value(wrong) != value(right)) {
                    let word = words.word(wrong);
                    let text = if second_is_wrong {
                        format!("{first}-{word}-{digits}")
                    } else {
                        format!("{word}-{second}-{digits}")
                    };
                    prop_assert!(WorkCode::parse(&text).is_err(), "{}", text);
                }
            }
        }

        #[test]
        fn no_text_is_too_much(text in "\\PC{0,200}") {
            let _ = WorkCode::parse(&text);
        }
    }
}
