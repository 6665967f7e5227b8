//! Claims: the word of an operator, or a proof, that an account controls a work (security.md
//! section 9).

crate::id! {
    /// A claim.
    ClaimId
}

/// How an account came to control a work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimMethod {
    /// The operator vouches for it.
    Operator,
}

impl ClaimMethod {
    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Operator => "operator",
        }
    }
}
