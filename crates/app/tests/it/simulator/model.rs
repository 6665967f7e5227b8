//! The reference: plain maps, written from product.md and security.md and from nothing of the
//! program's own. What it holds in [`Tables`] is compared with the database after each step.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use uuid::Uuid;

use super::month::Lines;
use super::subscriptions::Subscription;

/// Which of the instance's currencies.
pub type Coin = usize;
/// A month by its number.
pub type PeriodNumber = i64;

/// The codes of the currencies, the main one first.
pub const CODES: [&str; 2] = ["EUR", "USD"];

pub const MICROS: i64 = 1_000_000;

/// A refusal by its code.
pub type Outcome = Result<(), &'static str>;

/// A line of the chart of accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    Wallet(usize, Coin),
    Earnings(usize, Coin),
    Pool(Coin),
    Vouchers(Coin),
    InTransit(Coin),
    Fees(Coin),
    Bank(Coin),
    PlayMoney(Coin),
    Clearing(PeriodNumber, Coin),
}

impl Account {
    /// Whether it may not be overdrawn (L4).
    const fn is_guarded(self) -> bool {
        !matches!(self, Self::Fees(_) | Self::Bank(_) | Self::PlayMoney(_) | Self::Clearing(..))
    }
}

/// What is compared with the database. Zeros are left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// What is owed to each, positive.
    pub balances: BTreeMap<Account, i64>,
    pub held: BTreeMap<Account, i64>,
    /// Points and moves, by month, patron and work.
    pub clicks: BTreeMap<(PeriodNumber, usize, usize), (i64, i64)>,
    pub budgets: BTreeMap<(usize, Coin), i64>,
    /// In the order of their making.
    pub subscriptions: Vec<Subscription>,
    /// Standing ones, by patron, month, work and currency.
    pub promises: BTreeMap<(usize, PeriodNumber, usize, Coin), i64>,
    /// Owner and refusal, by work.
    pub works: BTreeMap<usize, (Option<usize>, bool)>,
    pub people: usize,
    /// Whose, how much, and where it stands; in the order of asking.
    pub payouts: Vec<(usize, i64, &'static str)>,
    pub refunds: Vec<(usize, Coin, i64, &'static str)>,
    /// Handed out, in the journal, sent, discarded.
    pub batches: Vec<[bool; 4]>,
    /// How many of a batch are neither redeemed nor void.
    pub vouchers: Vec<i64>,
    /// Filled in when it is compared.
    pub rules: Option<Rules>,
    pub profiles: Vec<(bool, BTreeSet<Coin>)>,
    pub approved: BTreeSet<usize>,
}

impl Tables {
    /// Where two differ, what is here first: one line each.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        differ("balance", &self.balances, &other.balances, &mut lines);
        differ("held", &self.held, &other.held, &mut lines);
        differ("click", &self.clicks, &other.clicks, &mut lines);
        differ("budget", &self.budgets, &other.budgets, &mut lines);
        let subscriptions = (numbered(&self.subscriptions), numbered(&other.subscriptions));
        differ("subscription", &subscriptions.0, &subscriptions.1, &mut lines);
        differ("promise", &self.promises, &other.promises, &mut lines);
        differ("work", &self.works, &other.works, &mut lines);
        differ("payout", &numbered(&self.payouts), &numbered(&other.payouts), &mut lines);
        differ("refund", &numbered(&self.refunds), &numbered(&other.refunds), &mut lines);
        differ("file", &numbered(&self.batches), &numbered(&other.batches), &mut lines);
        differ("vouchers", &numbered(&self.vouchers), &numbered(&other.vouchers), &mut lines);
        differ("profile", &numbered(&self.profiles), &numbered(&other.profiles), &mut lines);
        let rest = |tables: &Self| {
            format!("{} people, {:?}, approved {:?}", tables.people, tables.rules, tables.approved)
        };
        if rest(self) != rest(other) {
            lines.push(format!("{} | {}", rest(self), rest(other)));
        }
        lines
    }
}

fn numbered<T: Clone>(list: &[T]) -> BTreeMap<usize, T> {
    list.iter().cloned().enumerate().collect()
}

fn differ<K: Ord + Debug, V: PartialEq + Debug>(
    name: &str,
    here: &BTreeMap<K, V>,
    there: &BTreeMap<K, V>,
    lines: &mut Vec<String>,
) {
    let keys: BTreeSet<&K> = here.keys().chain(there.keys()).collect();
    for key in keys.into_iter().filter(|key| here.get(key) != there.get(key)) {
        lines.push(format!("{name} {key:?}: {:?} | {:?}", here.get(key), there.get(key)));
    }
}

/// The operator's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    pub points_max: i64,
    pub clicks_once: bool,
    pub budget_min: i64,
    pub give_to_receive: bool,
    pub unspent_to_pool: bool,
    pub fee_ppm: i64,
    pub is_open: bool,
    pub payout_min: i64,
    pub second_admin_above: i64,
}

impl Rules {
    pub const fn obole() -> Self {
        Self {
            points_max: 10_000,
            clicks_once: false,
            budget_min: 2 * MICROS,
            give_to_receive: false,
            unspent_to_pool: false,
            fee_ppm: 100_000,
            is_open: true,
            payout_min: 10 * MICROS,
            second_admin_above: 1_000 * MICROS,
        }
    }

    pub const fn flattr_2010() -> Self {
        Self {
            points_max: 1,
            clicks_once: true,
            give_to_receive: true,
            unspent_to_pool: true,
            is_open: false,
            ..Self::obole()
        }
    }
}

/// Somebody.
#[derive(Clone, Debug)]
pub struct Person {
    pub since: PeriodNumber,
    pub is_confirmed: bool,
    pub gives_unspent: bool,
    pub refuses: BTreeSet<Coin>,
}

/// Vouchers that were made together.
#[derive(Clone, Debug)]
pub struct Batch {
    pub coin: Coin,
    pub micros: i64,
    /// The clock's minute at which they end.
    pub ends: Option<i64>,
    /// Which are used or void.
    pub over: Vec<bool>,
}

/// All that the reference knows.
#[derive(Clone, Debug)]
pub struct Model {
    pub tables: Tables,
    pub rules: Rules,
    pub people: Vec<Person>,
    pub vouchers: Vec<Batch>,
    /// Which payouts are in which bank file.
    pub files: Vec<Vec<usize>>,
    /// The bank files that a second administrator has agreed to.
    pub approved: BTreeSet<usize>,
    /// What waits until its owner gives too, by account and currency.
    pub waiting: BTreeMap<(usize, Coin), i64>,
    /// What of a wallet came from earnings and was not given on.
    pub earned: BTreeMap<(usize, Coin), i64>,
    /// Play money taken in a month.
    pub played: BTreeMap<(PeriodNumber, usize, Coin), i64>,
    /// The clicks that subscriptions gave, by month, patron and work.
    pub subscribed: BTreeSet<(PeriodNumber, usize, usize)>,
    /// The ids of works: equal remainders go to the lower one.
    pub work_ids: BTreeMap<usize, Uuid>,
    /// The clock: its month, and minutes since the beginning of time.
    pub month: PeriodNumber,
    pub minute: i64,
    /// The first month with anything in it, and the first that is not closed.
    pub first: Option<PeriodNumber>,
    pub closed: BTreeSet<PeriodNumber>,
    /// What the months came to that were closed since this was asked.
    pub closed_now: BTreeMap<PeriodNumber, Lines>,
}

impl Model {
    pub fn new(month: PeriodNumber, people: usize) -> Self {
        let person = Person {
            since: month,
            is_confirmed: true,
            gives_unspent: false,
            refuses: BTreeSet::new(),
        };
        Self {
            tables: Tables { people, ..Tables::default() },
            rules: Rules::obole(),
            people: vec![person; people],
            vouchers: Vec::new(),
            files: Vec::new(),
            approved: BTreeSet::new(),
            waiting: BTreeMap::new(),
            earned: BTreeMap::new(),
            played: BTreeMap::new(),
            subscribed: BTreeSet::new(),
            work_ids: BTreeMap::new(),
            month,
            minute: 0,
            first: None,
            closed: BTreeSet::new(),
            closed_now: BTreeMap::new(),
        }
    }

    /// What is compared, with the clicks of late months only.
    pub fn compared(&self, since: PeriodNumber) -> Tables {
        let mut tables = self.tables.clone();
        tables.clicks.retain(|(month, ..), _| *month >= since);
        tables.rules = Some(self.rules.clone());
        let people = self.people.iter();
        tables.profiles =
            people.map(|person| (person.gives_unspent, person.refuses.clone())).collect();
        tables.approved.clone_from(&self.approved);
        tables
    }

    pub fn available(&self, account: Account) -> i64 {
        let balance = self.tables.balances.get(&account).copied().unwrap_or_default();
        balance - self.tables.held.get(&account).copied().unwrap_or_default()
    }

    /// Moves money; a guarded account gives no more than it has available (L4).
    pub fn transfer(&mut self, from: Account, to: Account, micros: i64) -> Outcome {
        if micros <= 0 {
            return Err("amount_zero");
        }
        if from.is_guarded() && self.available(from) < micros {
            return Err("not_enough");
        }
        self.book(from, -micros);
        self.book(to, micros);
        Ok(())
    }

    pub fn book(&mut self, account: Account, micros: i64) {
        add(&mut self.tables.balances, account, micros);
    }

    /// Takes what was given from a wallet: what came from earnings goes first.
    pub fn spend(&mut self, (who, coin): (usize, Coin), micros: i64) {
        self.book(Account::Wallet(who, coin), -micros);
        let earned = self.earned.get(&(who, coin)).copied().unwrap_or_default();
        add(&mut self.earned, (who, coin), -micros.min(earned));
    }

    pub fn hold(&mut self, account: Account, micros: i64) {
        add(&mut self.tables.held, account, micros);
    }

    pub fn budget(&self, person: usize, coin: Coin) -> i64 {
        self.tables.budgets.get(&(person, coin)).copied().unwrap_or_default()
    }

    /// The lowest open month not before the one that the clock says (D13).
    pub fn open_month(&self) -> PeriodNumber {
        self.open_from(self.month)
    }

    pub fn open_from(&self, month: PeriodNumber) -> PeriodNumber {
        let months = std::iter::successors(Some(month), |month| Some(month + 1));
        let mut open = months.filter(|month| !self.closed.contains(month));
        open.next().expect("months do not end")
    }

    /// Opens a month: from the first one on, each is closed in its turn.
    pub fn touch(&mut self, month: PeriodNumber) {
        self.first = Some(self.first.map_or(month, |first| first.min(month)));
    }

    /// Earnings that waited are free.
    pub fn free_waiting(&mut self, person: usize, coin: Coin) {
        if let Some(micros) = self.waiting.remove(&(person, coin)) {
            self.hold(Account::Earnings(person, coin), -micros);
        }
    }

    /// The same for all who would not wait under the rules as they are.
    pub fn free_all_waiting(&mut self) {
        let waiting: Vec<(usize, Coin)> = self.waiting.keys().copied().collect();
        for (person, coin) in waiting {
            let waits =
                self.rules.give_to_receive && self.budget(person, coin) < self.rules.budget_min;
            if !waits {
                self.free_waiting(person, coin);
            }
        }
    }
}

/// Adds to a map's number and leaves zeros out.
pub fn add<K: Ord>(map: &mut BTreeMap<K, i64>, key: K, more: i64) {
    let sum = map.remove(&key).unwrap_or_default() + more;
    if sum != 0 {
        map.insert(key, sum);
    }
}
