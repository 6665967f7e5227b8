//! The reference's subscriptions: by the words of product.md section 7 and decisions 70 to 72.

use super::commands::Command;
use super::dice::Dice;
use super::model::{Model, Outcome, PeriodNumber};

/// The most points of a click.
const POINTS_MAX: i64 = 1_000_000;

/// A subscription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    pub who: usize,
    pub work: usize,
    pub points: i64,
    pub left: Option<i64>,
    pub given: i64,
    /// `running`, `paused`, or why it ended.
    pub state: &'static str,
    pub due: PeriodNumber,
    pub last_given: Option<PeriodNumber>,
    pub missed: Option<(PeriodNumber, &'static str)>,
}

impl Subscription {
    fn stands(&self) -> bool {
        matches!(self.state, "running" | "paused")
    }
}

/// A command on subscriptions, mostly on one that is there.
pub fn draw(dice: &mut Dice, model: &Model, (who, work): (usize, usize)) -> Command {
    let which = dice.place(model.tables.subscriptions.len().max(1));
    let least = i64::from(dice.percent(97));
    let points = dice.between(least, model.rules.points_max.min(40));
    let length = [None, Some(1), Some(3), Some(6), Some(12)][dice.place(5)];
    match dice.below(20) {
        0..8 => Command::Subscribe { who, work, points, length, is_next: dice.percent(30) },
        8..10 => Command::Pause { which },
        10..13 => Command::Resume { which },
        13 => Command::Change { which, points, length },
        14 => Command::Stop { which },
        _ => Command::GiveDue,
    }
}

pub fn subscribe(
    model: &mut Model,
    (who, work): (usize, usize),
    (points, left): (i64, Option<i64>),
    is_next: bool,
) -> Outcome {
    refuse_points(model, points)?;
    let month = model.open_month();
    refuse_work(model, (who, work))?;
    if model
        .tables
        .subscriptions
        .iter()
        .any(|one| one.stands() && (one.who, one.work) == (who, work))
    {
        return Err("subscribed");
    }
    model.tables.works.entry(work).or_default();
    model.touch(month);
    let due = if is_next { month + 1 } else { month };
    let (given, state, last_given, missed) = (0, "running", None, None);
    model.tables.subscriptions.push(Subscription {
        who,
        work,
        points,
        left,
        given,
        state,
        due,
        last_given,
        missed,
    });
    model.give_one(model.tables.subscriptions.len() - 1, month);
    Ok(())
}

pub fn pause(model: &mut Model, which: usize) -> Outcome {
    model.begin(which, |one| if one.stands() { Ok(()) } else { Err("subscription_ended") })?;
    model.tables.subscriptions[which].state = "paused";
    Ok(())
}

pub fn resume(model: &mut Model, which: usize) -> Outcome {
    let month = model.open_month();
    model.begin(which, |_| Ok(()))?;
    let one = model.tables.subscriptions[which].clone();
    match one.state {
        "running" => return Ok(()),
        "paused" | "stopped" => {}
        _ => return Err("subscription_ended"),
    }
    refuse_work(model, (one.who, one.work))?;
    refuse_points(model, one.points)?;
    let is_same = |other: &Subscription| (other.who, other.work) == (one.who, one.work);
    if !one.stands()
        && model.tables.subscriptions.iter().any(|other| other.stands() && is_same(other))
    {
        return Err("subscribed");
    }
    let due = one.due.max(month);
    model.tables.subscriptions[which] = Subscription { state: "running", due, ..one };
    model.give_one(which, month);
    Ok(())
}

pub fn change(model: &mut Model, which: usize, (points, left): (i64, Option<i64>)) -> Outcome {
    model.begin(which, |one| if one.stands() { Ok(()) } else { Err("subscription_ended") })?;
    refuse_points(model, points)?;
    let one = &mut model.tables.subscriptions[which];
    (one.points, one.left) = (points, left);
    Ok(())
}

pub fn stop(model: &mut Model, which: usize) -> Outcome {
    model.begin(which, |_| Ok(()))?;
    let one = &mut model.tables.subscriptions[which];
    if one.stands() {
        one.state = "stopped";
    }
    Ok(())
}

fn refuse_points(model: &Model, points: i64) -> Outcome {
    let is_well = (1..=model.rules.points_max).contains(&points);
    if is_well { Ok(()) } else { Err("points_out_of_range") }
}

fn refuse_work(model: &Model, (who, work): (usize, usize)) -> Outcome {
    match model.tables.works.get(&work) {
        Some((Some(owner), _)) if *owner == who => Err("own_work"),
        Some((_, true)) => Err("work_refused"),
        _ => Ok(()),
    }
}

impl Model {
    /// What was due in months that are over and open is given before anything is changed.
    fn begin(&mut self, which: usize, check: impl Fn(&Subscription) -> Outcome) -> Outcome {
        let month = self.open_month();
        let known = self.tables.subscriptions.get(which);
        let mut due = known.ok_or("subscription_missing")?.due;
        self.touch(month);
        while self.tables.subscriptions[which].state == "running" && due < month {
            let earlier = self.open_from(due);
            if earlier >= month {
                break;
            }
            self.give(which, earlier);
            due = self.tables.subscriptions[which].due;
        }
        check(&self.tables.subscriptions[which])
    }

    /// Gives everything that is due in a month or before it.
    pub fn give_until(&mut self, until: PeriodNumber) {
        loop {
            let all = self.tables.subscriptions.iter();
            let running = all.filter(|one| one.state == "running" && one.due <= until);
            let Some(due) = running.map(|one| one.due).min() else { return };
            let month = self.open_from(due);
            if month > until {
                return;
            }
            for which in 0..self.tables.subscriptions.len() {
                let one = &self.tables.subscriptions[which];
                if one.state == "running" && one.due == due {
                    self.give(which, month);
                }
            }
        }
    }

    fn give_one(&mut self, which: usize, month: PeriodNumber) {
        let one = &self.tables.subscriptions[which];
        if one.state == "running" && one.due <= month {
            self.give(which, month);
        }
    }

    fn give(&mut self, which: usize, month: PeriodNumber) {
        self.touch(month);
        let mut one = self.tables.subscriptions[which].clone();
        one.due = month + 1;
        let key = (month, one.who, one.work);
        match self.try_to_give(&one, month) {
            Ok(()) => {
                self.subscribed.insert(key);
                one.given += 1;
                (one.last_given, one.missed) = (Some(month), None);
                one.left = one.left.map(|left| left - 1);
                if one.left == Some(0) {
                    one.state = "over";
                }
            }
            Err(why @ ("own_work" | "work_refused")) => one.state = why,
            Err(why) => one.missed = Some((month, why)),
        }
        self.tables.subscriptions[which] = one;
    }

    fn try_to_give(&mut self, one: &Subscription, month: PeriodNumber) -> Outcome {
        refuse_work(self, (one.who, one.work))?;
        refuse_points(self, one.points)?;
        let key = (month, one.who, one.work);
        if self.subscribed.contains(&key) {
            return Err("given_already");
        }
        let is_once = self.rules.clicks_once;
        match self.tables.clicks.get_mut(&key) {
            Some(_) if is_once => return Err("clicked_already"),
            Some((standing, _)) if *standing + one.points > POINTS_MAX => {
                return Err("points_full");
            }
            // It goes on moving as often as it would have.
            Some(click) => click.0 += one.points,
            None => {
                self.tables.clicks.insert(key, (one.points, 0));
            }
        }
        Ok(())
    }
}
