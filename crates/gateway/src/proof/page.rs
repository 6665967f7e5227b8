//! A proof on a page: a meta element in its head, or a link of its owner to themselves.

use obole_domain::claim::{Finding, ProofToken};

use super::Sought;
use crate::fetch::Answer;
use crate::page;

/// What the meta elements of a page's head come to.
pub(super) fn read_meta(_url: &str, answer: &Answer, sought: &Sought) -> Finding {
    let Some(head) = page::head_of(answer) else { return Finding::Missing };
    let metas = head.metas.iter().filter(|(name, _)| name == ProofToken::META);
    super::finding(metas.filter_map(|(_, value)| ProofToken::parse(value.trim())), &sought.token)
}

/// What the `rel="me"` links come to: of the whole page where nobody else writes on it, else of its
/// head.
pub(super) fn read_links(url: &str, answer: &Answer, sought: &Sought) -> Finding {
    let links = page::links_to_self(url, answer, sought.is_profile());
    sought.among(links.iter().map(String::as_str))
}

#[cfg(test)]
pub(super) mod tests {
    use obole_domain::claim::{ClaimMethod, Way};
    use obole_domain::work::CanonicalUrl;

    use super::*;

    /// What is looked for at the widest reach of a method for a page.
    pub(in crate::proof) fn sought(method: ClaimMethod, page: &str) -> Sought {
        let url = CanonicalUrl::parse(page).expect(page);
        Sought {
            way: Way::find(&url, method, None).expect("a way"),
            token: ProofToken::from_random([7; 16]),
            base_url: "https://obole.example".to_owned(),
        }
    }

    fn html(body: &str) -> Answer {
        let (content_type, body) = ("text/html".to_owned(), body.as_bytes().to_vec());
        Answer { status: 200, content_type, body, ..Answer::default() }
    }

    const OTHER: &str = "obole-00000000000000000000000000";

    #[test]
    fn a_meta_element_in_the_head_is_a_proof() {
        let sought = sought(ClaimMethod::Meta, "https://blog.example/");
        let read = |body: &str| sought.read("https://blog.example/", &html(body));
        let token = sought.token.as_str();
        let meta = format!("<meta name='obole:id' content='{token}'>");
        assert_eq!(read(&format!("<head><title>x</title>{meta}</head>")), Finding::Found);
        let two = format!("<meta name=obole:id content={OTHER}>{meta}");
        assert_eq!(read(&two), Finding::Found);
        assert_eq!(read(&format!("<meta name=obole:id content={OTHER}>")), Finding::Other);
        for body in [
            format!("<body>{meta}"),
            format!("<p>A comment<head>{meta}</head>"),
            format!("<!-- {meta} -->"),
            format!("<title>{meta}</title>"),
            format!("<template>{meta}</template>"),
            format!("<meta name=description content='{token}'>"),
            token.to_owned(),
        ] {
            assert_eq!(read(&body), Finding::Missing, "{body}");
        }
        let mut plain = html(&meta);
        plain.content_type = "text/plain".to_owned();
        assert_eq!(sought.read("https://blog.example/", &plain), Finding::Missing);
        assert_eq!(sought.read("https://blog.example/fr/", &html(&meta)), Finding::Found);
        assert_eq!(sought.read("https://other.example/", &html(&meta)), Finding::Missing);
    }

    #[test]
    fn a_profile_links_to_the_claim_from_anywhere_and_an_article_from_its_head() {
        let link = |token: &str| format!("<a rel='me nofollow' href=//obole.example/@zoe/{token}>");
        let profile = sought(ClaimMethod::RelMe, "https://social.example/@zoe");
        let token = profile.token.as_str();
        let at = "https://social.example/@zoe";
        assert_eq!(profile.read(at, &html(&link(token))), Finding::Found);
        assert_eq!(profile.read(at, &html(&link(OTHER))), Finding::Other);
        assert_eq!(profile.read(at, &html(&link("x"))), Finding::Missing);
        let based = format!("<base href=https://evil.example><a rel=me href=/@zoe/{token}>");
        assert_eq!(profile.read(at, &html(&based)), Finding::Missing);
        let article = sought(ClaimMethod::RelMe, "https://blog.example/a");
        let at = "https://blog.example/a";
        assert_eq!(article.read(at, &html(&link(token))), Finding::Missing);
        let head = format!("<link rel=me href=https://obole.example/@zoe/{token}>");
        assert_eq!(article.read(at, &html(&head)), Finding::Found);
        assert_eq!(article.read("https://blog.example/b", &html(&head)), Finding::Missing);
    }
}
