//! Watching the clock (D13): a step back, or a leap of more than a day while running, holds
//! settlement and payouts until an administrator has looked. Each machine has a clock of its own,
//! so each node watches its own, and that it is not behind another's.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use obole_domain::Refusal;
use obole_store::{Read, settings};

use crate::app::App;
use crate::audit_log::Actor;
use crate::clock::Clock;
use crate::error::Result;
use crate::leases::machine;
use crate::suspensions::require_admin;

/// What precedes a machine's name where the last time that it saw is kept, and what follows last.
const SEEN: (&str, &str) = ("clock.seen.", "clock.seen/");

/// Set while an administrator has to look: what was seen, for the page.
const HELD: &str = "clock.held";

/// A clock that is corrected by less is no matter.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(2);

/// Two machines' clocks may be so far apart, with the time between two looks.
const APART: SignedDuration = SignedDuration::from_secs(60);

/// The longest leap while running.
const LEAP: SignedDuration = SignedDuration::from_hours(24);

/// When a process last looked, by the monotonic clock, and what its clock said.
#[derive(Debug, Default)]
pub(crate) struct Looked(Mutex<Option<(Instant, Timestamp)>>);

/// What one look at a clock showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whose clock.
    pub machine: String,
    /// What it says.
    pub now: Timestamp,
    /// How far it went ahead of the monotonic clock since the last look, or fell behind; none at
    /// the first look of a process.
    pub leap: Option<SignedDuration>,
}

impl Look {
    /// Whether the clock cannot be right, by the last time that its machine saw and the latest
    /// that another did.
    fn is_wrong(&self, own: Option<Timestamp>, other: Option<Timestamp>) -> bool {
        let behind = |seen: Option<Timestamp>, by| {
            seen.is_some_and(|seen| seen.duration_since(self.now) > by)
        };
        let is_off = match self.leap {
            Some(leap) => leap > LEAP || -leap > TOLERANCE,
            None => behind(own, TOLERANCE),
        };
        is_off || behind(other, APART)
    }
}

/// Compares the clock with the last times stored, and stores it. A clock that tests move is let
/// be.
pub async fn look(app: &App) -> Result<()> {
    if !matches!(app.clock(), Clock::System) {
        return Ok(());
    }
    let now = app.now();
    let leap = leap_since_last_look(app.looked(), now);
    note(app, Look { machine: machine(), now, leap }).await
}

/// How far the clock went ahead of the monotonic one since the last look.
fn leap_since_last_look(looked: &Looked, now: Timestamp) -> Option<SignedDuration> {
    let monotonic = Instant::now();
    let mut looked = looked.0.lock().unwrap_or_else(PoisonError::into_inner);
    let leap = looked.map(|(before, said)| {
        let passed = SignedDuration::try_from(monotonic.duration_since(before));
        now.duration_since(said) - passed.unwrap_or(SignedDuration::ZERO)
    });
    *looked = Some((monotonic, now));
    leap
}

/// Stores what was seen, and holds where it cannot be right. [`look`] calls it with what the
/// machine says.
pub async fn note(app: &App, look: Look) -> Result<()> {
    let handle = app.clone();
    app.write(look, move |tx, look| {
        let app = handle.clone();
        Box::pin(async move {
            let (mut own, mut other) = (None, None);
            let name = format!("{}{}", SEEN.0, look.machine);
            for (machine, text) in settings::between(tx, SEEN).await? {
                let latest = if machine == name { &mut own } else { &mut other };
                *latest = text.parse().ok().max(*latest);
            }
            settings::set(tx, &name, &look.now.to_string()).await?;
            if !look.is_wrong(own, other) || held(tx).await?.is_some() {
                return Ok(());
            }
            let before = own.max(other).unwrap_or(look.now);
            let details = format!("{before} -> {}", look.now);
            settings::set(tx, HELD, &details).await?;
            app.log(tx, Actor::Job, "clock.hold", (look.machine.clone(), details)).await
        })
    })
    .await
}

/// What an administrator has to look at; none when the clock is right.
pub async fn held(read: &mut Read) -> Result<Option<String>> {
    Ok(settings::find(read, HELD).await?)
}

/// Refuses while the clock waits for an administrator.
pub async fn refuse_held(read: &mut Read) -> Result<()> {
    if held(read).await?.is_some() { Err(Refusal::Held {}.into()) } else { Ok(()) }
}

/// An administrator looked: settlement and payouts go on.
pub async fn release(app: &App, actor: Actor) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let details = held(tx).await?.ok_or(Refusal::StateMoved {})?;
            settings::take(tx, HELD).await?;
            // What a wrong clock left would hold again.
            for (machine, _) in settings::between(tx, SEEN).await? {
                settings::take(tx, &machine).await?;
            }
            app.log(tx, actor, "clock.release", ("clock".to_owned(), details)).await
        })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<Timestamp> {
        Some(text.parse().expect("a moment"))
    }

    fn is_wrong(leap: Option<i64>, own: Option<Timestamp>, other: Option<Timestamp>) -> bool {
        let now = at("2026-01-15T12:00:00Z").expect("a moment");
        let leap = leap.map(SignedDuration::from_secs);
        Look { machine: "one".to_owned(), now, leap }.is_wrong(own, other)
    }

    #[test]
    fn a_step_back_is_seen_while_running_and_at_the_start() {
        assert!(!is_wrong(None, None, None) && !is_wrong(Some(0), None, None));
        assert!(!is_wrong(None, at("2026-01-15T12:00:02Z"), None));
        assert!(is_wrong(None, at("2026-01-15T12:00:03Z"), None));
        assert!(!is_wrong(Some(-2), None, None) && is_wrong(Some(-3), None, None));
        assert!(!is_wrong(Some(86_400), None, None) && is_wrong(Some(86_401), None, None));
        // A machine may have been off for long.
        assert!(!is_wrong(None, at("2020-01-15T12:00:00Z"), None));
    }

    #[test]
    fn two_machines_may_be_a_minute_apart() {
        assert!(!is_wrong(None, None, at("2026-01-15T12:01:00Z")));
        assert!(is_wrong(None, None, at("2026-01-15T12:01:01Z")));
        assert!(is_wrong(Some(0), None, at("2026-01-18T12:00:00Z")));
    }
}
