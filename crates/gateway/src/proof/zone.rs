//! A proof in a name's zone: one of the TXT records of `_obole.` below it.

use obole_domain::claim::{Finding, ProofToken};

/// What some TXT records come to.
pub(super) fn read(texts: &[String], ours: &ProofToken) -> Finding {
    let tokens = texts.iter().filter_map(|text| {
        let text = text.trim().strip_prefix(ProofToken::RECORD)?;
        ProofToken::parse(text.trim())
    });
    super::finding(tokens, ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_record_of_some_is_ours() {
        let ours = ProofToken::from_random([1; 16]);
        let other = ProofToken::from_random([2; 16]);
        let read = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            super::read(&texts, &ours)
        };
        assert_eq!(read(&["v=spf1 -all", &other.record(), &ours.record()]), Finding::Found);
        assert_eq!(read(&[&format!(" {} ", ours.record())]), Finding::Found);
        assert_eq!(read(&[&other.record()]), Finding::Other);
        for text in [ours.as_str(), &ours.record()[1..], &format!("{}x", ours.record())] {
            assert_eq!(read(&["v=spf1 -all", text]), Finding::Missing, "{text}");
        }
        assert_eq!(read(&[]), Finding::Missing);
    }
}
