//! Disputes over who controls a work (C6): one who proved it and whom somebody else's claim keeps
//! waiting says so, the other one answers, and where no proof decides a person does.

use jiff::{SignedDuration, Timestamp};

crate::id! {
    /// A dispute.
    DisputeId
}

/// For how long the holder can answer (C6).
pub const ANSWER: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How many disputes of one account are open at a time (C6).
pub const OPEN_MAX: i64 = 3;

/// The most characters that either side says.
pub const WORDS_MAX: usize = 2_000;

/// Where a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DisputeState {
    /// It is not decided: new money for the works waits.
    Open,
    /// The works are the filer's.
    Upheld,
    /// They stay the holder's.
    Rejected,
    /// The filer took it back.
    Withdrawn,
    /// The holder's claim ended otherwise, and the works are not the filer's.
    Moot,
}

impl DisputeState {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Open, Self::Upheld, Self::Rejected, Self::Withdrawn, Self::Moot];

    /// How a dispute ends in which the filer is right, or is not.
    #[must_use]
    pub const fn judged(is_upheld: bool) -> Self {
        if is_upheld { Self::Upheld } else { Self::Rejected }
    }

    /// The word that is stored, and that programs see.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Upheld => "upheld",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Moot => "moot",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Until when the holder of a disputed claim can answer.
#[must_use]
pub fn answer_by(filed_at: Timestamp) -> Timestamp {
    filed_at.saturating_add(ANSWER).unwrap_or(Timestamp::MAX)
}

/// Whether a person may decide a dispute that was filed at a moment: once the holder has answered,
/// or has let the time for it pass.
#[must_use]
pub fn is_ripe(filed_at: Timestamp, is_answered: bool, now: Timestamp) -> bool {
    is_answered || answer_by(filed_at) <= now
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_decides_before_both_sides_could_speak() {
        let filed = Timestamp::from_second(1_800_000_000).expect("a time");
        let after =
            |hours| filed.saturating_add(SignedDuration::from_hours(hours)).expect("a time");
        assert!(!is_ripe(filed, false, after(335)));
        assert!(is_ripe(filed, false, after(336)));
        assert!(is_ripe(filed, true, filed));
        for state in DisputeState::ALL {
            assert_eq!(DisputeState::from_code(state.code()), Some(state));
        }
    }
}
