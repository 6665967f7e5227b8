//! Power cuts at any write: the disk of a run is traced, and the files are built again as a cut at
//! some moment would leave them. Harsher than a disk: what was not synced is kept or lost sector by
//! sector, in no order. An instance that does not wait for its disk must lose something here; if it
//! does not, the harness sees nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::base::Copy;
use crate::chance::Chance;
use crate::check;
use crate::episode::{Episode, NOVEMBER};
use crate::expected::{At, Expected};
use crate::journal;
use crate::lane::Lane;
use crate::load::Kind;
use crate::report::Tally;
use crate::shim::{Action, Operation, Strike};
use crate::trace::Disk;
use crate::wait::pass_millis;
use crate::world::{Database, Season, World};

/// How many cuts are made of one run.
const CUTS: usize = 8;

/// How long a run under load is, in milliseconds.
const RUN: u64 = 2_500;

/// A traced run: what remains of it.
struct Traced {
    world: World,
    before: Expected,
    /// The database's files as they were before.
    files: Vec<PathBuf>,
    trace: PathBuf,
    copy: Copy,
}

/// Cuts runs of clicks and of settlements.
pub fn power(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    see(lane, tally)?;
    let mut number = 0;
    while Instant::now() < end || tally.strikes == 0 {
        number += 1;
        let is_settling = number % 3 == 0;
        let traced = record(lane, number, is_settling)?;
        cuts(lane, tally, (&traced, number), is_settling)?;
        traced.remove();
    }
    Ok(())
}

/// Without waiting for the disk something acknowledged is lost: if nothing is, nothing can be seen.
fn see(lane: &mut Lane, tally: &mut Tally) -> Result<(), String> {
    let mut unsafe_run = Tally::default();
    for number in 1..=3 {
        lane.is_unsafe = true;
        let traced = record(lane, 900 + number, false);
        lane.is_unsafe = false;
        let traced = traced?;
        let lost = cuts(lane, &mut unsafe_run, (&traced, number), false);
        traced.remove();
        if lost.is_err() {
            tally.count("loss seen where the disk is not waited for", 1);
            return Ok(());
        }
    }
    Err("an instance that does not wait for its disk lost nothing: the harness is blind".to_owned())
}

/// A run under load whose disk is traced.
fn record(lane: &mut Lane, number: u64, is_settling: bool) -> Result<Traced, String> {
    let shim = lane.shim.clone()?;
    let base = if is_settling { &lane.large } else { &lane.bare };
    let (mut copy, kept) = (base.copy("traced")?, base.copy("traced-before")?);
    let notes = copy.world.folder.with_extension("notes");
    fs::create_dir_all(&notes).map_err(|error| error.to_string())?;
    copy.world.notes.clone_from(&notes);
    let trace = notes.join("trace");
    let control = shim.trace(&mut copy.world, &trace)?;
    if is_settling {
        copy.world.season = Season::December;
    }
    if lane.is_unsafe {
        let variable = "OBOLE_DATABASE_UNSAFE_DURABILITY".to_owned();
        copy.world.variables.push((variable, "true".to_owned()));
    }
    let before = copy.expected.clone();
    let mut episode = Episode::begin(copy, lane.run.seed + number, 1)?;
    episode.go(Kind::All);
    pass_millis(RUN / 2);
    if number.is_multiple_of(2) {
        // A sync that fails loses what it should have written, and the run goes on or ends.
        let at = episode.chance.between(1, 20);
        let (operation, action) = (Operation::Sync, Action::FailIo);
        control.arm(Strike { operation, action, at, length: 1 })?;
    }
    pass_millis(RUN / 2);
    episode.kill(0);
    episode.load.hold()?;
    let files = ["obole.db", "obole.db-wal"].map(|name| kept.world.folder.join(name)).to_vec();
    let world = episode.leave()?;
    Ok(Traced { world, before, files, trace, copy: kept })
}

impl Traced {
    fn remove(self) {
        let _gone = fs::remove_dir_all(&self.world.notes);
        crate::base::remove(&self.world);
        self.copy.remove();
    }
}

/// Cuts a traced run at some moments, from early to late.
fn cuts(
    lane: &mut Lane,
    tally: &mut Tally,
    (traced, number): (&Traced, u64),
    is_settling: bool,
) -> Result<(), String> {
    let mut chance = Chance::new(lane.run.seed, &format!("cuts {number}"));
    let mut disk = Disk::open(&traced.files, &traced.trace)?;
    let length = disk.length() as u64;
    let mut places: Vec<u64> = (0..CUTS).map(|_| chance.below(length + 1)).collect();
    places.sort_unstable();
    for place in places {
        let at = disk.replay(usize::try_from(place).unwrap_or(usize::MAX))?;
        let cut = Cut { traced, at: at as u64, is_settling };
        let folder = traced.world.folder.with_extension("cut");
        cut.build(&folder, &disk, &mut chance)?;
        let checked = cut.check(lane, &folder);
        checked.map_err(|why| format!("cut at {at} of {length} of run {number}: {why}"))?;
        tally.strikes += 1;
        tally.checks += 1;
        tally.settlements += u64::from(is_settling);
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// A moment of a traced run.
struct Cut<'cut> {
    traced: &'cut Traced,
    at: u64,
    is_settling: bool,
}

impl Cut<'_> {
    /// A folder with what is left after the cut.
    fn build(&self, folder: &Path, disk: &Disk, chance: &mut Chance) -> Result<(), String> {
        crate::world::copy(&self.traced.copy.world.folder, folder)?;
        for name in ["obole.db", "obole.db-wal", "obole.db-shm"] {
            // What was never there need not be taken away.
            let _gone = fs::remove_file(folder.join(name));
        }
        disk.cut(folder, chance)
    }

    /// The instance starts on it, has what was acknowledged until then, and nothing else.
    fn check(&self, lane: &mut Lane, folder: &Path) -> Result<(), String> {
        let binary = lane.run.binary.clone();
        let mut world = World::new(folder.to_path_buf(), Database::Sqlite, binary)?;
        world.season = if self.is_settling { Season::December } else { Season::November };
        world.audit()?;
        let paths = journal::paths(&self.traced.world.notes)?;
        let expected = journal::read_until(&paths, self.traced.before.clone(), self.at)?;
        let mut node = world.serve(0)?;
        let address = node.listens()?;
        let at = At { period: world.season.period(), is_wallet_known: !self.is_settling };
        check::all(address, &self.traced.copy.cast, &expected, at)?;
        node.kill();
        if self.is_settling {
            world.well(&["settle", "--period", NOVEMBER])?;
            let shares = world.well(&["export", "shares", "--period", NOVEMBER])?;
            if shares != lane.large.shares()? {
                return Err("other shares than those of the undisturbed settlement".to_owned());
            }
        }
        world.audit()
    }
}
