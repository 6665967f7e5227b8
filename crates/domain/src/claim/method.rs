//! How control is proven, and which proof weighs more (C2).

/// How an account came to control a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimMethod {
    /// The operator vouches for it.
    Operator,
    /// A TXT record in the name's zone.
    Dns,
    /// A file at a well-known place.
    File,
    /// A channel in a `funding.json`.
    Funding,
    /// A meta element in the head of the page.
    Meta,
    /// A link of the page to the account's profile (`rel="me"`).
    RelMe,
}

impl ClaimMethod {
    /// All that an account can prove by itself, the strongest first.
    pub const PROOFS: [Self; 5] = [Self::Dns, Self::File, Self::Funding, Self::Meta, Self::RelMe];

    /// The word that is stored, and that programs use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Operator => "operator",
            Self::Dns => "dns",
            Self::File => "file",
            Self::Funding => "funding",
            Self::Meta => "meta",
            Self::RelMe => "rel-me",
        }
    }

    /// The method of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let operator = [Self::Operator];
        Self::PROOFS.into_iter().chain(operator).find(|method| method.code() == code)
    }

    /// How much it weighs against another: who writes a zone controls what is below it; who writes
    /// files of a site more than who writes one page. The operator's word ends what proofs cannot.
    #[must_use]
    pub const fn strength(self) -> u8 {
        match self {
            Self::Operator => 4,
            Self::Dns => 3,
            Self::File | Self::Funding => 2,
            Self::Meta | Self::RelMe => 1,
        }
    }

    /// Whether it is looked at again from time to time (C4).
    #[must_use]
    pub const fn is_checked(self) -> bool {
        !matches!(self, Self::Operator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for method in ClaimMethod::PROOFS.into_iter().chain([ClaimMethod::Operator]) {
            assert_eq!(ClaimMethod::from_code(method.code()), Some(method));
        }
        assert_eq!(ClaimMethod::from_code("letter"), None);
    }

    #[test]
    fn a_zone_weighs_more_than_a_file_and_a_file_more_than_a_page() {
        let strengths = ClaimMethod::PROOFS.map(ClaimMethod::strength);
        assert_eq!(strengths, [3, 2, 2, 1, 1]);
        assert!(ClaimMethod::Operator.strength() > ClaimMethod::Dns.strength());
    }
}
