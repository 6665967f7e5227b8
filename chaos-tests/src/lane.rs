//! The faults of one engine, one after the other, each in its share of the time.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::base::{Base, Size};
use crate::faults;
use crate::postgres::Cluster;
use crate::report::Tally;
use crate::shim::Shim;
use crate::world::Database;

/// What a run is told.
#[derive(Clone, Debug)]
pub struct Run {
    pub seed: u64,
    pub time: Duration,
    /// The program.
    pub binary: PathBuf,
    /// Where PostgreSQL's programs are.
    pub postgres: Option<PathBuf>,
    /// Where everything happens.
    pub folder: PathBuf,
    /// Only faults with this in their name.
    pub only: String,
}

/// What the faults of an engine share.
pub struct Lane {
    pub run: Run,
    pub engine: &'static str,
    /// The engine's own folder.
    pub folder: PathBuf,
    pub database: Database,
    pub bare: Base,
    pub small: Base,
    pub large: Base,
    /// What stands between the program and its disk; a sentence where it cannot be had.
    pub shim: Result<Shim, String>,
    /// Whether the program is told not to wait for its disk: to see whether that is seen.
    pub is_unsafe: bool,
}

/// How a fault goes: until a moment, at least once.
pub type Strike = fn(&mut Lane, &mut Tally, Instant) -> Result<(), String>;

/// A fault: its name, its part of the time, and how it goes.
pub struct Fault {
    pub name: &'static str,
    pub weight: u32,
    pub strike: Strike,
    /// Why it cannot run here; none where it can.
    pub obstacle: fn(&Lane) -> Option<String>,
}

impl Lane {
    /// The instances that are copied.
    pub fn open(run: &Run, engine: &'static str) -> Result<Self, String> {
        let folder = run.folder.join(engine);
        let database = match engine {
            "postgres" => {
                let programs = run.postgres.as_ref().ok_or("PostgreSQL is not installed")?;
                let cluster = Cluster::start(programs, &folder.join("cluster"))?;
                Database::Postgres(Arc::new(cluster), String::new())
            }
            _ => Database::Sqlite,
        };
        let name = format!("chaos-{}", run.seed);
        let make = |size, name_of_folder: &str| {
            let folder = folder.join(name_of_folder);
            Base::make(folder, database.clone(), run.binary.clone(), (&name, size))
        };
        Ok(Self {
            run: run.clone(),
            engine,
            bare: make(Size::Bare, "bare")?,
            small: make(Size::Small, "small")?,
            large: make(Size::Large, "large")?,
            shim: Shim::compile(&folder),
            is_unsafe: false,
            folder,
            database,
        })
    }

    /// Every fault of the engine, each in its share of the time.
    pub fn strike_all(mut self, tell: &(dyn Fn(&Tally) + Sync)) -> Vec<Tally> {
        let mut faults = faults::of(self.engine);
        faults.retain(|fault| fault.name.contains(&self.run.only));
        let end = Instant::now() + self.run.time;
        let mut weights: u32 = faults.iter().map(|fault| fault.weight).sum();
        let mut tallies = Vec::new();
        for fault in &faults {
            let mut tally = Tally::new(fault.name, self.engine);
            let started = Instant::now();
            let left = end.saturating_duration_since(started);
            let share = left * fault.weight / weights.max(1);
            weights -= fault.weight;
            match (fault.obstacle)(&self) {
                Some(reason) => tally.not_run = Some(reason),
                None => {
                    let struck = (fault.strike)(&mut self, &mut tally, started + share);
                    tally.breaches.extend(struck.err());
                }
            }
            tally.took = started.elapsed();
            tell(&tally);
            tallies.push(tally);
        }
        tallies
    }
}
