//! The lane of clicks: what waits when a batch ends is the next batch (D5). One batch at a time, in
//! the order of arrival; a click that cannot be done alone never fails its neighbours.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use obole_store::BoxFuture;
use tokio::sync::oneshot;

use super::batch::{self, Asked, Batch, Ended};
use crate::app::App;
use crate::error::Error;

/// The most clicks in one batch (D5).
const BATCH_MAX: usize = 256;

/// The most clicks that wait; more are told to come again.
const WAITING_MAX: usize = 10_000;

/// A click, and whom to tell how it ended.
type Waiter = (Asked, oneshot::Sender<Ended>);

/// The clicks that wait on this node.
#[derive(Default)]
pub(crate) struct Lane {
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Waiter>,
    is_running: bool,
}

impl Lane {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a click in, and waits for the commit of its batch.
    pub(super) async fn give(app: &App, asked: Asked) -> Ended {
        let (sender, ended) = oneshot::channel();
        {
            let mut queue = app.lane().queue();
            if queue.waiting.len() >= WAITING_MAX {
                return Err(Error::Busy("too many clicks wait".to_owned()));
            }
            queue.waiting.push_back((asked, sender));
            if !std::mem::replace(&mut queue.is_running, true) {
                tokio::spawn(Running { app: app.clone(), is_done: false }.run());
            }
        }
        // The sender is dropped unheard only when the lane's task was.
        ended.await.unwrap_or_else(|_| Err(Error::Busy("clicks were interrupted".to_owned())))
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

/// The task that does what waits. It ends when nothing does.
struct Running {
    app: App,
    is_done: bool,
}

impl Running {
    async fn run(mut self) {
        while let Some(waiters) = self.app.lane().next() {
            let (asked, senders): (Vec<_>, Vec<_>) = waiters.into_iter().unzip();
            let ended = done(&self.app, asked).await;
            for (sender, ended) in senders.into_iter().zip(ended) {
                // Nobody waits any more when the caller was cancelled.
                let _unheard = sender.send(ended);
            }
        }
        self.is_done = true;
    }
}

impl Drop for Running {
    /// A panic or the end of the runtime: those who wait are told, the next click begins anew.
    fn drop(&mut self) {
        if !self.is_done {
            *self.app.lane().queue() = Queue::default();
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
