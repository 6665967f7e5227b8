//! PostgreSQL under Obole: killed, hung, its sessions cut. Durability is as shipped. Obole goes on
//! by itself when the server is there again.

use std::sync::Arc;
use std::time::Instant;

use crate::check::BACK;
use crate::episode::Episode;
use crate::lane::Lane;
use crate::load::Kind;
use crate::postgres::Cluster;
use crate::report::Tally;
use crate::wait::pass_millis;
use crate::world::Database;

/// What happens to the server.
type Blow = fn(&mut Episode, &Cluster, &mut Tally) -> Result<(), String>;

fn cluster(lane: &Lane) -> Result<Arc<Cluster>, String> {
    match &lane.database {
        Database::Postgres(cluster, _) => Ok(Arc::clone(cluster)),
        Database::Sqlite => Err("a file has no server".to_owned()),
    }
}

/// Strikes the server again and again under two nodes and their load.
fn strike(
    lane: &mut Lane,
    tally: &mut Tally,
    end: Instant,
    (name, blow): (&str, Blow),
) -> Result<(), String> {
    let cluster = cluster(lane)?;
    // A request that waits for a frozen server is repeated while it is on its way.
    let kind = if name == "hang" { Kind::Keyed } else { Kind::All };
    let mut episode = Episode::begin(lane.bare.copy(name)?, lane.run.seed, 2)?;
    while Instant::now() < end || tally.strikes == 0 {
        episode.go(kind);
        pass_millis(episode.chance.between(30, 500));
        blow(&mut episode, &cluster, tally)?;
        let ended = episode.ended();
        if ended > 0 {
            return Err(format!("{ended} nodes ended because the server was away"));
        }
        if !episode.load.is_served(12, BACK) {
            return Err(format!("the service is not back within {} s", BACK.as_secs()));
        }
        episode.load.hold()?;
        episode.check(tally, true)?;
        episode.world.audit()?;
    }
    episode.settle_accounts(tally)?;
    episode.settle(&lane.bare, tally)?;
    episode.end(tally)
}

/// Kills the server's first process, all of them, or stops it without its shutdown.
pub fn kill(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    strike(
        lane,
        tally,
        end,
        ("server-kill", |episode, cluster, tally| {
            match episode.chance.below(3) {
                0 => cluster.kill()?,
                1 => cluster.kill_all()?,
                _ => cluster.stop_immediately()?,
            }
            tally.strikes += 1;
            pass_millis(episode.chance.between(0, 300));
            cluster.resume()
        }),
    )
}

/// Freezes every process of the server for a while.
pub fn hang(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    strike(
        lane,
        tally,
        end,
        ("hang", |episode, cluster, tally| {
            cluster.freeze()?;
            tally.strikes += 1;
            pass_millis(episode.chance.between(200, 4_000));
            cluster.thaw()
        }),
    )
}

/// Cuts every connection of Obole's.
pub fn sessions(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    strike(
        lane,
        tally,
        end,
        ("sessions", |episode, cluster, tally| {
            let Database::Postgres(_, name) = &episode.world.database else { return Ok(()) };
            tally.count("sessions cut", cluster.terminate(name)?);
            tally.strikes += 1;
            Ok(())
        }),
    )
}
