//! Letters as outlines, for pictures whose reader's fonts are not known to the program that draws
//! them: those of western European languages, digits and signs.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A line each: code point, advance and outline in thousandths of the letter's size.
const FILE: &str = include_str!("../../static/letters.txt");

struct Letter {
    advance: u32,
    outline: &'static str,
}

static LETTERS: LazyLock<HashMap<char, Letter>> = LazyLock::new(|| {
    let lines = FILE.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(read).collect()
});

fn read(line: &'static str) -> Option<(char, Letter)> {
    let (code, rest) = line.split_once(' ')?;
    let (advance, outline) = rest.split_once(' ').unwrap_or((rest, ""));
    let code = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?;
    Some((code, Letter { advance: advance.parse().ok()?, outline }))
}

/// Whether there is an outline for each letter of a text.
#[must_use]
pub fn has_all(text: &str) -> bool {
    text.chars().all(|letter| LETTERS.contains_key(&letter))
}

/// A text as SVG paths, fitted into a width, from the left end of its baseline at 0, 0. What there
/// is no outline for is left out.
#[must_use]
pub fn outlined(text: &str, width: u32, font: u32) -> String {
    let letters: Vec<&Letter> = text.chars().filter_map(|one| LETTERS.get(&one)).collect();
    let natural: u32 = letters.iter().map(|letter| letter.advance).sum();
    let mut paths = format!(
        "<g transform=\"scale({} {})\">",
        decimal(width, natural.max(1)),
        decimal(font, 1_000)
    );
    let mut at = 0;
    for Letter { advance, outline } in letters {
        if !outline.is_empty() {
            paths.push_str(&format!("<path transform=\"translate({at} 0)\" d=\"{outline}\"/>"));
        }
        at += advance;
    }
    paths.push_str("</g>");
    paths
}

/// A quotient with six decimals.
fn decimal(over: u32, under: u32) -> String {
    let millionths = u64::from(over) * 1_000_000 / u64::from(under);
    format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_every_language_have_their_letters() {
        for language in obole_language::Language::ALL {
            for key in ["button-word", "buttons-words"] {
                assert!(has_all(&obole_language::text(language, key)));
            }
            let count = obole_language::number(language, 1_234_567_890);
            assert!(has_all(&format!("{count}+ · Obole")), "{count}");
        }
        assert!(has_all("« Où çà ? » œuvre — Ærø, “¡Niño!” 5 €"));
        assert!(!has_all("\u{5e9}") && !has_all("\u{1f3b5}"));
    }

    #[test]
    fn a_text_fills_its_width() {
        let paths = outlined("Go", 40, 20);
        assert!(paths.starts_with("<g transform=\"scale(0.0"), "{paths}");
        assert_eq!(paths.matches("<path").count(), 2);
        assert_eq!(decimal(20, 1_000), "0.020000");
        assert_eq!(outlined("", 0, 20), "<g transform=\"scale(0.000000 0.020000)\"></g>");
    }
}
