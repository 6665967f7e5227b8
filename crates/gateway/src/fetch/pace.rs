//! One at a time per host with a pause between, and so many in all (F6). Whoever waits for a host
//! holds nothing up for the others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// How many requests are under way at once, to all hosts together (F6).
pub const AT_ONCE_MAX: usize = 32;

/// Above so many hosts those that nobody waits for are forgotten.
const HOSTS_KEPT: usize = 1_024;

/// From when on a host may be asked again.
type Next = tokio::sync::Mutex<Option<Instant>>;

/// Who may ask which host when.
#[derive(Debug)]
pub(super) struct Pace {
    pause: Duration,
    all: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Next>>>,
}

/// A leave to ask one host, once. The host rests when it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    next: OwnedMutexGuard<Option<Instant>>,
    pause: Duration,
    _one_of_all: OwnedSemaphorePermit,
}

impl Pace {
    pub(super) fn new(pause: Duration) -> Self {
        let all = Arc::new(Semaphore::new(AT_ONCE_MAX));
        Self { pause, all, hosts: Mutex::default() }
    }

    /// Waits for a turn at a host. None when there are no more turns at all.
    pub(super) async fn turn(&self, host: &str) -> Option<Turn> {
        let next = self.host(host).lock_owned().await;
        if let Some(rested) = *next {
            sleep_until(rested).await;
        }
        // The host's turn comes before one of all: nobody waits for a host with one in hand.
        let one_of_all = self.one_of_all().await?;
        Some(Turn { next, pause: self.pause, _one_of_all: one_of_all })
    }

    /// Waits for one of the turns of all hosts together, whichever host it is for.
    pub(super) async fn one_of_all(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.all).acquire_owned().await.ok()
    }

    fn host(&self, host: &str) -> Arc<Next> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() > HOSTS_KEPT {
            let now = Instant::now();
            let is_resting = |next: &Arc<Next>| match next.try_lock() {
                Ok(next) => next.is_some_and(|rested| rested > now),
                Err(_) => true,
            };
            hosts.retain(|_, next| Arc::strong_count(next) > 1 || is_resting(next));
        }
        Arc::clone(hosts.entry(host.to_owned()).or_default())
    }
}

impl Turn {
    /// The host asked for a longer pause.
    pub(super) fn rest_longer(&mut self, pause: Duration) {
        self.pause = self.pause.max(pause);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.next = Instant::now().checked_add(self.pause);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use tokio::task::JoinSet;

    /// How many turns are had at once, at most.
    async fn most_at_once(pace: Arc<Pace>, hosts: Vec<String>) -> usize {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut asking = JoinSet::new();
        for host in hosts {
            let (pace, now, most) = (Arc::clone(&pace), Arc::clone(&now), Arc::clone(&most));
            asking.spawn(async move {
                let turn = pace.turn(&host).await;
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                for _ in 0..10 {
                    tokio::task::yield_now().await;
                }
                now.fetch_sub(1, Ordering::SeqCst);
                drop(turn);
            });
        }
        asking.join_all().await;
        most.load(Ordering::SeqCst)
    }

    #[tokio::test]
    async fn one_host_is_asked_one_at_a_time() {
        let pace = Arc::new(Pace::new(Duration::ZERO));
        let hosts = vec!["a.example".to_owned(); 50];
        assert_eq!(most_at_once(pace, hosts).await, 1);
    }

    #[tokio::test]
    async fn so_many_hosts_are_asked_at_once_and_no_more() {
        let pace = Arc::new(Pace::new(Duration::ZERO));
        let hosts = (0..100).map(|number| format!("{number}.example")).collect();
        assert_eq!(most_at_once(pace, hosts).await, AT_ONCE_MAX);
    }

    #[tokio::test]
    async fn a_host_rests_between_two_requests_and_another_need_not_wait() {
        let pause = Duration::from_millis(300);
        let pace = Pace::new(pause);
        let began = Instant::now();
        for host in 0..100 {
            drop(pace.turn(&format!("{host}.example")).await);
        }
        assert!(began.elapsed() < pause * 50, "{:?}", began.elapsed());
        let mut turn = pace.turn("0.example").await.expect("a turn");
        assert!(began.elapsed() >= pause);
        let again = Instant::now();
        turn.rest_longer(pause * 2);
        turn.rest_longer(Duration::ZERO);
        drop(turn);
        drop(pace.turn("0.example").await);
        assert!(again.elapsed() >= pause * 2);
    }

    #[tokio::test]
    async fn hosts_that_have_rested_are_forgotten() {
        let pace = Pace::new(Duration::ZERO);
        let held = pace.turn("held.example").await;
        for host in 0..HOSTS_KEPT {
            drop(pace.turn(&format!("{host}.example")).await);
        }
        drop(pace.turn("last.example").await);
        assert_eq!(pace.hosts.lock().expect("unpoisoned").len(), 2);
        drop(held);
    }
}
