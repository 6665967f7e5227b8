//! A disk that refuses: I/O errors and no space, for a moment or a while, under load (D12). What
//! was acknowledged stays, reads go on, and the service is there again by itself.

use std::time::{Duration, Instant};

use crate::check::BACK;
use crate::episode::Episode;
use crate::lane::Lane;
use crate::load::Kind;
use crate::report::Tally;
use crate::shim::{Action, Control, Operation, Strike};
use crate::wait::{pass_millis, until};

/// How long something that is armed may take until it strikes.
const STRIKES: Duration = Duration::from_secs(10);

/// How long the service is waited for before its process is looked after again.
const LOOK: Duration = Duration::from_secs(5);

/// Errors of single operations: the Nth write or fsync from now on.
pub fn errors(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    let (mut episode, control) = begin(lane, "disk-errors")?;
    while Instant::now() < end || tally.strikes == 0 {
        let draw = &mut episode.chance;
        let operation = if draw.percent(50) { Operation::Sync } else { Operation::Write };
        let action = match draw.below(4) {
            0 => Action::FailFull,
            1 => Action::DieBefore,
            _ => Action::FailIo,
        };
        let strike = Strike { operation, action, at: draw.between(1, 40), length: 1 };
        episode.go(Kind::All);
        control.arm(strike)?;
        let struck = until(STRIKES, || control.struck().ok().filter(|struck| *struck > 0));
        struck.ok_or_else(|| format!("{strike:?} never struck"))?;
        tally.strikes += 1;
        after(&mut episode, tally, &format!("{strike:?}"))?;
    }
    episode.settle_accounts(tally)?;
    episode.settle(&lane.bare, tally)?;
    episode.end(tally)
}

/// A disk that is full for a while: every write is refused until there is space again.
pub fn full(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    let (mut episode, control) = begin(lane, "disk-full")?;
    while Instant::now() < end || tally.strikes == 0 {
        episode.go(Kind::All);
        pass_millis(episode.chance.between(20, 200));
        let at = episode.chance.between(1, 10);
        let strike =
            Strike { operation: Operation::Write, action: Action::FailFull, at, length: u64::MAX };
        control.arm(strike)?;
        let struck = until(STRIKES, || control.struck().ok().filter(|struck| *struck > 0));
        struck.ok_or("a full disk that nobody wrote to")?;
        tally.strikes += 1;
        pass_millis(episode.chance.between(50, 600));
        // Reads go on.
        if episode.ended() == 0 {
            episode.reads().map_err(|sentence| format!("while the disk is full: {sentence}"))?;
            tally.count("reads meanwhile", 1);
        }
        control.disarm()?;
        after(&mut episode, tally, "a full disk")?;
    }
    episode.settle_accounts(tally)?;
    episode.settle(&lane.bare, tally)?;
    episode.end(tally)
}

fn begin(lane: &Lane, name: &str) -> Result<(Episode, Control), String> {
    let shim = lane.shim.as_ref().map_err(Clone::clone)?;
    let mut copy = lane.bare.copy(name)?;
    let control = shim.stand_in(&mut copy.world)?;
    Ok((Episode::begin(copy, lane.run.seed, 1)?, control))
}

/// The disk works again: the service must be there by itself, or end so that it is started again;
/// nothing is lost.
fn after(episode: &mut Episode, tally: &mut Tally, what: &str) -> Result<(), String> {
    let named = |sentence: String| format!("after {what}: {sentence}");
    let by = Instant::now() + BACK;
    loop {
        // A process that means to end may take a moment for it: it is looked after until all is
        // well, as by a service manager.
        pass_millis(30);
        tally.count("ended by themselves", episode.ended());
        episode.revive().map_err(named)?;
        if episode.load.is_served(8, LOOK) {
            break;
        }
        if Instant::now() >= by {
            let late = format!("the service is not back within {} s", BACK.as_secs());
            return Err(named(late));
        }
    }
    episode.load.hold()?;
    episode.revive().map_err(named)?;
    episode.check(tally, true).map_err(named)?;
    episode.world.audit().map_err(named)
}
