//! The letters that every SEPA bank knows (EPC217-08): plain Latin, digits and a few signs.
//! Others are written with them letter by letter, so that a name stays recognisable.

/// The longest name of an account holder.
pub const NAME_MAX: usize = 70;

/// The longest text to the payee.
pub const REMITTANCE_MAX: usize = 140;

/// The longest identifier.
pub const ID_MAX: usize = 35;

/// A small letter or a sign, and what stands for it. Capitals are found by their small letter.
const REPLACEMENTS: &[(&str, &str)] = &[
    ("a", "àáâãäåāăąǎȁȃȧạảấầẩẫậắằẳẵặªаαάъ"),
    ("ae", "æǽ"),
    ("b", "ƀɓб"),
    ("c", "çćĉċčћ"),
    ("ch", "чχ"),
    ("d", "ďđðḍдδ"),
    ("dj", "ђ"),
    ("dz", "џѕ"),
    ("e", "èéêëēĕėęěȅȇẹẻẽếềểễệеёэѐεέ"),
    ("f", "ƒфφ"),
    ("g", "ĝğġģǧгґѓγ"),
    ("h", "ĥħḥх"),
    ("i", "ìíîïĩīĭįıǐȉȋỉịиіѝηήιίϊΐ"),
    ("ij", "ĳ"),
    ("j", "ĵј"),
    ("k", "ķĸкќκ"),
    ("l", "ĺļľŀłḷлλ"),
    ("lj", "љ"),
    ("m", "ṃмμµ"),
    ("n", "ñńņňŉŋǹṇнν"),
    ("nj", "њ"),
    ("o", "òóôõöøōŏőơǒȍȏȯọỏốồổỗộớờởỡợºοόωώо"),
    ("oe", "œ"),
    ("p", "ṗпπ"),
    ("ps", "ψ"),
    ("r", "ŕŗřȑȓṛрρ"),
    ("s", "śŝşšșſṣсσς"),
    ("sh", "ш"),
    ("sht", "щ"),
    ("ss", "ß"),
    ("t", "ţťŧțṭтτ"),
    ("th", "þθ"),
    ("ts", "ц"),
    ("u", "ùúûüũūŭůűųưǔȕȗụủứừửữựуў"),
    ("v", "вβ"),
    ("w", "ŵẁẃẅ"),
    ("x", "ξ"),
    ("y", "ýÿŷỳỵỷỹйыьυύϋΰ"),
    ("yi", "ї"),
    ("ya", "я"),
    ("ye", "є"),
    ("yu", "ю"),
    ("z", "źżžẓзζ"),
    ("zh", "ж"),
    ("'", "’‘ʼ´`"),
    ("-", "‐‑‒–—−_"),
    ("+", "&"),
    ("EUR", "€"),
];

/// Writes a text with the letters that banks know: é becomes e, ß becomes ss, other alphabets go
/// by a table, what has no counterpart becomes a space; spaces are collapsed, and the whole is
/// cut after `length` characters. Empty when nothing could be written.
#[must_use]
pub fn to_sepa(text: &str, length: usize) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_sepa(letter) {
            written.push(letter);
        } else if !is_combining(letter) {
            written.push_str(&replacement(letter));
        }
    }
    let mut words = String::with_capacity(written.len());
    for word in written.split(' ').filter(|word| !word.is_empty()) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    // All of it is ASCII by now: a byte is a character.
    words.truncate(length);
    words.truncate(words.trim_end().len());
    words
}

/// Whether it is an identifier that comes back from every bank unchanged: 1 to 35 letters,
/// digits and hyphens.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=ID_MAX).contains(&text.len()) && text.bytes().all(is_plain)
}

/// Whether every SEPA bank knows this letter.
const fn is_sepa(letter: char) -> bool {
    let is_sign =
        matches!(letter, '/' | '-' | '?' | ':' | '(' | ')' | '.' | ',' | '\'' | '+' | ' ');
    is_sign || letter.is_ascii_alphanumeric()
}

/// An accent that follows its letter: the letter alone is kept.
const fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

fn replacement(letter: char) -> String {
    let find = |wanted: char| {
        let found = REPLACEMENTS.iter().find(|(_, letters)| letters.contains(wanted));
        found.map(|(plain, _)| (*plain).to_owned())
    };
    let mut lower = letter.to_lowercase();
    // Only İ has more than one: i and a dot above.
    let small = lower.next().filter(|small| *small != letter);
    let capital = small.and_then(|small| {
        // The Kelvin and Ångström signs have a plain small letter.
        find(small).or_else(|| is_sepa(small).then(|| small.to_string()))
    });
    find(letter).or_else(|| capital.map(capitalised)).unwrap_or_else(|| " ".to_owned())
}

fn capitalised(mut plain: String) -> String {
    if let Some(first) = plain.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> String {
        to_sepa(text, NAME_MAX)
    }

    #[test]
    fn names_stay_recognisable() {
        for (original, written) in [
            ("Zoé Février", "Zoe Fevrier"),
            ("Zoe\u{301} Fe\u{301}vrier", "Zoe Fevrier"),
            ("Weiß & Söhne", "Weiss + Sohne"),
            ("Jørgen Ærø", "Jorgen Aero"),
            ("Cœur d’Œuvre", "Coeur d'Oeuvre"),
            ("Łukasz Żółć", "Lukasz Zolc"),
            ("İbrahim Işık", "Ibrahim Isik"),
            ("Nguyễn Văn Đức", "Nguyen Van Duc"),
            ("Þórður Guðmundsson", "Thordur Gudmundsson"),
            ("Γιώργος Ψαράς", "Giorgos Psaras"),
            ("ΧΡΙΣΤΙΝΑ Θεοδωρίδου", "ChRISTINA Theodoridoy"),
            ("Щедрин Юрий", "Shtedrin Yuriy"),
            ("Ђорђе Њего-Љиљан", "Djordje Njego-Ljiljan"),
            ("Київ, Ґава", "Kiyiv, Gava"),
            ("Plain Name (1)", "Plain Name (1)"),
            ("  many \t\n spaces  ", "many spaces"),
            ("Zoé 🦊 Renard", "Zoe Renard"),
            ("山田", ""),
            ("🦊🦊", ""),
            ("<script>", "script"),
        ] {
            assert_eq!(name(original), written, "{original}");
        }
    }

    #[test]
    fn every_letter_there_is_comes_out_plain() {
        // Beyond the first two planes there are only rare ideographs.
        for letter in '\0'..='\u{1ffff}' {
            let written = to_sepa(&letter.to_string(), 10);
            assert!(written.chars().all(is_sepa), "{letter:?} became {written:?}");
            let is_kept = letter.is_ascii_alphanumeric();
            assert!(!is_kept || written == letter.to_string(), "{letter:?} became {written:?}");
        }
    }

    #[test]
    fn no_letter_has_two_replacements_and_none_is_a_capital() {
        let mut seen = std::collections::HashSet::new();
        for letter in REPLACEMENTS.iter().flat_map(|(_, letters)| letters.chars()) {
            assert!(seen.insert(letter), "{letter} twice");
            assert!(!letter.is_uppercase() && !is_sepa(letter), "{letter}");
        }
    }

    #[test]
    fn a_long_text_is_cut_and_does_not_end_in_a_space() {
        assert_eq!(to_sepa("abc def", 4), "abc");
        assert_eq!(to_sepa(&"é".repeat(200), NAME_MAX).len(), 70);
        assert_eq!(to_sepa(&"ß".repeat(200), REMITTANCE_MAX).len(), 140);
        assert_eq!(to_sepa(&"щ".repeat(20), ID_MAX).len(), 35);
    }

    #[test]
    fn identifiers_are_plain_and_short() {
        assert!(is_id("OB-202601-000042") && is_id(&"a".repeat(35)));
        for text in ["", "a b", "a/b", "é", &"a".repeat(36)] {
            assert!(!is_id(text), "{text:?}");
        }
    }
}
