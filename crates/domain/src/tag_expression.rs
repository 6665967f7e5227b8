//! Tag expressions (research/flattr-api-v2.md section 7.4): `|` or, `&` and, `!` not. Or binds most
//! closely: `game | games ! software` is what has one of the first two and not the third.

use crate::work_details::Tags;

/// The most terms that are read.
const TERMS_MAX: usize = 50;

/// What is asked of the tags of a work: each group has a term that holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagExpression {
    groups: Vec<Vec<Term>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    tag: String,
    is_denied: bool,
}

impl TagExpression {
    /// Reads any text; what makes no sense is passed over.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut expression = Self::default();
        let (mut joins, mut is_denied, mut tag) = (false, false, String::new());
        for letter in text.chars().chain(['&']).take(10_000) {
            if !matches!(letter, '|' | '&' | '!' | ',') {
                tag.push(letter);
                continue;
            }
            let is_term = expression.add(&tag, (joins, is_denied));
            tag.clear();
            // A sign of denial right behind another sign belongs to the same term.
            let is_pending = !is_term && (joins || is_denied);
            match letter {
                '|' => (joins, is_denied) = (true, false),
                '!' => (joins, is_denied) = (is_pending && joins, true),
                _ => (joins, is_denied) = (false, false),
            }
        }
        expression
    }

    fn add(&mut self, tag: &str, (joins, is_denied): (bool, bool)) -> bool {
        let tag = tag.split_whitespace().collect::<Vec<_>>().join(" ");
        let is_full = self.groups.iter().map(Vec::len).sum::<usize>() >= TERMS_MAX;
        if tag.is_empty() || is_full {
            return false;
        }
        let term = Term { tag, is_denied };
        match self.groups.last_mut().filter(|_| joins) {
            Some(group) => group.push(term),
            None => self.groups.push(vec![term]),
        }
        true
    }

    /// Whether the tags of a work are as asked.
    #[must_use]
    pub fn holds(&self, tags: &Tags) -> bool {
        let holds = |term: &Term| tags.has(&term.tag) != term.is_denied;
        self.groups.iter().all(|group| group.iter().any(holds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn holds(expression: &str, tags: &str) -> bool {
        TagExpression::parse(expression).holds(&Tags::parse(tags))
    }

    #[test]
    fn or_binds_more_closely_than_and() {
        for (expression, tags, is) in [
            ("", "", true),
            ("game", "game", true),
            ("game", "Game, other", true),
            ("game", "games", false),
            ("game | games ! software", "games", true),
            ("game | games ! software", "game,software", false),
            ("game|games!software", "software", false),
            ("photo & flickr ! illustrations", "photo,flickr", true),
            ("photo & flickr ! illustrations", "photo", false),
            ("photo & flickr ! illustrations", "photo,flickr,illustrations", false),
            ("free software", "free software", true),
            ("free software", "free", false),
            ("a & b | c", "a,c", true),
            ("a & b | c", "c", false),
            ("a | ! b", "c", true),
            ("a | ! b", "b", false),
            ("! b", "a", true),
            ("| & ! |", "a", true),
        ] {
            assert_eq!(holds(expression, tags), is, "{expression} of {tags}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[ab|&! ,]{0,40}") {
            let tags = Tags::parse("a");
            let _ = TagExpression::parse(&text).holds(&tags);
            let with = format!("{text} & c");
            prop_assert!(!TagExpression::parse(&with).holds(&tags));
        }
    }
}
