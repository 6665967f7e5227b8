//! A made-up year on which the signals are measured: honest people as they are (households with one
//! computer, friends who give to each other, bands that support their own, a class, a festival, a
//! viral day, readers of one list), a farm that learns, and somebody whom a second farm wants to
//! bring into suspicion. docs/manual/trust.md has the figures; the test says when they change.

mod chance;
mod figures;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::*;
use crate::share_out::share_out;

use chance::Chance;

const PATRONS: u64 = 3_000;
const CREATORS: u64 = 600;
const WORKS_EACH: u64 = 6;
const DAY: i64 = 86_400;
const MONTH: i64 = 30 * DAY;
const YEAR_BEGINS: i64 = 1_767_225_600;

/// Accounts by what they are: creators are 0 to 599, patrons follow, then the farms.
const FARM: u64 = 10_000;
const FARM_PAYEES: u64 = 3;
const FARM_ACCOUNTS: u64 = 60;
const FRAMERS: u64 = 20_000;
const VICTIM: u64 = 300;

fn account(number: u64) -> AccountId {
    AccountId::new(Uuid::from_u128(u128::from(number)))
}

fn work(creator: u64, number: u64) -> WorkId {
    WorkId::new(Uuid::from_u128(u128::from(creator * 100 + number)))
}

/// What one account does in a month.
struct Doing {
    patron: u64,
    budget: i64,
    clicks: BTreeMap<(u64, u64), i64>,
}

struct Year {
    chance: Chance,
    opened: BTreeMap<u64, i64>,
    shared: Vec<BTreeSet<u64>>,
    /// Month, batch, who.
    vouchers: Vec<(i64, u64, u64)>,
    earlier: Vec<Vec<Gift>>,
    /// The members of bands: who of them receives for whom.
    bands: BTreeMap<u64, Vec<u64>>,
}

impl Year {
    fn new(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let people = (0..CREATORS + PATRONS).map(|number| {
            // Two thirds were there before the year; the others come as it goes.
            let months = if chance.is(666) { -1 } else { 11 };
            let month =
                if months < 0 { -2 } else { i64::try_from(chance.between(0, 11)).expect("") };
            (number, chance.moment(month))
        });
        let opened: BTreeMap<u64, i64> = people.collect();
        let mut shared = Vec::new();
        for _ in 0..500 {
            // Households: two to four who share a browser, creators among them.
            let size = chance.between(2, 5);
            shared.push((0..size).map(|_| chance.between(0, CREATORS + PATRONS)).collect());
        }
        let bands = (0..40).map(|band| (500 + band, vec![500 + band, 540 + band])).collect();
        Self { chance, opened, shared, vouchers: vec![], earlier: vec![], bands }
    }

    /// The honest people's month.
    fn honest(&mut self, month: i64, clicks: &mut Vec<(u64, u64, u64, i64)>) -> Vec<Doing> {
        let mut doings = Vec::new();
        for patron in 0..CREATORS + PATRONS {
            if self.opened[&patron] > YEAR_BEGINS + month * MONTH || !self.chance.is(800) {
                continue;
            }
            let mut doing = Doing {
                patron,
                budget: i64::try_from(self.chance.between(2, 12)).expect("small") * 1_000_000,
                clicks: BTreeMap::new(),
            };
            let (mut at, mut left) = (self.chance.moment(month), self.chance.between(1, 15));
            while left > 0 {
                // A few at a sitting, a minute or so between them.
                let sitting = self.chance.between(1, 6).min(left);
                for _ in 0..sitting {
                    let (creator, number) =
                        (self.chance.creator(), self.chance.between(0, WORKS_EACH));
                    self.click(&mut doing, clicks, (creator, number, at));
                    at += i64::try_from(self.chance.between(20, 200)).expect("seconds");
                }
                left -= sitting;
                at = self.chance.moment(month);
            }
            self.friends(&mut doing, clicks, month);
            doings.push(doing);
        }
        doings
    }

    /// Creators give to friends who give back; members of bands support their own.
    fn friends(&mut self, doing: &mut Doing, clicks: &mut Vec<(u64, u64, u64, i64)>, month: i64) {
        let me = doing.patron;
        if (100..200).contains(&me) {
            // Circles of five.
            let friends = (me / 5 * 5..me / 5 * 5 + 5).filter(|friend| *friend != me);
            for friend in friends {
                let at = self.chance.moment(month);
                self.click(doing, clicks, (friend, 0, at));
            }
        }
        if (500..580).contains(&me) {
            let band = 500 + (me - 500) % 40;
            let at = self.chance.moment(month);
            self.click(doing, clicks, (band, 0, at));
        }
    }

    fn click(
        &self,
        doing: &mut Doing,
        clicks: &mut Vec<(u64, u64, u64, i64)>,
        (creator, number, at): (u64, u64, i64),
    ) {
        if creator != doing.patron || self.bands.contains_key(&creator) {
            clicks.push((doing.patron, creator, number, at));
            *doing.clicks.entry((creator, number)).or_default() += 1;
        }
    }

    /// What happens once: a class, a festival, a viral day, a list that many read.
    fn events(
        &mut self,
        month: i64,
        doings: &mut Vec<Doing>,
        clicks: &mut Vec<(u64, u64, u64, i64)>,
    ) {
        let begins = YEAR_BEGINS + month * MONTH;
        let (first, count, works): (u64, u64, Vec<(u64, u64)>) = match month {
            // 25 pupils on eight computers, each clicks some of twelve works in a lesson.
            3 => (30_000, 25, (0..12).map(|n| (250 + n, 0)).collect()),
            // A festival hands out vouchers; who comes likes the band and a few others.
            5 => (31_000, 40, (0..6).map(|n| (510 + n % 2, n % 4)).collect()),
            // One work goes round the world.
            7 => (32_000, 300, vec![(420, 1)]),
            // A list of six works that 200 read on one evening.
            9 => (600, 200, (0..6).map(|n| (200 + n, 1)).collect()),
            _ => return,
        };
        for patron in first..first + count {
            let at = begins + 10 * DAY;
            self.opened.entry(patron).or_insert(at);
            if month == 5 {
                self.vouchers.push((month, 1, patron));
            }
            let mut doing = Doing { patron, budget: 3_000_000, clicks: BTreeMap::new() };
            let spread = if month == 3 { 2_400 } else { 20_000 };
            let mut at = at + i64::try_from(self.chance.between(0, spread)).expect("seconds");
            for (creator, number) in &works {
                if works.len() == 1 || self.chance.is(500) {
                    self.click(&mut doing, clicks, (*creator, *number, at));
                    at += i64::try_from(self.chance.between(20, 120)).expect("seconds");
                }
            }
            doings.push(doing);
        }
        if month == 3 {
            self.shared.extend((0..8).map(|n| (30_000..30_025).filter(|p| p % 8 == n).collect()));
        }
    }

    /// The farm, fed by vouchers: crude from the fourth month on; with a browser for each account
    /// from the seventh; from the tenth with few accounts to a browser and clicks all over the
    /// month. It also clicks what is popular, and its payees give to each other.
    fn farm(
        &mut self,
        month: i64,
        doings: &mut Vec<Doing>,
        clicks: &mut Vec<(u64, u64, u64, i64)>,
    ) {
        if month < 3 {
            return;
        }
        let begins = YEAR_BEGINS + month * MONTH;
        for number in 0..FARM_PAYEES + FARM_ACCOUNTS {
            let patron = FARM + number;
            let day = i64::try_from(number % 5).expect("a day");
            self.opened.entry(patron).or_insert(begins + day * DAY);
            let batch = 2 + u64::try_from(month / 3).expect("a batch");
            self.vouchers.push((month, batch, patron));
            let mut doing = Doing { patron, budget: 4_000_000, clicks: BTreeMap::new() };
            for n in 0..2 * FARM_PAYEES {
                let jitter = i64::try_from(self.chance.between(0, 240)).expect("seconds");
                let at =
                    if month < 9 { begins + 8 * DAY + jitter } else { self.chance.moment(month) };
                self.click(&mut doing, clicks, (FARM + n % FARM_PAYEES, n / FARM_PAYEES, at));
            }
            for _ in 0..2 {
                let (creator, at) = (self.chance.creator() / 4, self.chance.moment(month));
                self.click(&mut doing, clicks, (creator, 0, at));
            }
            doings.push(doing);
        }
        let all = FARM..FARM + FARM_PAYEES + FARM_ACCOUNTS;
        let browsers = match month {
            3 => 6,
            6 => 0,
            9 => 15,
            _ => return,
        };
        self.shared.retain(|group| group.iter().all(|account| !all.contains(account)));
        let with = |n| all.clone().filter(|account| account % browsers == n).collect();
        self.shared.extend((0..browsers).map(with));
    }

    /// Somebody wants the victim to be held: forty fresh accounts give to her works in lockstep.
    fn framers(
        &mut self,
        month: i64,
        doings: &mut Vec<Doing>,
        clicks: &mut Vec<(u64, u64, u64, i64)>,
    ) {
        if !(5..8).contains(&month) {
            return;
        }
        let begins = YEAR_BEGINS + month * MONTH;
        for patron in FRAMERS..FRAMERS + 40 {
            self.opened.entry(patron).or_insert(begins);
            let mut doing = Doing { patron, budget: 2_000_000, clicks: BTreeMap::new() };
            for n in 0..WORKS_EACH {
                let jitter = i64::try_from(self.chance.between(0, 240)).expect("seconds");
                self.click(&mut doing, clicks, (VICTIM, n, begins + 12 * DAY + jitter));
            }
            doings.push(doing);
        }
        if month == 5 {
            self.shared.push((FRAMERS..FRAMERS + 40).collect());
        }
    }

    /// Settles a month: budgets shared out over clicks, a tenth for the instance, bands' parts to
    /// their members.
    fn settle(&self, doings: &[Doing]) -> Vec<Gift> {
        let mut gifts = Vec::new();
        for doing in doings.iter().filter(|doing| !doing.clicks.is_empty()) {
            let points: Vec<u64> = doing
                .clicks
                .values()
                .map(|points| u64::try_from(*points).expect("points"))
                .collect();
            let shares = share_out(Micros::new(doing.budget), &points).expect("shared");
            for (((creator, number), _), share) in doing.clicks.iter().zip(shares) {
                let alone = vec![*creator];
                let payees = self.bands.get(creator).unwrap_or(&alone);
                let each = share.get() / i64::try_from(payees.len()).expect("a band");
                gifts.extend(payees.iter().map(|payee| Gift {
                    patron: account(doing.patron),
                    work: work(*creator, *number),
                    payee: account(*payee),
                    gross: Micros::new(each),
                    net: Micros::new(each - each / 10),
                }));
            }
        }
        gifts
    }

    fn month(&mut self, month: i64) -> (Evidence, Vec<Gift>) {
        let mut clicks = Vec::new();
        let mut doings = self.honest(month, &mut clicks);
        self.events(month, &mut doings, &mut clicks);
        self.farm(month, &mut doings, &mut clicks);
        self.framers(month, &mut doings, &mut clicks);
        let gifts = self.settle(&doings);
        let earlier: Vec<Gift> = self.earlier.iter().rev().take(2).flatten().copied().collect();
        self.earlier.push(gifts.clone());
        let at = |second: i64| Timestamp::from_second(second).expect("a moment");
        let mut first = BTreeMap::new();
        for (patron, creator, number, second) in clicks {
            let first = first.entry((account(patron), work(creator, number))).or_insert(second);
            *first = second.min(*first);
        }
        let clicks = first.into_iter().map(|((patron, work), second)| HandClick {
            patron,
            work,
            at: at(second),
        });
        let group = |group: &BTreeSet<u64>| group.iter().map(|number| account(*number)).collect();
        let recent = self.vouchers.iter().filter(|(redeemed, _, _)| *redeemed > month - 3);
        let vouchers = recent.map(|(_, batch, patron)| Redeemed {
            batch: VoucherBatchId::new(Uuid::from_u128(u128::from(*batch))),
            patron: account(*patron),
            amount: Micros::new(5_000_000),
        });
        let ends = at(YEAR_BEGINS) + SignedDuration::from_secs((month + 1) * MONTH);
        let opened = self.opened.iter().map(|(number, second)| (account(*number), at(*second)));
        let accounts = Accounts {
            shared: self.shared.iter().map(group).collect(),
            vouchers: vouchers.collect(),
            opened: opened.filter(|(_, opened)| *opened >= ends - NEW).collect(),
            all: self.opened.len(),
            payees: gifts.iter().chain(&earlier).map(|gift| gift.payee).collect(),
        };
        let mut evidence = Evidence::new(accounts);
        for gifts in gifts.chunk_by(|one, other| one.patron == other.patron) {
            evidence.add(gifts[0].patron, gifts.to_vec());
        }
        for gift in earlier {
            evidence.add_earlier(gift.patron, vec![gift]);
        }
        let clicks: Vec<HandClick> = clicks.collect();
        for clicks in clicks.chunk_by(|one, other| one.patron == other.patron) {
            evidence.add_clicks(clicks.to_vec());
        }
        (evidence, gifts)
    }
}
