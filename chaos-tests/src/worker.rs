//! A worker of the load: one deed after another, each written down before it is sent, each answer
//! before it is believed; what got none is sent again.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use serde_json::Value;

use crate::chance::Chance;
use crate::deed::{Answered, Deed, Line, Sent, Wire};
use crate::http::{Answer, Client, Request};
use crate::journal::Journal;
use crate::load::{Kind, SHARED, Shared, WORKERS, lock};
use crate::wait::pass_millis;

/// The pause before something is sent again, in milliseconds.
const AGAIN: u64 = 20;

/// How many of its answered requests a worker may send once more.
const REMEMBERED: usize = 8;

/// A deed that was written down and has no answer yet.
struct Pending {
    sent: Sent,
    request: Request,
    tries: u32,
}

/// One that works.
pub struct Worker {
    number: usize,
    shared: Arc<Shared>,
    journal: Journal,
    chance: Chance,
    client: Client,
    pending: Option<Pending>,
    /// Answered requests under a key: sent once more they must be told the same.
    remembered: Vec<(Request, Answer)>,
}

impl Worker {
    /// A worker with nothing to do yet.
    pub fn new(number: usize, shared: &Arc<Shared>, journal: Journal, chance: Chance) -> Self {
        Self {
            number,
            shared: Arc::clone(shared),
            journal,
            chance,
            client: Client::default(),
            pending: None,
            remembered: Vec::new(),
        }
    }

    /// Works until it is over.
    pub fn run(&mut self) {
        while let Some((kind, period)) = self.turn() {
            if let Err(breach) = self.step(kind, &period) {
                lock(&self.shared.breaches).push(breach);
            }
            self.shared.busy.fetch_sub(1, Ordering::SeqCst);
        }
    }

    /// Waits until there is something to do; none when it is over.
    fn turn(&self) -> Option<(Kind, String)> {
        let mut orders = lock(&self.shared.orders);
        loop {
            if orders.is_over {
                return None;
            }
            let is_wanted = !orders.is_finishing || self.pending.is_some();
            if orders.is_going && is_wanted {
                self.shared.busy.fetch_add(1, Ordering::SeqCst);
                return Some((orders.kind, orders.period.clone()));
            }
            orders = self.shared.changed.wait(orders).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// One sending.
    fn step(&mut self, kind: Kind, period: &str) -> Result<(), String> {
        let nodes = lock(&self.shared.nodes).clone();
        let Some(node) = self.chance.one_of(&nodes).copied() else {
            pass_millis(AGAIN);
            return Ok(());
        };
        if self.pending.is_none() && self.chance.percent(6) {
            return self.repeat(node);
        }
        let mut pending = match self.pending.take() {
            Some(pending) => pending,
            None => self.begin(kind, period)?,
        };
        pending.tries += 1;
        match self.client.send(node, &pending.request) {
            Ok(answer) if is_final(&answer) => self.end(pending, answer),
            _unknown => {
                self.pending = Some(pending);
                pass_millis(self.chance.between(AGAIN, AGAIN * 3));
                Ok(())
            }
        }
    }

    /// Writes down a new deed.
    fn begin(&mut self, kind: Kind, period: &str) -> Result<Pending, String> {
        let (patron, deed) = self.choose(kind, period);
        let cast = &self.shared.cast;
        let number = cast.next_number.fetch_add(1, Ordering::SeqCst);
        let sent = Sent { number, patron, period: period.to_owned(), deed };
        let (work_id, code) = match &sent.deed {
            Deed::Set { work, .. } | Deed::TakeBack { work } => {
                let id = self.shared.book.with(|expected| expected.work_ids.get(work).cloned());
                (id.unwrap_or_default(), "")
            }
            Deed::Redeem { voucher } => {
                (String::new(), cast.vouchers.get(*voucher).map_or("", String::as_str))
            }
            _ => (String::new(), ""),
        };
        let token = cast.tokens.get(patron).map_or("", String::as_str);
        let wire = Wire { run: &cast.run, token, work_id: &work_id, code };
        let request = wire.request(&sent);
        self.journal.write(&Line::Sent(sent.clone()))?;
        Ok(Pending { sent, request, tries: 0 })
    }

    /// What to do next, and for whom.
    fn choose(&mut self, kind: Kind, period: &str) -> (usize, Deed) {
        let cast = Arc::clone(&self.shared.cast);
        let own = cast.tokens.len().saturating_sub(SHARED);
        let work = self.chance.place(cast.works);
        let points = i64::try_from(self.chance.between(1, 60)).unwrap_or(1);
        let give = Deed::Give { work, points };
        if self.chance.percent(25) {
            return (own + self.chance.place(SHARED), give);
        }
        let patron = self.number + WORKERS * self.chance.place(own / WORKERS);
        let dice = self.chance.below(100);
        let voucher = self.voucher().filter(|_| dice < 6);
        if let Some(voucher) = voucher {
            return (patron, Deed::Redeem { voucher });
        }
        let holdings = self.shared.book.with(|expected| expected.holdings(patron));
        let standing: Vec<usize> = holdings.in_period(period).clicks.keys().map(|k| k.1).collect();
        let standing = self.chance.one_of(&standing).copied();
        let deed = match (kind, dice, standing) {
            (Kind::All, 6..18, Some(work)) => Deed::Set { work, points },
            (Kind::All, 18..28, Some(work)) => Deed::TakeBack { work },
            (Kind::All, 28..36, _) => Deed::Budget {
                micros: i64::try_from(self.chance.between(200, 3_000)).unwrap_or(200) * 10_000,
            },
            _ => give,
        };
        (patron, deed)
    }

    /// A voucher: mostly a new one, sometimes one that somebody has tried; none when all are.
    fn voucher(&mut self) -> Option<usize> {
        let cast = &self.shared.cast;
        let tried = cast.next_voucher.load(Ordering::SeqCst);
        if tried > 0 && self.chance.percent(20) {
            return Some(self.chance.place(tried.min(cast.vouchers.len())));
        }
        if tried >= cast.vouchers.len() {
            return None;
        }
        let next = cast.next_voucher.fetch_add(1, Ordering::SeqCst);
        (next < cast.vouchers.len()).then_some(next)
    }

    /// Writes down an answer.
    fn end(&mut self, pending: Pending, answer: Answer) -> Result<(), String> {
        let Pending { sent, request, tries } = pending;
        let text = |names: &[&str]| {
            let found = names.iter().try_fold(&answer.body, |value, name| value.get(name));
            found.and_then(Value::as_str).map(str::to_owned)
        };
        let answered = Answered {
            number: sent.number,
            status: answer.status,
            tries,
            is_replayed: answer.is_replayed,
            points: answer.body.get("points").and_then(Value::as_i64),
            period: text(&["period"]),
            work_id: text(&["work", "id"]),
            code: text(&["code"]).unwrap_or_default(),
        };
        let written = self.journal.write(&Line::Answered(answered));
        self.shared.answered.fetch_add(1, Ordering::SeqCst);
        if request.key.is_some() {
            self.remembered.push((request, answer));
            if self.remembered.len() > REMEMBERED {
                self.remembered.remove(0);
            }
        }
        written
    }

    /// Sends an answered request once more: it must be told the same, as a repetition (K3).
    fn repeat(&mut self, node: SocketAddr) -> Result<(), String> {
        let Some((request, first)) = self.chance.one_of(&self.remembered).cloned() else {
            return Ok(());
        };
        let started = Instant::now();
        let Ok(again) = self.client.send(node, &request) else { return Ok(()) };
        if !is_final(&again) {
            pass_millis(AGAIN);
            return Ok(());
        }
        let mut bodies = [first.body, again.body];
        // The number of the request is the only thing that may differ.
        for body in &mut bodies {
            body.as_object_mut().and_then(|fields| fields.remove("request_id"));
        }
        let [told, now] = bodies;
        if again.status == first.status && again.is_replayed && told == now {
            self.shared.repeated.fetch_add(1, Ordering::SeqCst);
            return Ok(());
        }
        Err(format!(
            "{:?} was told {} {told}, and after {:?} {} {now}",
            request.key,
            first.status,
            started.elapsed(),
            again.status
        ))
    }
}

/// Whether an answer says what became of the deed. Others are sent again: the server was busy, or
/// cannot know itself (D7).
fn is_final(answer: &Answer) -> bool {
    !matches!(answer.status, 408 | 409 | 429 | 500..)
}
