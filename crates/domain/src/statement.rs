//! Statements: what a period came to for one patron in one currency, and the packed form in which
//! it is stored: versioned, checksummed, one row for (period, patron, currency), which is L6
//! (performance.md section 1).

use jiff::{SignedDuration, Timestamp};

use crate::money::{Currency, Micros};
use crate::packed::{self, Packed, count, put_number, take_id, take_number};
use crate::period::Period;
use crate::refusal::Refusal;
use crate::settlement::Payable;
use crate::work::WorkId;

/// What became of one click or fixed amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineState {
    /// Its share went to the payee.
    Paid,
    /// Its share is promised: the work has no claim yet.
    Promised,
    /// It moved to the next period: the patron was unfunded.
    Carried,
    /// It had moved three times and ended.
    Lapsed,
    /// The work's owner has refused for good.
    Refused,
    /// The work's payee does not take this currency.
    Currency,
    /// A fixed amount that what was left could not pay in full.
    Skipped,
}

impl LineState {
    const ALL: [Self; 7] = [
        Self::Paid,
        Self::Promised,
        Self::Carried,
        Self::Lapsed,
        Self::Refused,
        Self::Currency,
        Self::Skipped,
    ];

    /// The word of the exports (contract.md section 4).
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Promised => "promised",
            Self::Carried => "carried",
            Self::Lapsed => "lapsed",
            Self::Refused => "refused",
            Self::Currency => "currency",
            Self::Skipped => "skipped",
        }
    }

    /// The state of a share of such a work; none where it gets no share.
    #[must_use]
    pub const fn of(payable: Payable) -> Option<Self> {
        match payable {
            Payable::Claimed => Some(Self::Paid),
            Payable::Unclaimed => Some(Self::Promised),
            Payable::Refused | Payable::Currency => None,
        }
    }

    /// The state of a click on a work that gets no share.
    #[must_use]
    pub const fn without_share(payable: Payable) -> Self {
        match payable {
            Payable::Currency => Self::Currency,
            _ => Self::Refused,
        }
    }

    /// Whether a share belongs to it.
    #[must_use]
    pub const fn has_share(self) -> bool {
        matches!(self, Self::Paid | Self::Promised)
    }

    /// The stored number.
    fn number(self) -> u8 {
        Self::ALL
            .iter()
            .position(|state| *state == self)
            .and_then(|n| u8::try_from(n).ok())
            .unwrap_or(0)
    }
}

/// One click or fixed amount and what it came to. Fixed amounts have no points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Of which work.
    pub work: WorkId,
    /// Its weight; 0 for a fixed amount.
    pub points: i64,
    /// What it came to.
    pub share: Micros,
    /// What became of it.
    pub state: LineState,
}

/// A promise of an earlier period that was collected now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collected {
    /// For which work.
    pub work: WorkId,
    /// Promised when.
    pub period: Period,
    /// How much.
    pub amount: Micros,
}

/// What a period came to for one patron in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// In what.
    pub currency: Currency,
    /// The smaller of the budget and what the wallet had.
    pub means: Micros,
    /// What was shared over the clicks: the means without the fixed amounts.
    pub means_shared: Micros,
    /// What went to the pool.
    pub to_pool: Micros,
    /// Fixed amounts in their order, then clicks by work.
    pub lines: Vec<Line>,
    /// Promises that were collected.
    pub collected: Vec<Collected>,
}

/// For how many months after its settlement it is kept what a month was made of (security.md P5).
pub const DETAILS_MONTHS: i32 = 14;

/// The fewest days that so many months can have.
const DETAILS_DAYS_MIN: i64 = 14 * 30;

/// Whether the details of a settlement that was done at a moment may have gone at another one: to
/// the day, for who does not know the instance's time zone.
#[must_use]
pub fn details_may_have_gone(done: Timestamp, gone: Timestamp) -> bool {
    gone.duration_since(done) >= SignedDuration::from_hours(DETAILS_DAYS_MIN * 24)
}

/// What stands in the place of works where details are gone.
pub const NO_WORK: WorkId = WorkId::new(uuid::Uuid::nil());

/// The version of the packed form.
const VERSION: u8 = 1;

impl Statement {
    /// A statement of nothing.
    #[must_use]
    pub const fn empty(currency: Currency, means: Micros) -> Self {
        let (means_shared, to_pool) = (means, Micros::ZERO);
        Self { currency, means, means_shared, to_pool, lines: vec![], collected: vec![] }
    }

    /// What each work gets of it, promises collected included.
    pub fn paid(&self) -> impl Iterator<Item = (WorkId, Micros)> {
        let is_paid = |line: &&Line| line.state == LineState::Paid;
        let shares = self.lines.iter().filter(is_paid).map(|line| (line.work, line.share));
        shares.chain(self.collected.iter().map(|promise| (promise.work, promise.amount)))
    }

    /// The sum of the shares paid now, without promises collected.
    pub fn paid_total(&self) -> Result<Micros, Refusal> {
        self.total_of(LineState::Paid)
    }

    /// The sum of the new promises.
    pub fn promised_total(&self) -> Result<Micros, Refusal> {
        self.total_of(LineState::Promised)
    }

    /// The sum of the promises collected.
    pub fn collected_total(&self) -> Result<Micros, Refusal> {
        Micros::sum(self.collected.iter().map(|promise| promise.amount))
    }

    /// All that leaves the wallet: shares paid, promises collected, what goes to the pool.
    pub fn taken_total(&self) -> Result<Micros, Refusal> {
        self.paid_total()?.plus(self.collected_total()?)?.plus(self.to_pool)
    }

    /// Whether nothing at all happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.collected.is_empty() && self.to_pool == Micros::ZERO
    }

    /// The same without its details (security.md P5): one line for each state and one promise for
    /// all, without a work. Every sum stays as it is.
    ///
    /// # Errors
    /// Sums that no statement has.
    pub fn condensed(&self) -> Result<Self, Refusal> {
        let mut lines: Vec<Line> = Vec::new();
        for state in LineState::ALL {
            let of_state = self.lines.iter().filter(|line| line.state == state);
            let share = Micros::sum(of_state.clone().map(|line| line.share))?;
            let points = of_state.clone().map(|line| line.points).fold(0, i64::saturating_add);
            let line = Line { work: NO_WORK, points, share, state };
            lines.extend(of_state.clone().next().map(|_| line));
        }
        let amount = self.collected_total()?;
        let first = self.collected.first();
        let collected = first.map(|first| Collected { work: NO_WORK, amount, ..*first });
        Ok(Self { lines, collected: collected.into_iter().collect(), ..self.clone() })
    }

    /// Whether its details are gone: what it lists is of no work in particular.
    #[must_use]
    pub fn is_condensed(&self) -> bool {
        let works = self.lines.iter().map(|line| line.work);
        let mut works = works.chain(self.collected.iter().map(|promise| promise.work));
        works.any(|work| work == NO_WORK)
    }

    fn total_of(&self, state: LineState) -> Result<Micros, Refusal> {
        let lines = self.lines.iter().filter(|line| line.state == state);
        Micros::sum(lines.map(|line| line.share))
    }

    /// The packed body. The currency is the row's, not the body's.
    #[must_use]
    pub fn pack(&self) -> Packed {
        let mut body = packed::begin(VERSION, 32 + self.lines.len() * 24);
        for amount in [self.means, self.means_shared, self.to_pool] {
            put_number(&mut body, amount.get());
        }
        put_number(&mut body, count(self.lines.len()));
        for line in &self.lines {
            body.extend_from_slice(line.work.uuid().as_bytes());
            put_number(&mut body, line.points);
            put_number(&mut body, line.share.get());
            body.push(line.state.number());
        }
        put_number(&mut body, count(self.collected.len()));
        for promise in &self.collected {
            body.extend_from_slice(promise.work.uuid().as_bytes());
            put_number(&mut body, promise.period.number());
            put_number(&mut body, promise.amount.get());
        }
        Packed::seal(body)
    }

    /// Reads a packed body; none when it is damaged or of another version.
    #[must_use]
    pub fn unpack(currency: Currency, packed: &[u8]) -> Option<Self> {
        let rest = &mut packed::open(VERSION, packed)?;
        let means = Micros::new(take_number(rest)?);
        let means_shared = Micros::new(take_number(rest)?);
        let to_pool = Micros::new(take_number(rest)?);
        let lines = (0..take_number(rest)?).map(|_| take_line(rest)).collect::<Option<_>>()?;
        let collected =
            (0..take_number(rest)?).map(|_| take_collected(rest)).collect::<Option<_>>()?;
        let statement = Self { currency, means, means_shared, to_pool, lines, collected };
        rest.is_empty().then_some(statement)
    }
}

/// Takes a line.
fn take_line(rest: &mut &[u8]) -> Option<Line> {
    let work = WorkId::new(take_id(rest)?);
    let points = take_number(rest)?;
    let share = Micros::new(take_number(rest)?);
    let (number, after) = rest.split_first()?;
    *rest = after;
    let state = *LineState::ALL.get(usize::from(*number))?;
    Some(Line { work, points, share, state })
}

/// Takes a collected promise.
fn take_collected(rest: &mut &[u8]) -> Option<Collected> {
    let work = WorkId::new(take_id(rest)?);
    let period = Period::from_number(take_number(rest)?)?;
    Some(Collected { work, period, amount: Micros::new(take_number(rest)?) })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use proptest::prelude::*;

    prop_compose! {
        fn any_line()(
            work: u128,
            points in 0_i64..=1_000_000,
            share in 0..i64::MAX,
            state in 0_usize..7,
        ) -> Line {
            let (work, share) = (WorkId::new(Uuid::from_u128(work)), Micros::new(share));
            Line { work, points, share, state: LineState::ALL[state] }
        }
    }

    prop_compose! {
        fn any_statement()(
            amounts: [u32; 3],
            lines in proptest::collection::vec(any_line(), 0..20),
            collected in proptest::collection::vec(
                (any::<u128>(), 12_i64..120_000, 0..i64::MAX),
                0..4,
            ),
        ) -> Statement {
            let amounts = amounts.map(|amount| Micros::new(i64::from(amount)));
            let [means, means_shared, to_pool] = amounts;
            let collected = collected.into_iter().map(|(work, period, amount)| Collected {
                work: WorkId::new(Uuid::from_u128(work)),
                period: Period::from_number(period).expect("in range"),
                amount: Micros::new(amount),
            }).collect();
            Statement { currency: Currency::EUR, means, means_shared, to_pool, lines, collected }
        }
    }

    fn sums(statement: &Statement) -> Vec<i64> {
        let totals = [
            statement.paid_total(),
            statement.promised_total(),
            statement.collected_total(),
            statement.taken_total(),
        ];
        let totals = totals.into_iter().map(|total| total.expect("in range").get());
        totals
            .chain([statement.means.get(), statement.lines.iter().map(|l| l.points).sum()])
            .collect()
    }

    #[test]
    fn details_do_not_go_before_fourteen_months() {
        let at = |text: &str| -> Timestamp { text.parse().expect("a moment") };
        let done = at("2026-02-01T00:00:00Z");
        assert!(details_may_have_gone(done, at("2027-04-01T00:00:00Z")));
        assert!(!details_may_have_gone(done, at("2027-03-01T00:00:00Z")));
        assert!(!details_may_have_gone(done, done));
    }

    proptest! {
        #[test]
        fn without_its_details_a_statement_has_the_same_sums(mut statement in any_statement()) {
            for line in &mut statement.lines {
                line.share = Micros::new(line.share.get() % 1_000_000_000);
            }
            for promise in &mut statement.collected {
                promise.amount = Micros::new(promise.amount.get() % 1_000_000_000);
            }
            let condensed = statement.condensed().expect("in range");
            prop_assert_eq!(sums(&condensed), sums(&statement));
            prop_assert!(condensed.lines.len() <= LineState::ALL.len());
            let is_nothing = statement.lines.is_empty() && statement.collected.is_empty();
            prop_assert_eq!(condensed.is_condensed(), !is_nothing);
            prop_assert_eq!(condensed.condensed().expect("in range"), condensed.clone());
            prop_assert!(condensed.paid().all(|(work, _)| work == NO_WORK));
            let packed = condensed.pack().body;
            prop_assert_eq!(Statement::unpack(Currency::EUR, &packed), Some(condensed));
        }

        #[test]
        fn a_packed_statement_reads_back(statement in any_statement()) {
            let packed = statement.pack().body;
            prop_assert_eq!(Statement::unpack(Currency::EUR, &packed), Some(statement));
        }

        #[test]
        fn a_damaged_body_is_seen(
            statement in any_statement(),
            place: prop::sample::Index,
            flip in 1_u8..=255,
        ) {
            let mut packed = statement.pack().body;
            let place = place.index(packed.len());
            packed[place] ^= flip;
            prop_assert_eq!(Statement::unpack(Currency::EUR, &packed), None);
        }

        #[test]
        fn any_bytes_are_judged(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(Statement::unpack(Currency::EUR, &bytes), None);
        }
    }
}
