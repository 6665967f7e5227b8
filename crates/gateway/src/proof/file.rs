//! A proof in a file of its own: one token a line, plain text. A page that repeats what it is asked
//! is no such file.

use obole_domain::claim::{Finding, ProofToken};

use crate::fetch::Answer;
use crate::page;

/// What a file comes to.
pub(super) fn read(answer: &Answer, ours: &ProofToken) -> Finding {
    if page::is_html(&answer.content_type) || answer.body.trim_ascii_start().starts_with(b"<") {
        return Finding::Missing;
    }
    let text = String::from_utf8_lossy(&answer.body);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    super::finding(text.lines().filter_map(|line| ProofToken::parse(line.trim())), ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, body: &str) -> Finding {
        let (content_type, body) = (content_type.to_owned(), body.as_bytes().to_vec());
        let answer = Answer { status: 200, content_type, body, ..Answer::default() };
        super::read(&answer, &ProofToken::from_random([1; 16]))
    }

    #[test]
    fn a_line_of_its_own_is_a_proof() {
        let ours = ProofToken::from_random([1; 16]);
        let other = ProofToken::from_random([2; 16]);
        for body in
            [format!("{ours}"), format!("\u{feff}# of the band\r\n{other}\r\n  {ours}  \r\n")]
        {
            assert_eq!(read("text/plain; charset=utf-8", &body), Finding::Found, "{body}");
            assert_eq!(read("application/octet-stream", &body), Finding::Found, "{body}");
            assert_eq!(read("", &body), Finding::Found, "{body}");
        }
        assert_eq!(read("text/plain", other.as_str()), Finding::Other);
    }

    #[test]
    fn a_page_that_repeats_a_token_is_none() {
        let ours = ProofToken::from_random([1; 16]);
        let echo = format!("\n<p>Not found:\n{ours}\n</p>");
        assert_eq!(read("text/html", ours.as_str()), Finding::Missing);
        assert_eq!(read("text/plain", &echo), Finding::Missing);
        for body in ["", "No such file", &format!("token: {ours}"), &format!("{ours}, {ours}")] {
            assert_eq!(read("text/plain", body), Finding::Missing, "{body}");
        }
    }
}
