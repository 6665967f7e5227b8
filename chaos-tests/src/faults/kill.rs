//! kill -9 at random moments: while clicks come in, and while a month is settled.

use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::episode::{Episode, NOVEMBER};
use crate::lane::Lane;
use crate::load::Kind;
use crate::report::Tally;
use crate::wait::pass_millis;
use crate::world::Season;

/// How long a settlement may take by itself once nobody disturbs any more.
const SETTLED: Duration = Duration::from_secs(120);

/// Kills the process while clicks come in, and again while it recovers.
pub fn clicks(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    let copy = lane.bare.copy("kill-clicks")?;
    let mut episode = Episode::begin(copy, lane.run.seed, 1)?;
    while Instant::now() < end || tally.strikes == 0 {
        episode.go(Kind::All);
        pass_millis(episode.chance.between(20, 300));
        episode.kill(0);
        tally.strikes += 1;
        episode.load.hold()?;
        while episode.chance.percent(30) {
            let mut node = episode.world.serve(0)?;
            pass_millis(episode.chance.between(0, 120));
            node.kill();
            tally.strikes += 1;
        }
        episode.revive()?;
        episode.check(tally, true)?;
        episode.world.audit()?;
    }
    episode.settle_accounts(tally)?;
    episode.settle(&lane.bare, tally)?;
    episode.end(tally)
}

/// Kills the process while it settles a month and takes the clicks of the next.
pub fn settlement(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    let wanted = lane.large.shares()?.to_owned();
    let mut seed = lane.run.seed;
    while Instant::now() < end || tally.strikes == 0 {
        seed += 1;
        one_settlement(lane, tally, (seed, &wanted))?;
    }
    Ok(())
}

fn one_settlement(
    lane: &Lane,
    tally: &mut Tally,
    (seed, wanted): (u64, &str),
) -> Result<(), String> {
    let mut copy = lane.large.copy("kill-settlement")?;
    copy.world.season = Season::December;
    let mut episode = Episode::idle(copy, seed, 1)?;
    while episode.shares()?.is_none() {
        episode.revive()?;
        episode.go(Kind::All);
        // The command beside the server: started twice, each share is paid once.
        let beside = episode.chance.percent(50).then(|| {
            let mut command = episode.world.command();
            command.args(["settle", "--period", NOVEMBER]);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            command.spawn().map_err(|error| error.to_string())
        });
        let mut beside = beside.transpose()?;
        // Mostly too soon for a chunk; now and then long enough for one, so that it ends.
        let most = if episode.chance.percent(35) { 900 } else { 250 };
        pass_millis(episode.chance.between(10, most));
        episode.kill(0);
        tally.strikes += 1;
        if let Some(child) = &mut beside {
            let was_running = child.try_wait().is_ok_and(|ended| ended.is_none());
            let _already_ended = child.kill();
            let _status = child.wait();
            tally.strikes += u64::from(was_running);
        }
        episode.load.hold()?;
        // Not each time: the settlement goes on while everything is looked at.
        if episode.chance.percent(20) {
            episode.revive()?;
            episode.check(tally, false)?;
        }
    }
    episode.revive()?;
    let shares = episode.await_shares(SETTLED)?;
    if shares != wanted {
        return Err("the shares are not those of the undisturbed settlement".to_owned());
    }
    episode.compare_shares(&lane.large)?;
    tally.settlements += 1;
    episode.settle_accounts(tally)?;
    episode.end(tally)
}
