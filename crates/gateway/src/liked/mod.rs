//! What somebody likes, in a file that another program handed out: subscriptions (OPML), bookmarks
//! (the HTML that browsers export), starred repositories (JSON), or a list of addresses. Only the
//! file is read: nothing that it names is opened, and what is broken in it is passed over.

mod bookmarks;
mod lines;
mod opml;
mod repositories;

/// The most entries that are read of one file.
pub const ENTRIES_MAX: usize = 2_000;

/// The longest address that is read, in bytes.
const URL_MAX: usize = 2_048;

/// One entry, as the file has it: neither the address nor the title is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liked {
    /// Its address.
    pub url: String,
    /// What the file calls it; empty where it does not.
    pub title: String,
}

/// Reads a file of any of these kinds, whatever it is called: the first [`ENTRIES_MAX`] entries
/// that have an address.
#[must_use]
pub fn read(file: &str) -> Vec<Liked> {
    let file = file.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    let start: String = file.chars().take(1_024).collect::<String>().to_ascii_lowercase();
    let mut entries = match start.chars().next() {
        Some('<') if start.contains("<opml") => opml::read(file),
        Some('<') => bookmarks::read(file),
        Some('[' | '{') => repositories::read(file),
        _ => lines::read(file),
    };
    entries.retain(|entry| !entry.url.is_empty() && entry.url.len() <= URL_MAX);
    entries.truncate(ENTRIES_MAX);
    entries
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entries(file: &str) -> Vec<(String, String)> {
        read(file).into_iter().map(|entry| (entry.url, entry.title)).collect()
    }

    fn pairs<const COUNT: usize>(pairs: [(&str, &str); COUNT]) -> Vec<(String, String)> {
        pairs.map(|(url, title)| (url.to_owned(), title.to_owned())).into()
    }

    #[test]
    fn subscriptions_name_their_page_or_else_their_feed() {
        let opml = r#"<?xml version="1.0" encoding="UTF-8"?>
            <opml version="2.0"><head><title>Subscriptions</title></head><body>
            <outline text="Shows"><outline type="rss" text="Night &amp; Day" title="ignored"
              xmlUrl="https://night.example/feed.xml" htmlUrl="https://night.example/"/>
            <outline TEXT="Only a feed" XMLURL="https://feeds.example/one?a=1&amp;b=2"></outline>
            <outline text="A folder"/><outline type="rss" xmlUrl="https://plain.example/rss"/>
            </outline></body></opml>"#;
        let expected = pairs([
            ("https://night.example/", "Night & Day"),
            ("https://feeds.example/one?a=1&b=2", "Only a feed"),
            ("https://plain.example/rss", ""),
        ]);
        assert_eq!(entries(opml), expected);
        // What comes before a break is kept.
        let broken = &opml[..opml.find("<outline text=\"A folder\"").unwrap()];
        assert_eq!(entries(&format!("\u{feff}{broken}<outline <<")), expected[..2]);
        let evil = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><opml><body>\
            <outline text=\"&a;\" xmlUrl=\"https://a.example/\"/></body></opml>";
        assert!(!entries(evil).iter().any(|(_, title)| title.contains("root")));
    }

    #[test]
    fn bookmarks_are_links_with_their_words() {
        let html = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<H1>Menu</H1>\n\
            <DL><p>\n<DT><A HREF=\"https://songs.example/a?b=1&amp;c=2\" ADD_DATE=\"1\"\n \
            ICON=\"data:image/png;base64,AAAA\">A &lt;song&gt;\n and  more</A>\n\
            <DT><A HREF=\"javascript:alert(1)\">Trick</A><DT><A>No address</A>\n\
            <DT><A HREF=\"https://tools.example/\"></A><DT><A HREF=\"place:sort=8\">Smart</A></DL>";
        let expected = pairs([
            ("https://songs.example/a?b=1&c=2", "A <song> and more"),
            ("https://tools.example/", ""),
        ]);
        assert_eq!(entries(html), expected);
    }

    #[test]
    fn starred_repositories_are_found_at_any_depth() {
        let stars = r#"[{"id": 1, "full_name": "ada/plane",
            "html_url": "https://code.example/ada/plane",
            "url": "https://api.code.example/repos/ada/plane",
            "owner": {"html_url": "https://code.example/ada", "login": "ada"}},
            {"starred_at": "2026-01-01T00:00:00Z",
             "repo": {"name": "kite", "html_url": "https://code.example/bob/kite"}}]"#;
        let expected = pairs([
            ("https://code.example/ada/plane", "ada/plane"),
            ("https://code.example/bob/kite", "kite"),
        ]);
        assert_eq!(entries(stars), expected, "owners are no stars");
        let other =
            r#"{"items": ["https://a.example/", {"title": "B", "url": "https://b.example/"}]}"#;
        assert_eq!(
            entries(other),
            pairs([("https://a.example/", ""), ("https://b.example/", "B")])
        );
        assert_eq!(entries("[{"), pairs([]));
        assert_eq!(entries(&"[".repeat(100_000)), pairs([]));
    }

    #[test]
    fn lines_have_an_address_and_perhaps_words() {
        let text = "https://a.example/x?y=1\n  https://b.example/ - The second\r\n\
            Third: <https://c.example/>\n\n# nothing here\nd.example/page\njust words\n\
            \"https://e.example/\",\"Fifth\"\n- [Sixth](https://f.example/a)";
        let expected = pairs([
            ("https://a.example/x?y=1", ""),
            ("https://b.example/", "The second"),
            ("https://c.example/", "Third"),
            ("d.example/page", ""),
            ("https://e.example/", "Fifth"),
            ("https://f.example/a", "Sixth"),
        ]);
        assert_eq!(entries(text), expected);
    }

    #[test]
    fn a_file_has_an_end() {
        let many: String = (0..3_000).map(|n| format!("https://a.example/{n}\n")).collect();
        assert_eq!(read(&many).len(), ENTRIES_MAX);
        assert_eq!(entries(&format!("https://a.example/{}", "x".repeat(URL_MAX))), pairs([]));
    }

    proptest! {
        #[test]
        fn nothing_breaks_it(start in "(<opml>|<a href='|\\[|\\{\"url\":|)", rest in ".{0,300}") {
            for entry in read(&format!("{start}{rest}")) {
                prop_assert!(!entry.url.is_empty() && entry.url.len() <= URL_MAX);
            }
        }
    }
}
