//! A text with an address in each line, perhaps with words beside it: lists, tables with commas,
//! Markdown.

use super::Liked;

/// What ends an address in a line of text.
const ENDS: [char; 10] = ['<', '>', '"', '\'', '(', ')', '[', ']', '|', '\\'];

/// What stands around words.
const AROUND: [char; 18] =
    [' ', '\t', ',', ';', ':', '-', '–', '—', '*', '|', '"', '\'', '<', '>', '(', ')', '[', ']'];

pub(super) fn read(file: &str) -> Vec<Liked> {
    file.lines().filter_map(|line| entry(line.trim())).collect()
}

fn entry(line: &str) -> Option<Liked> {
    let start = ["https://", "http://"].iter().filter_map(|scheme| line.find(scheme)).min();
    let Some(start) = start else {
        // An address without its scheme stands alone.
        let is_alone = line.contains('.') && !line.contains(char::is_whitespace);
        return is_alone.then(|| Liked { url: line.to_owned(), title: String::new() });
    };
    let (before, rest) = line.split_at(start);
    let end = rest.find(|sign: char| sign.is_whitespace() || ENDS.contains(&sign));
    let (url, after) = rest.split_at(end.unwrap_or(rest.len()));
    let words = [before, after].map(|words| words.trim_matches(AROUND));
    let title = words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" ");
    Some(Liked { url: url.to_owned(), title })
}
