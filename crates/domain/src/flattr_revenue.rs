//! Flattr's monthly revenue reports: the layout that creators' spreadsheets know, read and written.
//! Two forms exist: as Flattr gave it out, and as the statistics program R wrote it again.

use std::collections::BTreeMap;

use crate::click::clean_text;
use crate::money::{Currency, Micros};
use crate::period::Period;
use crate::refusal::Refusal;
use crate::work::CanonicalUrl;

/// The header as Flattr wrote it.
const HEADER: &str = "period;id;flattr url;url;title;clicks;revenue;clicks total";

/// The names of the columns, with R's dots for the spaces.
const HEADER_DOTTED: &str = "period;id;flattr.url;url;title;clicks;revenue;clicks.total";

/// The most bytes of a file: 1 200 years of a busy creator.
pub const BYTES_MAX: usize = 32 * 1024 * 1024;

/// The longest title, in characters; Flattr's own limit was lower.
const TITLE_MAX: usize = 500;

/// The most clicks that are believed of one line.
const CLICKS_MAX: i64 = 1_000_000_000;

/// What one work received in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlattrRevenue {
    /// The month.
    pub period: Period,
    /// The number of the work at Flattr.
    pub id: i64,
    /// Its page at Flattr.
    pub flattr_url: String,
    /// Its own address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// The clicks of the month.
    pub clicks: i64,
    /// In euros, after the fee.
    pub revenue: Micros,
    /// The clicks of all time, when the file was made.
    pub clicks_total: i64,
}

/// Reads a file. What is not exactly in the layout is refused with its line; a byte order mark and
/// Windows line ends, which spreadsheets add, are forgiven.
pub fn parse(file: &[u8]) -> Result<Vec<FlattrRevenue>, Refusal> {
    let text =
        std::str::from_utf8(file).map_err(|error| malformed(line_of(file, error.valid_up_to())))?;
    if file.len() > BYTES_MAX {
        return Err(malformed(1));
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let text = text.strip_suffix('\n').unwrap_or(text);
    let mut lines = (1..).zip(text.split('\n'));
    let header = lines.next().and_then(|(_, line)| fields(line)).unwrap_or_default().join(";");
    if header != HEADER && header != HEADER_DOTTED {
        return Err(malformed(1));
    }
    let mut revenues: Vec<FlattrRevenue> = Vec::new();
    let mut places = BTreeMap::new();
    for (number, line) in lines {
        let revenue = parse_line(line).ok_or_else(|| malformed(number))?;
        let place = *places.entry((revenue.period, revenue.id)).or_insert(revenues.len());
        match revenues.get(place) {
            None => revenues.push(revenue),
            // The same line twice is one; two that differ cannot both be true.
            Some(before) if *before != revenue => return Err(malformed(number)),
            Some(_) => {}
        }
    }
    Ok(revenues)
}

const fn malformed(line: i64) -> Refusal {
    Refusal::FileMalformed { line }
}

/// The line in which a byte is.
fn line_of(file: &[u8], byte: usize) -> i64 {
    let breaks = file.iter().take(byte).filter(|byte| **byte == b'\n').count();
    i64::try_from(breaks).map_or(1, |breaks| breaks + 1)
}

/// The fields of a line, each in quotes or without any.
fn fields(line: &str) -> Option<Vec<String>> {
    let mut rest = line.strip_suffix('\r').unwrap_or(line);
    let mut fields = Vec::new();
    loop {
        let (field, after) = if rest.starts_with('"') { quoted(rest)? } else { plain(rest)? };
        fields.push(field);
        match after.strip_prefix(';') {
            Some(next) => rest = next,
            None if after.is_empty() => return Some(fields),
            None => return None,
        }
    }
}

/// A field without quotes, and what follows it.
fn plain(text: &str) -> Option<(String, &str)> {
    let (field, after) = text.split_at(text.find(';').unwrap_or(text.len()));
    (!field.contains('"')).then(|| (field.to_owned(), after))
}

/// A field in quotes, a doubled one standing for itself, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = text.strip_prefix('"')?;
    loop {
        let (part, after) = rest.split_once('"')?;
        field.push_str(part);
        let Some(next) = after.strip_prefix('"') else { return Some((field, after)) };
        field.push('"');
        rest = next;
    }
}

fn parse_line(line: &str) -> Option<FlattrRevenue> {
    let fields: [String; 8] = fields(line)?.try_into().ok()?;
    let [period, id, flattr_url, url, title, clicks, revenue, clicks_total] = fields;
    Some(FlattrRevenue {
        period: Period::parse(&period).ok()?,
        id: count(&id, i64::MAX).filter(|id| *id > 0)?,
        flattr_url: address(flattr_url)?,
        url: address(url)?,
        title: exact_text(title)?,
        clicks: count(&clicks, CLICKS_MAX)?,
        revenue: euros(&revenue)?,
        clicks_total: count(&clicks_total, CLICKS_MAX)?,
    })
}

/// A count: ASCII digits, not too many.
fn count(text: &str, limit: i64) -> Option<i64> {
    let is_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|count| is_digits && *count <= limit)
}

/// An address that a page may link to, as it stands in the file.
fn address(text: String) -> Option<String> {
    CanonicalUrl::parse(&text).ok()?;
    exact_text(text)
}

/// A text without anything that would have to be cleaned away.
fn exact_text(text: String) -> Option<String> {
    clean_text(&text, TITLE_MAX.max(CanonicalUrl::LENGTH_MAX)).ok().filter(|clean| *clean == text)
}

/// An amount with a decimal comma, or a whole one without.
fn euros(text: &str) -> Option<Micros> {
    if text.contains('.') {
        return None;
    }
    Micros::parse(&text.replace(',', "."), Currency::EUR.decimals()).ok()
}

/// A title as it stood in addresses: letters and digits of ASCII, hyphens for spaces. Any is read.
#[must_use]
pub fn slug(title: &str) -> String {
    let words = title.split_whitespace().map(|word| {
        word.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect()
    });
    let words: Vec<String> = words.filter(|word: &String| !word.is_empty()).collect();
    words.join("-")
}

/// Writes a file as Flattr did, byte for byte: the dearest first, the others as they come. Titles
/// that a spreadsheet would take for a formula get an apostrophe.
#[must_use]
pub fn print(revenues: &[FlattrRevenue]) -> String {
    let mut ordered: Vec<&FlattrRevenue> = revenues.iter().collect();
    ordered.sort_by_key(|line| std::cmp::Reverse(line.revenue));
    let mut text = format!("{HEADER}\n");
    for line in ordered {
        text.push_str(&format!(
            "{};{};{};{};{};{};{};{}\n",
            line.period,
            line.id,
            in_quotes(&line.flattr_url),
            in_quotes(&line.url),
            in_quotes(&defused(&line.title)),
            line.clicks,
            with_comma(line.revenue),
            line.clicks_total,
        ));
    }
    text
}

fn in_quotes(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A cell that no spreadsheet computes.
fn defused(title: &str) -> String {
    let is_formula = title.starts_with(['=', '+', '-', '@']);
    if is_formula { format!("'{title}") } else { title.to_owned() }
}

/// Whole cents with a decimal comma; nothing at all is `0`.
fn with_comma(revenue: Micros) -> String {
    let cents = revenue.whole_cents(Currency::EUR);
    if cents == Micros::ZERO {
        return "0".to_owned();
    }
    cents.to_decimal(Currency::EUR.decimals()).replace('.', ",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Files of real months, kept beside the repository.
    fn real(name: &str) -> Vec<u8> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/flattr-reports");
        let path = format!("{folder}/{name}");
        std::fs::read(&path).unwrap_or_else(|error| {
            panic!("{path}: {error}: this test needs Flattr's real files beside the repository")
        })
    }

    fn line(fields: &str) -> Vec<u8> {
        format!("{HEADER}\n{fields}\n").into_bytes()
    }

    const GOOD: &str =
        r#"2013-05;7;"https://flattr.com/thing/7";"https://a.example/";"A ""b""; c";2;0,35;12"#;

    #[test]
    fn a_title_becomes_a_slug() {
        for (title, expected) in
            [("First post", "First-post"), ("\u{dc}ber uns!", "ber-uns"), ("\u{65e5}\u{672c}", "")]
        {
            assert_eq!(slug(title), expected);
        }
    }

    #[test]
    fn real_flattr_files_add_up() {
        let revenues = parse(&real("flattr-revenue-2013-03-to-2015-10.csv")).expect("real");
        assert_eq!(revenues.len(), 383);
        assert_eq!(revenues.iter().map(|line| line.clicks).sum::<i64>(), 1_285);
        let sum = Micros::sum(revenues.iter().map(|line| line.revenue)).expect("a sum");
        assert_eq!(sum, Micros::new(334_340_000));
        let mut periods: Vec<Period> = revenues.iter().map(|line| line.period).collect();
        periods.dedup();
        assert_eq!(periods.len(), 32);
    }

    #[test]
    fn real_flattr_files_come_out_byte_for_byte() {
        for (month, rows, clicks) in
            [("201305", 13, 26), ("201307", 13, 36), ("201309", 14, 39), ("201410", 13, 46)]
        {
            let file = real(&format!("flattr-revenue-{month}.csv"));
            let revenues = parse(&file).expect("real");
            assert_eq!(revenues.len(), rows, "{month}");
            assert_eq!(revenues.iter().map(|line| line.clicks).sum::<i64>(), clicks, "{month}");
            assert_eq!(print(&revenues), String::from_utf8(file).expect("text"), "{month}");
        }
    }

    #[test]
    fn quotes_commas_and_spreadsheets_line_ends_are_read() {
        let file = format!("\u{FEFF}{HEADER}\r\n{GOOD}\r\n");
        let revenues = parse(file.as_bytes()).expect("the layout");
        assert_eq!(revenues[0].title, "A \"b\"; c");
        assert_eq!(revenues[0].revenue, Micros::new(350_000));
        assert_eq!(print(&revenues), format!("{HEADER}\n{GOOD}\n"));
    }

    #[test]
    fn what_is_not_the_layout_is_refused_with_its_line() {
        let refused = |change: (&str, &str)| {
            assert!(GOOD.contains(change.0), "{change:?}");
            assert_eq!(
                parse(&line(&GOOD.replace(change.0, change.1))),
                Err(malformed(2)),
                "{change:?}"
            );
        };
        for change in [
            ("2013-05", "2013-13"),
            (";7;", ";-7;"),
            (";7;", ";７;"),
            (";7;", ";0;"),
            (";7;", ";99999999999999999999;"),
            ("https://a.example/", "javascript:alert(1)"),
            ("https://a.example/", ""),
            ("A ", "A\u{202E}"),
            ("A ", "A\u{7}"),
            (";2;", ";;"),
            (";2;", ";2000000000;"),
            ("0,35", "0.35"),
            ("0,35", "0,355"),
            ("0,35", "-0,35"),
            ("0,35", "1e3"),
            ("0,35", "99999999999"),
            (";12", ";12;"),
            (";12", ""),
            ("\"\";", "\";"),
        ] {
            refused(change);
        }
        assert_eq!(parse(b""), Err(malformed(1)));
        assert_eq!(parse(b"period,id\n"), Err(malformed(1)));
        assert_eq!(parse(&line(&format!("{GOOD}\n"))), Err(malformed(3)));
        assert_eq!(parse(b"period\n\xFF\n"), Err(malformed(2)));
        assert_eq!(parse(&line("")), Err(malformed(2)));
    }

    #[test]
    fn a_line_that_stands_twice_is_one_unless_it_differs() {
        let twice = format!("{GOOD}\n{GOOD}");
        assert_eq!(parse(&line(&twice)).expect("once").len(), 1);
        let differs = format!("{GOOD}\n{}", GOOD.replace("0,35", "0,36"));
        assert_eq!(parse(&line(&differs)), Err(malformed(3)));
    }

    #[test]
    fn titles_are_no_formulas_and_nothing_is_written_as_zero() {
        let mut revenues = parse(&line(GOOD)).expect("the layout");
        revenues[0].title = "=1+1".to_owned();
        revenues[0].revenue = Micros::new(9_999);
        assert!(print(&revenues).contains(";\"'=1+1\";2;0;12\n"));
        revenues[0].revenue = Micros::units(3);
        assert!(print(&revenues).contains(";3,00;"));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(body in "[\";,0-9a-z\\-\n]{0,80}") {
            let _read_or_refused = parse(&line(&body));
        }

        #[test]
        fn what_is_written_reads_back(
            title in "[a-z\";’ü][a-z\"; ’ü]{0,20}[a-z\"]",
            micros in 0..=9_999_999_i64,
            clicks in 0..=9_i64,
        ) {
            let mut revenues = parse(&line(GOOD)).expect("the layout");
            revenues[0].title = title;
            revenues[0].revenue = Micros::new(micros * 10_000);
            revenues[0].clicks = clicks;
            prop_assert_eq!(parse(print(&revenues).as_bytes()), Ok(revenues));
        }
    }
}
