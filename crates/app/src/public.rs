//! The state of what everybody can see, as a number: while it stays the same, no public page and no
//! button has changed, and what was made of it may be shown again.
//!
//! Everything that changes what is public is in the audit log (G1), which appends in one order on
//! all nodes. So nothing else has to be written for caches to be right: a command of this process
//! counts when it has committed, and [`look`] reads the log's end for those of others.

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use obole_domain::CanonicalUrl;
use obole_store::{accounts, audit_log, shares, works};

use crate::app::App;
use crate::error::Result;

/// What is logged and changes nothing that everybody can see. Anything else counts as a change: a
/// new action that is forgotten here costs a rendering, not a stale page.
const PRIVATE: [&str; 31] = [
    "account.confirm",
    "account.create",
    "account.email",
    "account.password",
    "account.read",
    "accounts.read",
    "app.change",
    "app.delete",
    "app.kind",
    "app.register",
    "app.secret",
    "audit.release",
    "clock.hold",
    "clock.release",
    "grant.create",
    "grant.revoke",
    "mail.hurry",
    "mails.read",
    "payout.reverse",
    "payout-batch.approve",
    "payout-batch.create",
    "payout-batch.discard",
    "payout-batch.hand-out",
    "payout-batch.mark-sent",
    "refund.decline",
    "refund.execute",
    "settlement.begin",
    "token.create",
    "token.revoke",
    "voucher.create",
    "voucher.void",
];

/// Records of the log that are read at once.
const RECORDS: i64 = 500;

/// What this process knows of the public state.
#[derive(Debug, Default)]
pub(crate) struct PublicState {
    /// The number itself.
    number: AtomicU64,
    /// How many records about something public were appended by this process, committed or not.
    logged: AtomicU64,
    /// The last record of the log that [`look`] has seen; negative before it has looked.
    seen: AtomicI64,
    /// The day, in the instance's zone, that the number was last looked at.
    day: AtomicI64,
}

impl PublicState {
    /// Notes that a record was appended in a transaction that has not ended yet.
    pub(crate) fn note(&self, action: &str) {
        if is_public(action) {
            self.logged.fetch_add(1, Ordering::SeqCst);
        }
    }

    fn change(&self) {
        self.number.fetch_add(1, Ordering::SeqCst);
    }
}

/// Watches one transaction: when it ends and something public was logged meanwhile, the number
/// changes. That another's record may be counted too only costs a rendering.
pub(crate) struct Watch<'app> {
    state: &'app PublicState,
    logged: u64,
}

impl<'app> Watch<'app> {
    pub(crate) fn begin(state: &'app PublicState) -> Self {
        Self { state, logged: state.logged.load(Ordering::SeqCst) }
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        if self.state.logged.load(Ordering::SeqCst) != self.logged {
            self.state.change();
        }
    }
}

fn is_public(action: &str) -> bool {
    !PRIVATE.contains(&action)
}

impl App {
    /// The number of the public state. Read it *before* what is rendered is read: what is made of
    /// an older state then carries an older number.
    #[must_use]
    pub fn public_number(&self) -> u64 {
        self.public().number.load(Ordering::SeqCst)
    }
}

/// Looks whether others have changed what everybody can see, or a new day has begun, on which
/// public counters are counted afresh (P2).
pub async fn look(app: &App) -> Result<()> {
    let state = app.public();
    let day = i64::from(app.now().to_zoned(app.zone().clone()).date().day());
    if state.day.swap(day, Ordering::SeqCst) != day {
        state.change();
    }
    let seen = state.seen.load(Ordering::SeqCst);
    let news = app.read((), move |read, ()| {
        Box::pin(async move {
            let last = audit_log::last_number(read).await?;
            // After a long silence, and at the first look, it does not matter what was done.
            let is_far = last - seen > RECORDS;
            let actions = if is_far || last == seen {
                Vec::new()
            } else {
                audit_log::actions_after(read, seen, RECORDS).await?
            };
            Ok((last, is_far || actions.iter().any(|action| is_public(action))))
        })
    });
    let (last, is_changed) = news.await?;
    state.seen.store(last, Ordering::SeqCst);
    if is_changed {
        state.change();
    }
    Ok(())
}

/// How many patrons a work had in its best month, for its public counter; none where nobody
/// controls it (C7), where its owner refuses or is suspended, or where the operator shows no
/// counters (P2).
pub async fn patrons_of(app: &App, url: CanonicalUrl) -> Result<Option<i64>> {
    if !app.config().instance.public_counters {
        return Ok(None);
    }
    app.read(url, |read, url| {
        Box::pin(async move {
            let work = works::find_by_url(read, url).await?;
            let work = work.filter(|work| work.refused_at.is_none());
            let Some((id, owner)) = work.and_then(|work| Some((work.id, work.owner?))) else {
                return Ok(None);
            };
            let owner = accounts::find(read, owner).await?;
            if owner.is_none_or(|owner| owner.suspended_at.is_some()) {
                return Ok(None);
            }
            Ok(Some(shares::patrons_most(read, id).await?))
        })
    })
    .await
}
