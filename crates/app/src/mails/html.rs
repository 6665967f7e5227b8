//! A mail's HTML, made of its plain text: the two never say different things.

use askama::Template;
use obole_language::Language;

use crate::error::{Error, Result};

/// How far a code is set in.
const CODE: &str = "    ";

/// A piece of a mail.
enum Block {
    /// A paragraph.
    Words(String),
    /// An address alone on its line.
    Link(String),
    /// A code to type, set in by four spaces.
    Code(String),
    /// Lines that begin with `- `.
    List(Vec<String>),
    /// A line `--`.
    Rule,
}

#[derive(Template)]
#[template(path = "layout.html")]
struct Layout<'mail> {
    language: &'static str,
    subject: &'mail str,
    blocks: Vec<Block>,
}

/// The HTML of a plain text.
pub(super) fn of(language: Language, subject: &str, text: &str) -> Result<String> {
    let blocks = text.split("\n\n").flat_map(blocks_of).collect();
    let layout = Layout { language: language.code(), subject: subject.trim(), blocks };
    layout.render().map_err(Error::internal)
}

/// The pieces of what stands between two empty lines.
fn blocks_of(paragraph: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    for line in paragraph.lines().filter(|line| !line.trim().is_empty()) {
        let is_address = line.starts_with("https://") || line.starts_with("http://");
        if let Some(code) = line.strip_prefix(CODE) {
            blocks.push(Block::Code(code.trim().to_owned()));
        } else if line == "--" {
            blocks.push(Block::Rule);
        } else if is_address && !line.contains(' ') {
            blocks.push(Block::Link(line.to_owned()));
        } else if let Some(point) = line.strip_prefix("- ") {
            push_point(&mut blocks, point);
        } else {
            push_words(&mut blocks, line.trim());
        }
    }
    blocks
}

fn push_point(blocks: &mut Vec<Block>, point: &str) {
    match blocks.last_mut() {
        Some(Block::List(points)) => points.push(point.to_owned()),
        _ => blocks.push(Block::List(vec![point.to_owned()])),
    }
}

fn push_words(blocks: &mut Vec<Block>, line: &str) {
    match blocks.last_mut() {
        Some(Block::Words(words)) => {
            words.push(' ');
            words.push_str(line);
        }
        _ => blocks.push(Block::Words(line.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_becomes_paragraphs_links_codes_and_lists() {
        let text = "Hello <b>,\ntwo lines.\n\nhttps://a.example/x\n\n    AB-12\n\n- one\n- two\n";
        let html = of(Language::French, "A & B", text).expect("rendered");
        assert!(html.contains("<html lang=\"fr\">"));
        assert!(html.contains("<p>Hello &#60;b&#62;, two lines.</p>"), "{html}");
        assert!(html.contains("<a href=\"https://a.example/x\">https://a.example/x</a>"));
        assert!(html.contains(">AB-12</p>"));
        assert!(html.contains("<ul>\n<li>one</li>\n<li>two</li>\n</ul>"), "{html}");
        assert!(html.contains("<title>A &#38; B</title>"), "{html}");
    }
}
