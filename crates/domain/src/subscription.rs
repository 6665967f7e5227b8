//! Subscriptions: a click on a work that comes back each period with fixed points, for a number of
//! periods or until stopped (product.md section 7).

use crate::click::Points;
use crate::policy::Policy;
use crate::refusal::Refusal;

crate::id! {
    /// A subscription.
    SubscriptionId
}

/// The most subscriptions that stand at once for one account.
pub const SUBSCRIPTIONS_MAX: i64 = 1_000;

/// For how long a subscription runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    /// For so many periods, one of [`Length::PERIODS`].
    Periods(i64),
    /// Until somebody stops it.
    UntilStopped,
}

impl Length {
    /// The numbers of periods to choose from.
    pub const PERIODS: [i64; 4] = [1, 3, 6, 12];

    /// So many periods; none: until stopped. Refused for a number that is not to be chosen.
    pub fn new(periods: Option<i64>) -> Result<Self, Refusal> {
        match periods {
            None => Ok(Self::UntilStopped),
            Some(periods) if Self::PERIODS.contains(&periods) => Ok(Self::Periods(periods)),
            Some(_) => Err(Refusal::SubscriptionLength {}),
        }
    }

    /// Reads what a form posts: a number, or nothing for until stopped.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::UntilStopped);
        }
        let known = Self::PERIODS.into_iter().find(|periods| periods.to_string() == text);
        known.map(Self::Periods).ok_or(Refusal::SubscriptionLength {})
    }

    /// How many periods; none where it runs until stopped.
    #[must_use]
    pub const fn periods(self) -> Option<i64> {
        if let Self::Periods(periods) = self { Some(periods) } else { None }
    }
}

/// Why a subscription ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its patron stopped it.
    Stopped,
    /// It has given as often as it was to.
    Over,
    /// The work became the patron's own.
    OwnWork,
    /// The work's owner refused for good.
    WorkRefused,
    /// Its patron disliked the work.
    Disliked,
}

impl Ending {
    const ALL: [Self; 5] =
        [Self::Stopped, Self::Over, Self::OwnWork, Self::WorkRefused, Self::Disliked];

    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Over => "over",
            Self::OwnWork => "own_work",
            Self::WorkRefused => "work_refused",
            Self::Disliked => "disliked",
        }
    }

    /// The ending of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|ending| ending.code() == code)
    }
}

/// Why a subscription gave nothing in a period that was due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Miss {
    /// The policy allows one click on a work in a period, and the patron had given it.
    ClickedAlready,
    /// With its points the work would have had more than one patron can give it in a period.
    PointsFull,
    /// Its points are more than the policy allows in one click by now.
    PointsOutOfRange,
    /// The patron's account was suspended.
    Suspended,
    /// An earlier subscription of the patron to the work gave in this period.
    GivenAlready,
}

impl Miss {
    const ALL: [Self; 5] = [
        Self::ClickedAlready,
        Self::PointsFull,
        Self::PointsOutOfRange,
        Self::Suspended,
        Self::GivenAlready,
    ];

    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ClickedAlready => "clicked_already",
            Self::PointsFull => "points_full",
            Self::PointsOutOfRange => "points_out_of_range",
            Self::Suspended => "suspended",
            Self::GivenAlready => "given_already",
        }
    }

    /// The miss of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|miss| miss.code() == code)
    }
}

/// Where a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It gives each period.
    Running,
    /// It waits until its patron starts it again.
    Paused,
    /// It gives no more.
    Ended(Ending),
}

impl State {
    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Ended(_) => "ended",
        }
    }

    /// Whether it can give again without being made anew.
    #[must_use]
    pub const fn is_standing(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }

    /// Refused for what has ended.
    pub const fn standing(self) -> Result<Self, Refusal> {
        if self.is_standing() { Ok(self) } else { Err(Refusal::SubscriptionEnded {}) }
    }

    /// It starts again: what was paused, or what its patron stopped. Refused for what ended by
    /// itself.
    pub const fn resumed(self) -> Result<Self, Refusal> {
        match self {
            Self::Running | Self::Paused | Self::Ended(Ending::Stopped) => Ok(Self::Running),
            Self::Ended(_) => Err(Refusal::SubscriptionEnded {}),
        }
    }
}

/// What a subscription is to do in a period that is due, by what is known before its click is
/// written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It gives these points.
    Give(Points),
    /// It gives nothing this time.
    Miss(Miss),
    /// It ends.
    End(Ending),
}

/// What decides a [`Turn`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The points that it gives.
    pub points: Points,
    /// Whether the work is the patron's own.
    pub is_own: bool,
    /// Whether the work's owner refused for good.
    pub is_refused: bool,
    /// Whether the patron is suspended.
    pub is_suspended: bool,
}

impl Facts {
    /// What the subscription does under a policy.
    #[must_use]
    pub fn turn(self, policy: &Policy) -> Turn {
        if self.is_own {
            return Turn::End(Ending::OwnWork);
        }
        if self.is_refused {
            return Turn::End(Ending::WorkRefused);
        }
        if self.is_suspended {
            return Turn::Miss(Miss::Suspended);
        }
        let points = Points::for_click(self.points.get(), policy);
        points.map_or(Turn::Miss(Miss::PointsOutOfRange), Turn::Give)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_one_of_those_to_choose() {
        for (text, periods) in [("1", Some(1)), ("3", Some(3)), ("12", Some(12)), (" ", None)] {
            assert_eq!(Length::parse(text).map(Length::periods), Ok(periods), "{text}");
            assert_eq!(Length::new(periods).map(Length::periods), Ok(periods), "{text}");
        }
        for text in ["0", "2", "03", "-1", "1.0", "99999999999999999999", "x", "１"] {
            assert_eq!(Length::parse(text), Err(Refusal::SubscriptionLength {}), "{text}");
        }
        for periods in [i64::MIN, -1, 0, 2, 13, i64::MAX] {
            assert_eq!(Length::new(Some(periods)), Err(Refusal::SubscriptionLength {}));
        }
    }

    #[test]
    fn words_read_back() {
        for ending in Ending::ALL {
            assert_eq!(Ending::from_code(ending.code()), Some(ending));
        }
        for miss in Miss::ALL {
            assert_eq!(Miss::from_code(miss.code()), Some(miss));
        }
        assert!(Ending::from_code("").is_none() && Miss::from_code("given").is_none());
    }

    #[test]
    fn only_what_was_stopped_starts_again() {
        for ending in Ending::ALL {
            let ended = State::Ended(ending);
            assert_eq!(ended.standing(), Err(Refusal::SubscriptionEnded {}));
            let is_back = ended.resumed() == Ok(State::Running);
            assert_eq!(is_back, ending == Ending::Stopped, "{ending:?}");
        }
        for state in [State::Running, State::Paused] {
            assert_eq!(state.resumed(), Ok(State::Running));
            assert_eq!(state.standing(), Ok(state));
        }
    }

    #[test]
    fn what_can_never_give_again_ends_and_what_may_later_misses() {
        let points = Points::new(2).expect("points");
        let plain = Facts { points, is_own: false, is_refused: false, is_suspended: false };
        let (policy, flattr) = (Policy::obole(), Policy::flattr_2010());
        assert_eq!(plain.turn(&policy), Turn::Give(points));
        assert_eq!(plain.turn(&flattr), Turn::Miss(Miss::PointsOutOfRange));
        let own = Facts { is_own: true, is_suspended: true, ..plain };
        assert_eq!(own.turn(&policy), Turn::End(Ending::OwnWork));
        let refused = Facts { is_refused: true, ..plain };
        assert_eq!(refused.turn(&flattr), Turn::End(Ending::WorkRefused));
        let suspended = Facts { is_suspended: true, ..plain };
        assert_eq!(suspended.turn(&policy), Turn::Miss(Miss::Suspended));
    }
}
