//! What a year comes to, compared with the figures of the manual.

use super::*;

/// What became of a year.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    /// The most honest payees with a hold in one month, in ten-thousandths of all who received.
    honest_held_most: usize,
    /// Of what honest patrons gave to honest payees, what waited, in millionths.
    honest_money_held: i128,
    /// Of what reached the farm, what waited, in hundredths.
    farm_money_held: i128,
    /// Of the fake money at the victim, what waited, in hundredths.
    fake_money_held: i128,
    /// Of what the victim's own patrons gave, what waited, in millionths.
    victim_money_held: i128,
}

impl Year {
    fn outcome(mut self) -> Outcome {
        let is_fake = |account: AccountId| {
            let number = account.uuid().as_u128();
            (u128::from(FARM)..u128::from(FRAMERS) + 1_000).contains(&number)
        };
        let is_farm = |account: AccountId| {
            let number = account.uuid().as_u128();
            (u128::from(FARM)..u128::from(FARM) + u128::from(FARM_PAYEES)).contains(&number)
        };
        let (mut most, mut honest) = (0, Part::default());
        let (mut farm, mut fake, mut victim) = <(Part, Part, Part)>::default();
        for month in 0..12 {
            let (evidence, gifts) = self.month(month);
            let held: Vec<Gift> = judge(&evidence)
                .expect("judged")
                .into_iter()
                .flat_map(|suspicion| suspicion.gifts.into_iter().map(|(gift, _)| gift))
                .collect();
            let payees: BTreeSet<_> =
                gifts.iter().map(|gift| gift.payee).filter(|payee| !is_farm(*payee)).collect();
            let held_payees: BTreeSet<_> =
                held.iter().map(|gift| gift.payee).filter(|payee| !is_farm(*payee)).collect();
            most = most.max(held_payees.len() * 10_000 / payees.len());
            for (gifts, is_held) in [(&gifts, false), (&held, true)] {
                for gift in gifts {
                    let part = if is_farm(gift.payee) {
                        &mut farm
                    } else if gift.payee == account(VICTIM) && is_fake(gift.patron) {
                        &mut fake
                    } else if gift.payee == account(VICTIM) {
                        &mut victim
                    } else if !is_fake(gift.patron) {
                        &mut honest
                    } else {
                        continue;
                    };
                    let sum = if is_held { &mut part.held } else { &mut part.all };
                    *sum += i128::from(gift.net.get());
                }
            }
        }
        Outcome {
            honest_held_most: most,
            honest_money_held: honest.of(1_000_000),
            farm_money_held: farm.of(100),
            fake_money_held: fake.of(100),
            victim_money_held: victim.of(1_000_000),
        }
    }
}

#[derive(Default)]
struct Part {
    all: i128,
    held: i128,
}

impl Part {
    fn of(&self, whole: i128) -> i128 {
        self.held * whole / self.all
    }
}

#[test]
fn a_year_holds_the_farm_and_lets_the_honest_be() {
    let outcomes = (1..=3).map(|seed| Year::new(seed).outcome());
    let worst = outcomes.reduce(|one, other| Outcome {
        honest_held_most: one.honest_held_most.max(other.honest_held_most),
        honest_money_held: one.honest_money_held.max(other.honest_money_held),
        farm_money_held: one.farm_money_held.min(other.farm_money_held),
        fake_money_held: one.fake_money_held.min(other.fake_money_held),
        victim_money_held: one.victim_money_held.max(other.victim_money_held),
    });
    let worst = worst.expect("years");
    assert!(worst.honest_held_most <= 50, "{worst:?}");
    assert!(worst.farm_money_held >= 80, "{worst:?}");
    let manual = include_str!("../../../../../docs/manual/trust.md");
    let [honest, most] = [worst.honest_money_held, worst.victim_money_held].map(percent);
    for line in [
        format!("| honest payees with something held, at most in one month | {} % |", {
            percent(i128::try_from(worst.honest_held_most).expect("small") * 100)
        }),
        format!("| of the money of honest patrons, held | {honest} % |"),
        format!("| of the farm's money, held | {} % |", worst.farm_money_held),
        format!("| of the fake money at the victim, held | {} % |", worst.fake_money_held),
        format!("| of the victim's own money, held | {most} % |"),
    ] {
        assert!(manual.contains(&line), "the manual should say: {line}");
    }
}

/// Millionths as percent.
fn percent(millionths: i128) -> String {
    let text = format!("{}.{:04}", millionths / 10_000, millionths % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
