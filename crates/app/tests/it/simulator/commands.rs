//! What can be done, drawn at random, and what the reference makes of it.

use super::dice::Dice;
use super::model::{Account, Batch, CODES, Coin, MICROS, Model, Outcome, Person, Rules};

/// How many works there are, and people at most.
pub const WORKS: usize = 10;
pub const PEOPLE_MAX: usize = 9;

/// The most play money of a person in a month.
const PLAYED_MAX: i64 = 500 * MICROS;

/// The most that a budget can be.
const BUDGET_MAX: i64 = 10_000 * MICROS;

/// The most points of one click.
const POINTS_MAX: i64 = 1_000_000;

/// A command. People, works, vouchers, payouts, refunds and bank files go by their number.
#[derive(Clone, Debug)]
pub enum Command {
    SignUp {
        handle: usize,
    },
    PlayMoney {
        who: usize,
        coin: Coin,
        micros: i64,
    },
    MakeVouchers {
        coin: Coin,
        micros: i64,
        count: usize,
        minutes: Option<i64>,
    },
    Redeem {
        who: usize,
        batch: usize,
        number: usize,
    },
    VoidBatch {
        batch: usize,
    },
    Budget {
        who: usize,
        coin: Coin,
        micros: i64,
    },
    Give {
        who: usize,
        work: usize,
        points: i64,
        at_once: usize,
    },
    SetPoints {
        who: usize,
        work: usize,
        points: i64,
    },
    TakeBack {
        who: usize,
        work: usize,
    },
    Grant {
        who: usize,
        work: usize,
    },
    Revoke {
        work: usize,
    },
    Refuse {
        who: usize,
        work: usize,
        is_refused: bool,
    },
    LetGo {
        who: usize,
        month: i64,
        work: usize,
    },
    MoveEarnings {
        who: usize,
        coin: Coin,
        micros: i64,
    },
    AskRefund {
        who: usize,
        coin: Coin,
        micros: i64,
    },
    EndRefund {
        refund: usize,
        is_good: bool,
    },
    AskPayout {
        who: usize,
        coin: Coin,
    },
    Reverse {
        payout: usize,
    },
    MakeFile,
    Approve {
        file: usize,
        is_second: bool,
    },
    HandOut {
        file: usize,
    },
    MarkSent {
        file: usize,
    },
    Discard {
        file: usize,
    },
    Preset {
        is_old: bool,
    },
    Rule {
        name: &'static str,
        value: &'static str,
    },
    Profile {
        who: usize,
        gives_unspent: bool,
    },
    Takes {
        who: usize,
        coins: Vec<Coin>,
    },
    /// Time passes; the month ends where there are months.
    Pass {
        months: i64,
    },
    Settle,
}

/// Rules that are set to values in and out of their range.
const RULES: [(&str, &str); 14] = [
    ("points_max", "25"),
    ("points_max", "10000"),
    ("points_max", "0"),
    ("clicks_once", "yes"),
    ("clicks_once", "no"),
    ("budget_min", "5.00"),
    ("budget_min", "2.00"),
    ("budget_min", "0.000001"),
    ("give_to_receive", "yes"),
    ("give_to_receive", "no"),
    ("fee", "0"),
    ("fee", "12.3457"),
    ("payout_min", "0.50"),
    ("second_admin_above", "20.00"),
];

impl Command {
    /// A command, mostly one that makes sense.
    pub fn draw(dice: &mut Dice, model: &Model) -> Self {
        let who = dice.place(model.people.len());
        let work = dice.place(WORKS);
        let coin = usize::from(dice.percent(25));
        match dice.below(1_000) {
            0..60 => Self::PlayMoney { who, coin, micros: dice.between(0, 90 * MICROS) },
            60..90 => Self::MakeVouchers {
                coin,
                micros: dice.between(1, 2_500) * 10_000,
                count: 1 + dice.place(3),
                minutes: dice.percent(30).then(|| dice.between(1, 60 * 24 * 50)),
            },
            90..150 => {
                let batch = dice.place(model.vouchers.len().max(1));
                let size = model.vouchers.get(batch).map_or(1, |batch| batch.over.len());
                Self::Redeem { who, batch, number: dice.place(size) }
            }
            150..160 => Self::VoidBatch { batch: dice.place(model.vouchers.len().max(1)) },
            160..230 => {
                let cents = if dice.percent(85) { 3_000 } else { 1_100_000 };
                Self::Budget { who, coin, micros: dice.between(0, cents) * 10_000 }
            }
            230..520 => Self::draw_give(dice, model, (who, work)),
            520..570 => Self::draw_change(dice, model, (who, work)),
            570..610 => Self::Grant { who, work },
            610..620 => Self::Revoke { work },
            620..640 => Self::Refuse { who, work, is_refused: dice.percent(60) },
            640..660 => Self::draw_let_go(dice, model, (who, work)),
            660..690 => Self::MoveEarnings { who, coin, micros: dice.between(0, 9 * MICROS) },
            690..720 => {
                let step = if dice.percent(90) { 10_000 } else { 1_234 };
                Self::AskRefund { who, coin, micros: dice.between(0, 900) * step }
            }
            720..750 => {
                let refund = dice.place(model.tables.refunds.len().max(1));
                Self::EndRefund { refund, is_good: dice.percent(60) }
            }
            750..790 => Self::AskPayout { who, coin: usize::from(dice.percent(8)) },
            790..850 => Self::draw_file(dice, model),
            850..858 => Self::Preset { is_old: dice.percent(40) },
            858..880 => {
                let (name, value) = RULES[dice.place(RULES.len())];
                Self::Rule { name, value }
            }
            880..895 => Self::Profile { who, gives_unspent: dice.percent(50) },
            895..905 => {
                let coins = (0..CODES.len()).filter(|_| dice.percent(65)).collect();
                Self::Takes { who, coins }
            }
            905..920 => {
                let next = model.people.len();
                let is_new = next < PEOPLE_MAX && dice.percent(60);
                Self::SignUp { handle: if is_new { next } else { who } }
            }
            920..975 => {
                Self::Pass { months: if dice.percent(12) { dice.between(2, 5) } else { 1 } }
            }
            _ => Self::Settle,
        }
    }

    fn draw_give(dice: &mut Dice, model: &Model, (who, work): (usize, usize)) -> Self {
        let most = if dice.percent(97) { model.rules.points_max.min(60) } else { 10_003 };
        let at_once = if dice.percent(4) { 2 + dice.place(4) } else { 1 };
        let least = i64::from(dice.percent(98));
        Self::Give { who, work, points: dice.between(least, most), at_once }
    }

    /// Changes a click, mostly one that stands.
    fn draw_change(dice: &mut Dice, model: &Model, (who, work): (usize, usize)) -> Self {
        let open = model.open_month();
        let standing: Vec<(usize, usize)> = model
            .tables
            .clicks
            .keys()
            .filter(|(month, ..)| *month == open)
            .map(|(_, who, work)| (*who, *work))
            .collect();
        let (who, work) = match standing.is_empty() || dice.percent(10) {
            true => (who, work),
            false => standing[dice.place(standing.len())],
        };
        let is_set = dice.percent(55);
        let points =
            if dice.percent(95) { dice.between(1, 90) } else { dice.between(0, 1_000_002) };
        if is_set { Self::SetPoints { who, work, points } } else { Self::TakeBack { who, work } }
    }

    fn draw_let_go(dice: &mut Dice, model: &Model, (who, work): (usize, usize)) -> Self {
        let standing: Vec<_> = model.tables.promises.keys().copied().collect();
        if standing.is_empty() || dice.percent(15) {
            return Self::LetGo { who, month: model.month - 1, work };
        }
        let (who, month, work, _) = standing[dice.place(standing.len())];
        Self::LetGo { who, month, work }
    }

    fn draw_file(dice: &mut Dice, model: &Model) -> Self {
        let file = dice.place(model.files.len().max(1));
        match dice.below(10) {
            0..3 => Self::MakeFile,
            3 => Self::Approve { file, is_second: dice.percent(80) },
            4..6 => Self::HandOut { file },
            6..8 => Self::MarkSent { file },
            8 => Self::Discard { file },
            _ => Self::Reverse { payout: dice.place(model.tables.payouts.len().max(1)) },
        }
    }

    /// Whether it goes under an idempotency key: then a lost answer is asked for again.
    pub const fn is_keyed(&self) -> bool {
        matches!(
            self,
            Self::PlayMoney { .. }
                | Self::Redeem { .. }
                | Self::Give { .. }
                | Self::MoveEarnings { .. }
                | Self::AskRefund { .. }
                | Self::AskPayout { .. }
        )
    }

    /// What the reference makes of it. Where it may stop half way, each state on the way is told
    /// to `halfway`.
    pub fn apply(&self, model: &mut Model, halfway: &mut Vec<Model>) -> Outcome {
        match *self {
            Self::SignUp { handle } => sign_up(model, handle),
            Self::Give { who, work, points, .. } => give(model, (who, work), points),
            Self::SetPoints { who, work, points } => set_points(model, (who, work), points),
            Self::TakeBack { who, work } => {
                let key = (model.open_month(), who, work);
                model.tables.clicks.remove(&key).ok_or("click_missing").map(|_| ())
            }
            Self::Grant { who, work } => match model.tables.works.entry(work).or_default() {
                (Some(_), _) => Err("claim_stands"),
                (owner, _) => {
                    *owner = Some(who);
                    Ok(())
                }
            },
            Self::Revoke { work } => {
                let owner = model.tables.works.get_mut(&work).ok_or("not_found")?;
                owner.0.take().ok_or("state_moved").map(|_| ())
            }
            Self::Refuse { who, work, is_refused } => refuse(model, (who, work), is_refused),
            Self::LetGo { who, month, work } => let_go(model, (who, month, work)),
            Self::Preset { is_old } => {
                model.rules = if is_old { Rules::flattr_2010() } else { Rules::obole() };
                model.free_all_waiting();
                Ok(())
            }
            Self::Rule { name, value } => rule(model, name, value),
            Self::Profile { who, gives_unspent } => {
                model.people[who].gives_unspent = gives_unspent;
                Ok(())
            }
            Self::Takes { who, ref coins } => {
                let refuses = (0..CODES.len()).filter(|coin| !coins.contains(coin));
                model.people[who].refuses = refuses.collect();
                Ok(())
            }
            // The clock is set, which nobody can refuse.
            Self::Pass { .. } => Ok(()),
            Self::Settle => {
                model.settle();
                Ok(())
            }
            _ => self.apply_money(model, halfway),
        }
    }

    fn apply_money(&self, model: &mut Model, halfway: &mut Vec<Model>) -> Outcome {
        match *self {
            Self::PlayMoney { who, coin, micros } => play_money(model, (who, coin), micros),
            Self::MakeVouchers { coin, micros, count, minutes } => {
                let total = micros * i64::try_from(count).expect("few");
                model.transfer(Account::Bank(coin), Account::Vouchers(coin), total)?;
                let ends = minutes.map(|minutes| model.minute + minutes);
                model.vouchers.push(Batch { coin, micros, ends, over: vec![false; count] });
                model.tables.vouchers.push(i64::try_from(count).expect("few"));
                Ok(())
            }
            Self::Redeem { who, batch, number } => redeem(model, who, (batch, number)),
            Self::VoidBatch { batch } => void_batch(model, batch),
            Self::Budget { who, coin, micros } => budget(model, (who, coin), micros),
            Self::MoveEarnings { who, coin, micros } => {
                model.transfer(Account::Earnings(who, coin), Account::Wallet(who, coin), micros)
            }
            Self::AskRefund { who, coin, micros } => {
                if micros % 10_000 != 0 {
                    return Err("amount_too_fine");
                }
                model.transfer(Account::Wallet(who, coin), Account::InTransit(coin), micros)?;
                model.tables.refunds.push((who, coin, micros, "requested"));
                Ok(())
            }
            Self::EndRefund { refund, is_good } => end_refund(model, refund, is_good),
            Self::AskPayout { who, coin } => ask_payout(model, who, coin),
            Self::Reverse { payout } => reverse(model, payout),
            Self::MakeFile => make_file(model),
            Self::Approve { file, is_second } => approve(model, file, is_second),
            Self::HandOut { file } => hand_out(model, file, halfway),
            Self::MarkSent { file } => mark_sent(model, file),
            Self::Discard { file } => discard(model, file),
            ref other => panic!("{other:?} moves no money"),
        }
    }
}

fn sign_up(model: &mut Model, handle: usize) -> Outcome {
    if !model.rules.is_open {
        return Err("registration_by_invitation");
    }
    if handle < model.people.len() {
        return Err("handle_taken");
    }
    let refuses = std::collections::BTreeSet::new();
    let since = model.month;
    model.people.push(Person { since, is_confirmed: false, gives_unspent: false, refuses });
    model.tables.people += 1;
    Ok(())
}

fn play_money(model: &mut Model, (who, coin): (usize, Coin), micros: i64) -> Outcome {
    let key = (model.month, who, coin);
    let taken = model.played.get(&key).copied().unwrap_or_default();
    if taken + micros > PLAYED_MAX {
        return Err("play_money_limit");
    }
    model.transfer(Account::PlayMoney(coin), Account::Wallet(who, coin), micros)?;
    *model.played.entry(key).or_default() += micros;
    Ok(())
}

fn redeem(model: &mut Model, who: usize, (batch, number): (usize, usize)) -> Outcome {
    let minute = model.minute;
    let vouchers = model.vouchers.get_mut(batch).ok_or("voucher_unusable")?;
    let has_ended = vouchers.ends.is_some_and(|ends| ends <= minute);
    if has_ended || std::mem::replace(&mut vouchers.over[number], true) {
        return Err("voucher_unusable");
    }
    let (coin, micros) = (vouchers.coin, vouchers.micros);
    model.tables.vouchers[batch] -= 1;
    model.transfer(Account::Vouchers(coin), Account::Wallet(who, coin), micros)
}

fn void_batch(model: &mut Model, batch: usize) -> Outcome {
    let vouchers = model.vouchers.get_mut(batch).ok_or("state_moved")?;
    let left = model.tables.vouchers[batch];
    if left == 0 {
        return Err("state_moved");
    }
    vouchers.over.fill(true);
    let (coin, micros) = (vouchers.coin, vouchers.micros);
    model.tables.vouchers[batch] = 0;
    model.transfer(Account::Vouchers(coin), Account::Bank(coin), micros * left)
}

fn budget(model: &mut Model, (who, coin): (usize, Coin), micros: i64) -> Outcome {
    if micros > BUDGET_MAX {
        return Err("amount_too_large");
    }
    if micros != 0 && micros < model.rules.budget_min {
        return Err("budget_too_small");
    }
    model.tables.budgets.insert((who, coin), micros);
    if micros == 0 {
        model.tables.budgets.remove(&(who, coin));
    }
    if micros >= model.rules.budget_min {
        model.free_waiting(who, coin);
    }
    Ok(())
}

fn give(model: &mut Model, (who, work): (usize, usize), points: i64) -> Outcome {
    if !(1..=model.rules.points_max).contains(&points) {
        return Err("points_out_of_range");
    }
    let month = model.open_month();
    match model.tables.works.entry(work).or_default() {
        (Some(owner), _) if *owner == who => return Err("own_work"),
        (_, true) => return Err("work_refused"),
        _ => {}
    }
    let is_once = model.rules.clicks_once;
    match model.tables.clicks.get_mut(&(month, who, work)) {
        Some(_) if is_once => return Err("clicked_already"),
        Some((standing, _)) if *standing + points > POINTS_MAX => return Err("points_full"),
        Some(click) => *click = (click.0 + points, 0),
        None => {
            model.tables.clicks.insert((month, who, work), (points, 0));
        }
    }
    model.touch(month);
    Ok(())
}

fn set_points(model: &mut Model, (who, work): (usize, usize), points: i64) -> Outcome {
    let rules = &model.rules;
    let limit = if rules.clicks_once { rules.points_max } else { POINTS_MAX };
    if !(1..=limit).contains(&points) {
        return Err("points_out_of_range");
    }
    let key = (model.open_month(), who, work);
    let click = model.tables.clicks.get_mut(&key).ok_or("click_missing")?;
    click.0 = points;
    Ok(())
}

fn refuse(model: &mut Model, (who, work): (usize, usize), is_refused: bool) -> Outcome {
    let row = model.tables.works.get_mut(&work).filter(|row| row.0 == Some(who));
    let row = row.ok_or("not_found")?;
    if std::mem::replace(&mut row.1, is_refused) == is_refused || !is_refused {
        return Ok(());
    }
    let standing: Vec<_> = model.tables.promises.keys().copied().collect();
    for promise in standing.into_iter().filter(|promise| promise.2 == work) {
        let micros = model.tables.promises.remove(&promise).expect("it stands");
        model.hold(Account::Wallet(promise.0, promise.3), -micros);
    }
    Ok(())
}

fn let_go(model: &mut Model, (who, month, work): (usize, i64, usize)) -> Outcome {
    let mut freed = 0;
    for coin in 0..CODES.len() {
        if let Some(micros) = model.tables.promises.remove(&(who, month, work, coin)) {
            model.hold(Account::Wallet(who, coin), -micros);
            freed += 1;
        }
    }
    if freed == 0 { Err("state_moved") } else { Ok(()) }
}

fn end_refund(model: &mut Model, refund: usize, is_good: bool) -> Outcome {
    let row = model.tables.refunds.get_mut(refund).ok_or("not_found")?;
    if row.3 != "requested" {
        return Err("state_moved");
    }
    row.3 = if is_good { "executed" } else { "declined" };
    let (who, coin, micros, _) = *row;
    let to = if is_good { Account::Bank(coin) } else { Account::Wallet(who, coin) };
    model.transfer(Account::InTransit(coin), to, micros)
}

fn ask_payout(model: &mut Model, who: usize, coin: Coin) -> Outcome {
    if coin != 0 {
        return Err("payout_currency");
    }
    if !model.people[who].is_confirmed {
        return Err("email_unconfirmed");
    }
    let available = model.available(Account::Earnings(who, coin));
    let micros = available - available % 10_000;
    if micros < model.rules.payout_min || micros <= 0 {
        return Err("payout_too_small");
    }
    model.transfer(Account::Earnings(who, coin), Account::InTransit(coin), micros)?;
    model.tables.payouts.push((who, micros, "requested"));
    Ok(())
}

fn reverse(model: &mut Model, payout: usize) -> Outcome {
    let row = model.tables.payouts.get_mut(payout).ok_or("not_found")?;
    let from = match row.2 {
        "requested" => Account::InTransit(0),
        "sent" => Account::Bank(0),
        _ => return Err("state_moved"),
    };
    row.2 = "reversed";
    let (who, micros, _) = *row;
    model.transfer(from, Account::Earnings(who, 0), micros)
}

fn make_file(model: &mut Model) -> Outcome {
    let mut file = Vec::new();
    for (number, payout) in model.tables.payouts.iter_mut().enumerate() {
        if payout.2 == "requested" {
            payout.2 = "batched";
            file.push(number);
        }
    }
    if file.is_empty() {
        return Err("nothing_to_pay");
    }
    model.files.push(file);
    model.tables.batches.push([false; 4]);
    Ok(())
}

/// What is in a bank file.
fn total(model: &Model, file: usize) -> i64 {
    model.files[file].iter().map(|payout| model.tables.payouts[*payout].1).sum()
}

fn approve(model: &mut Model, file: usize, is_second: bool) -> Outcome {
    let [is_handed, _, _, is_discarded] = *model.tables.batches.get(file).ok_or("not_found")?;
    if !is_second {
        return Err("second_admin_needed");
    }
    // Approved twice is refused; that it was is not compared, so it is kept here.
    if is_handed || is_discarded || !model.approved.insert(file) {
        return Err("state_moved");
    }
    Ok(())
}

fn hand_out(model: &mut Model, file: usize, halfway: &mut Vec<Model>) -> Outcome {
    let is_discarded = model.tables.batches.get(file).ok_or("not_found")?[3];
    if total(model, file) > model.rules.second_admin_above && !model.approved.contains(&file) {
        return Err("second_admin_needed");
    }
    if is_discarded {
        return Err("state_moved");
    }
    model.tables.batches[file][0] = true;
    halfway.push(model.clone());
    model.tables.batches[file][1] = true;
    Ok(())
}

fn mark_sent(model: &mut Model, file: usize) -> Outcome {
    let [_, is_journaled, is_sent, _] = *model.tables.batches.get(file).ok_or("not_found")?;
    if is_sent {
        return Ok(());
    }
    if !is_journaled {
        return Err("state_moved");
    }
    model.tables.batches[file][2] = true;
    for payout in model.files[file].clone() {
        let micros = model.tables.payouts[payout].1;
        model.tables.payouts[payout].2 = "sent";
        model.transfer(Account::InTransit(0), Account::Bank(0), micros)?;
    }
    Ok(())
}

fn discard(model: &mut Model, file: usize) -> Outcome {
    let [is_handed, _, _, is_discarded] = *model.tables.batches.get(file).ok_or("not_found")?;
    if is_handed || is_discarded {
        return Err("state_moved");
    }
    model.tables.batches[file][3] = true;
    for payout in model.files[file].clone() {
        model.tables.payouts[payout].2 = "requested";
    }
    Ok(())
}

fn rule(model: &mut Model, name: &str, value: &str) -> Outcome {
    let rules = &mut model.rules;
    match (name, value) {
        ("points_max", "0") => return Err("policy_malformed"),
        ("points_max", points) => rules.points_max = points.parse().expect("a number"),
        ("clicks_once", value) => rules.clicks_once = value == "yes",
        ("budget_min", "5.00") => rules.budget_min = 5 * MICROS,
        ("budget_min", "2.00") => rules.budget_min = 2 * MICROS,
        ("budget_min", _) => rules.budget_min = 1,
        ("give_to_receive", value) => rules.give_to_receive = value == "yes",
        ("fee", "0") => rules.fee_ppm = 0,
        ("fee", _) => rules.fee_ppm = 123_457,
        ("payout_min", _) => rules.payout_min = MICROS / 2,
        _ => rules.second_admin_above = 20 * MICROS,
    }
    model.free_all_waiting();
    Ok(())
}
