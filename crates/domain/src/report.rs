//! Reports of works and of accounts, and what became of them (product.md section 6). A report has a
//! reason and words; the operator answers within a week; both sides are told. What is decided
//! against somebody can be appealed once.

use jiff::{SignedDuration, Timestamp};

use crate::note;
use crate::refusal::Refusal;

crate::id! {
    /// A report.
    ReportId
}

/// The most characters of what a report, an answer or an appeal says.
const WORDS_MAX: usize = 2_000;

/// The most reports of one account that wait.
pub const REPORTS_WAITING_MAX: i64 = 10;

/// Within how many days the operator answers.
const ANSWER_DAYS: i64 = 7;

/// For how many days a decision can be appealed: half a year (Digital Services Act, article 20).
const APPEAL_DAYS: i64 = 183;

/// What a report or an appeal says: never nothing, and up to 2 000 characters.
pub fn words(typed: &str) -> Result<String, Refusal> {
    note::words(typed, WORDS_MAX)
}

/// Until when the operator answers what came at a moment.
#[must_use]
pub fn answer_by(at: Timestamp) -> Timestamp {
    at.saturating_add(SignedDuration::from_hours(ANSWER_DAYS * 24)).unwrap_or(Timestamp::MAX)
}

/// Whether what was decided at a moment can still be appealed; never what is not decided.
#[must_use]
pub fn is_appealable(decided_at: Option<Timestamp>, now: Timestamp) -> bool {
    let lasts = SignedDuration::from_hours(APPEAL_DAYS * 24);
    decided_at.is_some_and(|at| now.duration_since(at) <= lasts)
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportReason {
    /// It poses as somebody else.
    Poses,
    /// A name that reads like a proven creator's; the instance itself noticed it (C8).
    LooksLike,
    /// It is against the law.
    Unlawful,
    /// It attacks people.
    Hateful,
    /// It deceives, or is spam.
    Deceptive,
    /// Something else.
    Other,
}

impl ReportReason {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Poses, Self::LooksLike, Self::Unlawful, Self::Hateful, Self::Deceptive, Self::Other];

    /// Those that people choose from.
    pub const CHOICES: [Self; 5] =
        [Self::Poses, Self::Unlawful, Self::Hateful, Self::Deceptive, Self::Other];

    /// The word that is stored, and that forms use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Poses => "poses",
            Self::LooksLike => "looks_like",
            Self::Unlawful => "unlawful",
            Self::Hateful => "hateful",
            Self::Deceptive => "deceptive",
            Self::Other => "other",
        }
    }

    /// The reason of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// Where a report stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportState {
    /// It waits for an administrator.
    Waiting,
    /// Nothing is wrong.
    Kept,
    /// The words are hidden: a work's title, an account's name.
    Hidden,
    /// The account is suspended.
    Suspended,
}

impl ReportState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Waiting, Self::Kept, Self::Hidden, Self::Suspended];

    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Kept => "kept",
            Self::Hidden => "hidden",
            Self::Suspended => "suspended",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether something was done that can be appealed.
    #[must_use]
    pub const fn is_measure(self) -> bool {
        matches!(self, Self::Hidden | Self::Suspended)
    }
}

/// Where the appeal of a decision stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppealState {
    /// There is none.
    None,
    /// It waits for an administrator.
    Waiting,
    /// The decision was undone.
    Granted,
    /// It stands.
    Rejected,
}

impl AppealState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Waiting, Self::Granted, Self::Rejected];

    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Waiting => "waiting",
            Self::Granted => "granted",
            Self::Rejected => "rejected",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_to_answer_and_half_a_year_to_appeal() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let decided = at("2026-01-01T00:00:00Z");
        assert_eq!(answer_by(decided), at("2026-01-08T00:00:00Z"));
        assert!(is_appealable(Some(decided), at("2026-07-03T00:00:00Z")));
        assert!(!is_appealable(Some(decided), at("2026-07-03T00:00:01Z")));
        assert!(!is_appealable(None, decided));
    }

    #[test]
    fn words_are_something_and_not_a_book() {
        assert_eq!(words(" "), Err(Refusal::Missing {}));
        assert_eq!(words(&"x".repeat(2_001)), Err(Refusal::TooLong { limit: 2_000 }));
        assert_eq!(words(" It is. "), Ok("It is.".to_owned()));
    }

    #[test]
    fn words_read_back() {
        for reason in ReportReason::ALL {
            assert_eq!(ReportReason::from_code(reason.code()), Some(reason));
        }
        for state in ReportState::ALL {
            assert_eq!(ReportState::from_code(state.code()), Some(state));
        }
        for state in AppealState::ALL {
            assert_eq!(AppealState::from_code(state.code()), Some(state));
        }
        assert!(!ReportReason::CHOICES.contains(&ReportReason::LooksLike), "the instance's own");
        assert_eq!(ReportReason::from_code("tea"), None);
    }
}
