//! What a page says of itself in its head: what it is called, where it is at home, where it asks to
//! be supported. Pure: bytes and headers in, facts out. All of it is a stranger's text.

mod facts;
mod head;
mod text;

use crate::fetch::Answer;

pub(crate) use facts::is_html;
pub use facts::{DECLINES, Hint, HintKind, PageFacts, read};
pub(crate) use head::Head;
pub use text::PAGE_BYTES_MAX;

/// The head of an answer that is a page; none of another.
pub(crate) fn head_of(answer: &Answer) -> Option<Head> {
    is_html(&answer.content_type).then(|| head::read(&text_of(answer)))
}

/// The text of an answer, as far as pages are looked at.
pub(crate) fn text_of(answer: &Answer) -> String {
    text::decode(&answer.body, &answer.content_type)
}
