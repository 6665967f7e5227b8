//! Scheme and host of a page: what two origins of one owner have in common, and where nothing may
//! be folded because another party could stand behind it (docs/decisions/0048).

use url::{Host, Url};

/// Ends of names that are used inside of one network or without certificates.
const APART: [&str; 7] = ["onion", "i2p", "local", "localhost", "internal", "lan", "arpa"];

/// Names under which registries of countries register others' names: `www` there would be one.
/// Those of two letters are not listed: none of them folds.
const CATEGORIES: [&str; 44] = [
    "art",
    "asn",
    "asso",
    "biz",
    "blog",
    "com",
    "cri",
    "edu",
    "firm",
    "geek",
    "gen",
    "gob",
    "gouv",
    "gov",
    "govt",
    "gub",
    "health",
    "ind",
    "info",
    "int",
    "iwi",
    "kiwi",
    "ltd",
    "maori",
    "med",
    "mil",
    "mod",
    "muni",
    "name",
    "net",
    "nhs",
    "nic",
    "nom",
    "org",
    "parliament",
    "plc",
    "police",
    "pro",
    "res",
    "sch",
    "school",
    "store",
    "tourism",
    "web",
];

/// `http` becomes `https` and `www.` falls away, at the usual ports of a public name.
pub(super) fn fold(url: &mut Url) -> Option<()> {
    if url.port().is_some() {
        return Some(());
    }
    let Some(Host::Domain(host)) = url.host() else { return Some(()) };
    let top = host.rsplit('.').next().unwrap_or_default();
    if !host.contains('.') || APART.contains(&top) {
        return Some(());
    }
    let host = without_www(host).to_owned();
    url.set_scheme("https").ok()?;
    url.set_host(Some(&host)).ok()
}

/// A host without its `www.`: whoever registered the name has both.
pub(super) fn without_www(host: &str) -> &str {
    let mut host = host;
    while let Some(rest) = host.strip_prefix("www.").filter(|rest| is_registered(rest)) {
        host = rest;
    }
    host
}

/// Whether a name is one that somebody registers, and not one that others' names end in.
fn is_registered(name: &str) -> bool {
    let Some((first, rest)) = name.split_once('.') else { return false };
    let is_country = rest.len() == 2;
    !is_country || (first.len() > 2 && !CATEGORIES.contains(&first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let mut url = Url::parse(text).expect(text);
        fold(&mut url).expect(text);
        url.into()
    }

    #[test]
    fn one_registered_name_is_one_owner() {
        for text in [
            "http://example.org/a",
            "https://www.example.org/a",
            "http://www.example.org/a",
            "http://www.www.example.org:80/a",
        ] {
            assert_eq!(folded(text), "https://example.org/a", "{text}");
        }
        for (text, one) in [
            ("http://www.blog.example.org/", "https://blog.example.org/"),
            ("http://www.news.co.uk/", "https://news.co.uk/"),
            ("http://www.journal.fr/", "https://journal.fr/"),
            ("http://www.xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ] {
            assert_eq!(folded(text), one, "{text}");
        }
    }

    #[test]
    fn what_may_be_another_partys_stays() {
        for text in [
            "https://www.co.uk/",
            "https://www.com.br/",
            "https://www.gov.uk/",
            "https://www.asso.fr/",
            "https://www.ca.us/",
            "https://www.com/",
            "https://www.fr/",
            "https://www2.example.org/",
            "https://wwwexample.org/",
            "https://m.example.org/",
            "https://amp.example.org/",
            "http://www.example.org:8080/",
            "https://www.example.org:8443/",
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://localhost/",
            "http://intranet/",
            "http://www.example.onion/",
            "http://www.printer.local/",
        ] {
            assert_eq!(folded(text), text);
        }
    }
}
