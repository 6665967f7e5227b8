//! Reads Rust far enough for the rules: what is code and what is text, where a body ends.
#![expect(clippy::indexing_slicing, reason = "places come from the text that they index")]

/// The same text with comments, strings and characters blanked out; lines and columns stay.
pub fn blank(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut blanked = String::with_capacity(text.len());
    let mut at = 0;
    while at < characters.len() {
        let end = skip(&characters, at);
        if end == at {
            blanked.push(characters[at]);
            at += 1;
            continue;
        }
        blanked.extend(characters[at..end].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
        at = end;
    }
    blanked
}

/// The end of the comment, string or character that begins here; here if none does.
fn skip(text: &[char], at: usize) -> usize {
    let is = |offset: usize, wanted: char| text.get(at + offset) == Some(&wanted);
    let follows_word = at > 0 && (text[at - 1].is_alphanumeric() || text[at - 1] == '_');
    match text[at] {
        '/' if is(1, '/') => find(text, at, |c| c == '\n').unwrap_or(text.len()),
        '/' if is(1, '*') => skip_block_comment(text, at),
        '"' => skip_quoted(text, at),
        'r' if !follows_word || text[at - 1] == 'b' => skip_raw(text, at),
        '\'' if is(1, '\\') => find(text, at + 3, |c| c == '\'').map_or(text.len(), |end| end + 1),
        '\'' if is(2, '\'') => at + 3,
        _ => at,
    }
}

fn find(text: &[char], from: usize, is_wanted: impl Fn(char) -> bool) -> Option<usize> {
    (from..text.len()).find(|at| is_wanted(text[*at]))
}

fn skip_block_comment(text: &[char], from: usize) -> usize {
    let mut depth = 0;
    let mut at = from;
    while at + 1 < text.len() {
        match (text[at], text[at + 1]) {
            ('/', '*') => depth += 1,
            ('*', '/') => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

fn skip_quoted(text: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < text.len() && text[at] != '"' {
        at += if text[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(text.len())
}

fn skip_raw(text: &[char], from: usize) -> usize {
    let hashes = text[from + 1..].iter().take_while(|c| **c == '#').count();
    let open = from + 1 + hashes;
    if text.get(open) != Some(&'"') {
        return from;
    }
    let closes = |at: usize| {
        text[at] == '"' && text[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes
    };
    (open + 1..text.len()).find(|at| closes(*at)).map_or(text.len(), |end| end + 1 + hashes)
}

/// The line, from one, of a place in a text.
pub fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The line of a place, as far as the place.
pub fn line_until(text: &str, at: usize) -> &str {
    text[..at].rsplit('\n').next().unwrap_or_default()
}

/// The words of blanked code with where they begin.
pub fn words(blanked: &str) -> Vec<(usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = Vec::new();
    let mut start = None;
    for (at, character) in blanked.char_indices().chain([(blanked.len(), ' ')]) {
        match (is_part(character), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from, &blanked[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// The end of the body that follows here in blanked code; none for a declaration without one.
pub fn body_end(blanked: &str, from: usize) -> Option<usize> {
    let mut brackets = 0;
    let mut braces = 0;
    for (at, character) in blanked[from..].char_indices() {
        match character {
            '(' | '[' => brackets += 1,
            ')' | ']' => brackets -= 1,
            ';' if brackets == 0 && braces == 0 => return None,
            '{' => braces += 1,
            '}' => {
                braces -= 1;
                if braces == 0 {
                    return Some(from + at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The lines, from one, first and last, of each `#[cfg(test)] mod … { … }`.
pub fn test_modules(blanked: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, mark) in blanked.match_indices("#[cfg(test)]") {
        let rest = blanked[at + mark.len()..].trim_start();
        let is_module =
            words(rest.lines().next().unwrap_or_default()).iter().any(|(_, word)| *word == "mod");
        if let Some(end) = body_end(blanked, at + mark.len()).filter(|_| is_module) {
            found.push((line_of(blanked, at), line_of(blanked, end)));
        }
    }
    found
}

/// The code, blanked, without its test modules; lines stay.
pub fn product_code(text: &str) -> String {
    let blanked = blank(text);
    let modules = test_modules(&blanked);
    let is_test = |line: usize| modules.iter().any(|(from, to)| (*from..=*to).contains(&line));
    let keep = |(index, line)| if is_test(index + 1) { "" } else { line };
    blanked.lines().enumerate().map(keep).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_comments_are_blanked_and_code_stays() {
        let code = "let a = \"x\\\"{\"; // {\nlet b = '{'; /* { /* } */ */ fn f<'a>() {}\n";
        let blanked = blank(code);
        assert_eq!(blanked.len(), code.len());
        assert_eq!(blanked.matches('{').count(), 1);
        assert!(blanked.contains("fn f<'a>() {}"));
        let blanked = blank("r#\"a \"b\" {\"# + br\"{\" + '\\'' + '\\u{7d}' + x");
        assert_eq!(blanked.split_whitespace().collect::<String>(), "+b+++x");
    }

    #[test]
    fn a_test_module_ends_with_its_brace() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
        assert_eq!(test_modules(code), [(2, 5)]);
        assert_eq!(product_code(code), "fn a() {}\n\n\n\n\nfn c() {}");
    }

    #[test]
    fn a_declaration_has_no_body() {
        assert_eq!(body_end("fn a(x: [u8; 4]);", 0), None);
        assert_eq!(body_end("fn a(x: [u8; 4]) { { } }", 0), Some(23));
    }
}
