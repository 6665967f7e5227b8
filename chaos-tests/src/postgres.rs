//! A PostgreSQL of the harness's own that keeps what it acknowledges, to be killed, frozen and cut
//! off.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::node::signal;
use crate::wait::until;
use crate::world::output;

/// How long a server may take to recover.
const RECOVERY: Duration = Duration::from_secs(60);

/// A server with its folder.
pub struct Cluster {
    programs: PathBuf,
    /// Where its data are.
    data: PathBuf,
    /// Where its socket is: short, since a path of a socket has at most 107 bytes.
    socket: PathBuf,
    user: &'static str,
}

impl Cluster {
    /// Makes and starts one with its data in this folder.
    pub fn start(programs: &Path, folder: &Path) -> Result<Self, String> {
        let user = if has_user("postgres") { "postgres" } else { "nobody" };
        let socket = tempfile::Builder::new().prefix("obole-chaos").tempdir_in("/tmp");
        let socket = socket.map_err(|error| error.to_string())?.keep();
        let cluster =
            Self { programs: programs.to_path_buf(), data: folder.join("data"), socket, user };
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        if is_root() {
            let mut own = Command::new("chown");
            own.arg(user).args([folder, &cluster.socket]);
            done(own)?;
        }
        let data = cluster.data.display().to_string();
        let words = ["-D", &data, "-U", "obole", "-A", "trust", "-E", "UTF8"];
        done(
            cluster.program("initdb", &[&words[..], &["--locale=C.UTF-8", "--no-sync"]].concat()),
        )?;
        cluster.resume()?;
        Ok(cluster)
    }

    /// The address of a database.
    pub fn url(&self, database: &str) -> String {
        let socket = self.socket.display().to_string().replace('/', "%2F");
        format!("postgres://obole@{socket}/{database}")
    }

    /// Starts the server and waits until it has recovered. It may have to be asked again while
    /// what is left of the killed one still holds its memory.
    pub fn resume(&self) -> Result<(), String> {
        let data = self.data.display().to_string();
        let log = self.socket.join("log").display().to_string();
        // As shipped, fsync and all that belongs to it are on.
        let options = format!(
            "-k {} -c listen_addresses='' -c shared_buffers=32MB -c max_connections=120 \
             -c restart_after_crash=on -c min_wal_size=32MB -c max_wal_size=64MB \
             -c wal_level=minimal -c max_wal_senders=0",
            self.socket.display()
        );
        let words = ["-D", &data, "-w", "-s", "-t", "30", "-l", &log, "-o", &options, "start"];
        let mut last = String::new();
        let started = until(RECOVERY, || match done(self.program("pg_ctl", &words)) {
            Ok(_) => Some(()),
            Err(sentence) => {
                last = sentence;
                None
            }
        });
        started.ok_or(format!("PostgreSQL does not come back: {last}"))
    }

    /// Starts it again where it has given up; one that runs is left alone.
    pub fn revive(&self) -> Result<(), String> {
        let data = self.data.display().to_string();
        match done(self.program("pg_ctl", &["-D", &data, "status"])) {
            Ok(_) => Ok(()),
            Err(_) => self.resume(),
        }
    }

    /// Ends it without letting it write anything more.
    pub fn stop_immediately(&self) -> Result<(), String> {
        let data = self.data.display().to_string();
        done(self.program("pg_ctl", &["-D", &data, "-m", "immediate", "-s", "stop"])).map(|_| ())
    }

    /// Kills the server's first process; what it leaves behind ends by itself.
    pub fn kill(&self) -> Result<(), String> {
        signal(self.postmaster()?, "KILL")
    }

    /// Kills every process of the server.
    pub fn kill_all(&self) -> Result<(), String> {
        self.signal_all("KILL")
    }

    /// Freezes every process of the server.
    pub fn freeze(&self) -> Result<(), String> {
        self.signal_all("STOP")
    }

    /// Lets them go on.
    pub fn thaw(&self) -> Result<(), String> {
        self.signal_all("CONT")
    }

    /// Runs a statement and gives what it prints.
    pub fn sql(&self, database: &str, statement: &str) -> Result<String, String> {
        let mut command = Command::new("psql");
        command.args(["-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-c", statement, "-d"]);
        command.arg(self.url(database));
        done(command)
    }

    /// Makes a database like another one, which nobody may be using.
    pub fn copy(&self, from: &str, to: &str) -> Result<(), String> {
        self.drop_database(to)?;
        self.sql("postgres", &format!("create database {to} template {from}")).map(|_| ())
    }

    /// Takes a database away, whoever uses it.
    pub fn drop_database(&self, name: &str) -> Result<(), String> {
        self.sql("postgres", &format!("drop database if exists {name} with (force)")).map(|_| ())
    }

    /// Cuts the connections of a database's clients and says how many there were.
    pub fn terminate(&self, database: &str) -> Result<u64, String> {
        let statement = format!(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity
             where datname = '{database}' and application_name = 'obole'"
        );
        let count = self.sql("postgres", &statement)?;
        count.trim().parse().map_err(|_| format!("not a count: {count}"))
    }

    fn postmaster(&self) -> Result<u32, String> {
        let text = fs::read_to_string(self.data.join("postmaster.pid"));
        let text = text.map_err(|error| format!("postmaster.pid: {error}"))?;
        let first = text.lines().next().and_then(|line| line.trim().parse().ok());
        first.ok_or_else(|| "postmaster.pid names no process".to_owned())
    }

    fn signal_all(&self, name: &str) -> Result<(), String> {
        let postmaster = self.postmaster()?;
        // The first one first: it must not start others meanwhile.
        signal(postmaster, name)?;
        for child in children(postmaster) {
            // One that has just ended needs no signal.
            let _ended = signal(child, name);
        }
        Ok(())
    }

    /// A program of PostgreSQL's, by a user it accepts: it refuses root.
    fn program(&self, name: &str, words: &[&str]) -> Command {
        let path = self.programs.join(name);
        if !is_root() {
            let mut command = Command::new(path);
            command.args(words).current_dir(&self.socket).env("LC_ALL", "C.UTF-8");
            return command;
        }
        let mut command = Command::new("setpriv");
        command.arg(format!("--reuid={}", self.user)).arg("--regid").arg(group(self.user));
        command.arg("--clear-groups").arg(path).args(words);
        command.current_dir(&self.socket).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("LC_ALL", "C.UTF-8");
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _thawed = self.thaw();
        let _stopped = self.stop_immediately();
        let _gone = fs::remove_dir_all(&self.socket);
    }
}

/// The processes that a process started.
fn children(parent: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let processes = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let parent_of = |process: &u32| {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // Behind the name in brackets: the state, then the parent.
        stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse::<u32>().ok()
    };
    processes.filter(|process| parent_of(process) == Some(parent)).collect()
}

/// Runs a command that must succeed and gives what it prints.
pub fn done(command: Command) -> Result<String, String> {
    let shown = format!("{command:?}");
    let output = output(command)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(format!("{shown}: {}: {said}", output.status))
}

fn id(words: &[&str]) -> Option<String> {
    let mut command = Command::new("id");
    command.args(words);
    done(command).ok().map(|text| text.trim().to_owned())
}

/// Whether this is root.
pub fn is_root() -> bool {
    id(&["-u"]).as_deref() == Some("0")
}

fn has_user(name: &str) -> bool {
    id(&["-u", name]).is_some()
}

fn group(name: &str) -> String {
    id(&["-g", name]).unwrap_or_default()
}
