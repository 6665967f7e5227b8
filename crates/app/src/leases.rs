//! What one node at a time does (D9). A lease keeps the others from doing the same in vain; it
//! makes nothing right. Whoever was frozen and wakes after another took over does no harm, because
//! correctness rests on unique keys and guarded updates.

use std::fs;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use obole_store::leases;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;

/// How long a lease lasts that nobody renews: a node that died or froze is replaced after it.
pub const LASTS: SignedDuration = SignedDuration::from_secs(60);

/// How long a renewal may take.
const RENEWAL: Duration = Duration::from_secs(10);

/// After a failure, the next node may try as soon as this.
const AGAIN: SignedDuration = SignedDuration::from_secs(60);

/// A process that takes leases, by the name that they are taken under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder(String);

impl Holder {
    /// A new one: the machine's name, for people, and a number that no other process has.
    #[must_use]
    pub fn new(app: &App) -> Self {
        let id: Uuid = app.chance().id(app.now());
        Self(format!("{} {id}", machine()))
    }
}

/// The machine's own name; empty where it does not say.
pub(crate) fn machine() -> String {
    let name = fs::read_to_string("/proc/sys/kernel/hostname");
    let name = name.or_else(|_| fs::read_to_string("/etc/hostname")).unwrap_or_default();
    name.trim().chars().take(80).collect()
}

/// Something that one node at a time does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alone {
    /// The name of its lease.
    pub name: &'static str,
    /// How long after an end it may be done again.
    pub every: SignedDuration,
    /// How often the lease is renewed meanwhile.
    pub renewed: Duration,
}

impl Alone {
    /// Done again this long after an end, the lease renewed so often that two renewals may fail.
    #[must_use]
    pub const fn new(name: &'static str, every: SignedDuration) -> Self {
        Self { name, every, renewed: Duration::from_secs(20) }
    }
}

/// Does the work if no other node does it or has done it lately; none where another does. The
/// lease is renewed meanwhile. Lost to another node, the work is dropped where it awaits.
pub async fn alone<T>(
    app: &App,
    holder: &Holder,
    what: Alone,
    work: impl Future<Output = Result<T>>,
) -> Result<Option<T>> {
    if !take(app, holder, what.name).await? {
        return Ok(None);
    }
    tracing::debug!(lease = what.name, "taken");
    let ended = tokio::select! {
        ended = work => ended,
        () = keep(app, holder, what) => {
            tracing::warn!(lease = what.name, "lost to another node");
            return Ok(None);
        }
    };
    let pause = if ended.is_ok() { what.every } else { AGAIN.min(what.every) };
    set_until(app, holder, what.name, pause).await?;
    ended.map(Some)
}

/// Takes a lease; asks first, so that a lease which another has costs no write.
async fn take(app: &App, holder: &Holder, name: &'static str) -> Result<bool> {
    let now = app.now();
    let is_free = app.read((), move |read, ()| {
        Box::pin(async move { Ok(leases::is_free(read, name, now).await?) })
    });
    if !is_free.await? {
        return Ok(false);
    }
    let times = (now, now.saturating_add(LASTS).unwrap_or(now));
    app.write(holder.clone(), move |tx, holder| {
        Box::pin(async move { Ok(leases::take(tx, name, &holder.0, times).await?) })
    })
    .await
}

/// Renews a lease until it is lost: another has it, or the database did not answer for so long
/// that another may have it.
async fn keep(app: &App, holder: &Holder, what: Alone) {
    let mut kept = Instant::now();
    loop {
        sleep(what.renewed).await;
        match timeout(RENEWAL, set_until(app, holder, what.name, LASTS)).await {
            Ok(Ok(true)) => kept = Instant::now(),
            Ok(Ok(false)) => return,
            _ if kept.elapsed() >= LASTS.unsigned_abs() => return,
            _ => {}
        }
    }
}

async fn set_until(
    app: &App,
    holder: &Holder,
    name: &'static str,
    from_now: SignedDuration,
) -> Result<bool> {
    let now = app.now();
    let until = now.saturating_add(from_now).unwrap_or(now);
    app.write(holder.clone(), move |tx, holder| {
        Box::pin(async move { Ok(leases::set_until(tx, name, &holder.0, until).await?) })
    })
    .await
}
