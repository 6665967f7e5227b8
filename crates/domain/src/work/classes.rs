//! The parts of an address that the rules of sites read: what each may be, and its one spelling.
//! What comes out is read again as itself.

/// Reads a part of a path or the value of a parameter; none where it is something else.
pub(super) type Class = fn(&str) -> Option<String>;

/// The longest part that any rule reads, in bytes.
const PART_MAX: usize = 200;

/// The class of a name in the table of sites; a name that ends in `*` reads all that is left.
pub(super) fn find(name: &str) -> Option<Class> {
    Some(match name {
        "any" => any,
        "word" => word,
        "lower" => lower,
        "label" => label,
        "source" => source,
        "repo" => repo,
        "gitlab*" => project,
        "number" => number,
        "leading" => leading,
        "head" => head,
        "language" => language,
        "youtube" => video,
        "base36" => base36,
        "flickr" => photo,
        "asin" => asin,
        "name" => name_of_python,
        "crate" => name_of_crate,
        "arxiv" => paper,
        "doi*" => doi,
        _ => return None,
    })
}

/// Any part that is there.
fn any(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Letters, digits and marks that are never escaped; not the dots that lead up a path.
fn word(text: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let fits = (1..=PART_MAX).contains(&text.len()) && text.bytes().all(is_plain);
    (fits && text.bytes().any(|byte| byte != b'.')).then(|| text.to_owned())
}

/// A word in which capitals mean nothing.
fn lower(text: &str) -> Option<String> {
    word(text).map(|word| word.to_ascii_lowercase())
}

/// A label of a host.
fn label(text: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_inside = !text.starts_with('-') && !text.ends_with('-') && !text.starts_with("xn--");
    let fits = (1..=63).contains(&text.len()) && text.bytes().all(is_plain) && is_inside;
    fits.then(|| text.to_ascii_lowercase())
}

/// A repository: also by the address that one clones.
fn source(text: &str) -> Option<String> {
    let mut name = word(text)?;
    while let Some(shorter) = name.strip_suffix(".git") {
        name = shorter.to_owned();
    }
    word(&name)
}

/// A repository in whose name capitals mean nothing.
fn repo(text: &str) -> Option<String> {
    source(&text.to_ascii_lowercase())
}

/// A project in groups of groups: what stands before `/-/`.
fn project(text: &str) -> Option<String> {
    let path = text.split_once("/-/").map_or(text, |(path, _)| path);
    let path = path.strip_suffix("/-").unwrap_or(path);
    let (groups, name) = path.rsplit_once('/')?;
    let groups: Option<Vec<String>> = groups.split('/').map(lower).collect();
    Some(format!("{}/{}", groups?.join("/"), repo(name)?))
}

fn number(text: &str) -> Option<String> {
    let fits = (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.to_owned())
}

/// A number with words behind it.
fn leading(text: &str) -> Option<String> {
    let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let is_cut = rest.is_empty() || rest.starts_with(['-', '.', '_']);
    number(digits).filter(|_| is_cut)
}

/// What stands before the first underscore.
fn head(text: &str) -> Option<String> {
    let head = text.split('_').next().unwrap_or_default();
    let fits = (4..=12).contains(&head.len()) && head.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then(|| head.to_owned())
}

/// A language or a country: `fr`, `en-US`.
fn language(text: &str) -> Option<String> {
    let (first, second) = text.split_once(['-', '_']).unwrap_or((text, "US"));
    let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let fits = first.len() == 2 && (2..=4).contains(&second.len());
    (fits && is_plain(first) && is_plain(second)).then(|| text.to_ascii_lowercase())
}

/// A video of YouTube: eleven of 64 letters. Two addresses of other pages look like one.
fn video(text: &str) -> Option<String> {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let is_page = matches!(text, "videoseries" | "live_stream");
    (text.len() == 11 && text.bytes().all(is_letter) && !is_page).then(|| text.to_owned())
}

fn base36(text: &str) -> Option<String> {
    let fits = (1..=13).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then(|| text.to_ascii_lowercase())
}

/// The digits of Flickr's short links: without 0, O, I and l.
const BASE58: &[u8; 58] = b"123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ";

/// The number that a short link of Flickr carries.
fn photo(text: &str) -> Option<String> {
    if !(1..=11).contains(&text.len()) {
        return None;
    }
    let photo = text.bytes().try_fold(0_u64, |sum, byte| {
        let digit = BASE58.iter().position(|known| *known == byte)?;
        sum.checked_mul(58)?.checked_add(u64::try_from(digit).ok()?)
    });
    photo.map(|photo| photo.to_string())
}

/// An article of a shop: a book's number, or a letter and nine more.
fn asin(text: &str) -> Option<String> {
    let text = text.to_ascii_uppercase();
    let begins = text.starts_with('B') || text.starts_with(|first: char| first.is_ascii_digit());
    let fits = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (fits && begins).then_some(text)
}

/// A package of Python: runs of `-`, `_` and `.` are one (PEP 503).
fn name_of_python(text: &str) -> Option<String> {
    let mut name = String::with_capacity(text.len());
    for letter in lower(text)?.chars() {
        let letter = if matches!(letter, '_' | '.') { '-' } else { letter };
        if letter != '-' || !name.ends_with('-') {
            name.push(letter);
        }
    }
    let is_inside = !name.starts_with('-') && !name.ends_with('-') && !name.contains('~');
    is_inside.then_some(name)
}

/// A package of Rust: `-` and `_` are one.
fn name_of_crate(text: &str) -> Option<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let fits = (1..=64).contains(&text.len()) && text.bytes().all(is_plain);
    fits.then(|| text.to_ascii_lowercase().replace('_', "-"))
}

/// A paper of arXiv without its version.
fn paper(text: &str) -> Option<String> {
    let text = text.strip_suffix(".pdf").unwrap_or(text);
    let (paper, version) = text.split_once('v').unwrap_or((text, "1"));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_new = paper.split_once('.').is_some_and(|(month, count)| {
        month.len() == 4 && (4..=5).contains(&count.len()) && is_number(month) && is_number(count)
    });
    let is_old = paper.len() == 7 && is_number(paper);
    let fits = (is_new || is_old) && (1..=3).contains(&version.len()) && is_number(version);
    fits.then(|| paper.to_owned())
}

/// A DOI, in which capitals mean nothing; those of percent escapes stay.
fn doi(text: &str) -> Option<String> {
    let (prefix, rest) = text.strip_prefix("10.")?.split_once('/')?;
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let is_prefix = !prefix.is_empty() && prefix.split('.').all(is_number);
    let mut parts = rest.split('%');
    let mut name = parts.next().unwrap_or_default().to_ascii_lowercase();
    for part in parts {
        let (escape, plain) = part.split_at_checked(2)?;
        name.push_str(&format!("%{escape}{}", plain.to_ascii_lowercase()));
    }
    (is_prefix && !rest.is_empty()).then(|| format!("10.{prefix}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_part_is_one_of_its_class_or_none() {
        for (class, text, read) in [
            ("word", "a.b-c_d~e", Some("a.b-c_d~e")),
            ("word", "..", None),
            ("word", "a%20b", None),
            ("repo", "Tool.GIT", Some("tool")),
            ("repo", ".git", None),
            ("source", "Tool.git.git", Some("Tool")),
            ("gitlab*", "A/b/C.git/-/tree/main", Some("a/b/c")),
            ("gitlab*", "a", None),
            ("leading", "12-title", Some("12")),
            ("leading", "12title", None),
            ("head", "x8abcd_title_of_it", Some("x8abcd")),
            ("language", "en-US", Some("en-us")),
            ("language", "app", None),
            ("flickr", "11", Some("0")),
            ("flickr", "ZZZZZZZZZZZ", None),
            ("asin", "b00abcde12", Some("B00ABCDE12")),
            ("asin", "abcdefghij", None),
            ("name", "A__b.-C", Some("a-b-c")),
            ("name", "_a", None),
            ("arxiv", "2301.12345v12.pdf", Some("2301.12345")),
            ("arxiv", "2301.123v", None),
            ("doi*", "10.1000.5/A%2Fb", Some("10.1000.5/a%2Fb")),
            ("doi*", "10.x/a", None),
            ("label", "-a", None),
            ("label", "xn--a", None),
        ] {
            let class = find(class).expect(class);
            assert_eq!(class(text).as_deref(), read, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_comes_out_is_read_as_itself(text in "[a-zA-Z0-9._~%/-]{0,30}") {
            for name in ["any", "word", "lower", "label", "source", "repo", "gitlab*", "number",
                "leading", "head", "language", "youtube", "base36", "asin", "name", "crate",
                "arxiv", "doi*"]
            {
                let class = find(name).expect(name);
                if let Some(once) = class(&text) {
                    prop_assert_eq!(class(&once), Some(once.clone()), "{}", name);
                }
            }
        }
    }
}
