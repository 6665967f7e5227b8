//! From a head and headers to what is kept of a page.

use url::Url;

use super::head::Head;
use super::text::clean;
use crate::fetch::{Answer, URL_MAX};

/// The longest title and description, in characters.
const TITLE_MAX: usize = obole_domain::work::TITLE_MAX;
const DESCRIPTION_MAX: usize = 500;

/// The longest name of a language (BCP 47).
const LANGUAGE_MAX: usize = 35;

/// The most hints that are kept of a page.
const HINTS_MAX: usize = 20;

/// The old network's name for somebody: letters and digits, a few.
const FLATTR_ID_MAX: usize = 40;

/// What a page says of itself. All of it is a stranger's word: nothing is owned, paid or shown by
/// it alone (C7).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageFacts {
    /// What it is called; empty where it does not say.
    pub title: String,
    /// What it is about, in a few words.
    pub description: String,
    /// Its language (BCP 47), such as `fr`.
    pub language: String,
    /// The address of its picture. It is never shown before a claim (C7).
    pub picture: String,
    /// Where it is at home, if that is on the same site; a page cannot make itself another's.
    pub canonical: String,
    /// Where it asks to be supported, and who it says it is.
    pub hints: Vec<Hint>,
    /// Whether it wants no money at all ([`DECLINES`], C7).
    pub declines: bool,
}

/// The meta element by which a page says "no, thank you": its content is `no`.
pub const DECLINES: &str = "obole:collect";

/// A pointer to who may be behind a page. It proves nothing (C2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Of which kind.
    pub kind: HintKind,
    /// An address, or an old id.
    pub value: String,
}

/// The kinds of hints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintKind {
    /// `rel=payment`: where payment is accepted.
    Payment,
    /// `rel=me`: a profile of the same person.
    Me,
    /// `flattr:id`: a name in Flattr's old network.
    Flattr,
    /// `rel=monetization`: a wallet of Web Monetization.
    Monetization,
    /// A `funding.json`, or the list of such files.
    Manifest,
}

impl HintKind {
    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Me => "me",
            Self::Flattr => "flattr",
            Self::Monetization => "monetization",
            Self::Manifest => "manifest",
        }
    }
}

/// What an answer from an address says of the page there. Only HTML says anything in its body;
/// links in headers count whatever it is.
#[must_use]
pub fn read(url: &str, answer: &Answer) -> PageFacts {
    let head = super::head_of(answer).unwrap_or_default();
    let Ok(page) = Url::parse(url) else { return PageFacts::default() };
    let base = head.base.as_deref().and_then(|base| page.join(base.trim()).ok());
    let reading = Reading { base: base.unwrap_or_else(|| page.clone()), page, head };
    let headers: Vec<(String, String)> =
        answer.links.iter().flat_map(|value| links_of(value)).collect();
    let language = reading.head.language.clone();
    let language = if language.is_empty() { answer.language.clone() } else { language };
    PageFacts {
        title: reading.titled(),
        description: reading.meta(&["og:description", "description"], DESCRIPTION_MAX),
        language: language_of(&language),
        picture: reading.picture(),
        canonical: reading.canonical(&headers),
        hints: reading.hints(&headers),
        declines: reading.metas(DECLINES).any(|value| value.trim().eq_ignore_ascii_case("no")),
    }
}

/// Whether a body is a page.
pub(crate) fn is_html(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(&*kind, "text/html" | "application/xhtml+xml")
}

/// A head and where it stands.
struct Reading {
    page: Url,
    base: Url,
    head: Head,
}

impl Reading {
    fn titled(&self) -> String {
        let told = self.meta(&["og:title"], TITLE_MAX);
        if !told.is_empty() {
            return told;
        }
        clean(self.head.title.as_deref().unwrap_or_default(), TITLE_MAX)
    }

    /// The first of some names that says anything.
    fn meta(&self, names: &[&str], limit: usize) -> String {
        let values = names.iter().flat_map(|name| self.metas(name));
        let mut values = values.map(|value| clean(value, limit));
        values.find(|value| !value.is_empty()).unwrap_or_default()
    }

    fn metas<'head>(&'head self, name: &str) -> impl Iterator<Item = &'head str> {
        let metas = self.head.metas.iter().filter(move |(other, _)| *other == name);
        metas.map(|(_, content)| content.as_str()).collect::<Vec<_>>().into_iter()
    }

    fn picture(&self) -> String {
        let mut pictures = self.metas("og:image").filter_map(|value| address(&self.base, value));
        pictures.find(|picture| picture.scheme() == "https").map(String::from).unwrap_or_default()
    }

    /// Headers are relative to the page, not to its `base` (RFC 8288).
    fn canonical(&self, headers: &[(String, String)]) -> String {
        let in_headers = headers.iter().map(|link| (&self.page, link));
        let in_head = self.head.links.iter().map(|link| (&self.base, link));
        let named = in_headers.chain(in_head).filter(|(_, (rel, _))| has_word(rel, "canonical"));
        let mut found = named.filter_map(|(base, (_, href))| address(base, href));
        let is_ours = |url: &Url| is_same_site(&self.page, url);
        found.find(is_ours).map(String::from).unwrap_or_default()
    }

    fn hints(&self, headers: &[(String, String)]) -> Vec<Hint> {
        let in_headers = headers.iter().map(|link| (&self.page, link));
        let in_head = self.head.links.iter().map(|link| (&self.base, link));
        let links = in_headers.chain(in_head).filter_map(|(base, (rel, href))| {
            let url = address(base, href)?;
            Some(Hint { kind: kind_of(rel, &url)?, value: url.into() })
        });
        let pointers = self
            .metas("monetization")
            .filter_map(pointer)
            .map(|value| Hint { kind: HintKind::Monetization, value });
        let old = self.metas("flattr:id").filter_map(flattr_id);
        let old = old.map(|value| Hint { kind: HintKind::Flattr, value });
        let mut hints: Vec<Hint> = Vec::new();
        for hint in links.chain(pointers).chain(old) {
            if hints.len() < HINTS_MAX && !hints.contains(&hint) {
                hints.push(hint);
            }
        }
        hints
    }
}

fn kind_of(rel: &str, url: &Url) -> Option<HintKind> {
    let kinds = [
        ("payment", HintKind::Payment),
        ("me", HintKind::Me),
        ("monetization", HintKind::Monetization),
    ];
    let named = kinds.into_iter().find(|(word, _)| has_word(rel, word)).map(|(_, kind)| kind);
    let path = url.path();
    let is_manifest =
        path.ends_with("/funding.json") || path.ends_with("/.well-known/funding-manifest-urls");
    named.or(is_manifest.then_some(HintKind::Manifest))
}

fn has_word(words: &str, word: &str) -> bool {
    words.split_ascii_whitespace().any(|other| other.eq_ignore_ascii_case(word))
}

/// A web address that a link leads to: no other scheme (an IBAN of somebody without an account is
/// none of our business), nobody's password.
fn address(base: &Url, href: &str) -> Option<Url> {
    let url = base.join(href.trim()).ok()?;
    let is_web = matches!(url.scheme(), "https" | "http") && url.has_host();
    let has_user = !url.username().is_empty() || url.password().is_some();
    (is_web && !has_user && url.as_str().len() <= URL_MAX).then_some(url)
}

/// A payment pointer, `$wallet.example/alice`, as the address that it means.
fn pointer(value: &str) -> Option<String> {
    let value = value.trim();
    let url = match value.strip_prefix('$') {
        Some(rest) => format!("https://{rest}"),
        None => value.to_owned(),
    };
    let mut url = Url::parse(&url).ok().filter(|url| url.scheme() == "https")?;
    if url.path() == "/" {
        url.set_path("/.well-known/pay");
    }
    address(&url.clone(), url.as_str()).map(String::from)
}

fn flattr_id(value: &str) -> Option<String> {
    let value = value.trim();
    let is_id = (1..=FLATTR_ID_MAX).contains(&value.len());
    let is_id = is_id && value.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then(|| value.to_owned())
}

fn is_same_site(one: &Url, other: &Url) -> bool {
    let name = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        host.strip_prefix("www.").unwrap_or(host).to_owned()
    };
    name(one) == name(other) && one.port() == other.port()
}

/// The first language of a list, where it looks like one.
fn language_of(text: &str) -> String {
    let first = text.split(',').next().unwrap_or_default().trim();
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let is_language = first.len() <= LANGUAGE_MAX && first.split('-').all(is_part);
    if is_language { first.to_owned() } else { String::new() }
}

/// The links of a `Link` header, as relation and address (RFC 8288): `<a>; rel="b c", <d>; rel=e`.
fn links_of(value: &str) -> Vec<(String, String)> {
    let mut links = Vec::new();
    for part in value.split('<').skip(1) {
        let Some((href, parameters)) = part.split_once('>') else { continue };
        let rel = parameters.split(';').find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            let is_rel = name.trim().eq_ignore_ascii_case("rel");
            is_rel.then(|| value.trim().trim_end_matches(',').trim().trim_matches('"'))
        });
        links.extend(rel.map(|rel| (rel.to_ascii_lowercase(), href.to_owned())));
    }
    links
}

#[cfg(test)]
mod tests {
    use obole_domain::click::clean_text;
    use proptest::prelude::*;

    use super::*;

    const URL: &str = "https://zoe.example/songs/a";

    fn html(body: &str) -> Answer {
        Answer {
            status: 200,
            content_type: "text/html; charset=utf-8".to_owned(),
            body: body.as_bytes().to_vec(),
            ..Answer::default()
        }
    }

    fn facts(body: &str) -> PageFacts {
        read(URL, &html(body))
    }

    fn hints(body: &str) -> Vec<(&'static str, String)> {
        facts(body).hints.into_iter().map(|hint| (hint.kind.code(), hint.value)).collect()
    }

    #[test]
    fn a_page_is_described() {
        let page = facts(
            "<html lang=fr-CA><title>Site | A song</title>
             <meta property=og:title content=' A  song '>
             <meta name=description content='About &lt;it&gt;'>
             <meta property=og:image content=/p.png>
             <link rel=canonical href=//www.zoe.example/songs/a>",
        );
        assert_eq!((&*page.title, &*page.description), ("A song", "About <it>"));
        assert_eq!((&*page.language, &*page.picture), ("fr-CA", "https://zoe.example/p.png"));
        assert_eq!(page.canonical, "https://www.zoe.example/songs/a");
        assert_eq!(facts("<title>A song</title>").title, "A song");
        assert_eq!(facts("<meta property=og:title content=' '><title>A</title>").title, "A");
    }

    #[test]
    fn a_page_cannot_make_itself_anothers() {
        for href in [
            "https://other.example/",
            "https://evil.zoe.example/",
            "javascript:alert(1)",
            "https://zoe.example:444/",
            "https://a:b@zoe.example/",
        ] {
            assert_eq!(facts(&format!("<link rel=canonical href={href}>")).canonical, "", "{href}");
        }
        let page = "<base href=https://other.example/><link rel=canonical href=/songs/a>";
        assert_eq!(facts(page).canonical, "");
    }

    #[test]
    fn hints_are_read_from_links_metas_and_headers() {
        let page = "<base href=/x/><link rel='payment nofollow' href=pay>
            <link rel=ME href=https://s.example/@zoe>
            <link rel=monetization href=https://wallet.example/zoe>
            <meta name=flattr:id content=62lgqk><meta name=monetization content='$wallet.example'>
            <link rel=funding href=/funding.json>
            <link rel=alternate href=/.well-known/funding-manifest-urls>
            <link rel=me href=https://s.example/@zoe>";
        assert_eq!(
            hints(page),
            [
                ("payment", "https://zoe.example/x/pay".to_owned()),
                ("me", "https://s.example/@zoe".to_owned()),
                ("monetization", "https://wallet.example/zoe".to_owned()),
                ("manifest", "https://zoe.example/funding.json".to_owned()),
                ("manifest", "https://zoe.example/.well-known/funding-manifest-urls".to_owned()),
                ("monetization", "https://wallet.example/.well-known/pay".to_owned()),
                ("flattr", "62lgqk".to_owned()),
            ]
        );
        let mut pdf = html("<link rel=me href=https://evil.example/>");
        pdf.content_type = "application/pdf".to_owned();
        let links = "</pay>; rel=\"payment\"; title=\"a, b\", <https://s.example/>; Rel=me";
        pdf.links = [links, "</songs/a>;rel=canonical", "<broken"].map(str::to_owned).into();
        let page = read(URL, &pdf);
        let values: Vec<&str> = page.hints.iter().map(|hint| hint.value.as_str()).collect();
        assert_eq!(values, ["https://zoe.example/pay", "https://s.example/"]);
        assert_eq!(page.canonical, URL);
    }

    #[test]
    fn a_hint_that_is_no_web_address_is_left_out() {
        for href in [
            "payto://iban/DE89370400440532013000",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://user:secret@a.example/",
            "mailto:a@b.example",
            "https://",
        ] {
            assert_eq!(hints(&format!("<link rel=payment href='{href}'>")), [], "{href}");
        }
        let long = format!("<link rel=payment href=/{}>", "a".repeat(URL_MAX));
        assert_eq!(hints(&long), []);
        for id in ["", "a b", "<b>", &"a".repeat(41)] {
            assert_eq!(hints(&format!("<meta name=flattr:id content='{id}'>")), [], "{id}");
        }
        let many: String = (0..100).map(|n| format!("<link rel=me href=/{n}>")).collect();
        assert_eq!(hints(&many).len(), HINTS_MAX);
    }

    #[test]
    fn a_comment_is_not_the_pages_word() {
        let page = "<title>Mine</title></head><body><p>A comment:<head>\
                    <link rel=payment href=https://thief.example/>\
                    <meta name=flattr:id content=thief><title>Yours</title>";
        assert_eq!((&*facts(page).title, facts(page).hints.len()), ("Mine", 0));
    }

    #[test]
    fn markup_and_large_titles_are_plain_short_text() {
        let title = facts("<title>&lt;script&gt;alert(1)&lt;/script&gt;<b>x</b></title>").title;
        assert_eq!(title, "<script>alert(1)</script><b>x</b>");
        let title = facts(&format!("<title>{}</title>", "word ".repeat(200_000))).title;
        assert!(title.chars().count() <= TITLE_MAX && title.starts_with("word word"));
        assert_eq!(facts("<title>\u{202E}gnp.exe\u{2066}</title>").title, "gnp.exe");
        assert_eq!(facts("<title>a\u{0}b</title>").title, "");
    }

    #[test]
    fn languages_look_like_languages() {
        let lang = |lang: &str| facts(&format!("<html lang='{lang}'>")).language;
        assert_eq!((&*lang("de"), &*lang("zh-Hant-TW")), ("de", "zh-Hant-TW"));
        for odd in ["", "fr_FR!", "\">", "a very long name of a language", "-", "é"] {
            assert_eq!(lang(odd), "", "{odd}");
        }
        let mut answer = html("<title>a</title>");
        answer.language = "fr, en".to_owned();
        assert_eq!(read(URL, &answer).language, "fr");
    }

    proptest! {
        #[test]
        fn whatever_a_page_says_is_clean(
            title: String, about: String, lang: String, href: String, link: String,
        ) {
            let quoted = |text: &str| text.replace(['\'', '<'], "");
            let mut answer = html(&format!(
                "<html lang='{}'><title>{}</title><meta name=description content='{}'>\
                 <link rel='payment me canonical' href='{}'><meta property=og:image content='{}'>",
                quoted(&lang), quoted(&title), quoted(&about), quoted(&href), quoted(&href),
            ));
            answer.links = vec![link.clone(), format!("<{link}>; rel=me")];
            let page = read(URL, &answer);
            let is_clean = |text: &str, limit| clean_text(text, limit).as_deref() == Ok(text);
            prop_assert!(is_clean(&page.title, TITLE_MAX));
            prop_assert!(is_clean(&page.description, DESCRIPTION_MAX));
            prop_assert!(page.language.is_ascii() && page.language.len() <= LANGUAGE_MAX);
            let hinted = page.hints.iter().map(|hint| &hint.value);
            for url in hinted.chain([&page.picture, &page.canonical]) {
                let is_web = url.starts_with("https://") || url.starts_with("http://");
                prop_assert!(url.is_ascii() && url.len() <= URL_MAX);
                prop_assert!(url.is_empty() || is_web);
            }
        }

        #[test]
        fn any_bytes_make_facts(body in proptest::collection::vec(any::<u8>(), 0..400)) {
            let answer = Answer { body, ..html("") };
            let _ = read(URL, &answer);
        }
    }
}
