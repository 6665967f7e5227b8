//! What can be done, drawn at random, and what the reference makes of it.

use super::dice::Dice;
use super::model::{Account, Batch, CODES, Coin, MICROS, Model, Outcome, Person, Rules};
use super::{money, subscriptions};

/// How many works there are, and people at most.
pub const WORKS: usize = 10;
pub const PEOPLE_MAX: usize = 9;

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
    Subscribe {
        who: usize,
        work: usize,
        points: i64,
        length: Option<i64>,
        is_next: bool,
    },
    Pause {
        which: usize,
    },
    Resume {
        which: usize,
    },
    Change {
        which: usize,
        points: i64,
        length: Option<i64>,
    },
    Stop {
        which: usize,
    },
    /// What subscriptions are due to give.
    GiveDue,
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
    ReturnEarnings {
        who: usize,
        coin: Coin,
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
            230..430 => Self::draw_give(dice, model, (who, work)),
            430..520 => subscriptions::draw(dice, model, (who, work)),
            520..570 => Self::draw_change(dice, model, (who, work)),
            570..610 => Self::Grant { who, work },
            610..620 => Self::Revoke { work },
            620..640 => Self::Refuse { who, work, is_refused: dice.percent(60) },
            640..660 => Self::draw_let_go(dice, model, (who, work)),
            660..685 => Self::MoveEarnings { who, coin, micros: dice.between(0, 9 * MICROS) },
            685..690 => Self::ReturnEarnings { who, coin },
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
                | Self::Subscribe { .. }
                | Self::MoveEarnings { .. }
                | Self::ReturnEarnings { .. }
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
            Self::Grant { who, work } => grant(model, who, work),
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
            Self::Subscribe { .. }
            | Self::Pause { .. }
            | Self::Resume { .. }
            | Self::Change { .. }
            | Self::Stop { .. }
            | Self::GiveDue => self.apply_subscription(model),
            // The clock is set, which nobody can refuse.
            Self::Pass { .. } => Ok(()),
            Self::Settle => {
                model.settle();
                Ok(())
            }
            _ => self.apply_money(model, halfway),
        }
    }

    fn apply_subscription(&self, model: &mut Model) -> Outcome {
        match *self {
            Self::Subscribe { who, work, points, length, is_next } => {
                subscriptions::subscribe(model, (who, work), (points, length), is_next)
            }
            Self::Pause { which } => subscriptions::pause(model, which),
            Self::Resume { which } => subscriptions::resume(model, which),
            Self::Change { which, points, length } => {
                subscriptions::change(model, which, (points, length))
            }
            Self::Stop { which } => subscriptions::stop(model, which),
            Self::GiveDue => {
                let month = model.open_month();
                model.give_until(month);
                Ok(())
            }
            ref other => panic!("{other:?} is no subscription's"),
        }
    }

    fn apply_money(&self, model: &mut Model, halfway: &mut Vec<Model>) -> Outcome {
        match *self {
            Self::PlayMoney { who, coin, micros } => money::play_money(model, (who, coin), micros),
            Self::MakeVouchers { coin, micros, count, minutes } => {
                let total = micros * i64::try_from(count).expect("few");
                model.transfer(Account::Bank(coin), Account::Vouchers(coin), total)?;
                let ends = minutes.map(|minutes| model.minute + minutes);
                model.vouchers.push(Batch { coin, micros, ends, over: vec![false; count] });
                model.tables.vouchers.push(i64::try_from(count).expect("few"));
                Ok(())
            }
            Self::Redeem { who, batch, number } => money::redeem(model, who, (batch, number)),
            Self::VoidBatch { batch } => money::void_batch(model, batch),
            Self::Budget { who, coin, micros } => money::budget(model, (who, coin), micros),
            Self::MoveEarnings { who, coin, micros } => {
                model.transfer(Account::Earnings(who, coin), Account::Wallet(who, coin), micros)?;
                *model.earned.entry((who, coin)).or_default() += micros;
                Ok(())
            }
            Self::ReturnEarnings { who, coin } => money::return_earnings(model, who, coin),
            Self::AskRefund { who, coin, micros } => money::ask_refund(model, (who, coin), micros),
            Self::EndRefund { refund, is_good } => {
                money::end_refund(model, (refund, is_good), halfway)
            }
            Self::AskPayout { who, coin } => money::ask_payout(model, who, coin),
            Self::Reverse { payout } => money::reverse(model, payout),
            Self::MakeFile => money::make_file(model),
            Self::Approve { file, is_second } => money::approve(model, file, is_second),
            Self::HandOut { file } => money::hand_out(model, file, halfway),
            Self::MarkSent { file } => money::mark_sent(model, file),
            Self::Discard { file } => money::discard(model, file),
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

/// Nobody gives to a work of their own: what its new owner gave to it ends.
fn grant(model: &mut Model, who: usize, work: usize) -> Outcome {
    let owner = &mut model.tables.works.entry(work).or_default().0;
    if owner.is_some() {
        return Err("claim_stands");
    }
    *owner = Some(who);
    let closed = &model.closed;
    let is_own = |month: &i64, patron: &usize, of: &usize| {
        !closed.contains(month) && *patron == who && *of == work
    };
    model.tables.clicks.retain(|(month, patron, of), _| !is_own(month, patron, of));
    let standing: Vec<_> = model.tables.promises.keys().copied().collect();
    for promise in standing.into_iter().filter(|promise| promise.0 == who && promise.2 == work) {
        let micros = model.tables.promises.remove(&promise).expect("it stands");
        model.hold(Account::Wallet(who, promise.3), -micros);
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
