//! Reports of works and of accounts, and what became of them (product.md section 6). A report has a
//! reason and words; the operator answers within a week; both sides are told. What is decided
//! against somebody can be appealed once.

crate::id! {
    /// A report.
    ReportId
}

/// The most characters of what a report, an answer or an appeal says.
pub const WORDS_MAX: usize = 2_000;

/// The most reports of one account that wait.
pub const REPORTS_WAITING_MAX: i64 = 10;

/// Within how many days the operator answers.
pub const ANSWER_DAYS: i64 = 7;

/// For how many days a decision can be appealed: half a year (Digital Services Act, article 20).
pub const APPEAL_DAYS: i64 = 183;

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
