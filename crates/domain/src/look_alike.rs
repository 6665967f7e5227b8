//! Names that read like another's (C8): two names look alike where their skeletons by Unicode
//! Technical Standard 39, section 4, are the same. Capitals, spaces, marks and joining signs say
//! nothing.

use std::collections::BTreeSet;

use unicode_security::confusable_detection::skeleton;

/// The shortest look that is compared: two letters look like anything.
const LETTERS_MIN: usize = 3;

/// What a reader may take a name for: as it is written, and in small letters, since a capital I
/// looks like an l and a small one does not. Two names look alike where one look is the same; a
/// name that is too short looks like nothing.
#[must_use]
pub fn looks(name: &str) -> BTreeSet<String> {
    let small: String = name.chars().flat_map(char::to_lowercase).collect();
    let looks = [name, &small].map(|text| {
        let letters = skeleton(text).flat_map(char::to_lowercase);
        letters.filter(|letter| letter.is_alphanumeric()).collect::<String>()
    });
    looks.into_iter().filter(|look| look.chars().count() >= LETTERS_MIN).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn are_alike(one: &str, other: &str) -> bool {
        !looks(one).is_disjoint(&looks(other))
    }

    #[test]
    fn what_reads_the_same_looks_alike() {
        for (one, other) in [
            ("wikipedia", "wіkіреdіа"),
            ("Lilli", "LiIIi"),
            ("example", "EXAMPLE"),
            ("Jane Doe", "jane-doe"),
            ("google", "g00gle"),
            ("modern", "rnodern"),
            ("Ёлка", "Ëлка"),
        ] {
            assert!(are_alike(one, other), "{one} {other}");
        }
        for (one, other) in [("wikipedia", "wikimedia"), ("ada", "adam"), ("Ed", "Ed"), ("", "")] {
            assert!(!are_alike(one, other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn a_name_of_letters_looks_like_itself(name in "[a-z]{3,30}") {
            prop_assert!(are_alike(&name, &name.to_uppercase()));
        }

        #[test]
        fn any_text_has_looks(text in "\\PC{0,60}") {
            prop_assert!(looks(&text).len() <= 2);
        }
    }
}
