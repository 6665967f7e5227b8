//! Two nodes on one PostgreSQL: one is killed, or frozen for longer than anybody waits for it,
//! while the month is settled and clicks come in on both.

use std::time::{Duration, Instant};

use crate::check::BACK;
use crate::episode::Episode;
use crate::lane::Lane;
use crate::load::Kind;
use crate::report::Tally;
use crate::wait::pass;
use crate::world::Season;

/// How long a node is frozen: longer than the server lets a transaction stand idle (15 s) and than
/// a lease lasts.
const FROZEN: Duration = Duration::from_secs(17);

/// How long a settlement may take by itself once nobody disturbs any more.
const SETTLED: Duration = Duration::from_secs(180);

/// Kills one of the nodes, again and again.
pub fn kill(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    settlements(lane, tally, end, |episode| {
        let number = episode.chance.place(2);
        episode.kill(number);
        Ok(())
    })
}

/// Freezes one of the nodes in the middle of whatever it does; the other goes on.
pub fn freeze(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    settlements(lane, tally, end, |episode| {
        let number = episode.chance.place(2);
        episode.node(number)?.freeze()?;
        // The one that is left has to serve everybody meanwhile.
        let is_served = episode.load.is_served(6, FROZEN + BACK);
        pass(FROZEN);
        episode.node(number)?.thaw()?;
        if is_served { Ok(()) } else { Err("nobody was served while a node was frozen".to_owned()) }
    })
}

fn settlements(
    lane: &mut Lane,
    tally: &mut Tally,
    end: Instant,
    blow: fn(&mut Episode) -> Result<(), String>,
) -> Result<(), String> {
    let wanted = lane.large.shares()?.to_owned();
    let mut seed = lane.run.seed;
    while Instant::now() < end || tally.strikes == 0 {
        seed += 1;
        let mut copy = lane.large.copy("nodes")?;
        copy.world.season = Season::December;
        let mut episode = Episode::begin(copy, seed, 2)?;
        loop {
            // Who waits for a frozen node asks the other one.
            episode.go(Kind::Keyed);
            pass(Duration::from_millis(episode.chance.between(20, 700)));
            blow(&mut episode)?;
            tally.strikes += 1;
            episode.load.hold()?;
            let is_settled = episode.shares()?.is_some();
            episode.revive()?;
            if is_settled || Instant::now() >= end {
                break;
            }
        }
        episode.go(Kind::Keyed);
        let shares = episode.await_shares(SETTLED)?;
        if shares != wanted {
            return Err("the shares are not those of the undisturbed settlement".to_owned());
        }
        episode.load.hold()?;
        episode.compare_shares(&lane.large)?;
        tally.settlements += 1;
        episode.settle_accounts(tally)?;
        episode.end(tally)?;
    }
    Ok(())
}
