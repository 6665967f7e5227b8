//! The library that stands between Obole and its disk and clock, compiled from `shim.c` when the
//! run begins, and the page through which it is told what to do.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::postgres::done;
use crate::world::World;

const SOURCE: &str = include_str!("shim.c");

/// The places of the page, in the order of `struct control`.
const WHAT: u64 = 0;
const ACTION: u64 = 1;
const COUNTDOWN: u64 = 2;
const LENGTH: u64 = 3;
const CLOCK: u64 = 4;
const SYNCS: u64 = 5;
const WRITES: u64 = 6;
const STRUCK: u64 = 7;

/// How long the page is.
const PAGE: u64 = 4_096;

/// Which operations on the database's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Sync = 1,
    Write = 2,
}

/// What becomes of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The process dies before it.
    DieBefore = 1,
    /// The process dies after it.
    DieAfter = 2,
    /// Half of it is done, then the process dies.
    Tear = 3,
    /// It fails: an I/O error.
    FailIo = 4,
    /// It fails: no space left.
    FailFull = 5,
}

/// When it strikes, and for how many operations in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strike {
    pub operation: Operation,
    pub action: Action,
    /// The first one that it strikes, from 1.
    pub at: u64,
    /// How many.
    pub length: u64,
}

/// The compiled library.
#[derive(Clone, Debug)]
pub struct Shim {
    library: PathBuf,
}

impl Shim {
    /// Compiles it into a folder; a sentence where there is no compiler or it does not compile.
    pub fn compile(folder: &Path) -> Result<Self, String> {
        let (source, library) = (folder.join("shim.c"), folder.join("shim.so"));
        fs::write(&source, SOURCE).map_err(|error| error.to_string())?;
        let mut compiler = Command::new("cc");
        compiler.args(["-O2", "-fPIC", "-shared", "-o"]).arg(&library).arg(&source).arg("-ldl");
        match done(compiler) {
            Ok(_) => Ok(Self { library }),
            Err(sentence) => Err(format!("a C compiler, `cc`, is needed: {sentence}")),
        }
    }

    /// Puts it between a world's program and its disk; the page is the world's own.
    pub fn stand_in(&self, world: &mut World) -> Result<Control, String> {
        let path = world.folder.join("control");
        let control = Control::make(&path)?;
        let files = world.folder.join("obole.db").display().to_string();
        world.variables.extend([
            ("LD_PRELOAD".to_owned(), self.library.display().to_string()),
            ("CHAOS_CONTROL".to_owned(), path.display().to_string()),
            ("CHAOS_FILES".to_owned(), files),
        ]);
        Ok(control)
    }
}

impl Shim {
    /// The same, with every write and fsync traced to a file beside the world's folder. A sync
    /// is then a record of the trace and nothing else.
    pub fn trace(&self, world: &mut World, trace: &Path) -> Result<Control, String> {
        let control = self.stand_in(world)?;
        world.variables.push(("CHAOS_TRACE".to_owned(), trace.display().to_string()));
        world.trace = Some(trace.to_path_buf());
        Ok(control)
    }
}

/// The shared page.
pub struct Control {
    page: File,
}

impl Control {
    fn make(path: &Path) -> Result<Self, String> {
        let page = OpenOptions::new().create(true).truncate(true).read(true).write(true).open(path);
        let page = page.and_then(|page| page.set_len(PAGE).map(|()| page));
        Ok(Self { page: page.map_err(|error| format!("{}: {error}", path.display()))? })
    }

    fn set(&self, place: u64, value: i64) -> Result<(), String> {
        let written = self.page.write_all_at(&value.to_ne_bytes(), place * 8);
        written.map_err(|error| format!("the shim's page: {error}"))
    }

    fn get(&self, place: u64) -> Result<u64, String> {
        let mut bytes = [0; 8];
        let read = self.page.read_exact_at(&mut bytes, place * 8);
        read.map_err(|error| format!("the shim's page: {error}"))?;
        Ok(u64::from_ne_bytes(bytes))
    }

    /// Sets what strikes; what struck before is forgotten.
    pub fn arm(&self, strike: Strike) -> Result<(), String> {
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        self.disarm()?;
        self.set(STRUCK, 0)?;
        self.set(ACTION, strike.action as i64)?;
        self.set(COUNTDOWN, number(strike.at))?;
        self.set(LENGTH, number(strike.length))?;
        self.set(WHAT, strike.operation as i64)
    }

    /// Nothing strikes any more.
    pub fn disarm(&self) -> Result<(), String> {
        self.set(WHAT, 0)
    }

    /// How many operations were struck since it was armed.
    pub fn struck(&self) -> Result<u64, String> {
        self.get(STRUCK)
    }

    /// How many fsyncs, and how many writes, there were.
    pub fn operations(&self) -> Result<(u64, u64), String> {
        Ok((self.get(SYNCS)?, self.get(WRITES)?))
    }

    /// Moves the machine's clock for the program, by nanoseconds.
    pub fn move_clock(&self, nanos: i64) -> Result<(), String> {
        self.set(CLOCK, nanos)
    }
}
