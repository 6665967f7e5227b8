//! The house rules of `locales`: every language complete, the same values in each, and the
//! typography of French.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::Language;

/// The texts of one language: the file, key and source of each.
type Texts = BTreeMap<(String, String), String>;

fn texts(language: Language) -> Texts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales").join(language.code());
    let mut texts = Texts::new();
    for entry in fs::read_dir(&folder).expect("a folder for each language") {
        let path = entry.expect("readable").path();
        let file = path.file_name().expect("a file").to_string_lossy().into_owned();
        read(&file, &fs::read_to_string(&path).expect("readable"), &mut texts);
    }
    texts
}

/// A text is its first line, `key = …`, and the lines after it that are set in.
fn read(file: &str, source: &str, texts: &mut Texts) {
    let mut key = None;
    for line in source.lines() {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        if line.starts_with([' ', '}']) {
            let place = key.as_ref().unwrap_or_else(|| panic!("{file}: {line} belongs to no key"));
            let text: &mut String = texts.get_mut(place).expect("just put in");
            text.push('\n');
            text.push_str(line);
            continue;
        }
        let (name, value) = line.split_once(" =").unwrap_or_else(|| panic!("{file}: {line}"));
        let place = (file.to_owned(), name.to_owned());
        let doubled = texts.insert(place.clone(), value.trim().to_owned());
        assert!(doubled.is_none(), "{file}: {name} stands there twice");
        key = Some(place);
    }
}

fn variables(text: &str) -> BTreeSet<&str> {
    let is_name = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let ends = |rest: &str| rest.find(|character| !is_name(character)).unwrap_or(rest.len());
    text.split('$').skip(1).map(|rest| &rest[..ends(rest)]).collect()
}

#[test]
fn every_text_is_in_every_language_with_the_same_values() {
    let english = texts(Language::English);
    for language in Language::ALL {
        let others = texts(language);
        let keys = |texts: &Texts| texts.keys().cloned().collect::<BTreeSet<_>>();
        let difference: Vec<_> =
            keys(&english).symmetric_difference(&keys(&others)).cloned().collect();
        assert!(difference.is_empty(), "not in English and {}: {difference:?}", language.name());
        for (place, text) in &others {
            let same = english.get(place).expect("no difference");
            assert_eq!(variables(text), variables(same), "{place:?}");
        }
    }
}

#[test]
fn keys_are_plain_and_texts_not_empty() {
    for language in Language::ALL {
        let texts = texts(language);
        let names: BTreeSet<_> = texts.keys().map(|(_, name)| name).collect();
        assert_eq!(names.len(), texts.len(), "a key stands in two files");
        for ((file, name), text) in &texts {
            let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            let fits = name.split('-').count() >= 2
                && name.split('-').all(|word| !word.is_empty() && word.bytes().all(is_plain));
            assert!(fits, "{file}: {name} is not area-thing");
            assert!(!text.trim().is_empty(), "{file}: {name} says nothing");
        }
    }
}

#[test]
fn a_number_that_chooses_a_plural_is_shown_grouped() {
    for language in Language::ALL {
        for (place, text) in texts(language) {
            for variable in variables(&text) {
                let chooses = text.contains(&format!("${variable} ->"));
                let is_bare = text.contains(&format!("{{ ${variable} }}"));
                assert!(!(chooses && is_bare), "{place:?}: write {{ ${variable}_text }}");
            }
        }
    }
}

#[test]
fn french_keeps_its_typography() {
    for (place, text) in texts(Language::French) {
        assert!(!text.contains('\''), "{place:?}: write ’");
        let characters: Vec<char> = text.chars().collect();
        let is_no_break =
            |character: Option<&char>| matches!(character, Some('\u{a0}' | '\u{202f}'));
        for (at, character) in characters.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| characters.get(at));
            let ends = characters.get(at + 1).is_none_or(|next| next.is_whitespace());
            let fits = match character {
                ';' | '!' | '»' => is_no_break(before),
                // Within an address or a time of day there is no space.
                '?' | ':' => !ends || is_no_break(before),
                '«' => is_no_break(characters.get(at + 1)),
                _ => true,
            };
            assert!(fits, "{place:?}: no-break space missing at {character} in {text}");
        }
    }
}
