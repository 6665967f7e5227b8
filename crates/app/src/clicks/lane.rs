//! The lanes of clicks: what waits when a batch ends is the next batch (D5), in the order of
//! arrival. A click that cannot be done alone never fails its neighbours.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use obole_domain::AccountId;
use obole_store::{BoxFuture, Engine};
use tokio::sync::{Notify, oneshot};

use super::batch::{self, Asked, Batch, Ended};
use crate::app::App;
use crate::error::Error;

/// The most clicks in one batch, and how long one may be put off for more (D5).
const BATCH_MAX: usize = 256;
const GATHER_MAX: Duration = Duration::from_millis(5);

/// The shortest time that is worth waiting: timers are no finer.
const GATHER_MIN: Duration = Duration::from_millis(1);

/// The most clicks that wait in a lane; more are told to come again.
const WAITING_MAX: usize = 10_000;

/// How many lanes there are where transactions run side by side. An account has one of them.
const LANES: usize = 3;

/// A click, and whom to tell how it ended.
type Waiter = (Asked, oneshot::Sender<Ended>);

/// The clicks that wait on this node.
pub(crate) struct Lanes(Vec<Arc<Lane>>);

impl Lanes {
    /// SQLite has one writer; PostgreSQL does one batch while another one's commit is written.
    pub fn new(engine: Engine) -> Self {
        let count = if engine == Engine::Sqlite { 1 } else { LANES };
        Self((0..count).map(|_| Arc::default()).collect())
    }

    fn of(&self, patron: AccountId) -> Arc<Lane> {
        let mut hasher = DefaultHasher::new();
        patron.uuid().hash(&mut hasher);
        let place = hasher.finish() as usize % self.0.len().max(1);
        self.0.get(place).cloned().unwrap_or_default()
    }

    /// Puts a click in, and waits for the commit of its batch.
    pub(super) async fn give(app: &App, asked: Asked) -> Ended {
        let lane = app.lanes().of(asked.giver.patron);
        let (sender, ended) = oneshot::channel();
        if lane.put((asked, sender))? {
            let running = Running { app: app.clone(), lane, is_done: false };
            tokio::spawn(running.run());
        }
        // The sender is dropped unheard only when the lane's task was.
        ended.await.unwrap_or_else(|_| Err(Error::Busy("clicks were interrupted".to_owned())))
    }
}

/// One lane: one batch at a time.
#[derive(Default)]
struct Lane {
    queue: Mutex<Queue>,
    is_full: Notify,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiter>,
    is_running: bool,
    /// How many clicks are gathered before the next batch begins; 0 when none are.
    wanted: usize,
    /// How many the last batch had, and how long it took.
    last: (usize, Duration),
}

impl Lane {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a click in and says whether somebody has to begin.
    fn put(&self, waiter: Waiter) -> Result<bool, Error> {
        let mut queue = self.queue();
        if queue.waiting.len() >= WAITING_MAX {
            return Err(Error::Busy("too many clicks wait".to_owned()));
        }
        queue.waiting.push_back(waiter);
        if queue.waiting.len() == queue.wanted {
            self.is_full.notify_one();
        }
        Ok(!std::mem::replace(&mut queue.is_running, true))
    }

    /// Those whom the last batch answered come back in a moment: a commit is worth waiting for as
    /// many, if not for longer than half of what the last one took.
    async fn gather(&self) {
        let pause = {
            let mut queue = self.queue();
            let (count, took) = queue.last;
            let pause = (took / 2).min(GATHER_MAX);
            if queue.waiting.len() >= count || pause < GATHER_MIN {
                return;
            }
            queue.wanted = count;
            pause
        };
        let _in_time = tokio::time::timeout(pause, self.is_full.notified()).await;
        self.queue().wanted = 0;
    }

    /// The next clicks; none when the lane is empty and rests. Who does not wait any more is left.
    fn next(&self) -> Option<Vec<Waiter>> {
        let mut queue = self.queue();
        let mut next = Vec::new();
        while next.len() < BATCH_MAX
            && let Some(waiter) = queue.waiting.pop_front()
        {
            if !waiter.1.is_closed() {
                next.push(waiter);
            }
        }
        queue.is_running = !next.is_empty();
        queue.is_running.then_some(next)
    }
}

/// The task that does what waits in a lane. It ends when nothing does.
struct Running {
    app: App,
    lane: Arc<Lane>,
    is_done: bool,
}

impl Running {
    async fn run(mut self) {
        self.lane.gather().await;
        while let Some(waiters) = self.lane.next() {
            let (asked, senders): (Vec<_>, Vec<_>) = waiters.into_iter().unzip();
            let begun = Instant::now();
            let ended = done(&self.app, asked).await;
            self.lane.queue().last = (senders.len(), begun.elapsed());
            for (sender, ended) in senders.into_iter().zip(ended) {
                // Nobody waits any more when the caller was cancelled.
                let _unheard = sender.send(ended);
            }
            self.lane.gather().await;
        }
        self.is_done = true;
    }
}

impl Drop for Running {
    /// A panic or the end of the runtime: those who wait are told, the next click begins anew.
    fn drop(&mut self) {
        if !self.is_done {
            *self.lane.queue() = Queue::default();
        }
    }
}

/// Does clicks in one transaction; where it fails for another reason than that the database has no
/// time or is out of reach, each half by itself, down to the click that cannot be done.
fn done(app: &App, asked: Vec<Asked>) -> BoxFuture<'_, Vec<Ended>> {
    Box::pin(async move {
        let count = asked.len();
        let batch = Arc::new(Batch::new(app, asked));
        let error = match batch::run(app, &batch).await {
            Ok(ended) => return ended,
            Err(error) => error,
        };
        let is_for_all = matches!(error, Error::Busy(_) | Error::Unavailable(_));
        if count == 1 || is_for_all {
            return vec![Err(error); count];
        }
        tracing::warn!(%error, count, "clicks failed together; each half is tried by itself");
        let mut first = Arc::unwrap_or_clone(batch).asked;
        let second = first.split_off(count / 2);
        let mut ended = done(app, first).await;
        ended.extend(done(app, second).await);
        ended
    })
}
