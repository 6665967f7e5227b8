//! Claims: the word of an operator, or a proof, that an account controls a work (security.md
//! section 9).

mod dispute;
mod life;
mod method;
mod precedence;
mod reach;
mod shared;
mod token;
mod ways;

pub use dispute::{
    DisputeId, DisputeState, OPEN_MAX as DISPUTES_OPEN_MAX, WORDS_MAX as DISPUTE_WORDS_MAX,
    answer_by, is_ripe,
};
pub use life::{
    AFTER_UNCLEAR, CHALLENGE, CONFIRMED_AFTER, ClaimState, Finding, Gone, Life, Move, NOTICE,
};
pub use method::ClaimMethod;
pub use precedence::{Contender, Decision, foremost};
pub use reach::Reach;
pub use token::ProofToken;
pub use ways::{Evidence, Obstacle, Way, Ways, ways};

crate::id! {
    /// A claim.
    ClaimId
}
