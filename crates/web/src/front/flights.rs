//! Those who ask for the same thing at the same moment wait for one who makes it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use obole_language::Language;
use tokio::sync::{Mutex as Turns, MutexGuard};

type Key = (Language, Box<str>);

/// What is being made.
#[derive(Default)]
pub(super) struct Flights {
    under_way: Mutex<HashMap<Key, Arc<Flight>>>,
}

#[derive(Default)]
struct Flight {
    turns: Turns<()>,
    /// It cannot be kept: nobody needs to wait for the others.
    is_open: AtomicBool,
}

/// One who asks. When the last has gone, nothing is left of it.
pub(super) struct Joined<'flights> {
    flights: &'flights Flights,
    key: Key,
    flight: Arc<Flight>,
}

/// The turn to make it.
pub(super) struct Turn<'joined> {
    flight: &'joined Flight,
    _guard: MutexGuard<'joined, ()>,
}

impl Flights {
    /// Joins those who ask for something.
    pub(super) fn join(&self, language: Language, address: &str) -> Joined<'_> {
        let key = (language, Box::from(address));
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let flight = Arc::clone(under_way.entry(Clone::clone(&key)).or_default());
        Joined { flights: self, key, flight }
    }
}

impl Joined<'_> {
    /// Waits for the turn; none where waiting is of no use. Who is cut off gives the turn on.
    pub(super) async fn turn(&self) -> Option<Turn<'_>> {
        let guard = self.flight.turns.lock().await;
        let is_open = self.flight.is_open.load(Ordering::SeqCst);
        (!is_open).then_some(Turn { flight: &self.flight, _guard: guard })
    }
}

impl Turn<'_> {
    /// It cannot be kept: the others go on by themselves.
    pub(super) fn open(&self) {
        self.flight.is_open.store(true, Ordering::SeqCst);
    }
}

impl Drop for Joined<'_> {
    fn drop(&mut self) {
        let mut under_way = self.flights.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        // The table's own and this one.
        if Arc::strong_count(&self.flight) == 2 {
            under_way.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    async fn ask(flights: &Flights, made: &AtomicUsize, kept: &AtomicBool, can_keep: bool) {
        let joined = flights.join(Language::English, "/");
        let Some(turn) = joined.turn().await else { return };
        if kept.load(Ordering::SeqCst) {
            return;
        }
        made.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        if can_keep {
            kept.store(true, Ordering::SeqCst);
        } else {
            turn.open();
        }
    }

    async fn fifty(can_keep: bool) -> usize {
        let flights: &'static Flights = Box::leak(Box::default());
        let made: &'static AtomicUsize = Box::leak(Box::default());
        let kept: &'static AtomicBool = Box::leak(Box::default());
        let asking = (0..50).map(|_| tokio::spawn(ask(flights, made, kept, can_keep)));
        for one in asking.collect::<Vec<_>>() {
            one.await.expect("joined");
        }
        assert!(flights.under_way.lock().expect("a lock").is_empty());
        made.load(Ordering::SeqCst)
    }

    #[tokio::test]
    async fn fifty_at_once_make_it_once() {
        assert_eq!(fifty(true).await, 1);
    }

    #[tokio::test]
    async fn what_cannot_be_kept_holds_nobody_up() {
        assert_eq!(fifty(false).await, 1, "the others are sent on to make their own");
    }

    #[tokio::test]
    async fn who_is_cut_off_gives_the_turn_on() {
        let flights = Flights::default();
        let first = flights.join(Language::English, "/");
        let turn = first.turn().await.expect("the first turn");
        let second = flights.join(Language::English, "/");
        drop(turn);
        drop(first);
        assert!(second.turn().await.is_some());
        drop(second);
        assert!(flights.under_way.lock().expect("a lock").is_empty());
    }
}
