//! Bookmarks as browsers export them: a page of links, read token by token.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::{ENTRIES_MAX, Liked};

/// The longest words of a link, in bytes.
const TITLE_MAX: usize = 1_000;

pub(super) fn read(file: &str) -> Vec<Liked> {
    let tokenizer = Tokenizer::new(Links::default(), TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(file));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let mut entries = tokenizer.sink.entries.take();
    for entry in &mut entries {
        entry.title = entry.title.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    entries
}

/// The links so far, and whether the words that come belong to the last one.
#[derive(Default)]
struct Links {
    entries: RefCell<Vec<Liked>>,
    is_inside: RefCell<bool>,
}

impl Links {
    fn begin(&self, tag: &Tag) {
        let href = tag.attrs.iter().find(|attribute| &*attribute.name.local == "href");
        let url = href.map(|attribute| attribute.value.trim().to_owned()).unwrap_or_default();
        let is_page = ["http://", "https://"].iter().any(|scheme| {
            url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        let mut entries = self.entries.borrow_mut();
        let is_taken = is_page && entries.len() < ENTRIES_MAX;
        if is_taken {
            entries.push(Liked { url, title: String::new() });
        }
        self.is_inside.replace(is_taken);
    }

    fn say(&self, words: &str) {
        if !*self.is_inside.borrow() {
            return;
        }
        if let Some(entry) = self.entries.borrow_mut().last_mut() {
            let left = TITLE_MAX.saturating_sub(entry.title.len());
            let end = (0..=left.min(words.len())).rev().find(|end| words.is_char_boundary(*end));
            entry.title.push_str(words.get(..end.unwrap_or(0)).unwrap_or_default());
        }
    }
}

impl TokenSink for Links {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) if &*tag.name == "a" => match tag.kind {
                TagKind::StartTag => self.begin(&tag),
                TagKind::EndTag => {
                    self.is_inside.replace(false);
                }
            },
            Token::CharacterTokens(words) => self.say(&words),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
