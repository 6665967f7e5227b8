//! Clicks: a patron's support of one work in one period, and its weight (product.md section 2).

use std::borrow::Cow;

use crate::client::ClientId;
use crate::policy::Policy;
use crate::refusal::Refusal;

/// The weight of a click on one work in one period, 1 to 1 000 000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Points(u32);

impl Points {
    /// The most points that one work can have from one patron in one period.
    pub const WORK_MAX: i64 = 1_000_000;

    /// The weight of a plain click.
    pub const ONE: Self = Self(1);

    /// A stored weight; none outside 1 to [`Self::WORK_MAX`].
    #[must_use]
    pub fn new(points: i64) -> Option<Self> {
        let in_range = (1..=Self::WORK_MAX).contains(&points);
        in_range.then(|| u32::try_from(points).ok().map(Self)).flatten()
    }

    /// The points that one click may carry under a policy.
    pub fn for_click(points: i64, policy: &Policy) -> Result<Self, Refusal> {
        let limit = policy.points_max;
        let points = Self::new(points).filter(|points| points.get() <= limit);
        points.ok_or(Refusal::PointsOutOfRange { limit })
    }

    /// Reads typed points: ASCII digits only.
    pub fn parse(text: &str, policy: &Policy) -> Result<Self, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::Missing {});
        }
        let is_number = text.len() <= 10 && text.bytes().all(|byte| byte.is_ascii_digit());
        let points = text.parse().ok().filter(|_| is_number);
        let points = points.ok_or(Refusal::PointsMalformed { limit: policy.points_max })?;
        Self::for_click(points, policy)
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> i64 {
        i64::from(self.0)
    }

    /// The weight it has in sharing out.
    #[must_use]
    pub fn weight(self) -> u64 {
        u64::from(self.0)
    }

    /// Clicking again adds points, up to [`Self::WORK_MAX`].
    pub fn plus(self, more: Self) -> Result<Self, Refusal> {
        Self::new(self.get() + more.get()).ok_or(Refusal::PointsFull { limit: Self::WORK_MAX })
    }
}

/// Trims a typed text and refuses control characters (line ends and tabs become spaces) and
/// direction overrides, which would let a text pretend to be another.
pub fn clean_text(text: &str, limit: usize) -> Result<String, Refusal> {
    let is_space = |character: char| matches!(character, '\n' | '\r' | '\t');
    let text: String = text.chars().map(|c| if is_space(c) { ' ' } else { c }).collect();
    let is_hostile = |character: char| {
        character.is_control()
            || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
    };
    let text = text.trim();
    if text.chars().any(is_hostile) {
        return Err(Refusal::NotText {});
    }
    if text.chars().count() > limit {
        return Err(Refusal::TooLong { limit: limit as i64 });
    }
    Ok(text.to_owned())
}

/// Where a click came in (security.md B6): one action takes back all from one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The give page or the pasted link.
    Page,
    /// The button of a trusted site, which gave at once (B5).
    Site,
    /// The HTTP API with a personal token.
    Api,
    /// A client, with what the patron granted it.
    App(ClientId),
    /// A subscription, at the start of a period or when it began.
    Subscription,
    /// Carried over from a period in which the patron was unfunded.
    Carried,
}

impl Way {
    /// The word that is stored.
    #[must_use]
    pub fn code(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Page => "page",
            Self::Site => "site",
            Self::Api => "api",
            Self::App(client) => return Cow::Owned(format!("app:{client}")),
            Self::Subscription => "subscription",
            Self::Carried => "carried",
        })
    }

    /// Whether it came from a program, which is told what the click may come to.
    #[must_use]
    pub const fn is_program(self) -> bool {
        matches!(self, Self::Api | Self::App(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_outside_the_range_are_refused() {
        let policy = Policy::obole();
        for text in ["0", "10001", "9999999999"] {
            let refused = Err(Refusal::PointsOutOfRange { limit: 10_000 });
            assert_eq!(Points::parse(text, &policy), refused, "{text}");
        }
        for text in ["1.5", "-1", "１２", "1e9", "x", "00000000001"] {
            let refused = Err(Refusal::PointsMalformed { limit: 10_000 });
            assert_eq!(Points::parse(text, &policy), refused, "{text}");
        }
        assert_eq!(Points::parse(" 10000 ", &policy).map(Points::get), Ok(10_000));
        assert!(Points::for_click(2, &Policy::flattr_2010()).is_err());
    }

    #[test]
    fn points_of_one_work_have_a_limit() {
        let most = Points::new(Points::WORK_MAX).expect("in range");
        assert_eq!(most.plus(Points::ONE), Err(Refusal::PointsFull { limit: 1_000_000 }));
    }
}
