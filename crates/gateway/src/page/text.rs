//! A stranger's bytes as text, and a stranger's text as one clean line.

/// As much of a page as is looked at (stack.md): heads are at the beginning.
pub const PAGE_BYTES_MAX: usize = 256 << 10;

/// How far a page is searched for the name of its letters, as browsers do.
const CHARSET_SEARCHED: usize = 1_024;

/// What stands for bytes that are no letter.
const UNREADABLE: char = char::REPLACEMENT_CHARACTER;

/// The text of a page: as its headers or its first lines say, else UTF-8. Of other letters than
/// those two the ASCII ones are read, and the others show as unreadable.
pub(super) fn decode(body: &[u8], content_type: &str) -> String {
    let body = body.get(..PAGE_BYTES_MAX).unwrap_or(body);
    let is_cut = body.len() == PAGE_BYTES_MAX;
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let is_utf8 = match std::str::from_utf8(body) {
        Ok(_) => true,
        // The last letter may be torn where a page is cut.
        Err(error) => is_cut && error.error_len().is_none(),
    };
    let charset = || charset_in(content_type).or_else(|| charset_at_start(body));
    if !is_utf8 && charset().is_some_and(|charset| is_latin(&charset)) {
        return body.iter().map(|byte| latin(*byte)).collect();
    }
    String::from_utf8_lossy(body).into_owned()
}

fn charset_at_start(body: &[u8]) -> Option<String> {
    let start = body.get(..CHARSET_SEARCHED).unwrap_or(body);
    charset_in(&String::from_utf8_lossy(start))
}

/// The word after `charset=`.
fn charset_in(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    let (_, after) = text.split_once("charset")?;
    let after = after.trim_start().strip_prefix('=')?;
    let after = after.trim_start().trim_start_matches(['"', '\'']);
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':');
    let name = after.split(|c| !is_of_name(c)).next()?;
    Some(name.to_owned())
}

fn is_latin(charset: &str) -> bool {
    matches!(charset, "iso-8859-1" | "iso8859-1" | "latin1" | "windows-1252" | "cp1252")
}

/// Windows-1252, which is what `iso-8859-1` means on the web; its few letters between 0x80 and 0x9F
/// that titles have.
fn latin(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x85 => '…',
        0x8C => 'Œ',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x95 => '•',
        0x96 => '–',
        0x97 => '—',
        0x9C => 'œ',
        0x81..=0x9F => UNREADABLE,
        _ => char::from(byte),
    }
}

/// One line of at most so many characters: blanks folded, nothing that hides or turns text round.
/// Empty where the text could not be read.
pub(super) fn clean(text: &str, limit: usize) -> String {
    if text.contains(UNREADABLE) {
        return String::new();
    }
    let mut cleaned = String::new();
    let mut length = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()) {
        let mut letters = word.chars().filter(|c| !is_hidden(*c)).peekable();
        if letters.peek().is_none() {
            continue;
        }
        if !cleaned.is_empty() {
            if length + 2 > limit {
                break;
            }
            cleaned.push(' ');
            length += 1;
        }
        for letter in letters {
            if length == limit {
                return cleaned;
            }
            cleaned.push(letter);
            length += 1;
        }
    }
    cleaned
}

/// What has no width or turns the text that follows it round.
const fn is_hidden(letter: char) -> bool {
    matches!(
        letter,
        '\u{00AD}'
            | '\u{061C}'
            | '\u{180E}'
            | '\u{200B}'
            | '\u{200E}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E007F}'
    )
}

#[cfg(test)]
mod tests {
    use obole_domain::click::clean_text;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn blanks_are_folded_and_what_hides_is_dropped() {
        assert_eq!(clean("  A\n\t song \r\n of\u{00A0}mine ", 50), "A song of mine");
        assert_eq!(clean("a\u{202E}b\u{200B}c\u{2066}d\u{0}e\u{1B}[31m", 50), "abcd e [31m");
        assert_eq!(clean("\u{200B} \u{FEFF}", 50), "");
        assert_eq!(clean("broken \u{FFFD} letters", 50), "");
    }

    #[test]
    fn a_text_is_cut_at_its_limit_in_characters() {
        assert_eq!(clean("éééé", 3), "ééé");
        assert_eq!(clean("ab cd", 3), "ab");
        assert_eq!(clean("ab cd", 4), "ab c");
        assert_eq!(clean(&"x".repeat(1 << 20), 200).len(), 200);
    }

    #[test]
    fn letters_are_read_as_the_page_says() {
        assert_eq!(decode("é".as_bytes(), "text/html; charset=iso-8859-1"), "é");
        assert_eq!(decode(b"\xEF\xBB\xBFa", ""), "a");
        assert_eq!(decode(b"\xE9\x92", "text/html; Charset = \"Windows-1252\""), "é’");
        let told = b"<meta charset='latin1'>\xE9";
        assert_eq!(decode(told, "text/html"), "<meta charset='latin1'>é");
        assert_eq!(decode(b"\xE9", "text/html; charset=koi8-r"), "\u{FFFD}");
        let mut torn = "é".repeat(PAGE_BYTES_MAX).into_bytes();
        torn.insert(0, b'a');
        assert!(decode(&torn, "charset=latin1").starts_with("aéé"));
    }

    proptest! {
        #[test]
        fn a_cleaned_text_could_have_been_typed(text: String, limit in 1_usize..80) {
            let cleaned = clean(&text, limit);
            let typed = clean_text(&cleaned, limit);
            prop_assert_eq!(typed.as_deref(), Ok(&*cleaned));
            prop_assert_eq!(clean(&cleaned, limit), cleaned);
        }

        #[test]
        fn any_bytes_are_decoded(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&body, "text/html; charset=latin1");
            let _ = decode(&body, "");
        }
    }
}
