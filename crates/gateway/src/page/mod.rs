//! What a page says of itself in its head: what it is called, where it is at home, where it asks to
//! be supported. Pure: bytes and headers in, facts out. All of it is a stranger's text.

mod facts;
mod head;
mod text;

pub use facts::{Hint, HintKind, PageFacts, read};
pub use text::PAGE_BYTES_MAX;
