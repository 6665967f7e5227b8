//! What a page says of itself in its head: what it is called, where it is at home, where it asks to
//! be supported. Pure: bytes and headers in, facts out. All of it is a stranger's text.

mod anchors;
mod facts;
mod head;
mod text;

use url::Url;

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

/// The addresses of a page's `rel="me"` links: of the whole page where nobody else writes on it,
/// else of its head.
pub(crate) fn links_to_self(url: &str, answer: &Answer, is_whole: bool) -> Vec<String> {
    let Some(head) = head_of(answer) else { return Vec::new() };
    let base = base_of(url, &head);
    let links = if is_whole {
        anchors::me(&text_of(answer))
    } else {
        let is_me = |rel: &str| rel.split_ascii_whitespace().any(|word| word == "me");
        let links = head.links.into_iter().filter(|(rel, _)| is_me(rel));
        links.map(|(_, href)| href).collect()
    };
    let joined = links.iter().filter_map(|href| base.as_ref()?.join(href.trim()).ok());
    joined.map(String::from).collect()
}

fn base_of(url: &str, head: &Head) -> Option<Url> {
    let page = Url::parse(url).ok()?;
    let base = head.base.as_deref().and_then(|base| page.join(base.trim()).ok());
    Some(base.unwrap_or(page))
}
