//! What a site asks of readers like ours, by its robots.txt (RFC 9309): pure.

use std::time::Duration;

/// The name that a robots.txt calls us by.
pub const AGENT: &str = "Obole";

/// The longest pause between two requests that a site can ask for.
const DELAY_MAX: Duration = Duration::from_secs(60);

/// The most rules that are kept of one file.
const RULES_MAX: usize = 5_000;

/// What a site allows us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Robots {
    rules: Vec<Rule>,
    delay: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    is_allowed: bool,
    pattern: String,
}

/// Rules for whom, while a file is read.
#[derive(Default)]
struct Groups {
    ours: Robots,
    everybodys: Robots,
    has_ours: bool,
}

impl Robots {
    /// Reads a file. Whatever is not a rule is passed over; no rule means that all is allowed. All
    /// groups with our name count together, and those of `*` where there is none (section 2.2.1).
    #[must_use]
    pub fn parse(file: &[u8]) -> Self {
        let text = String::from_utf8_lossy(file);
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
        let mut groups = Groups::default();
        let (mut is_ours, mut is_everybodys, mut is_naming) = (false, false, false);
        for line in text.split(['\n', '\r']) {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            if key == "user-agent" {
                if !is_naming {
                    (is_ours, is_everybodys) = (false, false);
                }
                is_naming = true;
                is_ours |= is_our_name(value);
                is_everybodys |= value.starts_with('*');
                groups.has_ours |= is_ours;
                continue;
            }
            // Other keys, such as a sitemap's, neither end a group nor belong to one.
            if !matches!(&*key, "allow" | "disallow" | "crawl-delay") {
                continue;
            }
            is_naming = false;
            if is_ours {
                groups.ours.add(&key, value);
            }
            if is_everybodys {
                groups.everybodys.add(&key, value);
            }
        }
        if groups.has_ours { groups.ours } else { groups.everybodys }
    }

    /// Nothing is allowed: of a site whose file cannot be had (section 2.3.1.4).
    #[must_use]
    pub fn nothing() -> Self {
        let rules = vec![Rule { is_allowed: false, pattern: "/".to_owned() }];
        Self { rules, delay: None }
    }

    fn add(&mut self, key: &str, value: &str) {
        if key == "crawl-delay" {
            self.delay = seconds(value).or(self.delay);
        } else if !value.is_empty() && self.rules.len() < RULES_MAX {
            self.rules.push(Rule { is_allowed: key == "allow", pattern: fold(value) });
        }
    }

    /// Whether a path with its query may be read: the longest rule that fits says so, of two that
    /// are as long the one that allows (section 2.2.2).
    #[must_use]
    pub fn allows(&self, path_and_query: &str) -> bool {
        let path = fold(path_and_query);
        let fitting = self.rules.iter().filter(|rule| fits(&rule.pattern, &path));
        let longest = fitting.max_by_key(|rule| (rule.pattern.len(), rule.is_allowed));
        path == "/robots.txt" || longest.is_none_or(|rule| rule.is_allowed)
    }

    /// The pause that it asks for between two requests; at most a minute.
    #[must_use]
    pub const fn delay(&self) -> Option<Duration> {
        self.delay
    }
}

/// Whether a group is named after us: the letters of the name, in any case, whatever follows.
fn is_our_name(value: &str) -> bool {
    let is_of_name = |c: char| c.is_ascii_alphabetic() || c == '_' || c == '-';
    let name = value.split(|c| !is_of_name(c)).next().unwrap_or_default();
    name.eq_ignore_ascii_case(AGENT)
}

/// `5` or `0.5`, rounded up to whole seconds.
fn seconds(value: &str) -> Option<Duration> {
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let whole: u64 = whole.parse().ok()?;
    let more = u64::from(part.bytes().any(|digit| digit != b'0'));
    Some(Duration::from_secs(whole.saturating_add(more)).min(DELAY_MAX))
}

/// Whether a path begins as a pattern says: `*` stands for anything, `$` at its end for the end of
/// the path.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, is_whole) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !is_whole || rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if is_whole && parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    true
}

/// One spelling for two that mean the same (section 2.2.2): what need not be escaped plain, all
/// else outside ASCII escaped with capital digits.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let escaped = if byte == b'%' { hex(&bytes) } else { None };
        match escaped {
            Some(value) => {
                bytes.nth(1);
                push(&mut folded, value, !is_unreserved(value));
            }
            None => push(&mut folded, byte, !byte.is_ascii()),
        }
    }
    folded
}

fn push(folded: &mut String, byte: u8, is_escaped: bool) {
    if is_escaped {
        folded.push_str(&format!("%{byte:02X}"));
    } else {
        folded.push(char::from(byte));
    }
}

/// The byte that the next two digits spell.
fn hex(bytes: &std::str::Bytes<'_>) -> Option<u8> {
    let mut ahead = bytes.clone();
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let value = digit(ahead.next()?)? * 16 + digit(ahead.next()?)?;
    u8::try_from(value).ok()
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn allows(file: &str, path: &str) -> bool {
        Robots::parse(file.as_bytes()).allows(path)
    }

    #[test]
    fn without_a_rule_all_is_allowed() {
        for file in ["", "\n\n", "hello", "<html>", "User-agent: Obole", "Disallow: /"] {
            assert!(allows(file, "/a"), "{file}");
        }
        assert!(!Robots::nothing().allows("/a") && Robots::nothing().allows("/robots.txt"));
    }

    #[test]
    fn our_group_goes_before_everybodys() {
        let file = "User-agent: *\nDisallow: /\n\nUser-agent: other\nuser-AGENT : OBOLE/1.0 x\n\
                    Disallow: /no # said\r\nSitemap: https://a.example/s\nAllow: /no/but\n";
        assert!(allows(file, "/"));
        assert!(!allows(file, "/no") && !allows(file, "/nobody"));
        assert!(allows(file, "/no/but/this"));
        assert!(!allows("User-agent: *\nDisallow: /", "/a"));
        assert!(!allows("User-agent: obolesque\nAllow: /\nUser-agent: *\nDisallow: /", "/a"));
        assert!(allows("User-agent: Obole\nDisallow:\nUser-agent: *\nDisallow: /", "/a"));
    }

    #[test]
    fn groups_with_our_name_count_together() {
        let file = "User-agent: obole\nDisallow: /a\n\nUser-agent: x\nDisallow: /\n\n\
                    User-agent: Obole\nDisallow: /b\n";
        assert!(!allows(file, "/a") && !allows(file, "/b") && allows(file, "/c"));
    }

    #[test]
    fn the_longest_rule_decides_and_of_two_the_one_that_allows() {
        let rules = |rules: &str| format!("User-agent: *\n{rules}");
        let file = rules("Allow: /p\nDisallow: /");
        assert!(allows(&file, "/page") && !allows(&file, "/x"));
        let file = rules("Disallow: /folder\nAllow: /folder");
        assert!(allows(&file, "/folder/page"));
        let file = rules("Allow: /page\nDisallow: /*.htm");
        assert!(!allows(&file, "/page.htm"));
        let file = rules("Allow: /$\nDisallow: /");
        assert!(allows(&file, "/") && !allows(&file, "/page.htm"));
    }

    #[test]
    fn stars_and_ends_are_understood() {
        let refuses = |pattern: &str, path: &str| {
            !allows(&format!("User-agent: *\nDisallow: {pattern}"), path)
        };
        for (pattern, path) in [
            ("/fish", "/fish/salmon.html"),
            ("/fish*", "/fishheads"),
            ("/*.php", "/folder/any.php?x=1"),
            ("/*.php$", "/folder/any.php"),
            ("/fish*.php", "/fishheads/catfish.php?parameters"),
            ("/*?*id=", "/a?b=1&id=2"),
            ("*/private", "/a/private/b"),
            ("/a**b", "/a-b"),
            ("/a*$", "/anything"),
        ] {
            assert!(refuses(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("/fish", "/Fish.asp"),
            ("/fish", "/catfish"),
            ("/fish/", "/fish"),
            ("/*.php$", "/any.php?x=1"),
            ("/*.php$", "/any.php5"),
            ("/*ab*b$", "/ab"),
            ("fish", "/fish"),
        ] {
            assert!(!refuses(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn escapes_mean_the_same_in_every_spelling() {
        let refuses = |pattern: &str, path: &str| {
            !allows(&format!("User-agent: *\nDisallow: {pattern}"), path)
        };
        assert!(refuses("/foo/bar/ツ", "/foo/bar/%E3%83%84"));
        assert!(refuses("/foo/bar/%e3%83%84", "/foo/bar/%E3%83%84"));
        assert!(refuses("/foo/bar/%62%61%7A", "/foo/bar/baz"));
        assert!(!refuses("/a%2Fb", "/a/b"));
        assert!(refuses("/100%", "/100%"));
    }

    #[test]
    fn a_pause_is_asked_for_in_seconds() {
        let delay = |value: &str| {
            let file = format!("User-agent: *\nCrawl-delay: {value}");
            Robots::parse(file.as_bytes()).delay().map(|delay| delay.as_secs())
        };
        assert_eq!((delay("5"), delay("0.5"), delay("1.0")), (Some(5), Some(1), Some(1)));
        assert_eq!((delay("100000"), delay("x"), delay("-1")), (Some(60), None, None));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(file in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = Robots::parse(&file).allows("/a?b");
        }

        #[test]
        fn a_forbidden_site_stays_forbidden(path in "/\\PC{0,40}", noise in "[a-z \n:/*#]{0,80}") {
            let file = format!("User-agent: Obole\nDisallow: /\n\nUser-agent: other\n{noise}");
            prop_assert!(path == "/robots.txt" || !allows(&file, &path));
        }
    }
}
