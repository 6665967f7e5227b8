//! Whole drives: a small one that fills up, and one whose power is cut while it is written to.

use std::sync::Arc;
use std::time::Instant;

use crate::base::{Base, Copy, Size};
use crate::check::BACK;
use crate::drive::Drive;
use crate::episode::Episode;
use crate::lane::Lane;
use crate::load::Kind;
use crate::postgres::Cluster;
use crate::report::Tally;
use crate::wait::pass_millis;
use crate::world::Database;

/// How large the drives are, in mebibytes: room for the file, for its log of 16, and little else.
const FILE: u64 = 64;
const SERVER: u64 = 320;

/// A copy of the bare instance whose data are on a drive, its notes beside it. PostgreSQL gets a
/// server of its own there.
fn on_drive(lane: &Lane, drive: &Drive) -> Result<(Base, Option<Arc<Cluster>>), String> {
    let (binary, name) = (lane.run.binary.clone(), format!("drive-{}", lane.run.seed));
    if lane.engine == "sqlite" {
        let folder = drive.folder.join("base");
        let base = Base::make(folder, Database::Sqlite, binary, (&name, Size::Bare))?;
        return Ok((base, None));
    }
    let programs = lane.run.postgres.as_ref().ok_or("PostgreSQL is not installed")?;
    let cluster = Arc::new(Cluster::start(programs, &drive.folder.join("cluster"))?);
    let database = Database::Postgres(Arc::clone(&cluster), String::new());
    // The server's machine is another one: what the program keeps beside it stays.
    let folder = drive.folder.with_extension("files").join("base");
    let base = Base::make(folder, database, binary, (&name, Size::Bare))?;
    Ok((base, Some(cluster)))
}

fn size(lane: &Lane) -> u64 {
    if lane.engine == "sqlite" { FILE } else { SERVER }
}

fn begin(lane: &Lane, base: &Base, drive: &Drive) -> Result<Episode, String> {
    let mut copy: Copy = base.copy("on-drive")?;
    let notes = drive.folder.with_extension("notes");
    std::fs::create_dir_all(&notes).map_err(|error| error.to_string())?;
    copy.world.notes = notes;
    Episode::begin(copy, lane.run.seed, 1)
}

/// Fills the drive while clicks come in, and empties it again.
pub fn fill(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    let drive = Drive::in_memory(lane.folder.join("small-drive"), size(lane))?;
    let (base, cluster) = on_drive(lane, &drive)?;
    let mut episode = begin(lane, &base, &drive)?;
    while Instant::now() < end || tally.strikes == 0 {
        episode.go(Kind::All);
        pass_millis(episode.chance.between(20, 200));
        drive.fill()?;
        tally.strikes += 1;
        pass_millis(episode.chance.between(200, 1_200));
        if cluster.is_none() && episode.ended() == 0 {
            episode.reads().map_err(|sentence| format!("while the drive is full: {sentence}"))?;
            tally.count("reads meanwhile", 1);
        }
        drive.free()?;
        if let Some(cluster) = &cluster {
            // A server that gave up is started again, as a service manager does.
            cluster.revive()?;
        }
        back(&mut episode, tally)?;
    }
    end_episode(episode, &base, tally)
}

/// Cuts the drive's power while clicks come in.
pub fn power(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    let mut drive = Drive::in_file(lane.folder.join("cut-drive"), size(lane))?;
    let (base, cluster) = on_drive(lane, &drive)?;
    let mut episode = begin(lane, &base, &drive)?;
    drive.sync()?;
    while Instant::now() < end || tally.strikes == 0 {
        episode.go(Kind::All);
        pass_millis(episode.chance.between(50, 700));
        let copy = match &cluster {
            None => {
                episode.node(0)?.freeze()?;
                let copy = drive.copy_unsynced()?;
                episode.kill(0);
                copy
            }
            Some(cluster) => {
                cluster.freeze()?;
                let copy = drive.copy_unsynced()?;
                cluster.kill_all()?;
                copy
            }
        };
        tally.strikes += 1;
        if cluster.is_none() {
            episode.load.hold()?;
        }
        drive.replace(copy)?;
        if let Some(cluster) = &cluster {
            cluster.resume()?;
        }
        back(&mut episode, tally)?;
    }
    end_episode(episode, &base, tally)
}

/// The service is there again, and nothing is lost.
fn back(episode: &mut Episode, tally: &mut Tally) -> Result<(), String> {
    tally.count("ended by themselves", episode.ended());
    episode.revive()?;
    episode.go(Kind::All);
    if !episode.load.is_served(8, BACK) {
        return Err(format!("the service is not back within {} s", BACK.as_secs()));
    }
    episode.load.hold()?;
    episode.revive()?;
    episode.check(tally, true)?;
    episode.world.audit()
}

fn end_episode(mut episode: Episode, base: &Base, tally: &mut Tally) -> Result<(), String> {
    episode.settle_accounts(tally)?;
    episode.settle(base, tally)?;
    episode.end(tally)
}
