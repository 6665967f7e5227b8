//! The machine's clock jumps (D13): back and forth, at a start and while it runs. A jump holds
//! settlement until an administrator has looked; a closed month never opens again; clicks go on.

use std::time::{Duration, Instant, SystemTime};

use crate::check::BACK;
use crate::episode::{Episode, NOVEMBER};
use crate::lane::Lane;
use crate::load::Kind;
use crate::report::Tally;
use crate::shim::Control;
use crate::wait::pass;
use crate::world::Season;

/// 2026-11-15T12:00:00Z in seconds since 1970.
const START: i64 = 1_794_744_000;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// How long a settlement that must not be is waited for: the job that would do it comes round
/// every 20 s.
const TEMPTED: Duration = Duration::from_secs(26);

/// How long one that must be may take.
const SETTLED: Duration = Duration::from_secs(120);

/// Sets the clock that the program sees to a moment, from where it runs on.
fn set(control: &Control, seconds: i64) -> Result<(), String> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.map_err(|error| error.to_string())?.as_secs();
    let now = i64::try_from(now).map_err(|error| error.to_string())?;
    control.move_clock((seconds - now) * 1_000_000_000)
}

fn begin(lane: &Lane, seed: u64) -> Result<(Episode, Control), String> {
    let shim = lane.shim.clone()?;
    let mut copy = lane.bare.copy("clock")?;
    let control = shim.stand_in(&mut copy.world)?;
    copy.world.has_own_clock = false;
    set(&control, START)?;
    Ok((Episode::begin(copy, seed, 1)?, control))
}

/// Every jump once, and again while there is time.
pub fn jumps(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    let mut seed = lane.run.seed;
    while Instant::now() < end || tally.strikes == 0 {
        seed += 1;
        back_at_start(lane, tally, seed)?;
        if Instant::now() < end || tally.strikes < 2 {
            forth_at_start(lane, tally, seed)?;
        }
        if Instant::now() < end || tally.strikes < 4 {
            forth_while_running(lane, tally, seed)?;
        }
    }
    Ok(())
}

/// Some clicks, then all of them are there.
fn clicks(episode: &mut Episode, tally: &mut Tally) -> Result<(), String> {
    episode.go(Kind::All);
    if !episode.load.is_served(30, BACK) {
        return Err("clicks do not go on".to_owned());
    }
    episode.load.hold()?;
    episode.load.finish(BACK)?;
    episode.check(tally, true)
}

/// The process starts again with an earlier clock: it is held, and stays so when the month ends.
fn back_at_start(lane: &Lane, tally: &mut Tally, seed: u64) -> Result<(), String> {
    let (mut episode, control) = begin(lane, seed)?;
    clicks(&mut episode, tally)?;
    episode.stop()?;
    set(&control, START - HOUR)?;
    tally.strikes += 1;
    episode.revive()?;
    clicks(&mut episode, tally)?;
    episode.stop()?;
    // The month is over: by itself and by command it stays open.
    set(&control, START + 20 * DAY)?;
    episode.world.season = Season::December;
    episode.revive()?;
    refuse_settlement(&mut episode, "after a step back")?;
    clicks(&mut episode, tally)?;
    episode.world.audit()?;
    episode.end(tally)
}

/// The process starts again after the month's end, as after any night: the month is settled. Then
/// the clock goes back into the closed month: clicks land in the month that is open.
fn forth_at_start(lane: &Lane, tally: &mut Tally, seed: u64) -> Result<(), String> {
    let (mut episode, control) = begin(lane, seed)?;
    clicks(&mut episode, tally)?;
    episode.stop()?;
    set(&control, START + 20 * DAY)?;
    tally.strikes += 1;
    episode.world.season = Season::December;
    episode.revive()?;
    episode.await_shares(SETTLED)?;
    episode.compare_shares(&lane.bare)?;
    tally.settlements += 1;
    clicks(&mut episode, tally)?;
    episode.stop()?;
    set(&control, START)?;
    tally.strikes += 1;
    episode.revive()?;
    // The clock says November, which is closed: December is the lowest open month.
    clicks(&mut episode, tally)?;
    episode.world.audit()?;
    episode.end(tally)
}

/// The clock leaps over the month's end while the process runs: nothing is settled.
fn forth_while_running(lane: &Lane, tally: &mut Tally, seed: u64) -> Result<(), String> {
    let (mut episode, control) = begin(lane, seed)?;
    clicks(&mut episode, tally)?;
    set(&control, START + 20 * DAY)?;
    tally.strikes += 1;
    episode.world.season = Season::December;
    clicks(&mut episode, tally)?;
    pass(TEMPTED);
    refuse_settlement(&mut episode, "after a leap")?;
    clicks(&mut episode, tally)?;
    episode.world.audit()?;
    episode.end(tally)
}

fn refuse_settlement(episode: &mut Episode, when: &str) -> Result<(), String> {
    let output = episode.world.run(&["settle", "--period", NOVEMBER])?;
    if output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        return Err(format!("D13: {when} a month was settled: {said}"));
    }
    match episode.shares()? {
        None => Ok(()),
        Some(_) => Err(format!("D13: {when} the month was settled by itself")),
    }
}
