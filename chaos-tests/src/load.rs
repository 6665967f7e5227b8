//! The load: a few workers that give, change, take back, set budgets and redeem, one deed after
//! another each, and repeat what got no answer until it gets one.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::chance::Chance;
use crate::journal::{Book, Journal};
use crate::wait::until;
use crate::worker::Worker;

/// How many work at once.
pub const WORKERS: usize = 4;

/// What the load works with: the patrons, the works, the vouchers.
pub struct Cast {
    /// The start of every idempotency key.
    pub run: String,
    /// The patrons' tokens. The last [`SHARED`] are everybody's, the others one worker's each.
    pub tokens: Vec<String>,
    /// How many works there are.
    pub works: usize,
    /// The codes of the vouchers.
    pub vouchers: Vec<String>,
    /// The first voucher that nobody has tried.
    pub next_voucher: AtomicUsize,
    /// The number of the next deed.
    pub next_number: AtomicU64,
}

/// How many patrons all workers give for at once.
pub const SHARED: usize = 3;

/// What the load may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Everything.
    All,
    /// Only what goes under a key: where a request may still be on its way when it is repeated.
    Keyed,
}

/// What the workers are told.
pub struct Orders {
    pub is_going: bool,
    pub is_over: bool,
    /// Only what has no answer yet is sent.
    pub is_finishing: bool,
    pub period: String,
    pub kind: Kind,
}

/// What all workers share.
pub struct Shared {
    pub cast: Arc<Cast>,
    pub book: Book,
    /// Where the nodes are.
    pub nodes: Mutex<Vec<SocketAddr>>,
    pub orders: Mutex<Orders>,
    pub changed: Condvar,
    /// How many workers are at work.
    pub busy: AtomicUsize,
    /// How many deeds have been answered.
    pub answered: AtomicU64,
    /// How many answered requests were sent once more and told the same.
    pub repeated: AtomicU64,
    /// What must not be.
    pub breaches: Mutex<Vec<String>>,
}

/// The load under way.
pub struct Load {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

impl Load {
    /// Starts the workers; they wait for [`Self::go`].
    pub fn start(
        cast: &Arc<Cast>,
        book: &Book,
        (folder, trace): (&Path, Option<PathBuf>),
        seed: u64,
    ) -> Result<Self, String> {
        let orders = Orders {
            is_going: false,
            is_over: false,
            is_finishing: false,
            period: String::new(),
            kind: Kind::All,
        };
        let shared = Arc::new(Shared {
            cast: Arc::clone(cast),
            book: book.clone(),
            nodes: Mutex::default(),
            orders: Mutex::new(orders),
            changed: Condvar::new(),
            busy: AtomicUsize::new(0),
            answered: AtomicU64::new(0),
            repeated: AtomicU64::new(0),
            breaches: Mutex::default(),
        });
        let mut workers = Vec::new();
        for number in 0..WORKERS {
            let path = folder.join(format!("worker-{number}.journal"));
            let mut journal = Journal::open(&path, book.clone())?;
            journal.trace(trace.clone());
            let chance = Chance::new(seed, &format!("worker {number}"));
            let mut worker = Worker::new(number, &shared, journal, chance);
            workers.push(std::thread::spawn(move || worker.run()));
        }
        Ok(Self { shared, workers })
    }

    /// Says where the nodes are; none while there is none.
    pub fn set_nodes(&self, nodes: Vec<SocketAddr>) {
        *lock(&self.shared.nodes) = nodes;
    }

    /// Lets the workers do what may be done, in the period that the clock says.
    pub fn go(&self, kind: Kind, period: &str) {
        self.order(|orders| {
            orders.is_going = true;
            orders.kind = kind;
            orders.is_finishing = false;
            period.clone_into(&mut orders.period);
        });
    }

    /// Stops the workers and waits until none has a request under way. What got no answer stays
    /// without one.
    pub fn hold(&self) -> Result<(), String> {
        self.order(|orders| orders.is_going = false);
        let is_idle = || (self.shared.busy.load(Ordering::SeqCst) == 0).then_some(());
        let idle = until(Duration::from_secs(60), is_idle);
        idle.ok_or_else(|| "the workers do not stop".to_owned())
    }

    /// Lets the workers repeat what got no answer until everything has one, in time.
    pub fn finish(&self, patience: Duration) -> Result<(), String> {
        self.order(|orders| {
            orders.is_going = true;
            orders.is_finishing = true;
        });
        let is_done = || self.shared.book.with(|it| it.pending() == 0).then_some(());
        let done = until(patience, is_done);
        self.hold()?;
        done.ok_or_else(|| format!("no answer within {} s: {:?}", patience.as_secs(), self.last()))
    }

    /// Waits until so many more deeds were answered: then the service is there.
    pub fn is_served(&self, more: u64, patience: Duration) -> bool {
        let wanted = self.answered() + more;
        until(patience, || (self.answered() >= wanted).then_some(())).is_some()
    }

    /// How many deeds have been answered.
    pub fn answered(&self) -> u64 {
        self.shared.answered.load(Ordering::SeqCst)
    }

    /// How many were sent once more and told the same.
    pub fn repeated(&self) -> u64 {
        self.shared.repeated.load(Ordering::SeqCst)
    }

    /// What must not be and was, since the last time this was asked.
    pub fn breaches(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.shared.breaches))
    }

    /// What is without an answer.
    fn last(&self) -> usize {
        self.shared.book.with(|expected| expected.pending())
    }

    fn order(&self, change: impl FnOnce(&mut Orders)) {
        change(&mut lock(&self.shared.orders));
        self.shared.changed.notify_all();
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.order(|orders| orders.is_over = true);
        for worker in self.workers.drain(..) {
            let _ended = worker.join();
        }
    }
}

/// What a mutex guards; a worker that failed has left nothing half done in it.
pub fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
