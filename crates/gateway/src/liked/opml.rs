//! OPML 2.0 (opml.org/spec2): what podcast programs and feed readers hand out.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Liked;

pub(super) fn read(file: &str) -> Vec<Liked> {
    let mut reader = Reader::from_str(file);
    reader.config_mut().check_end_names = false;
    let mut entries = Vec::new();
    loop {
        match reader.read_event() {
            Ok(Event::Start(element) | Event::Empty(element)) => entries.extend(entry(&element)),
            Ok(Event::Eof) | Err(_) => return entries,
            Ok(_) => {}
        }
    }
}

/// A subscription: its page, or its feed where the file has no page. A folder is none.
fn entry(element: &BytesStart<'_>) -> Option<Liked> {
    if !element.local_name().as_ref().eq_ignore_ascii_case("outline") {
        return None;
    }
    let feed = value(element, "xmlUrl");
    let page = value(element, "htmlUrl").filter(|page| page.contains("://"));
    let title = value(element, "text").or_else(|| value(element, "title"));
    let url = page.or(feed)?;
    Some(Liked { url, title: title.unwrap_or_default() })
}

/// An attribute, however its name is spelt; entities that the file made up are not followed.
fn value(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let mut readable = attributes.with_checks(false).flatten();
    let found = readable.find(|one| one.key.as_ref().eq_ignore_ascii_case(name))?;
    let text = quick_xml::escape::unescape(&found.value).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
