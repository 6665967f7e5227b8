//! The outbox's work (A2): due mails are handed to the mail server outside any transaction, each
//! under a lease, tried again for three days. A crash repeats at most the one under way, with the
//! same Message-ID.

use jiff::{SignedDuration, Timestamp};
use obole_domain::account::MailId;
use obole_gateway::mail::{Handed, Letter, MailError};
use obole_store::Read;
use obole_store::outbox::{self, DueMail, Ending, Fate, State};

use crate::app::App;
use crate::audit_log::Actor;
use crate::clock::later;
use crate::error::Result;
use crate::suspensions::require_admin;

/// For how long a try keeps a mail from other nodes: longer than any mail server may take.
const LEASE: SignedDuration = SignedDuration::from_mins(5);

/// The wait after the first failure; it doubles with each.
const WAIT: SignedDuration = SignedDuration::from_mins(1);

/// The longest wait.
const WAIT_MAX: SignedDuration = SignedDuration::from_hours(6);

/// A mail that nobody took for so long is given up.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(3 * 24);

/// The most mails in one run; the rest is the next run's.
const MAILS_MAX: usize = 500;

/// What one run did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    /// Taken over by the mail server.
    pub handed: u64,
    /// Refused for good.
    pub refused: u64,
    /// To be tried again.
    pub postponed: u64,
    /// Not tried any more.
    pub given_up: u64,
}

/// Hands over the mails that are due. Running twice at once is harmless. It stops at the first
/// mail that the server does not take now: the others are not worn out against a dead server.
pub async fn deliver(app: &App) -> Result<Delivered> {
    let mut delivered = Delivered::default();
    for _ in 0..MAILS_MAX {
        let Some((due, lease_ends)) = take(app).await? else { break };
        // A node that was frozen here leaves the mail to whoever has taken it meanwhile.
        if app.now() >= lease_ends {
            continue;
        }
        let answer = app.mailer().send(&letter(app, &due)).await;
        match record(app, &due, answer).await? {
            State::Handed => delivered.handed += 1,
            State::Refused => delivered.refused += 1,
            State::GivenUp => delivered.given_up += 1,
            State::Queued => {
                delivered.postponed += 1;
                break;
            }
        }
    }
    Ok(delivered)
}

/// What became of a mail (A3).
pub async fn fate(read: &mut Read, mail: MailId) -> Result<Option<Fate>> {
    Ok(outbox::fate(read, mail).await?)
}

/// The Message-ID of a mail: made of its id, so the same at each try.
#[must_use]
pub fn message_id(app: &App, mail: MailId) -> String {
    let from = &app.config().mail.from;
    let host = from.rsplit_once('@').map_or("localhost", |(_, host)| host);
    format!("{mail}@{host}")
}

/// An administrator lets a mail that waits be tried at once.
pub async fn hurry(app: &App, actor: Actor, mail: MailId) -> Result<()> {
    let (now, handle) = (app.now(), app.clone());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            if outbox::hurry(tx, mail, now).await? {
                app.log(tx, actor, "mail.hurry", (mail.to_string(), String::new())).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Takes a mail for one try, and says until when nobody else does.
async fn take(app: &App) -> Result<Option<(DueMail, Timestamp)>> {
    let now = app.now();
    let lease_ends = later(now, LEASE);
    let due = app.write((), move |tx, ()| {
        Box::pin(async move { Ok(outbox::take_due(tx, now, lease_ends).await?) })
    });
    Ok(due.await?.map(|due| (due, lease_ends)))
}

/// The letter of a mail. Its Message-ID is the same at each try.
fn letter(app: &App, due: &DueMail) -> Letter {
    Letter {
        message_id: message_id(app, due.id),
        to: due.recipient.clone(),
        subject: due.subject.clone(),
        date: due.created_at,
        text: due.text.clone(),
        html: due.html.clone(),
        language: due.language.clone(),
        unsubscribe: due.unsubscribe.clone(),
    }
}

/// Notes what a try came to.
async fn record(
    app: &App,
    due: &DueMail,
    answer: std::result::Result<Handed, MailError>,
) -> Result<State> {
    let now = app.now();
    let (state, server, reply) = match answer {
        Ok(handed) => (State::Handed, handed.server, handed.reply),
        Err(MailError::Refused { server, reply }) => (State::Refused, server, reply),
        Err(MailError::Unreachable { server, detail } | MailError::Unknown { server, detail }) => {
            let is_over = now.duration_since(due.created_at) >= TRIED_FOR;
            (if is_over { State::GivenUp } else { State::Queued }, server, detail)
        }
    };
    if state != State::Handed {
        tracing::warn!(mail = %due.id, state = state.name(), server, reply, "mail not handed over");
    }
    let (due, next_at) = (due.clone(), later(now, wait(due.tries)));
    app.write((due, server, reply), move |tx, (due, server, reply)| {
        Box::pin(async move {
            if state == State::Queued {
                outbox::postpone(tx, due, (server, reply), next_at).await?;
            } else {
                outbox::end(tx, due, Ending { state, server, reply, at: now }).await?;
            }
            Ok(state)
        })
    })
    .await
}

/// The wait after so many failures before this one.
fn wait(tries: i64) -> SignedDuration {
    let doublings = u32::try_from(tries).unwrap_or(u32::MAX).min(20);
    let wait = WAIT.checked_mul(2_i32.pow(doublings)).unwrap_or(WAIT_MAX);
    wait.min(WAIT_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_six_hours() {
        let minutes = |tries| wait(tries).as_mins();
        let waits: Vec<_> = (0..10).map(minutes).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 360]);
        assert_eq!((minutes(-1), minutes(i64::MAX)), (360, 360));
    }
}
