//! The links of a whole page that say `rel="me"`, as a browser's parser meets them (C2). What
//! visitors wrote is left out: links that the site marks as theirs (`ugc`), and all that stands in
//! a part that is named after comments. So are templates, and what is not markup.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::{Rawtext, Rcdata, ScriptData};
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// The most links that are kept, and the longest, in bytes.
const LINKS_MAX: usize = 500;
const LINK_MAX: usize = 2_048;

/// Words in the class, id or type of a part in which visitors write.
const VISITORS: [&str; 8] =
    ["comment", "reply", "replies", "respond", "review", "guestbook", "ugc", "webmention"];

/// Elements that have no end.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// The addresses of a page's links of its owner to themselves.
pub(super) fn me(page: &str) -> Vec<String> {
    let tokenizer = Tokenizer::new(Reader::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(page));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.links.take()
}

/// A part that is left out: the name of its element, and how many of that name are open.
struct Skipped {
    name: String,
    depth: usize,
}

#[derive(Default)]
struct Reader {
    links: RefCell<Vec<String>>,
    skipped: RefCell<Option<Skipped>>,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => self.start(&tag),
            Token::TagToken(tag) => {
                self.end_tag(&tag.name);
                TokenSinkResult::Continue
            }
            _ => TokenSinkResult::Continue,
        }
    }
}

impl Reader {
    fn start(&self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        let mut skipped = self.skipped.borrow_mut();
        match &mut *skipped {
            Some(skipped) if skipped.name == name => {
                skipped.depth = skipped.depth.saturating_add(1)
            }
            Some(_) => {}
            None if is_left_out(tag) => {
                *skipped = Some(Skipped { name: name.to_owned(), depth: 1 })
            }
            None if matches!(name, "a" | "link") => self.keep(tag),
            None => {}
        }
        match name {
            "title" | "textarea" => TokenSinkResult::RawData(Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" | "noscript" => {
                TokenSinkResult::RawData(Rawtext)
            }
            "script" => TokenSinkResult::RawData(ScriptData),
            "plaintext" => TokenSinkResult::Plaintext,
            _ => TokenSinkResult::Continue,
        }
    }

    fn end_tag(&self, name: &str) {
        let mut skipped = self.skipped.borrow_mut();
        if let Some(part) = &mut *skipped
            && part.name == name
        {
            part.depth = part.depth.saturating_sub(1);
            if part.depth == 0 {
                *skipped = None;
            }
        }
    }

    fn keep(&self, tag: &Tag) {
        let rel = value(tag, "rel").unwrap_or_default();
        let has = |word: &str| rel.split_ascii_whitespace().any(|w| w.eq_ignore_ascii_case(word));
        let mut links = self.links.borrow_mut();
        if has("me") && !has("ugc") && links.len() < LINKS_MAX {
            links.extend(value(tag, "href").filter(|href| href.len() <= LINK_MAX));
        }
    }
}

/// Whether what is in an element is left out: templates, drawings, and where visitors write.
fn is_left_out(tag: &Tag) -> bool {
    let name = &*tag.name;
    if VOID.contains(&name) || matches!(name, "html" | "body") {
        return false;
    }
    let is_inert = matches!(name, "template" | "svg" | "math" | "object" | "select");
    let names = ["class", "id", "itemtype", "itemprop", "role"].into_iter();
    let mut names = names.filter_map(|name| value(tag, name)).map(|value| value.to_lowercase());
    is_inert || names.any(|value| VISITORS.iter().any(|word| value.contains(word)))
}

fn value(tag: &Tag, name: &str) -> Option<String> {
    let attribute = tag.attrs.iter().find(|attribute| &*attribute.name.local == name)?;
    Some(attribute.value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn links_to_oneself_are_read_anywhere() {
        let page = "<!doctype html><link rel=me href=/1><body class=home><p>Hello
            <a rel='noopener ME nofollow' href=/2>me</a><a rel=friend href=/x>a friend</a>
            <div class=comments><a rel=me href=/x>eve</a><div></div></div>
            <ul><li><a rel=me href=/3>there</ul><a REL=me HREF=/4>";
        assert_eq!(me(page), ["/1", "/2", "/3", "/4"]);
    }

    #[test]
    fn what_visitors_write_is_left_out() {
        let evil = "<a rel=me href=/evil>";
        for page in [
            format!("<section id=Comments>{evil}</section>"),
            format!("<div class='post-comments'><div>{evil}</div>{evil}</div>"),
            format!("<ol class=commentlist><li><div class=body>{evil}</ol>"),
            format!("<div class=comment><div></div>{evil}"),
            format!("<article itemtype=https://schema.org/Comment>{evil}</article>"),
            format!("<div class=\"h-cite webmention\">{evil}</div>"),
            "<a rel='me ugc' href=/evil>".to_owned(),
            format!("<template>{evil}</template>"),
            format!("<template><template></template>{evil}</template>"),
            format!("<textarea>{evil}</textarea>"),
            format!("<title>{evil}</title>"),
            format!("<script>{evil}</script>"),
            format!("<style>{evil}</style>"),
            format!("<noscript>{evil}</noscript>"),
            format!("<iframe>{evil}</iframe>"),
            format!("<xmp>{evil}</xmp>"),
            format!("<svg>{evil}</svg>"),
            format!("<!-- {evil} -->"),
            format!("<plaintext>{evil}"),
            "<a title='<a rel=me href=/evil>'>".to_owned(),
        ] {
            assert_eq!(me(&page), [""; 0], "{page}");
        }
    }

    #[test]
    fn junk_costs_no_more_than_its_length() {
        for junk in ["<div class=comment>", "<a rel=me href=x>", "</div>", "<template>", "<!--"] {
            assert!(me(&junk.repeat((256 << 10) / junk.len())).len() <= LINKS_MAX);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[<>a-z/ ='!-]{0,300}") {
            let _ = me(&text);
        }
    }
}
