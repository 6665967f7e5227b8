//! What the head of a public page tells search engines, other sites and feed readers: its one
//! address, what previews show of it (ogp.me), where it is paid for, the feeds and embeddings that
//! belong to it. All addresses are whole, as those who read them ask (W6).

use obole_language::Language;

use crate::address::{lang, with_query};
use crate::assets;
use crate::visitor::Visitor;

/// The head of a public page.
#[derive(Clone, Debug)]
pub struct Preview {
    base: String,
    language: Language,
    /// The page's one address.
    pub canonical: String,
    /// What it is to others: `website`, `profile`, `article`.
    pub kind: &'static str,
    /// Our card; empty where a picture would say too much (C7).
    pub image: String,
    /// Where what the page is about is paid for; empty where nothing is.
    pub payment: String,
    /// Where other sites learn how to embed it: media type, address.
    pub embeddings: Vec<(&'static str, String)>,
    /// The feeds that belong to it: key of the title, address.
    pub feeds: Vec<(&'static str, String)>,
}

impl Preview {
    /// The head of the page at a path.
    #[must_use]
    pub fn new(visitor: &Visitor, path: &str) -> Self {
        let base = visitor.app.config().base_url();
        Self {
            canonical: format!("{base}{path}"),
            kind: "website",
            image: format!("{base}{}", assets::address("card.png")),
            payment: String::new(),
            embeddings: Vec::new(),
            feeds: Vec::new(),
            language: visitor.language,
            base,
        }
    }

    /// It is something else than a page of the site.
    #[must_use]
    pub const fn kind(mut self, kind: &'static str) -> Self {
        self.kind = kind;
        self
    }

    /// Other sites may embed it.
    #[must_use]
    pub fn embeddable(mut self) -> Self {
        for (media, format) in [("application/json+oembed", "json"), ("text/xml+oembed", "xml")] {
            let language = lang(self.language);
            let query = [("url", &*self.canonical), ("format", format), ("lang", language)];
            let address = format!("{}{}", self.base, with_query("/oembed", &query));
            self.embeddings.push((media, address));
        }
        self
    }

    /// A click on this address of a work pays for what it is about.
    #[must_use]
    pub fn paid_at(mut self, give: &str) -> Self {
        self.payment = format!("{}{give}", self.base);
        self
    }

    /// A feed belongs to it.
    #[must_use]
    pub fn feed(mut self, title_key: &'static str, path: &str) -> Self {
        let path = with_query(path, &[("lang", lang(self.language))]);
        self.feeds.push((title_key, format!("{}{path}", self.base)));
        self
    }

    /// No picture: nobody has said yes to what the page is about (C7).
    #[must_use]
    pub fn without_picture(mut self) -> Self {
        self.image.clear();
        self
    }

    /// The locale by the names of the protocol.
    #[must_use]
    pub const fn locale(&self) -> &'static str {
        match self.language {
            Language::English => "en_GB",
            Language::French => "fr_FR",
        }
    }
}
