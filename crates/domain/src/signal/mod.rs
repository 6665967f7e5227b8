//! Signals against gaming (security.md X1 to X5): what in a settled month looks as if one hand had
//! moved many accounts. They only say which gifts wait for a person's look: no signal acts alone
//! (X4), and what waits is the gift that looks made, never its target (X5).

mod arrival;
mod circle;
mod lockstep;
mod means;
mod refusal;
#[cfg(test)]
mod synthetic_year;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::account::AccountId;
use crate::money::Micros;
use crate::note;
use crate::refusal::Refusal;
use crate::voucher::VoucherBatchId;
use crate::work::WorkId;

pub use refusal::{Returned, returns};

crate::id! {
    /// Earnings that wait because of signals.
    SignalHoldId
}

/// For how many days earnings wait at most (X5).
const HOLD_DAYS: i64 = 14;

/// Over how many months money is followed when it goes in a circle (X3).
pub const MONTHS: i32 = 3;

/// The most characters of what a payee says to it.
const ANSWER_MAX: usize = 2_000;

/// An instance of so many accounts is young while most of them are new: then that says nothing.
const YOUNG_MAX: usize = 1_000;

/// Less than this, a patron's smallest budget, is not worth anybody's wait.
pub const HOLD_MIN: Micros = Micros::new(2_000_000);

/// What looks as if one hand had moved many accounts (X3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// A patron shares a browser or a bank account with the payee, or several patrons of one payee
    /// share one among themselves.
    Means,
    /// A few accounts give each other most of what they give, and get most of it from each other.
    Circle,
    /// Several accounts clicked the same works within minutes.
    Lockstep,
    /// Vouchers of one batch end at one payee.
    Batch,
    /// Many accounts that were opened together are new patrons of one payee.
    Rush,
}

impl Signal {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Means, Self::Circle, Self::Lockstep, Self::Batch, Self::Rush];

    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Means => "means",
            Self::Circle => "circle",
            Self::Lockstep => "lockstep",
            Self::Batch => "batch",
            Self::Rush => "rush",
        }
    }

    /// The signal of a stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|signal| signal.code() == code)
    }

    /// What it is evidence of. A festival's visitors come together *and* with one batch of
    /// vouchers, so both together say no more than one.
    const fn class(self) -> u8 {
        match self {
            Self::Means => 0,
            Self::Circle => 1,
            Self::Lockstep => 2,
            Self::Batch | Self::Rush => 3,
        }
    }
}

/// What becomes of earnings that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignalState {
    /// They wait.
    Held,
    /// They are the payee's: somebody looked at them, or the time was over.
    Released,
    /// A person refused them; they went back to the patrons.
    Refused,
}

impl SignalState {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Held, Self::Released, Self::Refused];

    /// The word that is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Released => "released",
            Self::Refused => "refused",
        }
    }

    /// The state of a stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// Signals as they are stored: their words, apart by spaces.
#[must_use]
pub fn print_signals(signals: &BTreeSet<Signal>) -> String {
    signals.iter().map(|signal| signal.code()).collect::<Vec<_>>().join(" ")
}

/// Reads what [`print_signals`] wrote; none where a word is not a signal's.
#[must_use]
pub fn parse_signals(stored: &str) -> Option<BTreeSet<Signal>> {
    stored.split_whitespace().map(Signal::from_code).collect()
}

/// What a click or a fixed amount brought to an account, in one currency: to a work's owner, or to
/// a member of its team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gift {
    /// Who gave it.
    pub patron: AccountId,
    /// For which work.
    pub work: WorkId,
    /// Who received it.
    pub payee: AccountId,
    /// What left the wallet.
    pub gross: Micros,
    /// What arrived, less the instance's fee.
    pub net: Micros,
}

/// A click that somebody made with their own hand, and when: not a subscription's, not one that was
/// carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HandClick {
    /// Who.
    pub patron: AccountId,
    /// On what.
    pub work: WorkId,
    /// When first in this month.
    pub at: Timestamp,
}

/// Vouchers of one batch that an account redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redeemed {
    /// Of which batch.
    pub batch: VoucherBatchId,
    /// By whom.
    pub patron: AccountId,
    /// What they came to.
    pub amount: Micros,
}

/// What is known of accounts beside what they gave.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// Those that share a browser or a bank account, group by group.
    pub shared: Vec<BTreeSet<AccountId>>,
    /// Vouchers of the months that count.
    pub vouchers: Vec<Redeemed>,
    /// Those that were opened in the [`NEW`] before the month's end, and when.
    pub opened: BTreeMap<AccountId, Timestamp>,
    /// How many there are in all.
    pub all: usize,
    /// Those that received something in the months that count.
    pub payees: BTreeSet<AccountId>,
}

/// All that is looked at, for one settled month in one currency. Gifts are kept one by one of those
/// of whom two signals could speak; of all others sums are enough, so that a country's month is no
/// larger than what is odd in it.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    accounts: Accounts,
    candidates: BTreeSet<AccountId>,
    /// What candidates gave in the month.
    gifts: Vec<Gift>,
    /// What they gave in the months before it, of those that count.
    earlier: Vec<Gift>,
    /// What was clicked by hand in the month, many works at a time.
    clicks: Vec<HandClick>,
    rest: Rest,
}

/// What all others come to.
#[derive(Clone, Debug, Default)]
struct Rest {
    /// How many gave in the month.
    givers: i128,
    /// How many were patrons of a payee in the month.
    patrons: BTreeMap<AccountId, i128>,
    /// What a payee received of them in all months that count.
    net: BTreeMap<AccountId, i128>,
    /// How many else clicked a work by hand in the month.
    clicks: BTreeMap<WorkId, i128>,
}

/// For how long an account is new.
pub const NEW: SignedDuration = SignedDuration::from_hours(60 * 24);

impl Evidence {
    /// Nothing given yet, by accounts of which something is known.
    #[must_use]
    pub fn new(mut accounts: Accounts) -> Self {
        if accounts.all > YOUNG_MAX && accounts.opened.len() > accounts.all / 2 {
            accounts.opened.clear();
        }
        let shared = accounts.shared.iter().flatten().copied();
        let fed = accounts.vouchers.iter().map(|redeemed| redeemed.patron);
        let new = accounts.opened.keys().copied();
        let candidates = shared.chain(fed).chain(new).chain(accounts.payees.iter().copied());
        Self { candidates: candidates.collect(), accounts, ..Self::default() }
    }

    /// Adds all that one patron gave in the month.
    pub fn add(&mut self, patron: AccountId, gifts: Vec<Gift>) {
        if self.candidates.contains(&patron) {
            self.gifts.extend(gifts);
            return;
        }
        self.rest.givers += 1;
        for payee in gifts.iter().map(|gift| gift.payee).collect::<BTreeSet<_>>() {
            *self.rest.patrons.entry(payee).or_default() += 1;
        }
        self.add_net(&gifts);
    }

    /// Adds what one patron gave in a month before it ([`MONTHS`]).
    pub fn add_earlier(&mut self, patron: AccountId, gifts: Vec<Gift>) {
        if self.candidates.contains(&patron) {
            self.earlier.extend(gifts);
        } else {
            self.add_net(&gifts);
        }
    }

    fn add_net(&mut self, gifts: &[Gift]) {
        for gift in gifts {
            *self.rest.net.entry(gift.payee).or_default() += i128::from(gift.net.get());
        }
    }

    /// Adds all that one patron clicked by hand in the month.
    pub fn add_clicks(&mut self, clicks: Vec<HandClick>) {
        let (many, few) = lockstep::part(clicks);
        self.clicks.extend(many);
        for click in few {
            *self.rest.clicks.entry(click.work).or_default() += 1;
        }
    }
}

/// Until when earnings that begin to wait do so at most (X5).
#[must_use]
pub fn ends_at(held_at: Timestamp) -> Timestamp {
    held_at.saturating_add(SignedDuration::from_hours(HOLD_DAYS * 24)).unwrap_or(Timestamp::MAX)
}

/// What a payee says to it: never nothing.
pub fn answer(typed: &str) -> Result<String, Refusal> {
    note::words(typed, ANSWER_MAX)
}

/// A pattern that one rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    signal: Signal,
    /// Which of the month's gifts, by their place.
    gifts: BTreeSet<usize>,
}

/// Gifts to one account that wait for a person's look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspicion {
    /// Whose earnings.
    pub payee: AccountId,
    /// Why, all signals together.
    pub signals: BTreeSet<Signal>,
    /// The gifts, each with its own signals.
    pub gifts: Vec<(Gift, BTreeSet<Signal>)>,
}

impl Suspicion {
    /// What of the earnings it concerns.
    pub fn net(&self) -> Result<Micros, Refusal> {
        Micros::sum(self.gifts.iter().map(|(gift, _)| gift.net))
    }
}

/// Says which gifts of a month wait, payee by payee: those that signals of two classes concern
/// (X4), where they come to [`HOLD_MIN`]. Depends on nothing but the evidence, in any order.
pub fn judge(evidence: &Evidence) -> Result<Vec<Suspicion>, Refusal> {
    let mut by_gift = BTreeMap::<usize, BTreeSet<Signal>>::new();
    for pattern in patterns(evidence) {
        for place in pattern.gifts {
            by_gift.entry(place).or_default().insert(pattern.signal);
        }
    }
    let mut suspicions = BTreeMap::<AccountId, Suspicion>::new();
    for (place, signals) in by_gift {
        let Some(gift) = evidence.gifts.get(place).filter(|_| suffice(&signals)) else { continue };
        let payee = gift.payee;
        let empty = || Suspicion { payee, signals: BTreeSet::new(), gifts: Vec::new() };
        let suspicion = suspicions.entry(payee).or_insert_with(empty);
        suspicion.signals.extend(&signals);
        suspicion.gifts.push((*gift, signals));
    }
    let mut kept = Vec::new();
    for mut suspicion in suspicions.into_values() {
        suspicion.gifts = joined(suspicion.gifts)?;
        if suspicion.net()? >= HOLD_MIN {
            kept.push(suspicion);
        }
    }
    Ok(kept)
}

/// One gift for each patron and work: a share and a promise that is collected are one.
fn joined(gifts: Vec<(Gift, BTreeSet<Signal>)>) -> Result<Vec<(Gift, BTreeSet<Signal>)>, Refusal> {
    let mut joined = BTreeMap::<(AccountId, WorkId), (Gift, BTreeSet<Signal>)>::new();
    for (gift, signals) in gifts {
        match joined.entry((gift.patron, gift.work)) {
            Entry::Vacant(place) => {
                place.insert((gift, signals));
            }
            Entry::Occupied(mut place) => {
                let (sum, all) = place.get_mut();
                sum.gross = sum.gross.plus(gift.gross)?;
                sum.net = sum.net.plus(gift.net)?;
                all.extend(signals);
            }
        }
    }
    Ok(joined.into_values().collect())
}

/// No single signal acts (X4).
fn suffice(signals: &BTreeSet<Signal>) -> bool {
    signals.iter().map(|signal| signal.class()).collect::<BTreeSet<_>>().len() > 1
}

fn patterns(evidence: &Evidence) -> Vec<Pattern> {
    let found = [
        means::find(evidence),
        circle::find(evidence),
        lockstep::find(evidence),
        arrival::batches(evidence),
        arrival::rushes(evidence),
    ];
    found.into_iter().flatten().collect()
}

/// The places of the month's gifts that a rule says.
fn places(evidence: &Evidence, is_meant: impl Fn(&Gift) -> bool) -> BTreeSet<usize> {
    let gifts = evidence.gifts.iter().enumerate();
    gifts.filter(|(_, gift)| is_meant(gift)).map(|(place, _)| place).collect()
}

/// Whether `part` is at least so many thousandths of `whole`, which is above zero.
fn is_share(part: i128, whole: i128, thousandths: i128) -> bool {
    whole > 0 && part * 1_000 >= whole * thousandths
}

/// The patrons of each payee in the month.
fn patrons(evidence: &Evidence) -> BTreeMap<AccountId, BTreeSet<AccountId>> {
    let mut patrons = BTreeMap::<_, BTreeSet<_>>::new();
    for gift in &evidence.gifts {
        patrons.entry(gift.payee).or_default().insert(gift.patron);
    }
    patrons
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    const NOON: i64 = 1_767_268_800;

    fn account(number: u64) -> AccountId {
        AccountId::new(Uuid::from_u128(u128::from(number)))
    }

    fn gift(patron: u64, work: u64, payee: u64) -> Gift {
        let work = WorkId::new(Uuid::from_u128(u128::from(work)));
        let (gross, net) = (Micros::new(1_000_000), Micros::new(900_000));
        Gift { patron: account(patron), work, payee: account(payee), gross, net }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(NOON + second).expect("a moment")
    }

    /// Eight accounts give to six works of one payee, and eighty others to other payees.
    fn month() -> Evidence {
        let mut evidence = Evidence::default();
        for patron in 10..18 {
            evidence.gifts.extend((0..6).map(|work| gift(patron, work, 1)));
        }
        evidence.gifts.extend((100..180).map(|patron| gift(patron, patron, patron + 100)));
        evidence
    }

    fn shared(mut evidence: Evidence, group: impl Iterator<Item = u64>) -> Evidence {
        evidence.accounts.shared.push(group.map(account).collect());
        evidence
    }

    fn lockstep(mut evidence: Evidence, seconds: i64) -> Evidence {
        let gifts = evidence.gifts.iter().filter(|gift| gift.payee == account(1));
        let clicks = gifts.zip(0..).map(|(gift, number)| {
            let turn = number % 8;
            HandClick { patron: gift.patron, work: gift.work, at: at(turn * seconds) }
        });
        evidence.clicks = clicks.collect();
        evidence
    }

    fn batch(mut evidence: Evidence) -> Evidence {
        let batch = VoucherBatchId::new(Uuid::from_u128(1));
        let amount = Micros::new(5_000_000);
        let redeemed = |patron| Redeemed { batch, patron: account(patron), amount };
        evidence.accounts.vouchers = (10..18).map(redeemed).collect();
        evidence
    }

    fn rush(mut evidence: Evidence, hours: i64) -> Evidence {
        let opened = (10..18).zip(0..).map(|(n, turn)| (account(n), at(-3_600 * hours * turn)));
        evidence.accounts.opened = opened.collect();
        evidence
    }

    fn signals(evidence: &Evidence) -> Vec<Signal> {
        let found: BTreeSet<_> = patterns(evidence).iter().map(|found| found.signal).collect();
        found.into_iter().collect()
    }

    fn held(evidence: &Evidence) -> Vec<(u128, usize)> {
        let suspicions = judge(evidence).expect("judged").into_iter();
        suspicions.map(|held| (held.payee.uuid().as_u128(), held.gifts.len())).collect()
    }

    #[test]
    fn no_signal_acts_alone() {
        for (evidence, signal) in [
            (shared(month(), 10..18), Signal::Means),
            (lockstep(month(), 60), Signal::Lockstep),
            (batch(month()), Signal::Batch),
            (rush(month(), 8), Signal::Rush),
        ] {
            assert_eq!((signals(&evidence), held(&evidence)), (vec![signal], vec![]));
        }
        assert_eq!(signals(&month()), []);
        // A festival: one batch, one evening.
        let festival = rush(batch(month()), 0);
        assert_eq!(signals(&festival), [Signal::Batch, Signal::Rush]);
        assert_eq!(held(&festival), []);
    }

    #[test]
    fn two_classes_of_signals_hold_what_both_concern() {
        let farm = lockstep(batch(month()), 60);
        assert_eq!(held(&farm), [(1, 48)]);
        let farm = rush(shared(month(), 10..18), 8);
        assert_eq!(held(&farm), [(1, 48)]);
        // Of eight in lockstep, three share a browser: theirs waits, the others' does not.
        let three = shared(lockstep(month(), 60), 10..13);
        assert_eq!(held(&three), [(1, 18)]);
    }

    #[test]
    fn the_targets_own_patrons_are_let_be() {
        let mut framed = lockstep(shared(month(), 10..18), 60);
        framed.gifts.extend((300..340).map(|fan| gift(fan, 1, 1)));
        framed.clicks.extend((300..340).map(|fan| HandClick {
            patron: account(fan),
            work: WorkId::new(Uuid::from_u128(1)),
            at: at(fan.cast_signed() * 3_600),
        }));
        let suspicions = judge(&framed).expect("judged");
        let patrons: BTreeSet<_> =
            suspicions.iter().flat_map(|held| &held.gifts).map(|(gift, _)| gift.patron).collect();
        assert_eq!(patrons, (10..18).map(account).collect());
    }

    #[test]
    fn a_household_is_two_and_those_who_share_with_the_payee_are_one() {
        assert_eq!(signals(&shared(month(), 10..12)), []);
        assert_eq!(signals(&shared(month(), 10..13)), [Signal::Means]);
        assert_eq!(signals(&shared(month(), [1, 10].into_iter())), [Signal::Means]);
        // What a browser is to people of other payees says nothing.
        assert_eq!(signals(&shared(month(), [10, 100, 101].into_iter())), []);
    }

    #[test]
    fn lockstep_is_five_works_by_five_within_minutes_and_not_what_everybody_likes() {
        assert_eq!(signals(&lockstep(month(), 60)), [Signal::Lockstep]);
        assert_eq!(signals(&lockstep(month(), 900)), []);
        let mut four = lockstep(month(), 60);
        four.clicks.retain(|click| click.patron < account(14));
        assert_eq!(signals(&four), []);
        let mut popular = lockstep(month(), 60);
        let works = (0..6).map(|work| WorkId::new(Uuid::from_u128(work)));
        for work in works {
            popular.clicks.extend((1_000..1_100).map(|fan| HandClick {
                patron: account(fan),
                work,
                at: at(fan.cast_signed() * 3_600),
            }));
        }
        assert_eq!(signals(&popular), []);
    }

    /// Three who give each other all but `outside` of ten parts, among eighty others.
    fn ring(outside: usize) -> Evidence {
        let mut evidence = month();
        for (from, to) in [(1_000, 1_001), (1_001, 1_002), (1_002, 1_000)] {
            evidence.gifts.extend((outside..10).map(|work| gift(from, to * 10 + work as u64, to)));
            evidence.gifts.extend((0..outside).map(|work| gift(from, 5 + work as u64, 200)));
        }
        evidence
    }

    #[test]
    fn a_circle_is_closed_in_both_directions() {
        assert_eq!(signals(&ring(0)), [Signal::Circle]);
        assert_eq!(signals(&ring(4)), [Signal::Circle]);
        assert_eq!(signals(&ring(5)), []);
        // Who has patrons of their own is a creator among friends.
        let mut friends = ring(0);
        for patron in 100..120 {
            friends.gifts.extend((1_000..1_003).map(|payee| gift(patron, payee, payee)));
        }
        assert_eq!(signals(&friends), []);
        // Money that went on earlier counts, and so does what comes back from one's own team.
        let mut earlier = ring(0);
        earlier.earlier.extend((0..40).map(|patron| gift(patron + 100, 7, 1_001)));
        assert_eq!(signals(&earlier), []);
        let mut own = month();
        own.gifts.extend((0..5).map(|work| gift(1_000, work, 1_000)));
        assert_eq!(signals(&own), [Signal::Circle]);
    }

    #[test]
    fn a_community_in_which_all_give_to_all_is_no_circle() {
        let mut evidence = Evidence::default();
        for from in 0..20 {
            evidence.gifts.extend((0..20).filter(|to| *to != from).map(|to| gift(from, to, to)));
        }
        assert_eq!(signals(&evidence), []);
    }

    #[test]
    fn a_rush_is_many_new_ones_among_few_old_ones() {
        assert_eq!(signals(&rush(month(), 8)), [Signal::Rush]);
        assert_eq!(signals(&rush(month(), 24)), []);
        let mut known = rush(month(), 8);
        known.gifts.extend((300..310).map(|fan| gift(fan, 1, 1)));
        assert_eq!(signals(&known), []);
    }

    #[test]
    fn in_a_young_instance_of_many_to_be_new_says_nothing() {
        let accounts = |all| {
            let opened = (0..600).map(|n| (account(n), at(0))).collect();
            Evidence::new(Accounts { all, opened, ..Accounts::default() }).candidates.len()
        };
        assert_eq!((accounts(700), accounts(1_100), accounts(1_200)), (600, 0, 600));
    }

    #[test]
    fn what_is_not_worth_a_wait_does_not_wait() {
        let mut small = lockstep(batch(month()), 60);
        for gift in &mut small.gifts {
            gift.net = Micros::new(HOLD_MIN.get() / 50);
        }
        assert_eq!(held(&small), []);
    }

    #[test]
    fn words_read_back() {
        let all: BTreeSet<_> = Signal::ALL.into_iter().collect();
        assert_eq!(parse_signals(&print_signals(&all)), Some(all));
        assert_eq!(parse_signals("means tea"), None);
    }

    proptest! {
        #[test]
        fn the_order_of_the_evidence_says_nothing(
            gifts in Just(ring(1).gifts).prop_shuffle(),
        ) {
            let evidence = shared(lockstep(batch(ring(1)), 60), 10..13);
            let mut other = Evidence { gifts, ..evidence.clone() };
            other.clicks.reverse();
            other.accounts.vouchers.reverse();
            prop_assert!(!held(&evidence).is_empty());
            prop_assert_eq!(judge(&other), judge(&evidence));
        }

        #[test]
        fn of_those_who_are_no_candidates_sums_are_enough(
            given in
                proptest::collection::vec((0..30_u64, 0..8_u64, 0..12_u64, 0..900_i64), 0..400),
            before in proptest::collection::vec((0..30_u64, 0..8_u64, 0..12_u64), 0..100),
            known in proptest::collection::vec(0..16_u64, 12),
        ) {
            let ids = |places: &[u64]| places.iter().map(|n| account(*n)).collect::<BTreeSet<_>>();
            let payee = |number: u64| 10 + number;
            let batch = VoucherBatchId::new(Uuid::from_u128(1));
            let amount = Micros::new(1_000_000);
            let redeemed = |n: &u64| Redeemed { batch, patron: account(*n), amount };
            let accounts = Accounts {
                shared: vec![ids(&known[..4])],
                vouchers: known[4..8].iter().map(redeemed).collect(),
                opened: known[8..].iter().map(|n| (account(*n), at(60))).collect(),
                all: 30,
                payees: (0..12).map(|n| account(payee(n))).collect(),
            };
            let mut all = Evidence::new(accounts.clone());
            all.candidates = (0..30).map(account).collect();
            let mut some = Evidence::new(accounts);
            for evidence in [&mut all, &mut some] {
                for patron in 0..30 {
                    let own = given.iter().filter(|(who, ..)| *who == patron);
                    let gifts = own.clone().map(|(_, work, to, _)| gift(patron, *work, payee(*to)));
                    let gifts: Vec<Gift> = gifts.collect();
                    let clicks = own.map(|(_, work, _, second)| {
                        let work = WorkId::new(Uuid::from_u128(u128::from(*work)));
                        HandClick { patron: account(patron), work, at: at(*second) }
                    });
                    evidence.add_clicks(clicks.collect());
                    if !gifts.is_empty() {
                        evidence.add(account(patron), gifts);
                    }
                    let own = before.iter().filter(|(who, ..)| *who == patron);
                    let gifts = own.map(|(_, work, to)| gift(patron, *work, payee(*to)));
                    evidence.add_earlier(account(patron), gifts.collect());
                }
            }
            prop_assert_eq!(judge(&some), judge(&all));
        }
    }
}
