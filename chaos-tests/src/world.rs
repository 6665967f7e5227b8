//! An instance's folder and database, and the program run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::node::Node;
use crate::postgres::Cluster;
use crate::wait::until;

/// How long a command of the program may take.
const COMMAND: Duration = Duration::from_secs(120);

/// Where the data are.
#[derive(Clone)]
pub enum Database {
    /// A file in the folder.
    Sqlite,
    /// A database of this name.
    Postgres(Arc<Cluster>, String),
}

/// When a world's clock begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// The month that is settled is open.
    November,
    /// It is over.
    December,
}

impl Season {
    /// The month that the clock says.
    pub const fn period(self) -> &'static str {
        match self {
            Self::November => "2026-11",
            Self::December => "2026-12",
        }
    }

    const fn day(self) -> &'static str {
        match self {
            Self::November => "2026-11-15",
            Self::December => "2026-12-01",
        }
    }
}

/// A folder with all of an instance's files.
pub struct World {
    pub folder: PathBuf,
    pub database: Database,
    pub season: Season,
    /// The program.
    pub binary: PathBuf,
    /// Variables over the usual ones.
    pub variables: Vec<(String, String)>,
    /// Where the load's journals and the nodes' logs are: the power cut does not reach them.
    pub notes: PathBuf,
    /// Where the disk is traced to, if it is.
    pub trace: Option<PathBuf>,
    /// Whether the season's clock counts; else the machine's.
    pub has_own_clock: bool,
    /// Since when the clock runs.
    began: Instant,
}

impl World {
    /// A new folder.
    pub fn new(folder: PathBuf, database: Database, binary: PathBuf) -> Result<Self, String> {
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let (season, began) = (Season::November, Instant::now());
        let (notes, variables, trace) = (folder.clone(), Vec::new(), None);
        Ok(Self {
            folder,
            database,
            season,
            binary,
            variables,
            notes,
            trace,
            has_own_clock: true,
            began,
        })
    }

    /// Where the database is, as the program is told.
    pub fn url(&self) -> String {
        match &self.database {
            Database::Sqlite => format!("sqlite://{}", self.folder.join("obole.db").display()),
            Database::Postgres(cluster, name) => cluster.url(name),
        }
    }

    /// The clock's time: it runs on from restart to restart.
    fn now(&self) -> String {
        let seconds = self.began.elapsed().as_secs() + 1;
        let (hours, rest) = (seconds / 3_600, seconds % 3_600);
        format!("{}T{hours:02}:{:02}:{:02}Z", self.season.day(), rest / 60, rest % 60)
    }

    /// The program, ready to run here, with none of the caller's variables.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.current_dir(&self.folder).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        if self.has_own_clock {
            command.env("OBOLE_TEST_NOW", self.now());
        }
        command.env("OBOLE_LIMITS_OFF", "true").env("OBOLE_LIMITS_CHEAP_PASSWORDS", "true");
        command.env("OBOLE_DATABASE_URL", self.url());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Starts a node; its number names its log.
    pub fn serve(&self, number: usize) -> Result<Node, String> {
        Node::spawn(self.command(), &self.notes.join(format!("node-{number}.log")))
    }

    /// Runs a command to its end.
    pub fn run(&self, words: &[&str]) -> Result<Output, String> {
        let mut command = self.command();
        command.args(words);
        output(command)
    }

    /// Runs a command that must succeed and gives what it prints.
    pub fn well(&self, words: &[&str]) -> Result<String, String> {
        let output = self.run(words)?;
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let printed = String::from_utf8_lossy(&output.stdout);
        Err(format!("obole {}: {}: {printed}{said}", words.join(" "), output.status))
    }

    /// Asks every rule of the ledger again.
    pub fn audit(&self) -> Result<(), String> {
        self.well(&["audit"]).map(|_| ())
    }
}

/// Runs a command to its end, which must come in time.
pub fn output(mut command: Command) -> Result<Output, String> {
    let shown = format!("{command:?}");
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("{shown}: {error}"))?;
    let pipes = (child.stdout.take(), child.stderr.take());
    let read = |pipe: Option<Box<dyn std::io::Read + Send>>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
            bytes
        })
    };
    let out = read(pipes.0.map(|pipe| Box::new(pipe) as _));
    let errors = read(pipes.1.map(|pipe| Box::new(pipe) as _));
    let ended = until(COMMAND, || child.try_wait().ok().flatten());
    let Some(status) = ended else {
        let _ended = child.kill();
        let _status = child.wait();
        return Err(format!("{shown} does not end within {} s", COMMAND.as_secs()));
    };
    let bytes = |thread: std::thread::JoinHandle<Vec<u8>>| thread.join().unwrap_or_default();
    Ok(Output { status, stdout: bytes(out), stderr: bytes(errors) })
}

/// Copies a folder with its files and folders, as they are.
pub fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let named = |error: std::io::Error| format!("copying {}: {error}", from.display());
    fs::create_dir_all(to).map_err(named)?;
    for entry in fs::read_dir(from).map_err(named)? {
        let entry = entry.map_err(named)?;
        let target = to.join(entry.file_name());
        if entry.file_type().map_err(named)?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target).map_err(named)?;
        }
    }
    Ok(())
}
