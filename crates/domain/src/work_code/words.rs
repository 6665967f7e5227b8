//! The words of codes, 1 024 for each language: common nouns of five to eight letters, easily
//! spelled, none within one letter of another of its list, none in both lists. The place of a word
//! in its file, modulo ten, is what it counts for: the columns. Words that are at most two letters
//! apart stand in different columns.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::CodeLanguage;

/// The words of one language.
pub(super) struct WordList {
    words: Vec<&'static str>,
}

static ENGLISH: LazyLock<WordList> = LazyLock::new(|| WordList::read(include_str!("en.txt")));
static FRENCH: LazyLock<WordList> = LazyLock::new(|| WordList::read(include_str!("fr.txt")));

/// Every word of both lists with its place.
static PLACES: LazyLock<HashMap<&'static str, (CodeLanguage, usize)>> = LazyLock::new(|| {
    let places = CodeLanguage::ALL.into_iter().flat_map(|language| {
        let words = WordList::of(language).words.iter().enumerate();
        words.map(move |(place, word)| (*word, (language, place)))
    });
    places.collect()
});

impl WordList {
    /// How many words each list has.
    pub const LENGTH: usize = 1_024;

    /// The words of a language.
    pub fn of(language: CodeLanguage) -> &'static Self {
        match language {
            CodeLanguage::English => &ENGLISH,
            CodeLanguage::French => &FRENCH,
        }
    }

    fn read(text: &'static str) -> Self {
        Self { words: text.split_whitespace().collect() }
    }

    /// The word at a place.
    pub fn word(&self, place: usize) -> &'static str {
        self.words.get(place).copied().unwrap_or_default()
    }
}

/// The language and the place of a word in one spelling.
pub(super) fn find(word: &str) -> Option<(CodeLanguage, usize)> {
    PLACES.get(word).copied()
}

/// The words that somebody may have meant, nearest first, three at most: of one language where it
/// is known.
pub(super) fn near(word: &str, language: Option<CodeLanguage>) -> Vec<&'static str> {
    let languages = CodeLanguage::ALL.into_iter();
    let languages = languages.filter(|one| language.is_none_or(|language| *one == language));
    let words = languages.flat_map(|language| WordList::of(language).words.iter().copied());
    let mut near: Vec<(usize, &str)> =
        words.map(|known| (distance(known, word), known)).filter(|(far, _)| *far <= 2).collect();
    near.sort_unstable();
    let nearest = near.first().map_or(0, |(far, _)| *far);
    near.into_iter().filter(|(far, _)| *far == nearest).map(|(_, word)| word).take(3).collect()
}

/// How many letters one must put in, leave out, replace or swap with the next to make one word of
/// another; three where it is more than two.
pub(super) fn distance(one: &str, other: &str) -> usize {
    const FAR: usize = 3;
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len().abs_diff(other.len()) >= FAR {
        return FAR;
    }
    let mut before: Vec<usize> = vec![FAR; other.len() + 1];
    let mut above: Vec<usize> = (0..=other.len()).collect();
    let mut last = None;
    for (row, letter) in one.iter().enumerate() {
        let mut line = vec![row + 1];
        let pairs = above.windows(2).zip(&before);
        let mut left = row + 1;
        let mut previous = None;
        for ((pair, two_up), letter_other) in pairs.zip(other) {
            let [diagonal, up] = *pair else { continue };
            let changed = diagonal + usize::from(letter != letter_other);
            let mut least = changed.min(up + 1).min(left + 1);
            if last == Some(letter_other) && previous == Some(letter) {
                least = least.min(two_up + 1);
            }
            line.push(least);
            (left, previous) = (least, Some(letter_other));
        }
        // What a swap continues stands two rows up and two letters left.
        before = std::iter::once(FAR).chain(above).collect();
        above = line;
        last = Some(letter);
    }
    above.last().copied().unwrap_or(FAR).min(FAR)
}

/// A text in small letters without accents; everything but letters and digits is a space, and one
/// stands between letters and digits.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match plain(letter) {
            Some(plain) => folded.push_str(plain),
            None if letter.is_ascii_alphanumeric() => folded.push(letter),
            // An accent that stands behind its letter.
            None if ('\u{300}'..='\u{36f}').contains(&letter) => {}
            None => folded.push(' '),
        }
    }
    folded
}

/// A letter of French or of its neighbours without its accent.
const fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'œ' => "oe",
        'æ' => "ae",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// What no code may say, in either language: also as a part of a word.
    const NEVER: [&str; 24] = [
        "anal", "arse", "bitch", "bite", "bomb", "chatte", "cock", "conne", "cunt", "fuck",
        "hitler", "kill", "merde", "nazi", "negre", "nigg", "penis", "porn", "putain", "rape",
        "salope", "shit", "slut", "vagin",
    ];

    /// Words with such a part that mean nothing bad.
    const FINE: [&str; 6] = ["drapeau", "drapery", "grape", "orbite", "peacock", "skillet"];

    #[test]
    fn lists_hold_1024_plain_words_each() {
        let mut all = HashSet::new();
        for language in CodeLanguage::ALL {
            let words = &WordList::of(language).words;
            assert_eq!(words.len(), WordList::LENGTH);
            for word in words {
                assert!((4..=8).contains(&word.len()), "{word}");
                assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
                assert!(all.insert(word), "{word} stands twice");
                let never = NEVER.iter().find(|never| word.contains(**never));
                assert!(never.is_none() || FINE.contains(word), "{word}: {never:?}");
            }
        }
    }

    #[test]
    fn words_are_two_letters_apart_and_near_ones_count_differently() {
        for language in CodeLanguage::ALL {
            let words = &WordList::of(language).words;
            for (place, word) in words.iter().enumerate() {
                for (other_place, other) in words.iter().enumerate().skip(place + 1) {
                    let far = distance(word, other);
                    assert!(far >= 2, "{word} {other}");
                    assert!(far > 2 || place % 10 != other_place % 10, "{word} {other}");
                }
            }
        }
    }

    #[test]
    fn a_distance_counts_letters() {
        for (one, other, far) in [
            ("maple", "maple", 0),
            ("maple", "maples", 1),
            ("maple", "mapel", 1),
            ("maple", "amplé", 3),
            ("maple", "ample", 1),
            ("maple", "mable", 1),
            ("maple", "table", 2),
            ("river", "rvier", 1),
            ("abcdef", "badcef", 2),
            ("a", "abcd", 3),
            ("", "ab", 2),
            ("abc", "xyz", 3),
        ] {
            assert_eq!(distance(one, other), far, "{one} {other}");
            assert_eq!(distance(other, one), far, "{other} {one}");
        }
    }

    #[test]
    fn accents_and_marks_mean_nothing() {
        assert_eq!(fold("Érable–CŒUR4 2"), "erable coeur4 2");
        assert_eq!(fold("e\u{301}rable"), "erable");
    }
}
