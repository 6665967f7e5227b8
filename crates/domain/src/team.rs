//! Teams: several accounts that receive for the same works (product.md section 2, *payee*). A team
//! is an account of its own; its members say by percentages what each of them receives.

use std::collections::BTreeMap;

use crate::account::AccountId;
use crate::money::Micros;
use crate::refusal::Refusal;
use crate::share_out::share_out;

crate::id! {
    /// An invitation to a team.
    TeamInvitationId
}

/// All of what a team receives, in hundredths of a percent.
pub const WHOLE: i64 = 10_000;

/// The most members of a team.
pub const MEMBERS_MAX: i64 = 200;

/// The most teams that an account founds.
pub const FOUNDED_MAX: i64 = 20;

/// For how many days an invitation to a team can be answered.
pub const TEAM_INVITATION_DAYS: i64 = 30;

/// What a member may do. Each may do what the next ones may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TeamRole {
    /// Invites, names roles, sets the percentages, shares out what is kept, closes the team.
    Owner,
    /// Claims works, says what they pass on and whether they collect.
    Keeper,
    /// Belongs to it, and may receive.
    Member,
    /// Only looks, and receives nothing.
    Viewer,
}

impl TeamRole {
    /// All of them, the most powerful first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Keeper, Self::Member, Self::Viewer];

    /// The word that is stored, and that forms and programs use.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Keeper => "keeper",
            Self::Member => "member",
            Self::Viewer => "viewer",
        }
    }

    /// The role of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether this role may do what is another's to do.
    #[must_use]
    pub fn may(self, needed: Self) -> bool {
        self <= needed
    }

    /// Whether a part of what the team receives can be theirs.
    #[must_use]
    pub fn receives(self) -> bool {
        self != Self::Viewer
    }
}

/// How a team shares out what it receives: what each member gets of [`WHOLE`]. What is nobody's
/// the team keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Percentages(BTreeMap<AccountId, i64>);

impl Percentages {
    /// Percentages of parts above zero; those of zero are left out. Refused where a part is below
    /// zero or all of them are more than the whole.
    pub fn new(parts: impl IntoIterator<Item = (AccountId, i64)>) -> Result<Self, Refusal> {
        let mut percentages = BTreeMap::new();
        let mut sum = 0_i64;
        for (member, part) in parts {
            let is_part = (0..=WHOLE).contains(&part);
            sum = sum.saturating_add(part);
            if !is_part || sum > WHOLE {
                return Err(Refusal::PercentagesTooLarge {});
            }
            if part > 0 && percentages.insert(member, part).is_some() {
                return Err(Refusal::PercentagesTooLarge {});
            }
        }
        Ok(Self(percentages))
    }

    /// The members and their parts, by id.
    pub fn parts(&self) -> impl Iterator<Item = (AccountId, i64)> {
        self.0.iter().map(|(member, part)| (*member, *part))
    }

    /// A member's part; none is zero.
    #[must_use]
    pub fn part(&self, member: AccountId) -> i64 {
        self.0.get(&member).copied().unwrap_or_default()
    }

    /// What is nobody's.
    #[must_use]
    pub fn kept(&self) -> i64 {
        WHOLE - self.0.values().sum::<i64>()
    }

    /// The same without a member, whose part is the team's from then on.
    #[must_use]
    pub fn without(&self, member: AccountId) -> Self {
        let mut rest = self.clone();
        rest.0.remove(&member);
        rest
    }

    /// What each member gets of an amount, by id, those who get nothing left out, and what the
    /// team keeps. They add up to the amount (product.md section 3.4).
    ///
    /// Refused only for an amount below zero.
    pub fn divide(&self, amount: Micros) -> Result<(Vec<(AccountId, Micros)>, Micros), Refusal> {
        let kept = u64::try_from(self.kept()).unwrap_or_default();
        let parts = self.0.values().map(|part| u64::try_from(*part).unwrap_or_default());
        let weights: Vec<u64> = parts.chain([kept]).collect();
        let mut shares = share_out(amount, &weights)?;
        let kept = shares.pop().unwrap_or_default();
        let members = self.0.keys().copied().zip(shares);
        Ok((members.filter(|(_, share)| share.is_positive()).collect(), kept))
    }
}

/// Reads a typed percentage, `12.5` or `12,50`, as hundredths: from 0 to 100 with two decimals at
/// most. Nothing typed is zero.
pub fn parse_percent(typed: &str) -> Result<i64, Refusal> {
    let typed = typed.trim().trim_end_matches(['%', '\u{202f}', '\u{a0}', ' ']);
    if typed.is_empty() {
        return Ok(0);
    }
    let (whole, fraction) = typed.split_once(['.', ',']).unwrap_or((typed, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || whole.len() > 3 || fraction.len() > 2 {
        return Err(Refusal::PercentMalformed {});
    }
    let number = |text: &str| text.parse::<i64>().map_err(|_| Refusal::PercentMalformed {});
    let tens = if fraction.len() == 1 { 10 } else { 1 };
    let hundredths = number(whole)? * 100 + number(fraction)? * tens;
    if hundredths <= WHOLE { Ok(hundredths) } else { Err(Refusal::PercentMalformed {}) }
}

/// A percentage as it is typed: `12.5`.
#[must_use]
pub fn print_percent(hundredths: i64) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match rest {
        0 => whole.to_string(),
        _ if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        _ => format!("{whole}.{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn member(number: u128) -> AccountId {
        AccountId::new(Uuid::from_u128(number))
    }

    #[test]
    fn the_powerful_may_what_others_may() {
        assert!(TeamRole::Owner.may(TeamRole::Keeper) && TeamRole::Keeper.may(TeamRole::Keeper));
        assert!(!TeamRole::Member.may(TeamRole::Keeper) && !TeamRole::Keeper.may(TeamRole::Owner));
        assert!(TeamRole::Member.receives() && !TeamRole::Viewer.receives());
        for role in TeamRole::ALL {
            assert_eq!(TeamRole::from_code(role.code()), Some(role));
        }
    }

    #[test]
    fn a_split_is_the_whole_at_most_and_each_member_once() {
        let percentages =
            Percentages::new([(member(1), 5_000), (member(2), 2_500), (member(3), 0)]);
        let percentages = percentages.expect("percentages");
        assert_eq!(
            (percentages.kept(), percentages.part(member(2)), percentages.part(member(3))),
            (2_500, 2_500, 0)
        );
        assert_eq!(percentages.without(member(1)).kept(), 7_500);
        for wrong in [
            vec![(member(1), 10_001)],
            vec![(member(1), -1)],
            vec![(member(1), 6_000), (member(2), 4_001)],
            vec![(member(1), 1), (member(1), 1)],
            vec![(member(1), i64::MAX), (member(2), i64::MAX)],
        ] {
            assert_eq!(
                Percentages::new(wrong.clone()),
                Err(Refusal::PercentagesTooLarge {}),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn an_amount_is_divided_by_percentages() {
        let percentages =
            Percentages::new([(member(1), 5_000), (member(2), 2_500)]).expect("percentages");
        let (members, kept) = percentages.divide(Micros::new(10)).expect("divided");
        // 5, 2.5 and 2.5: the unit that is left goes to the lower id.
        assert_eq!(members, [(member(1), Micros::new(5)), (member(2), Micros::new(3))]);
        assert_eq!(kept, Micros::new(2));
        let (nobody, all) = Percentages::default().divide(Micros::new(10)).expect("kept");
        assert_eq!((nobody.len(), all), (0, Micros::new(10)));
    }

    #[test]
    fn percentages_are_read_as_people_type_them() {
        for (typed, read) in
            [("12.5", 1_250), ("12,50 %", 1_250), (" 100 ", 10_000), ("", 0), ("0.01", 1)]
        {
            assert_eq!(parse_percent(typed), Ok(read), "{typed}");
        }
        for typed in ["100.01", "-1", "1.234", "1.", ".5", "x", "1e2", "9999", "１"] {
            assert_eq!(parse_percent(typed), Err(Refusal::PercentMalformed {}), "{typed}");
        }
        for read in [0, 1, 10, 1_250, 9_999, 10_000] {
            assert_eq!(parse_percent(&print_percent(read)), Ok(read));
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_made(
            parts in proptest::collection::vec(0_i64..1_000, 0..10),
            amount in 0_i64..2_000_000_000_000,
        ) {
            let parts = (1_u128..).map(member).zip(parts);
            let percentages = Percentages::new(parts).expect("percentages");
            let (members, kept) = percentages.divide(Micros::new(amount)).expect("divided");
            let sum: i64 = members.iter().map(|(_, share)| share.get()).sum();
            prop_assert_eq!(sum + kept.get(), amount);
        }
    }
}
