//! The faults, each in a file of its own: what strikes, and what is checked after.

mod clock;
mod cut;
mod disk;
mod drives;
mod kill;
mod nodes;
mod server;
mod walk;

use crate::drive::Drive;
use crate::lane::{Fault, Lane, Strike};

fn fault(name: &'static str, weight: u32, strike: Strike) -> Fault {
    Fault { name, weight, strike, obstacle: |_| None }
}

fn with_shim(name: &'static str, weight: u32, strike: Strike) -> Fault {
    let obstacle = |lane: &Lane| lane.shim.as_ref().err().cloned();
    Fault { name, weight, strike, obstacle }
}

fn with_memory(name: &'static str, weight: u32, strike: Strike) -> Fault {
    Fault { name, weight, strike, obstacle: |lane| Drive::obstacle_in_memory(&lane.folder) }
}

fn with_file(name: &'static str, weight: u32, strike: Strike) -> Fault {
    Fault { name, weight, strike, obstacle: |lane| Drive::obstacle_in_file(&lane.folder) }
}

/// The faults of an engine in their order.
pub fn of(engine: &str) -> Vec<Fault> {
    let mut faults = vec![
        fault("kill -9 during clicks", 6, kill::clicks),
        fault("kill -9 during settlement", 8, kill::settlement),
        with_file("power cut of a drive", 6, drives::power),
        with_memory("a drive that fills up", 3, drives::fill),
    ];
    if engine == "postgres" {
        faults.extend([
            fault("PostgreSQL killed", 6, server::kill),
            fault("PostgreSQL hung", 5, server::hang),
            fault("sessions cut", 3, server::sessions),
            fault("one of two nodes killed", 6, nodes::kill),
            fault("one of two nodes frozen", 8, nodes::freeze),
        ]);
    } else {
        faults.extend([
            with_shim("every fsync of a settlement", 4, walk::fsyncs),
            with_shim("the writes of a settlement", 4, walk::writes),
            with_shim("disk errors under load", 4, disk::errors),
            with_shim("a full disk under load", 3, disk::full),
            with_shim("power cuts at any write", 8, cut::power),
            with_shim("clock jumps", 7, clock::jumps),
        ]);
    }
    faults
}
