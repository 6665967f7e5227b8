//! Every fsync and every write of a small settlement, one by one: the process dies before it, after
//! it or in the middle of it, or the disk refuses it. Each time the settlement is started again,
//! and comes to the shares of one that nobody disturbed.

use std::time::Instant;

use crate::chance::Chance;
use crate::episode::NOVEMBER;
use crate::lane::Lane;
use crate::report::Tally;
use crate::shim::{Action, Control, Operation, Strike};
use crate::world::{Season, World};

/// What a fsync can come to.
const SYNCS: [Action; 3] = [Action::DieBefore, Action::DieAfter, Action::FailIo];

/// What a write can come to.
const WRITES: [Action; 4] = [Action::DieBefore, Action::Tear, Action::FailIo, Action::FailFull];

/// Walks every fsync.
pub fn fsyncs(lane: &mut Lane, tally: &mut Tally, _: Instant) -> Result<(), String> {
    let (syncs, _) = count(lane)?;
    tally.count("fsyncs of a settlement", syncs);
    for action in SYNCS {
        for at in 1..=syncs {
            one(lane, tally, Strike { operation: Operation::Sync, action, at, length: 1 })?;
        }
        // One more than there are strikes nothing: all of them were walked.
        let beyond = Strike { operation: Operation::Sync, action, at: syncs + 9, length: 1 };
        let strikes = tally.strikes;
        one(lane, tally, beyond)?;
        if tally.strikes > strikes {
            return Err(format!("a settlement has more than {} fsyncs", syncs + 8));
        }
    }
    Ok(())
}

/// Walks the writes, in an order of chance, as many as there is time for.
pub fn writes(lane: &mut Lane, tally: &mut Tally, end: Instant) -> Result<(), String> {
    let (_, writes) = count(lane)?;
    tally.count("writes of a settlement", writes);
    let mut steps: Vec<(u64, Action)> =
        (1..=writes).flat_map(|at| WRITES.map(|action| (at, action))).collect();
    let mut chance = Chance::new(lane.run.seed, "writes");
    while !steps.is_empty() && (Instant::now() < end || tally.strikes == 0) {
        let (at, action) = steps.swap_remove(chance.place(steps.len()));
        one(lane, tally, Strike { operation: Operation::Write, action, at, length: 1 })?;
    }
    tally.count("left unwalked", steps.len() as u64);
    Ok(())
}

/// How many fsyncs and writes an undisturbed settlement has.
fn count(lane: &Lane) -> Result<(u64, u64), String> {
    let (world, control) = prepare(lane, "count")?;
    world.well(&["settle", "--period", NOVEMBER])?;
    let operations = control.operations()?;
    crate::base::remove(&world);
    Ok(operations)
}

fn prepare(lane: &Lane, name: &str) -> Result<(World, Control), String> {
    let shim = lane.shim.as_ref().map_err(Clone::clone)?;
    let mut world = lane.small.copy(name)?.world;
    world.season = Season::December;
    let control = shim.stand_in(&mut world)?;
    Ok((world, control))
}

/// One settlement with one strike, then again without.
fn one(lane: &mut Lane, tally: &mut Tally, strike: Strike) -> Result<(), String> {
    let wanted = lane.small.shares()?.to_owned();
    let (world, control) = prepare(lane, "walk")?;
    control.arm(strike)?;
    let output = world.run(&["settle", "--period", NOVEMBER])?;
    let has_struck = control.struck()? > 0;
    let said = || format!("{strike:?}: {}", String::from_utf8_lossy(&output.stderr));
    match (has_struck, output.status.success()) {
        (true, _) => tally.strikes += 1,
        (false, true) => {}
        (false, false) => return Err(said()),
    }
    control.disarm()?;
    let check = || {
        // What the strike left must hold by itself, half a settlement or a whole one.
        world.audit()?;
        world.well(&["settle", "--period", NOVEMBER])?;
        let shares = world.well(&["export", "shares", "--period", NOVEMBER])?;
        if shares != wanted {
            return Err("other shares than those of the undisturbed settlement".to_owned());
        }
        world.audit()
    };
    check().map_err(|sentence| format!("{}: {sentence}", said()))?;
    tally.checks += 1;
    tally.settlements += 1;
    crate::base::remove(&world);
    Ok(())
}
