//! The head of a page, token by token as a browser's parser meets it, up to where the body begins.
//! What visitors write is in bodies, so it is never seen (C2); and no tree is built, which a page
//! could make as large as it likes.

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// The most elements of a kind that are kept, and the longest of their values, in bytes.
const ELEMENTS_MAX: usize = 300;
const VALUE_MAX: usize = 4_096;

/// How much is tokenized before one looks whether the body has begun.
const PIECE: usize = 4_096;

/// What the head says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    /// The language of the page.
    pub(crate) language: String,
    /// The first title.
    pub(crate) title: Option<String>,
    /// What relative links start from.
    pub(crate) base: Option<String>,
    /// Names or properties, folded, with their contents.
    pub(crate) metas: Vec<(String, String)>,
    /// Relations, folded, with what they lead to.
    pub(crate) links: Vec<(String, String)>,
}

/// Reads the head of a page.
pub(super) fn read(page: &str) -> Head {
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut rest = page;
    while !rest.is_empty() && !tokenizer.sink.is_over.get() {
        let end = (PIECE..rest.len()).find(|end| rest.is_char_boundary(*end));
        let (piece, after) = rest.split_at(end.unwrap_or(rest.len()));
        queue.push_back(StrTendril::from_slice(piece));
        let _ = tokenizer.feed(&queue);
        rest = after;
    }
    tokenizer.end();
    tokenizer.sink.head.take()
}

/// Where in the head the reader is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Inside {
    /// Between its elements.
    #[default]
    Head,
    /// In its first title.
    Title,
    /// In what is not text for people: a script, a style, another title.
    Raw,
}

#[derive(Default)]
struct Reader {
    head: RefCell<Head>,
    inside: Cell<Inside>,
    /// The body has begun.
    is_over: Cell<bool>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        if self.is_over.get() {
            return TokenSinkResult::Continue;
        }
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => return self.start(&tag),
            Token::TagToken(tag) => self.end_tag(&tag),
            Token::CharacterTokens(text) => self.text(&text),
            Token::NullCharacterToken => self.text("\0"),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl Reader {
    /// The elements that a head has (HTML, "in head"); any other begins the body. So does a
    /// template: what is in it is nobody's word.
    fn start(&self, tag: &Tag) -> TokenSinkResult<()> {
        let mut head = self.head.borrow_mut();
        match &*tag.name {
            "html" if head.language.is_empty() => {
                head.language = value(tag, "lang").unwrap_or_default();
            }
            "html" | "head" | "basefont" | "bgsound" => {}
            "base" if head.base.is_none() => head.base = value(tag, "href"),
            "base" => {}
            "meta" => keep(&mut head.metas, meta(tag)),
            "link" => keep(&mut head.links, link(tag)),
            "title" => {
                let is_first = head.title.is_none();
                self.inside.set(if is_first { Inside::Title } else { Inside::Raw });
                head.title.get_or_insert_default();
                return TokenSinkResult::RawData(Rcdata);
            }
            "style" | "noframes" | "noscript" => {
                self.inside.set(Inside::Raw);
                return TokenSinkResult::RawData(Rawtext);
            }
            "script" => {
                self.inside.set(Inside::Raw);
                return TokenSinkResult::RawData(ScriptData);
            }
            _ => self.is_over.set(true),
        }
        TokenSinkResult::Continue
    }

    fn end_tag(&self, tag: &Tag) {
        if matches!(&*tag.name, "html" | "body" | "br") && self.inside.get() == Inside::Head {
            self.is_over.set(true);
        }
        self.inside.set(Inside::Head);
    }

    fn text(&self, text: &str) {
        match self.inside.get() {
            Inside::Raw => {}
            Inside::Title => {
                let mut head = self.head.borrow_mut();
                let title = head.title.get_or_insert_default();
                if title.len() < VALUE_MAX {
                    title.push_str(&cut(text));
                }
            }
            Inside::Head => {
                let is_blank = text.chars().all(|c| c.is_ascii_whitespace());
                self.is_over.set(!is_blank);
            }
        }
    }
}

fn keep<T>(kept: &mut Vec<T>, new: Option<T>) {
    if kept.len() < ELEMENTS_MAX {
        kept.extend(new);
    }
}

fn meta(tag: &Tag) -> Option<(String, String)> {
    let name = value(tag, "property").or_else(|| value(tag, "name"))?;
    Some((name.trim().to_ascii_lowercase(), value(tag, "content")?))
}

fn link(tag: &Tag) -> Option<(String, String)> {
    Some((value(tag, "rel")?.to_ascii_lowercase(), value(tag, "href")?))
}

fn value(tag: &Tag, name: &str) -> Option<String> {
    let attribute = tag.attrs.iter().find(|attribute| &*attribute.name.local == name)?;
    Some(cut(&attribute.value))
}

fn cut(text: &str) -> String {
    let end = (0..=VALUE_MAX.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_head_is_read_whatever_its_tags_leave_out() {
        let pages = [
            "<!doctype html><html lang=fr><head><title>A &amp; B</title>\
             <meta name=Author content=x><link rel=Me href=/y></head><body><p>text",
            "<html lang=fr><title>A &amp; B</title><meta name=author content=x>\
             <link rel=me href=/y>",
            "<!-- <html> --><html lang='fr'><script>'<body><title>no</title>'</script>\
             <style>b{}</style><TITLE>A &amp; B</TITLE></head><meta property=author content=x>\
             <link href=/y rel=me>",
            "<html lang=fr><noscript><meta name=author content=no></noscript>\
             <title>A &amp; B</title><title>second</title><meta name=author content=x>\
             <link rel=me href=/y><p><title>no",
        ];
        for page in pages {
            let head = read(page);
            assert_eq!(head.title.as_deref(), Some("A & B"), "{page}");
            assert_eq!(head.language, "fr", "{page}");
            assert_eq!(head.metas, [("author".to_owned(), "x".to_owned())], "{page}");
            assert_eq!(head.links, [("me".to_owned(), "/y".to_owned())], "{page}");
        }
    }

    #[test]
    fn what_imitates_a_head_in_a_body_is_not_seen() {
        let evil = "<title>evil</title><meta name=e content=e><link rel=me href=/e>";
        for page in [
            format!("<p>comment<head>{evil}</head>"),
            format!("<body><head>{evil}</head></body>"),
            format!("</head><body>{evil}"),
            format!("text{evil}"),
            format!("<html><head></head>text{evil}"),
            format!("<template>{evil}</template>"),
            format!("<svg><head>{evil}</head></svg>"),
            format!("<!-- <head>{evil}</head> -->"),
            format!("<!--><!-- --!><div>{evil}"),
            format!("<script><head>{evil}</head></script>"),
            format!("<script><!-- <script>{evil}</script> {evil}"),
            format!("<style>{evil}</style>"),
            format!("<noscript>{evil}</noscript>"),
            format!("<textarea>{evil}</textarea>"),
            format!("<iframe srcdoc='{evil}'>{evil}</iframe>"),
            format!("<frameset>{evil}"),
            format!("<br>{evil}"),
            format!("</br>{evil}"),
            format!("</body>{evil}"),
            format!("\0{evil}"),
            format!("&nbsp;{evil}"),
            format!("<plaintext>{evil}"),
        ] {
            let head = read(&page);
            let seen = (head.title.as_deref(), head.metas.len(), head.links.len());
            assert_eq!(seen, (None, 0, 0), "{page}");
        }
    }

    #[test]
    fn a_title_ends_where_it_ends() {
        let page = "<title>a<meta name=e content=e></head><body>b</title><meta name=x content=y>";
        let head = read(page);
        assert_eq!(head.title.as_deref(), Some("a<meta name=e content=e></head><body>b"));
        assert_eq!(head.metas, [("x".to_owned(), "y".to_owned())]);
    }

    #[test]
    fn large_heads_are_cut() {
        let head = read(&format!("<title>{}</title>", "é".repeat(500_000)));
        assert!(head.title.expect("a title").len() <= 2 * VALUE_MAX);
        let head = read(&"<meta name=a content=b><link rel=a href=b>".repeat(2_000));
        assert_eq!((head.metas.len(), head.links.len()), (ELEMENTS_MAX, ELEMENTS_MAX));
        let head = read(&format!("<meta name=a content='{}'>", "é".repeat(50_000)));
        assert!(head.metas[0].1.len() <= VALUE_MAX);
    }

    #[test]
    fn junk_costs_no_more_than_its_length() {
        let size = 256 << 10;
        let junks = ["<div>", "<b><p>", "<a><a>", "<head>", "<!--", "<!", "</", "<title>", "&amp;"];
        for junk in junks {
            let _ = read(&junk.repeat(size / junk.len()));
        }
        let many: String = (0..20_000).map(|number| format!(" a{number}=b")).collect();
        let _ = read(&format!("<meta{many}>"));
    }

    proptest! {
        #[test]
        fn any_text_is_read(page: String) {
            let _ = read(&page);
        }

        #[test]
        fn any_mixture_of_tags_before_a_body_hides_what_is_in_it(
            tags in proptest::collection::vec(
                prop_oneof![
                    Just("<head>"), Just("</head>"), Just("<meta name=a content=b>"), Just(" "),
                    Just("<!-- - -->"), Just("<html>"), Just("<base href=/>"), Just("<link>"),
                ],
                0..20,
            ),
        ) {
            let before = tags.concat();
            let evil = "<title>evil</title><meta name=evil content=e>";
            let page = format!("{before}<p></head><head>{evil}");
            let head = read(&page);
            prop_assert_eq!(head.title, None);
            prop_assert!(head.metas.iter().all(|(name, _)| name == "a"));
        }
    }
}
