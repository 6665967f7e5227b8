//! The extension's texts: complete in each language, each asked for, none missing.

use std::collections::{BTreeMap, BTreeSet};

use super::File;

/// The language that the others are compared with.
const FIRST: &str = "en";

/// The texts of a language by key.
type Texts = BTreeMap<String, String>;

/// What is wrong, a line each.
pub fn check(files: &[File]) -> Result<Vec<String>, String> {
    let mut languages = BTreeMap::new();
    let mut code = String::new();
    for (path, bytes) in files {
        let text = String::from_utf8_lossy(bytes);
        let name = path.strip_prefix("_locales/");
        if let Some(language) = name.and_then(|rest| rest.strip_suffix("/messages.json")) {
            let texts = read(&text).ok_or_else(|| format!("{path} cannot be read."))?;
            languages.insert(language.to_owned(), texts);
        } else if [".js", ".html", ".json"].iter().any(|end| path.ends_with(end)) {
            code.push_str(&text);
        }
    }
    let first = languages.get(FIRST).ok_or("there are no English texts.")?;
    let mut wrong = check_use(first, &code);
    for (language, texts) in &languages {
        wrong.extend(compare(first, language, texts));
    }
    Ok(wrong)
}

fn compare(first: &Texts, language: &str, texts: &Texts) -> Vec<String> {
    let mut wrong = Vec::new();
    for key in first.keys().chain(texts.keys()).collect::<BTreeSet<_>>() {
        let values = |texts: &Texts| texts.get(key).map(|text| values(text));
        match (values(first), values(texts)) {
            (Some(ours), Some(theirs)) if ours == theirs => {}
            (Some(_), Some(_)) => wrong.push(format!("{language}: {key} has other values")),
            (_, None) => wrong.push(format!("{language}: {key} is missing")),
            (None, _) => wrong.push(format!("{language}: {key} is not in {FIRST}")),
        }
        if texts.get(key).is_some_and(|text| text.trim().is_empty()) {
            wrong.push(format!("{language}: {key} is empty"));
        }
    }
    wrong
}

/// The values that a text takes: `$1`, `$2` …
fn values(text: &str) -> BTreeSet<char> {
    text.split('$').skip(1).filter_map(|rest| rest.chars().next()).collect()
}

/// Texts that nobody asks for, and those that are asked for and not there.
fn check_use(texts: &Texts, code: &str) -> Vec<String> {
    let is_asked = |key: &str| {
        code.contains(&format!("\"{key}\"")) || code.contains(&format!("__MSG_{key}__"))
    };
    let of_number = |key: &str| {
        let stem = key.strip_suffix("One").or_else(|| key.strip_suffix("Many"));
        stem.is_some_and(is_asked)
    };
    let unused = texts.keys().filter(|key| !is_asked(key) && !of_number(key));
    let mut wrong: Vec<String> = unused.map(|key| format!("nobody asks for {key}")).collect();
    for (before, after, ends) in [
        ("say(\"", "\"", &[""][..]),
        ("data-say=\"", "\"", &[""]),
        ("__MSG_", "__", &[""]),
        ("count(\"", "\"", &["One", "Many"]),
    ] {
        let asked = code.split(before).skip(1).filter_map(|rest| rest.split(after).next());
        for (key, end) in asked.flat_map(|key| ends.iter().map(move |end| (key, end))) {
            let key = format!("{key}{end}");
            if !texts.contains_key(&key) {
                wrong.push(format!("{key} is asked for and not there"));
            }
        }
    }
    wrong
}

/// Reads `{"key": {"message": "text"}, …}`; none where it is something else.
fn read(text: &str) -> Option<Texts> {
    let (mut texts, mut key, mut is_message) = (Texts::new(), None, false);
    let mut depth = 0;
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match (character, depth) {
            ('{', _) => depth += 1,
            ('}', _) => depth -= 1,
            ('"', 1) => key = Some(string(&mut rest)?),
            ('"', 2) => {
                let word = string(&mut rest)?;
                if is_message {
                    texts.insert(key.take()?, word);
                }
                is_message = !is_message && texts_begin(key.as_ref(), rest.as_str());
            }
            _ => {}
        }
    }
    (depth == 0 && !texts.is_empty()).then_some(texts)
}

/// Whether the word that was just read is a name, so that its text comes next.
fn texts_begin(key: Option<&String>, rest: &str) -> bool {
    key.is_some() && rest.trim_start().starts_with(':')
}

/// The rest of a string whose quotation mark has been read.
fn string(rest: &mut std::str::Chars<'_>) -> Option<String> {
    let mut text = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(text),
            '\\' => text.push(rest.next()?),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pairs: &[(&str, &str)]) -> Vec<u8> {
        let lines =
            pairs.iter().map(|(key, text)| format!("\"{key}\": {{\"message\": \"{text}\"}}"));
        format!("{{{}}}", lines.collect::<Vec<_>>().join(",")).into_bytes()
    }

    fn found(french: &[(&str, &str)], code: &str) -> Vec<String> {
        let english =
            [("name", "Obole"), ("giveOne", "Give $1"), ("giveMany", "Give $1 \\\"all\\\"")];
        let files = [
            ("_locales/en/messages.json".to_owned(), texts(&english)),
            ("_locales/fr/messages.json".to_owned(), texts(french)),
            ("a.js".to_owned(), code.as_bytes().to_vec()),
        ];
        check(&files).expect("readable")
    }

    const FRENCH: [(&str, &str); 3] =
        [("name", "Obole"), ("giveOne", "Donner $1"), ("giveMany", "Donner $1")];
    const CODE: &str = "say(\"name\"); count(\"give\", 2)";

    #[test]
    fn complete_texts_pass() {
        assert_eq!(found(&FRENCH, CODE), Vec::<String>::new());
    }

    #[test]
    fn gaps_are_found() {
        assert_eq!(found(&FRENCH[..2], CODE), ["fr: giveMany is missing"]);
        let other = [FRENCH[0], FRENCH[1], ("giveMany", "Donner")];
        assert_eq!(found(&other, CODE), ["fr: giveMany has other values"]);
        let empty = [("name", " "), FRENCH[1], FRENCH[2]];
        assert_eq!(found(&empty, CODE), ["fr: name is empty"]);
        assert_eq!(found(&FRENCH, "say(\"name\")").len(), 2);
        let asked = format!("{CODE} data-say=\"other\"");
        assert_eq!(found(&FRENCH, &asked), ["other is asked for and not there"]);
    }
}
