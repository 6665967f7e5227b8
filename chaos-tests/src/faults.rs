//! The faults, each in a file of its own.

mod kill;

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
    let own: [Fault; 0] = match engine {
        "postgres" => [],
        _ => [],
    };
    both.into_iter().chain(own).collect()
}

fn none(_: &Lane) -> Option<String> {
    None
}
