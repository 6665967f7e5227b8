//! Rules for the big sites: which of their addresses are one work. The table is `sites.txt`, which
//! also says how to read it; here it is parsed once and applied.

use std::collections::HashMap;
use std::sync::LazyLock;

use url::Url;

use super::classes::{self, Class};

/// The table as it is written.
const TABLE: &str = include_str!("sites.txt");

static SITES: LazyLock<Sites> = LazyLock::new(|| Sites::read(TABLE));

/// The sites, found by their hosts.
#[derive(Default)]
struct Sites {
    sites: Vec<Site>,
    by_host: HashMap<&'static str, usize>,
    /// Hosts of which the first label is anything, without it.
    by_domain: HashMap<&'static str, usize>,
    /// Lines that say nothing that can be read; a test sees that there are none.
    unread: Vec<&'static str>,
}

/// The hosts of one party and what is the same there.
#[derive(Default)]
struct Site {
    same: Vec<(&'static str, &'static str)>,
    kept: Vec<&'static str>,
    rules: Vec<Rule>,
}

/// An address and the one it becomes.
struct Rule {
    /// On which host; none means on each of the site.
    host: Option<&'static str>,
    parts: Vec<Part>,
    end: End,
    query: Vec<(&'static str, Capture)>,
    target: &'static str,
}

/// A part of a path between two slashes.
enum Part {
    /// One of some words.
    Words(Vec<&'static str>),
    /// What follows a prefix, which the target shows.
    Named(&'static str, Capture),
}

/// What may follow the parts.
enum End {
    Nothing,
    Anything,
    /// All of it is shown by the target.
    Named(Capture),
}

/// A class and the name by which the target shows what was read.
struct Capture {
    class: Class,
    name: &'static str,
}

/// What was read, by the names of a target.
type Values = Vec<(&'static str, String)>;

/// The address that stands for this one: none where no rule applies.
pub(super) fn fold(url: &Url) -> Option<Url> {
    let host = plain_host(url)?;
    let (site, label) = SITES.find(host)?;
    let renamed = site.same.iter().find_map(|(old, new)| renamed(host, old, new));
    let host = renamed.as_deref().unwrap_or(host);
    let path = url.path().strip_prefix('/').unwrap_or_default();
    let path = path.strip_suffix('/').unwrap_or(path);
    let parts: Vec<&str> = path.split('/').filter(|_| !path.is_empty()).collect();
    let is_kept = |first: &&str| site.kept.iter().any(|kept| kept.eq_ignore_ascii_case(first));
    let is_kept = parts.first().is_some_and(is_kept);
    let has_label = |rule: &&Rule| !label.is_empty() || !rule.target.contains("{sub}");
    let mut rules = site.rules.iter().filter(|_| !is_kept).filter(has_label);
    let found = rules.find_map(|rule| rule.target(host, &parts, url.query()));
    if let Some((target, mut values)) = found {
        values.push(("host", host.to_owned()));
        values.push(("sub", label.to_owned()));
        return Url::parse(&format!("https://{}", filled(target, &values))).ok();
    }
    let mut url = url.clone();
    url.set_host(Some(&renamed?)).ok()?;
    Some(url)
}

/// The new host of an old one, where `same` says so.
fn renamed(host: &str, old: &str, new: &str) -> Option<String> {
    let Some((domain, new)) = old.strip_prefix('*').zip(new.strip_prefix('*')) else {
        return (host == old).then(|| new.to_owned());
    };
    let label = host.strip_suffix(domain).filter(|label| !label.contains('.'))?;
    Some(format!("{label}{new}"))
}

/// Whether the rules know the host of an address: then no guess is made about it.
pub(super) fn is_known(url: &Url) -> bool {
    plain_host(url).is_some_and(|host| SITES.find(host).is_some())
}

/// The host of a page at its usual place: behind another port stands another server.
fn plain_host(url: &Url) -> Option<&str> {
    url.host_str().filter(|_| url.scheme() == "https" && url.port().is_none())
}

impl Sites {
    /// The site of a host, and the label that stands for its `*`.
    fn find<'host>(&self, host: &'host str) -> Option<(&Site, &'host str)> {
        let (label, domain) = host.split_once('.')?;
        let (place, label) = match self.by_host.get(host) {
            Some(place) => (place, ""),
            None => (self.by_domain.get(domain)?, label),
        };
        Some((self.sites.get(*place)?, label))
    }

    fn read(table: &'static str) -> Self {
        let mut sites = Self::default();
        for line in table.lines() {
            if sites.read_line(line).is_none() {
                sites.unread.push(line);
            }
        }
        sites
    }

    fn read_line(&mut self, line: &'static str) -> Option<()> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let place = self.sites.len().wrapping_sub(1);
        match word {
            "" | "#" | "=" | "!" => {}
            "site" => self.sites.push(Site::default()),
            "hosts" => {
                for host in rest.split_whitespace() {
                    match host.strip_prefix("*.") {
                        Some(domain) => self.by_domain.insert(domain, place),
                        None => self.by_host.insert(host, place),
                    };
                }
            }
            "same" => self.sites.last_mut()?.same.push(rest.split_once(' ')?),
            "keep" => self.sites.last_mut()?.kept.extend(rest.split_whitespace()),
            _ => self.sites.last_mut()?.rules.push(Rule::read(line)?),
        }
        Some(())
    }
}

impl Rule {
    fn read(line: &'static str) -> Option<Self> {
        let (from, target) = line.split_once(" -> ")?;
        let (host, path) = from.split_once('/')?;
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut rule = Self {
            host: Some(host).filter(|host| !host.is_empty()),
            parts: Vec::new(),
            end: End::Nothing,
            query: Vec::new(),
            target,
        };
        for part in path.split('/') {
            match (part, part.split_once('{')) {
                ("*", _) => rule.end = End::Anything,
                (_, Some(("", class))) if class.ends_with("*}") => {
                    rule.end = End::Named(Capture::of(class)?);
                }
                (_, Some((prefix, class))) => {
                    rule.parts.push(Part::Named(prefix, Capture::of(class)?));
                }
                _ => rule.parts.push(Part::Words(part.split('|').collect())),
            }
        }
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, class) = parameter.split_once("={")?;
            rule.query.push((name, Capture::of(class)?));
        }
        Some(rule)
    }

    /// The target and what was read for it, if an address is one of this rule's.
    fn target(
        &self,
        host: &str,
        parts: &[&str],
        query: Option<&str>,
    ) -> Option<(&'static str, Values)> {
        if self.host.is_some_and(|own| own != host) || parts.len() < self.parts.len() {
            return None;
        }
        let (first, rest) = parts.split_at_checked(self.parts.len())?;
        let mut values = Values::new();
        for (part, text) in self.parts.iter().zip(first) {
            values.push(part.read(text)?);
        }
        match &self.end {
            End::Nothing if !rest.is_empty() => return None,
            End::Nothing | End::Anything => {}
            End::Named(capture) => values.push(capture.read(&rest.join("/"))?),
        }
        for (name, capture) in &self.query {
            let parameters = query?.split('&').filter_map(|parameter| parameter.split_once('='));
            let mut found = parameters.filter(|(found, _)| found == name);
            let (_, value) = found.next().filter(|_| found.next().is_none())?;
            values.push(capture.read(value)?);
        }
        Some((self.target, values))
    }
}

impl Part {
    fn read(&self, text: &str) -> Option<(&'static str, String)> {
        match self {
            Self::Words(words) => {
                words.iter().find(|word| **word == text).map(|word| ("kind", (*word).to_owned()))
            }
            Self::Named(prefix, capture) => capture.read(text.strip_prefix(prefix)?),
        }
    }
}

impl Capture {
    /// Of `class}` or `class:name}`.
    fn of(text: &'static str) -> Option<Self> {
        let text = text.strip_suffix('}')?;
        let (class, name) = text.split_once(':').unwrap_or((text, text.trim_end_matches('*')));
        Some(Self { class: classes::find(class)?, name })
    }

    fn read(&self, text: &str) -> Option<(&'static str, String)> {
        (self.class)(text).map(|value| (self.name, value))
    }
}

/// A target with what was read in the place of each name.
fn filled(target: &str, values: &[(&'static str, String)]) -> String {
    let mut text = target.to_owned();
    for (name, value) in values.iter().rev() {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;
    use crate::CanonicalUrl;

    fn canonical(address: &str) -> String {
        let url =
            CanonicalUrl::parse(address).unwrap_or_else(|refusal| panic!("{address}: {refusal}"));
        url.without_scheme().to_owned()
    }

    fn lines(mark: &str) -> Vec<&'static str> {
        TABLE.lines().filter_map(|line| line.strip_prefix(mark)).collect()
    }

    #[test]
    fn the_table_is_read_whole() {
        assert_eq!(SITES.unread, Vec::<&str>::new());
        assert!(SITES.sites.iter().map(|site| site.rules.len()).sum::<usize>() >= 100);
        let hosts = TABLE.lines().filter_map(|line| line.strip_prefix("hosts "));
        let hosts: Vec<&str> = hosts.flat_map(str::split_whitespace).collect();
        let known = SITES.by_host.len() + SITES.by_domain.len();
        assert_eq!(known, hosts.len(), "a host is one site's only");
    }

    #[test]
    fn examples_fold() {
        let examples = lines("= ");
        assert!(examples.len() >= 80);
        for line in examples {
            let (from, to) = line.split_once(" -> ").expect(line);
            assert_eq!(canonical(from), to, "{from}");
            assert_eq!(canonical(to), to);
        }
    }

    #[test]
    fn other_pages_do_not_fold() {
        let examples = lines("! ");
        assert!(examples.len() >= 40);
        for line in examples {
            let expected = if line.contains('/') { line.to_owned() } else { format!("{line}/") };
            assert_eq!(canonical(line), expected);
        }
    }

    #[test]
    fn a_target_is_on_a_host_of_its_own_site() {
        let mut hosts = HashSet::new();
        for line in TABLE.lines() {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match word {
                "site" => hosts.clear(),
                "hosts" => hosts.extend(rest.split_whitespace().map(str::to_owned)),
                "same" => rest.split(' ').for_each(|host| assert!(hosts.contains(host), "{line}")),
                "" | "#" | "=" | "!" | "keep" => {}
                _ => {
                    let (from, target) = line.split_once(" -> ").expect(line);
                    let from = from.split('/').next().unwrap_or_default();
                    let host = target.split('/').next().unwrap_or_default();
                    let host = host.replace("{label}", "*").replace("{sub}", "*");
                    assert!(from.is_empty() || hosts.contains(from), "{line}");
                    assert!(host == "{host}" || hosts.contains(&host), "{line}");
                }
            }
        }
    }

    /// An address of a rule, with texts in the place of what it reads.
    fn address(line: &str, host: &str, texts: &[String]) -> String {
        let from = line.split(" -> ").next().unwrap_or_default();
        let own = from.split('/').next().unwrap_or_default();
        let host = if own.is_empty() { host } else { own };
        let mut texts = texts.iter().cycle();
        let mut text = String::new();
        for piece in from.split_at(own.len()).1.split('{') {
            match piece.split_once('}') {
                Some((_, rest)) => {
                    text.push_str(texts.next().map_or("", String::as_str));
                    text.push_str(rest);
                }
                None => text.push_str(piece),
            }
        }
        let text = text.split('|').next().unwrap_or_default().to_owned();
        format!("{}{text}", host.replace('*', "some-label"))
    }

    /// Every rule with a host of its site.
    fn rules() -> Vec<(&'static str, &'static str)> {
        let (mut hosts, mut rules) = (Vec::new(), Vec::new());
        for line in TABLE.lines() {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match word {
                "site" => hosts.clear(),
                "hosts" => hosts.extend(rest.split_whitespace()),
                "" | "#" | "=" | "!" | "keep" | "same" => {}
                _ => rules.extend(hosts.iter().map(|host| (line, *host))),
            }
        }
        rules
    }

    proptest! {
        #[test]
        fn whatever_a_rule_reads_folds_once(
            texts in prop::collection::vec(prop_oneof![
                "[a-zA-Z0-9._-]{1,12}",
                "[0-9]{1,10}",
                "[A-Za-z0-9_-]{11}",
                "10\\.[0-9]{4}/[a-zA-Z%2F]{1,9}",
                "B[0-9A-Z]{9}",
                "[a-z]{2}",
                "[0-9]{4}\\.[0-9]{5}v[0-9]",
                "[a-z/-]{3,20}",
                "[a-z]{3,9}\\.git",
            ], 1..4),
            choice: prop::sample::Index,
            tail in "(/|/amp|/-/x|/more/and|\\?a=b&v=c|\\.git|#x)?",
        ) {
            let rules = rules();
            let (line, host) = *choice.get(&rules);
            let text = format!("{}{tail}", address(line, host, &texts));
            if let Ok(once) = CanonicalUrl::parse(&text) {
                prop_assert_eq!(CanonicalUrl::parse(once.as_str()), Ok(once), "{}", text);
            }
        }
    }
}
