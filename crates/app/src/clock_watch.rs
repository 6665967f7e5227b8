//! Watching the clock (D13): a step back, or a leap of more than a day while running, holds
//! settlement and payouts until an administrator has looked.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use obole_domain::Refusal;
use obole_store::{Read, settings};

use crate::app::App;
use crate::audit_log::Actor;
use crate::clock::Clock;
use crate::error::Result;
use crate::suspensions::require_admin;

/// The last time that was seen.
const SEEN: &str = "clock.seen";

/// Set while an administrator has to look: what was seen, for the page.
const HELD: &str = "clock.held";

/// A clock that is corrected by less is no matter.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(2);

/// The longest leap while running.
const LEAP: SignedDuration = SignedDuration::from_hours(24);

/// When this process last looked, by the monotonic clock, and what the clock said.
static LOOKED: Mutex<Option<(Instant, Timestamp)>> = Mutex::new(None);

/// Compares the clock with the last time stored, and stores it. A clock that tests move is let be.
pub async fn look(app: &App) -> Result<()> {
    if !matches!(app.clock(), Clock::System) {
        return Ok(());
    }
    let now = app.now();
    let leap = leap_since_last_look(now);
    note(app, now, leap).await
}

/// How far the clock went ahead of the monotonic one since the last look.
fn leap_since_last_look(now: Timestamp) -> SignedDuration {
    let monotonic = Instant::now();
    let mut looked = LOOKED.lock().unwrap_or_else(PoisonError::into_inner);
    let leap = looked.map_or(SignedDuration::ZERO, |(before, said)| {
        let passed = SignedDuration::try_from(monotonic.duration_since(before));
        now.duration_since(said) - passed.unwrap_or(SignedDuration::ZERO)
    });
    *looked = Some((monotonic, now));
    leap
}

/// Stores what was seen, and holds where it cannot be right. [`look`] calls it with what the
/// machine says.
pub async fn note(app: &App, now: Timestamp, leap: SignedDuration) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let seen = settings::find(tx, SEEN).await?;
            let seen: Option<Timestamp> = seen.and_then(|text| text.parse().ok());
            let is_back = seen.is_some_and(|seen| seen.duration_since(now) > TOLERANCE);
            if is_back || leap > LEAP {
                let details = format!("{} -> {now}", seen.unwrap_or(now));
                settings::set(tx, HELD, &details).await?;
                app.log(tx, Actor::Job, "clock.hold", ("clock".to_owned(), details)).await?;
            }
            Ok(settings::set(tx, SEEN, &now.to_string()).await?)
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
            app.log(tx, actor, "clock.release", ("clock".to_owned(), details)).await
        })
    })
    .await
}
