//! The faults, each in a file of its own.

mod cut;
mod disk;
mod kill;
mod walk;

use crate::lane::{Fault, Lane};

/// The faults of an engine in their order.
pub fn of(engine: &str) -> Vec<Fault> {
    let both = [
        Fault { name: "kill -9 during clicks", weight: 6, strike: kill::clicks, obstacle: none },
        Fault {
            name: "kill -9 during settlement",
            weight: 6,
            strike: kill::settlement,
            obstacle: none,
        },
    ];
    let own = match engine {
        "postgres" => Vec::new(),
        _ => of_a_file(),
    };
    both.into_iter().chain(own).collect()
}

/// Those that strike the one file and its one process.
fn of_a_file() -> Vec<Fault> {
    vec![
        Fault {
            name: "every fsync of a settlement",
            weight: 4,
            strike: walk::fsyncs,
            obstacle: no_shim,
        },
        Fault {
            name: "the writes of a settlement",
            weight: 4,
            strike: walk::writes,
            obstacle: no_shim,
        },
        Fault {
            name: "disk errors under load",
            weight: 4,
            strike: disk::errors,
            obstacle: no_shim,
        },
        Fault { name: "a full disk under load", weight: 3, strike: disk::full, obstacle: no_shim },
        Fault { name: "power cuts at any write", weight: 6, strike: cut::power, obstacle: no_shim },
    ]
}

/// Without the library nothing stands between the program and its disk.
fn no_shim(lane: &Lane) -> Option<String> {
    lane.shim.as_ref().err().cloned()
}

fn none(_: &Lane) -> Option<String> {
    None
}
