//! Addresses as old clients give them: a page's own, or that of an auto-submit link, on this
//! instance or on flattr.com, with what the link says about the page (research/flattr-api-v2.md
//! section 10).

use obole_app::App;
use obole_domain::work_details::{self, Category, Tags, WorkLanguage};
use obole_domain::{CanonicalUrl, Refusal};

use super::fields::Fields;
use crate::address::is_own_host;
use crate::words::shorten;

/// The longest address of a link, in characters: it carries a description.
const LINK_MAX: usize = 16_384;

/// A page that is meant, and what a link says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// The page.
    pub url: CanonicalUrl,
    /// Whom the link names as receiver; it proves nothing.
    pub owner: Option<String>,
    /// What the link calls the page: a hint (B3).
    pub title: String,
    /// Whether it came by a link that says who made it.
    pub is_link: bool,
}

impl Submitted {
    /// Reads a typed address. Where it is a link whose own parameters were not escaped, they stand
    /// beside it.
    pub fn read(app: &App, text: &str, beside: &Fields) -> Result<Self, Refusal> {
        match link_query(app, text) {
            Some(query) => Self::of_link(&query, beside),
            None => {
                let url = CanonicalUrl::parse(text)?;
                Ok(Self { url, owner: None, title: String::new(), is_link: false })
            }
        }
    }

    fn of_link(query: &str, beside: &Fields) -> Result<Self, Refusal> {
        let own = Fields::of_query(&query.replace("&amp;", "&"));
        let text = |name: &str| {
            let text = own.find(name).filter(|text| !text.is_empty());
            text.or_else(|| beside.find(name)).unwrap_or_default().to_owned()
        };
        let owner = Some(text("user_id")).filter(|owner| !owner.is_empty());
        let title = shorten(&text("title"), obole_domain::work::TITLE_MAX);
        let title = work_details::title(&title).unwrap_or_default();
        Ok(Self { url: CanonicalUrl::parse(own.get("url"))?, owner, title, is_link: true })
    }
}

/// The query of an auto-submit link; none where the address is another one. Old clients have
/// flattr.com built in, whatever address of the API they are given.
fn link_query(app: &App, text: &str) -> Option<String> {
    let text = text.trim();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let (host, path) = rest.split_at(rest.find('/')?);
    let (path, query) = path.split_once('?')?;
    let is_known = matches!(host.to_ascii_lowercase().as_str(), "flattr.com" | "www.flattr.com");
    let is_ours = is_known || is_own_host(app.config(), host, None);
    let is_link = path.trim_end_matches('/') == "/submit/auto";
    (is_ours && is_link && text.len() <= LINK_MAX).then(|| query.to_owned())
}

/// What is said about a page by parameters that creating and changing a thing share.
pub fn change(fields: &Fields) -> obole_app::work_details::Change {
    obole_app::work_details::Change {
        title: fields.find("title").map(str::to_owned),
        description: fields.find("description").map(str::to_owned),
        tags: fields.find("tags").map(Tags::parse),
        // What is no category or language is dropped, never a reason to fail (section 14.2).
        category: fields.find("category").and_then(Category::parse),
        language: fields.find("language").and_then(WorkLanguage::parse),
        is_hidden: fields.is("hidden"),
    }
}
