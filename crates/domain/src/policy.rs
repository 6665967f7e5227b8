//! Policies: the operator's rules (product.md section 5). An operator picks a preset and may
//! change each rule; every rule is shown to users with its own value.

use crate::invitation::INVITED_MAX;
use crate::money::{AMOUNT_MAX, Micros};
use crate::refusal::Refusal;

/// How many times an unfunded patron's clicks move to the next period (product.md section 4.1).
pub const CARRIES_MAX: i64 = 3;

/// For how many months a promise stands (product.md section 4).
pub const PROMISE_MONTHS: i32 = 12;

/// For how long new bank details rest before money goes there, in hours (security.md M8).
pub const BANK_REST_HOURS: i64 = 72;

/// From how many waiting patrons on a site may be invited: fewer would tell who they are (P2).
pub const INVITE_FROM: std::ops::RangeInclusive<i64> = 5..=1_000_000;

/// One million parts: the whole, for rates in parts per million.
pub const WHOLE_PPM: u32 = 1_000_000;

/// Who may sign up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Everybody.
    Open,
    /// Those whom an account or the operator invites.
    Invitation,
    /// Nobody, until the operator lets people in from the waiting list.
    Closed,
}

impl Registration {
    /// Whether one needs a code to sign up.
    #[must_use]
    pub const fn needs_invitation(self) -> bool {
        !matches!(self, Self::Open)
    }
}

/// Where a budget goes in a period without clicks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unspent {
    /// As each patron chose: kept unless they said otherwise.
    PatronsChoice,
    /// To the common pool.
    ToPool,
}

/// The rules of an instance. Amounts hold for each of its currencies, in that currency's unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The most points in one click.
    pub points_max: i64,
    /// Whether a work can be clicked only once in a period.
    pub clicks_once: bool,
    /// The smallest budget.
    pub budget_min: Micros,
    /// Whether those who receive must also give (Flattr's rule of 2010).
    pub give_to_receive: bool,
    /// Where a budget goes in a period without clicks.
    pub unspent: Unspent,
    /// The instance's part of what creators receive, in parts per million.
    pub fee_ppm: u32,
    /// Who may sign up.
    pub registration: Registration,
    /// How many an account may invite, as long as no administrator gives it more or fewer.
    pub invitations: i64,
    /// From how many patrons on that wait for a site, its people are invited; 0: never.
    pub invite_from: i64,
    /// Whether works can be disliked.
    pub dislikes: bool,
    /// The smallest payout.
    pub payout_min: Micros,
    /// Payout batches above this total need a second administrator (security.md M8).
    pub second_admin_above: Micros,
}

/// A rule's name, for forms, storage and the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// [`Policy::points_max`].
    PointsMax,
    /// [`Policy::clicks_once`].
    ClicksOnce,
    /// [`Policy::budget_min`].
    BudgetMin,
    /// [`Policy::give_to_receive`].
    GiveToReceive,
    /// [`Policy::unspent`].
    Unspent,
    /// [`Policy::fee_ppm`].
    Fee,
    /// [`Policy::registration`].
    Registration,
    /// [`Policy::invitations`].
    Invitations,
    /// [`Policy::invite_from`].
    InviteFrom,
    /// [`Policy::dislikes`].
    Dislikes,
    /// [`Policy::payout_min`].
    PayoutMin,
    /// [`Policy::second_admin_above`].
    SecondAdminAbove,
}

impl Rule {
    /// All rules, in the order in which people read them.
    pub const ALL: [Self; 12] = [
        Self::PointsMax,
        Self::ClicksOnce,
        Self::BudgetMin,
        Self::GiveToReceive,
        Self::Unspent,
        Self::Fee,
        Self::Registration,
        Self::Invitations,
        Self::InviteFrom,
        Self::Dislikes,
        Self::PayoutMin,
        Self::SecondAdminAbove,
    ];

    /// The name that is stored and posted.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PointsMax => "points_max",
            Self::ClicksOnce => "clicks_once",
            Self::BudgetMin => "budget_min",
            Self::GiveToReceive => "give_to_receive",
            Self::Unspent => "unspent",
            Self::Fee => "fee",
            Self::Registration => "registration",
            Self::Invitations => "invitations",
            Self::InviteFrom => "invite_from",
            Self::Dislikes => "dislikes",
            Self::PayoutMin => "payout_min",
            Self::SecondAdminAbove => "second_admin_above",
        }
    }

    /// The rule of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// The words that a rule can be set to; none for a number or an amount.
    #[must_use]
    pub const fn choices(self) -> &'static [&'static str] {
        match self {
            Self::ClicksOnce | Self::GiveToReceive | Self::Dislikes => &["yes", "no"],
            Self::Unspent => &["choice", "pool"],
            Self::Registration => &["open", "invitation", "closed"],
            _ => &[],
        }
    }
}

impl Policy {
    /// The preset as shipped.
    #[must_use]
    pub const fn obole() -> Self {
        Self {
            points_max: 10_000,
            clicks_once: false,
            budget_min: Micros::units(2),
            give_to_receive: false,
            unspent: Unspent::PatronsChoice,
            fee_ppm: 100_000,
            registration: Registration::Open,
            invitations: 5,
            invite_from: 10,
            dislikes: true,
            payout_min: Micros::units(10),
            second_admin_above: Micros::units(1_000),
        }
    }

    /// Flattr's rules of 2010.
    #[must_use]
    pub const fn flattr_2010() -> Self {
        Self {
            points_max: 1,
            clicks_once: true,
            give_to_receive: true,
            unspent: Unspent::ToPool,
            registration: Registration::Invitation,
            dislikes: false,
            ..Self::obole()
        }
    }

    /// A preset by its name, `obole` or `flattr-2010`.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        match name {
            "obole" => Some(Self::obole()),
            "flattr-2010" => Some(Self::flattr_2010()),
            _ => None,
        }
    }

    /// A rule's value as it is stored: a number, `2.00`, `10` (per cent), or a word of
    /// [`Rule::choices`].
    #[must_use]
    pub fn get(&self, rule: Rule) -> String {
        let yes = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
        match rule {
            Rule::PointsMax => self.points_max.to_string(),
            Rule::ClicksOnce => yes(self.clicks_once),
            Rule::BudgetMin => self.budget_min.to_decimal(2),
            Rule::GiveToReceive => yes(self.give_to_receive),
            Rule::Unspent => match self.unspent {
                Unspent::PatronsChoice => "choice".to_owned(),
                Unspent::ToPool => "pool".to_owned(),
            },
            Rule::Fee => Micros::new(i64::from(self.fee_ppm) * 100).to_decimal(0),
            Rule::Registration => match self.registration {
                Registration::Open => "open".to_owned(),
                Registration::Invitation => "invitation".to_owned(),
                Registration::Closed => "closed".to_owned(),
            },
            Rule::Invitations => self.invitations.to_string(),
            Rule::InviteFrom => self.invite_from.to_string(),
            Rule::Dislikes => yes(self.dislikes),
            Rule::PayoutMin => self.payout_min.to_decimal(2),
            Rule::SecondAdminAbove => self.second_admin_above.to_decimal(2),
        }
    }

    /// Sets a rule from the form of [`Self::get`]. Refused with the rule's name when it is not a
    /// value that the rule can have: points 1 to 10 000, a fee of 0 to 50 per cent, 0 to 1 000
    /// invitations, sites invited from 5 to 1 000 000 patrons on or never, a smallest budget and
    /// payout above zero.
    pub fn set(&mut self, rule: Rule, value: &str) -> Result<(), Refusal> {
        let refused = || Refusal::PolicyMalformed { rule: rule.name().to_owned() };
        let yes = || match value {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err(refused()),
        };
        let amount = || {
            let amount = Micros::parse(value, 6).map_err(|_| refused())?;
            let in_range = amount.is_positive() && amount <= AMOUNT_MAX;
            if in_range { Ok(amount) } else { Err(refused()) }
        };
        match rule {
            Rule::PointsMax => {
                let points = value.parse().ok().filter(|points| (1..=10_000).contains(points));
                self.points_max = points.ok_or_else(refused)?;
            }
            Rule::ClicksOnce => self.clicks_once = yes()?,
            Rule::BudgetMin => self.budget_min = amount()?,
            Rule::GiveToReceive => self.give_to_receive = yes()?,
            Rule::Unspent => {
                self.unspent = match value {
                    "choice" => Unspent::PatronsChoice,
                    "pool" => Unspent::ToPool,
                    _ => return Err(refused()),
                }
            }
            Rule::Fee => {
                let percent = Micros::parse(value, 4).map_err(|_| refused())?;
                let ppm =
                    u32::try_from(percent.get() / 100).ok().filter(|ppm| *ppm <= WHOLE_PPM / 2);
                self.fee_ppm = ppm.ok_or_else(refused)?;
            }
            Rule::Registration => {
                self.registration = match value {
                    "open" => Registration::Open,
                    "invitation" => Registration::Invitation,
                    "closed" => Registration::Closed,
                    _ => return Err(refused()),
                }
            }
            Rule::Invitations => {
                let count = value.parse().ok().filter(|count| (0..=INVITED_MAX).contains(count));
                self.invitations = count.ok_or_else(refused)?;
            }
            Rule::InviteFrom => {
                let is_kept = |count: &i64| *count == 0 || INVITE_FROM.contains(count);
                let count = value.parse().ok().filter(is_kept);
                self.invite_from = count.ok_or_else(refused)?;
            }
            Rule::Dislikes => self.dislikes = yes()?,
            Rule::PayoutMin => self.payout_min = amount()?,
            Rule::SecondAdminAbove => self.second_admin_above = amount()?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_reads_back_in_both_presets() {
        for preset in ["obole", "flattr-2010"] {
            let policy = Policy::preset(preset).expect("a preset");
            for rule in Rule::ALL {
                let mut other = Policy::obole();
                other.set(rule, &policy.get(rule)).expect("its own value");
                assert_eq!(other.get(rule), policy.get(rule), "{preset} {}", rule.name());
                assert_eq!(Rule::from_name(rule.name()), Some(rule));
            }
        }
        assert!(Policy::preset("other").is_none());
    }

    #[test]
    fn values_that_a_rule_cannot_have_are_refused() {
        let mut policy = Policy::obole();
        let cases = [
            (Rule::PointsMax, "0"),
            (Rule::PointsMax, "10001"),
            (Rule::Fee, "50.1"),
            (Rule::Fee, "-1"),
            (Rule::BudgetMin, "0"),
            (Rule::Unspent, "maybe"),
            (Rule::Registration, ""),
            (Rule::Invitations, "-1"),
            (Rule::Invitations, "1001"),
            (Rule::InviteFrom, "4"),
            (Rule::InviteFrom, "-1"),
            (Rule::InviteFrom, "1000001"),
            (Rule::Dislikes, "true"),
        ];
        for (rule, value) in cases {
            let refused = Err(Refusal::PolicyMalformed { rule: rule.name().to_owned() });
            assert_eq!(policy.set(rule, value), refused, "{} {value}", rule.name());
        }
        assert_eq!(policy, Policy::obole());
    }
}
