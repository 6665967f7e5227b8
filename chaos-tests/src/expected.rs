//! What must be stored, reckoned from the journal alone: what was acknowledged is there, what was
//! sent without an answer may be there, nothing else is; each once, since points add up.

use std::collections::{BTreeMap, BTreeSet};

use crate::deed::{Answered, Deed, Line, Sent};

/// What a voucher of the load is worth, in millionths.
pub const VOUCHER: i64 = 1_000_000;

/// The most deeds of one patron that may be without an answer at once: one for each worker.
const PENDING_MAX: usize = 10;

/// What a patron has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Points by period and work.
    pub clicks: BTreeMap<(String, usize), i64>,
    /// In millionths.
    pub budget: i64,
    /// What is in the wallet, in millionths.
    pub wallet: i64,
}

impl Holdings {
    /// What is left of it when only one period is looked at.
    pub fn in_period(&self, period: &str) -> Self {
        let mut own = self.clone();
        own.clicks.retain(|(known, _), _| known == period);
        own
    }

    fn apply(&mut self, sent: &Sent) {
        let key = |work: &usize| (sent.period.clone(), *work);
        match &sent.deed {
            Deed::Give { work, points } => *self.clicks.entry(key(work)).or_default() += points,
            Deed::Set { work, points } => {
                self.clicks.insert(key(work), *points);
            }
            Deed::TakeBack { work } => {
                self.clicks.remove(&key(work));
            }
            Deed::Budget { micros } => self.budget = *micros,
            Deed::Redeem { .. } => self.wallet += VOUCHER,
        }
    }

    fn points(&self, sent: &Sent, work: usize) -> i64 {
        self.clicks.get(&(sent.period.clone(), work)).copied().unwrap_or_default()
    }
}

/// What of the holdings is looked at.
#[derive(Clone, Copy, Debug)]
pub struct At<'at> {
    /// The clicks of this period.
    pub period: &'at str,
    /// Whether the wallet is known: not while a settlement takes money out of it.
    pub is_wallet_known: bool,
}

impl At<'_> {
    fn of(self, holdings: &Holdings) -> Holdings {
        let own = holdings.in_period(self.period);
        Holdings { wallet: if self.is_wallet_known { own.wallet } else { 0 }, ..own }
    }
}

/// All that the journal says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    patrons: BTreeMap<usize, Holdings>,
    pending: BTreeMap<u64, Sent>,
    /// Whose deeds come from several workers at once: the order of theirs is not known.
    shared: BTreeSet<usize>,
    /// Which patron got which voucher.
    redeemed: BTreeMap<usize, usize>,
    /// Vouchers that somebody was told are used.
    refused: BTreeSet<usize>,
    /// The ids of works, as answers named them.
    pub work_ids: BTreeMap<usize, String>,
    /// How many deeds were sent and answered.
    pub sent: u64,
    pub answered: u64,
}

impl Expected {
    /// Nothing yet, with these patrons shared.
    pub fn with_shared(shared: impl IntoIterator<Item = usize>) -> Self {
        Self { shared: shared.into_iter().collect(), ..Self::default() }
    }

    /// Takes a line of the journal. A sentence where the answer cannot be right.
    pub fn take(&mut self, line: &Line) -> Result<(), String> {
        match line {
            Line::Sent(sent) => {
                self.sent += 1;
                self.pending.insert(sent.number, sent.clone());
                Ok(())
            }
            Line::Answered(answered) => {
                let unknown = || format!("an answer to nothing: {answered:?}");
                let sent = self.pending.remove(&answered.number).ok_or_else(unknown)?;
                self.answered += 1;
                let judged = self.judge(&sent, answered);
                judged.map_err(|why| format!("{why}: {sent:?} was answered {answered:?}"))
            }
        }
    }

    /// Whether an answer fits what is known, and what is known then.
    fn judge(&mut self, sent: &Sent, answered: &Answered) -> Result<(), String> {
        if answered.is_replayed && answered.tries < 2 {
            return Err("a first sending was answered as a repeated one".to_owned());
        }
        let is_shared = self.shared.contains(&sent.patron);
        let holdings = self.patrons.entry(sent.patron).or_default();
        match (&sent.deed, answered.status) {
            (Deed::Give { work, points }, 200 | 201) => {
                if answered.period.as_ref() != Some(&sent.period) {
                    return Err("a click in another period".to_owned());
                }
                if let Some(id) = &answered.work_id {
                    self.work_ids.insert(*work, id.clone());
                }
                let before = holdings.points(sent, *work);
                let now = before + points;
                holdings.apply(sent);
                let is_new = answered.status == 201;
                let fits = answered.points == Some(now) && is_new == (before == 0);
                let is_enough = answered.points.is_some_and(|told| told >= *points);
                let fits = if is_shared { is_enough } else { fits };
                if fits { Ok(()) } else { Err(format!("points that do not add up to {now}")) }
            }
            (Deed::Give { .. }, 422) if answered.code == "own_work" => Ok(()),
            (Deed::Give { work, points }, 422) if answered.code == "points_full" => {
                let full = holdings.points(sent, *work) + points > 1_000_000;
                if full || is_shared { Ok(()) } else { Err("not full at all".to_owned()) }
            }
            (Deed::Set { .. } | Deed::Budget { .. }, 200) | (Deed::TakeBack { .. }, 204) => {
                holdings.apply(sent);
                Ok(())
            }
            // An earlier sending of the same may have taken it back already.
            (Deed::TakeBack { .. }, 404) if answered.tries > 1 => {
                holdings.apply(sent);
                Ok(())
            }
            (Deed::Redeem { voucher }, 200) => {
                holdings.apply(sent);
                match self.redeemed.insert(*voucher, sent.patron) {
                    None => Ok(()),
                    Some(other) => Err(format!("patron {other} has this voucher too")),
                }
            }
            (Deed::Redeem { voucher }, 422) if answered.code == "voucher_unusable" => {
                self.refused.insert(*voucher);
                Ok(())
            }
            _ => Err("an answer that cannot be".to_owned()),
        }
    }

    /// Holds what is stored of a patron in a period against the journal. A sentence where
    /// something acknowledged is missing, or something is there that was never sent or twice.
    pub fn compare(&self, patron: usize, at: At<'_>, stored: &Holdings) -> Result<(), String> {
        let acknowledged = self.patrons.get(&patron).cloned().unwrap_or_default();
        let pending: Vec<&Sent> =
            self.pending.values().filter(|sent| sent.patron == patron).collect();
        if pending.len() > PENDING_MAX {
            return Err(format!("{} deeds of patron {patron} have no answer", pending.len()));
        }
        // Each that has no answer was done or was not.
        let is_one = (0..1_usize << pending.len()).any(|which| {
            let mut holdings = acknowledged.clone();
            let done = pending.iter().enumerate().filter(|(place, _)| which >> place & 1 == 1);
            done.for_each(|(_, sent)| holdings.apply(sent));
            at.of(&holdings) == at.of(stored)
        });
        if is_one {
            return Ok(());
        }
        let acknowledged = at.of(&acknowledged);
        Err(format!(
            "patron {patron}: stored {stored:?}, acknowledged {acknowledged:?}, without an \
             answer {pending:?}"
        ))
    }

    /// Vouchers that were refused as used although nobody has them. Asked when nothing is pending.
    pub fn lost_vouchers(&self) -> Vec<usize> {
        self.refused.iter().filter(|it| !self.redeemed.contains_key(it)).copied().collect()
    }

    /// The deeds without an answer.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// What a patron has for certain.
    pub fn holdings(&self, patron: usize) -> Holdings {
        self.patrons.get(&patron).cloned().unwrap_or_default()
    }

    /// Sets what a patron has to begin with.
    pub fn set(&mut self, patron: usize, holdings: Holdings) {
        self.patrons.insert(patron, holdings);
    }

    /// Takes what a settlement took from a patron's wallet.
    pub fn pay(&mut self, patron: usize, micros: i64) {
        self.patrons.entry(patron).or_default().wallet -= micros;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOVEMBER: &str = "2026-11";
    const AT: At<'_> = At { period: NOVEMBER, is_wallet_known: true };

    fn sent(number: u64, deed: Deed) -> Line {
        Line::Sent(Sent { number, patron: 0, period: NOVEMBER.to_owned(), deed })
    }

    fn given(number: u64, status: u16, points: i64) -> Line {
        Line::Answered(Answered {
            number,
            status,
            tries: 1,
            points: Some(points),
            period: Some(NOVEMBER.to_owned()),
            ..Answered::default()
        })
    }

    fn plain(number: u64, status: u16) -> Line {
        Line::Answered(Answered { number, status, tries: 1, ..Answered::default() })
    }

    fn stored(points: i64) -> Holdings {
        let clicks = [((NOVEMBER.to_owned(), 3), points)];
        Holdings { clicks: clicks.into(), ..Holdings::default() }
    }

    fn five_given() -> Expected {
        let mut expected = Expected::default();
        expected.take(&sent(1, Deed::Give { work: 3, points: 5 })).expect("sent");
        expected.take(&given(1, 201, 5)).expect("answered");
        expected
    }

    #[test]
    fn what_was_acknowledged_must_be_there_once() {
        let expected = five_given();
        assert_eq!(expected.compare(0, AT, &stored(5)), Ok(()));
        assert!(expected.compare(0, AT, &Holdings::default()).is_err(), "lost");
        assert!(expected.compare(0, AT, &stored(10)).is_err(), "doubled");
        assert!(expected.compare(0, AT, &stored(6)).is_err(), "never sent");
    }

    #[test]
    fn what_has_no_answer_may_be_there_once() {
        let mut expected = five_given();
        expected.take(&sent(2, Deed::Give { work: 3, points: 7 })).expect("sent");
        assert_eq!(expected.compare(0, AT, &stored(5)), Ok(()));
        assert_eq!(expected.compare(0, AT, &stored(12)), Ok(()));
        assert!(expected.compare(0, AT, &stored(19)).is_err(), "doubled");
        assert!(expected.compare(0, AT, &stored(7)).is_err(), "lost for it");
    }

    #[test]
    fn an_answer_that_does_not_add_up_is_seen() {
        let mut expected = five_given();
        expected.take(&sent(2, Deed::Give { work: 3, points: 7 })).expect("sent");
        assert!(expected.take(&given(2, 200, 19)).is_err(), "doubled");
        expected.take(&sent(3, Deed::Give { work: 3, points: 1 })).expect("sent");
        assert!(expected.take(&given(3, 201, 13)).is_err(), "the click was not new");
    }

    #[test]
    fn a_click_that_is_gone_was_taken_back_by_somebody() {
        let mut expected = five_given();
        expected.take(&sent(2, Deed::TakeBack { work: 3 })).expect("sent");
        assert!(expected.take(&plain(2, 404)).is_err(), "lost");
        let mut expected = five_given();
        expected.take(&sent(2, Deed::TakeBack { work: 3 })).expect("sent");
        expected.take(&plain(2, 204)).expect("taken back");
        assert_eq!(expected.compare(0, AT, &Holdings::default()), Ok(()));
    }

    #[test]
    fn a_voucher_is_worth_something_once() {
        let mut expected = Expected::default();
        for number in [1, 2] {
            expected.take(&sent(number, Deed::Redeem { voucher: 9 })).expect("sent");
        }
        expected.take(&plain(1, 200)).expect("redeemed");
        assert!(expected.take(&plain(2, 200)).is_err(), "twice");
        expected.take(&sent(3, Deed::Redeem { voucher: 8 })).expect("sent");
        let unusable = Answered {
            number: 3,
            status: 422,
            tries: 1,
            code: "voucher_unusable".to_owned(),
            ..Answered::default()
        };
        expected.take(&Line::Answered(unusable)).expect("somebody else has it");
        assert_eq!(expected.lost_vouchers(), [8]);
    }

    #[test]
    fn a_key_that_was_never_used_is_not_repeated() {
        let mut expected = Expected::default();
        expected.take(&sent(1, Deed::Give { work: 3, points: 5 })).expect("sent");
        let Line::Answered(answered) = given(1, 201, 5) else { panic!("an answer") };
        let replayed = Line::Answered(Answered { is_replayed: true, ..answered });
        assert!(expected.take(&replayed).is_err());
    }
}
