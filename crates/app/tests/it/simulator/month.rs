//! The reference closes months: by the words of product.md section 4, one patron after another.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Account, CODES, Coin, Model, PeriodNumber, add};

/// How many times clicks move on.
const MOVES: i64 = 3;

/// For how many months a promise stands.
const PROMISED: i64 = 12;

/// The most points of a click.
const POINTS_MAX: i64 = 1_000_000;

/// What an export tells of a share: whose, on what, points, share and state.
pub type Line = (usize, usize, i64, i64, &'static str);

/// What a month came to, by currency. Clicks that moved on are in the list of `None`.
pub type Lines = BTreeMap<Option<Coin>, BTreeSet<Line>>;

/// A click of the month: on what, its points and how often it moved on.
type Click = (usize, (i64, i64));

/// What the month froze of a work.
struct Terms {
    payee: Option<usize>,
    is_refused: bool,
}

/// A month that is being closed.
struct Closing<'model> {
    model: &'model mut Model,
    month: PeriodNumber,
    terms: BTreeMap<usize, Terms>,
    gross: BTreeMap<(usize, Coin), i64>,
    lines: Lines,
}

impl Model {
    /// Closes every month that is over and not closed yet, the oldest first.
    pub fn settle(&mut self) {
        let Some(first) = self.first else { return };
        for month in first..self.month {
            if !self.closed.contains(&month) {
                self.give_until(month);
                let lines = self.close(month);
                self.closed_now.insert(month, lines);
            }
        }
    }

    fn close(&mut self, month: PeriodNumber) -> Lines {
        self.closed.insert(month);
        let works = self.tables.works.iter();
        let terms = works.map(|(work, (payee, is_refused))| {
            (*work, Terms { payee: *payee, is_refused: *is_refused })
        });
        let terms = terms.collect();
        let (gross, lines) = (BTreeMap::new(), Lines::new());
        let mut closing = Closing { model: self, month, terms, gross, lines };
        for person in 0..closing.model.people.len() {
            closing.share(person);
        }
        closing.credit();
        closing.lines
    }
}

impl Closing<'_> {
    /// Whether a work's share of a currency can be paid, promised, or neither.
    fn state(&self, patron: usize, work: usize, coin: Coin) -> Option<&'static str> {
        let Terms { payee, is_refused } = self.terms.get(&work)?;
        if *is_refused || *payee == Some(patron) {
            return None;
        }
        let Some(payee) = payee else { return Some("promised") };
        let takes = !self.model.people[*payee].refuses.contains(&coin);
        takes.then_some("paid")
    }

    fn share(&mut self, patron: usize) {
        let collected = self.promises(patron);
        let clicks: Vec<Click> = self
            .model
            .tables
            .clicks
            .range((self.month, patron, 0)..=(self.month, patron, usize::MAX))
            .map(|((_, _, work), click)| (*work, *click))
            .collect();
        let person = self.model.people[patron].clone();
        let was_there = person.since <= self.month;
        let means: Vec<i64> = (0..CODES.len())
            .map(|coin| {
                let available = self.model.available(Account::Wallet(patron, coin));
                self.model.budget(patron, coin).min(available).max(0)
            })
            .collect();
        let minimum = self.model.rules.budget_min;
        let funded: Vec<Coin> = (0..CODES.len())
            .filter(|coin| was_there && self.model.budget(patron, *coin) > 0)
            .filter(|coin| means[*coin] >= minimum)
            .collect();
        for (coin, work, micros) in collected {
            let wallet = Account::Wallet(patron, coin);
            self.model.hold(wallet, -micros);
            self.model.spend((patron, coin), micros);
            add(&mut self.gross, (work, coin), micros);
        }
        if funded.is_empty() {
            self.move_on(patron, &clicks);
            return;
        }
        for coin in funded {
            if !clicks.is_empty() {
                self.share_out(patron, coin, (means[coin], &clicks));
            } else if person.gives_unspent || self.model.rules.unspent_to_pool {
                self.model.spend((patron, coin), means[coin]);
                self.model.book(Account::Pool(coin), means[coin]);
            }
        }
    }

    /// Ends promises that are over and gives those that are collected now.
    fn promises(&mut self, patron: usize) -> Vec<(Coin, usize, i64)> {
        let standing = self.model.tables.promises.clone();
        let own = standing.into_iter().filter(|((whose, ..), _)| *whose == patron);
        let mut collected = Vec::new();
        for ((_, promised, work, coin), micros) in own {
            let terms = self.terms.get(&work).expect("a promised work is known");
            let is_old = promised < self.month - PROMISED;
            let is_last = promised == self.month - PROMISED;
            let is_collected = !is_old && self.state(patron, work, coin) == Some("paid");
            let is_over = is_old || is_last || terms.is_refused || terms.payee == Some(patron);
            if is_collected {
                collected.push((coin, work, micros));
            } else if is_over {
                self.model.hold(Account::Wallet(patron, coin), -micros);
            } else {
                continue;
            }
            self.model.tables.promises.remove(&(patron, promised, work, coin));
        }
        collected
    }

    /// The largest remainders get what is left over; equal ones go to the lower id.
    fn share_out(&mut self, patron: usize, coin: Coin, what: (i64, &[Click])) {
        let (means, clicks) = what;
        let payable = |(work, (points, _)): &Click| {
            let state = self.state(patron, *work, coin)?;
            Some((self.model.work_ids[work], *work, *points, state))
        };
        let mut payable: Vec<_> = clicks.iter().filter_map(payable).collect();
        payable.sort_unstable();
        let total: i128 = payable.iter().map(|(_, _, points, _)| i128::from(*points)).sum();
        let mut shares: Vec<(i128, i128)> = payable
            .iter()
            .map(|(_, _, points, _)| i128::from(means) * i128::from(*points))
            .map(|product| (product / total, product % total))
            .collect();
        let given: i128 = shares.iter().map(|(share, _)| share).sum();
        let mut left = if payable.is_empty() { 0 } else { i128::from(means) - given };
        while left > 0 {
            let most = shares.iter().map(|(_, remainder)| *remainder).max().expect("a share");
            let first = shares.iter_mut().find(|(_, remainder)| *remainder == most);
            let (share, remainder) = first.expect("the largest");
            (*share, *remainder) = (*share + 1, -1);
            left -= 1;
        }
        for ((_, work, points, state), (share, _)) in payable.into_iter().zip(shares) {
            let share = i64::try_from(share).expect("a share of an amount");
            self.line(Some(coin), (patron, work, points, share, state));
            let wallet = Account::Wallet(patron, coin);
            if state == "promised" {
                self.model.hold(wallet, share);
                if share > 0 {
                    self.model.tables.promises.insert((patron, self.month, work, coin), share);
                }
            } else {
                self.model.spend((patron, coin), share);
                add(&mut self.gross, (work, coin), share);
            }
        }
    }

    /// The clicks of an unfunded patron move to the next month that is open, three times at most.
    fn move_on(&mut self, patron: usize, clicks: &[Click]) {
        let to = self.model.open_from(self.month + 1);
        for (work, (points, moves)) in clicks {
            if *moves >= MOVES {
                continue;
            }
            self.line(None, (patron, *work, *points, 0, "carried"));
            self.model.touch(to);
            let there = self.model.tables.clicks.entry((to, patron, *work)).or_insert((0, 0));
            there.0 = (there.0 + points).min(POINTS_MAX);
            there.1 = there.1.max(moves + 1);
        }
    }

    /// What each work received goes to its payee, less the fee.
    fn credit(&mut self) {
        let mut received = BTreeMap::<(usize, Coin), i64>::new();
        for ((work, coin), gross) in std::mem::take(&mut self.gross) {
            let payee = self.terms.get(&work).and_then(|terms| terms.payee).expect("a payee");
            let fee = i128::from(gross) * i128::from(self.model.rules.fee_ppm) / 1_000_000;
            let fee = i64::try_from(fee).expect("less than the gross");
            self.model.book(Account::Fees(coin), fee);
            self.model.book(Account::Earnings(payee, coin), gross - fee);
            add(&mut received, (payee, coin), gross - fee);
        }
        if !self.model.rules.give_to_receive {
            return;
        }
        for ((payee, coin), net) in received {
            if self.model.budget(payee, coin) < self.model.rules.budget_min {
                self.model.hold(Account::Earnings(payee, coin), net);
                add(&mut self.model.waiting, (payee, coin), net);
            }
        }
    }

    fn line(&mut self, coin: Option<Coin>, line: Line) {
        self.lines.entry(coin).or_default().insert(line);
    }
}
