//! A PostgreSQL server of a test's own, which may be restarted underneath those who use it.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::scene::Scene;

/// The developers' own way of starting one.
const SCRIPT: &str = include_str!("../../../../xtask/src/postgres.sh");

/// A running server; it ends with the test.
pub struct Server {
    keeper: Child,
    /// Nothing of it is dropped before its time: the server would end.
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    folder: String,
}

impl Server {
    pub fn start() -> Self {
        let mut keeper = Command::new("sh")
            .args(["-c", SCRIPT, "postgres.sh"])
            .arg(programs())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("sh runs");
        let input = keeper.stdin.take();
        let mut output = BufReader::new(keeper.stdout.take().expect("piped"));
        let mut folder = String::new();
        output.read_line(&mut folder).expect("text");
        assert!(!folder.is_empty(), "PostgreSQL does not start");
        Self { keeper, input, output, folder: folder.trim().to_owned() }
    }

    /// A database that keeps what it acknowledges over a crash of its server.
    pub fn scene(&self) -> Scene {
        let scene = Scene::on(&self.url());
        let database = scene.database();
        let name = database.rsplit_once('/').expect("a name").1;
        sql(database, &format!("alter database {name} set synchronous_commit = on"));
        scene
    }

    fn url(&self) -> String {
        format!("postgres://obole@{}/postgres", self.folder.replace('/', "%2F"))
    }

    /// Ends it as a crash would.
    pub fn stop(&mut self) {
        self.tell("stop");
    }

    /// Starts it again.
    pub fn go_on(&mut self) {
        self.tell("start");
    }

    fn tell(&mut self, word: &str) {
        let input = self.input.as_mut().expect("a pipe");
        input.write_all(format!("{word}\n").as_bytes()).expect("it listens");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("text");
        assert_eq!(line, format!("{word} done\n"));
    }

    /// Stops all its processes in their tracks: it takes connections and says nothing.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let file = fs::read_to_string(format!("{}/data/postmaster.pid", self.folder));
        let first = file.expect("it runs").lines().next().expect("a number").to_owned();
        let is_child = |pid: &String| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let parent = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1));
            parent == Some(first.as_str())
        };
        let all = fs::read_dir("/proc").expect("Linux").flatten();
        let all = all.filter_map(|entry| entry.file_name().into_string().ok());
        let children: Vec<String> = all.filter(is_child).collect();
        // One that has ended meanwhile is no matter.
        let mut kill = Command::new("kill");
        kill.arg(signal).arg(&first).args(&children).stderr(Stdio::null());
        let _sent = kill.status().expect("kill runs");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.input = None;
        let _ended = self.keeper.wait();
    }
}

/// The folder of PostgreSQL's programs: Debian keeps it off the path, the highest version counts.
fn programs() -> PathBuf {
    let version = |path: &PathBuf| path.file_name()?.to_str()?.parse::<u32>().ok();
    let folders = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = folders.map(|entry| entry.path()).max_by_key(version);
    newest.expect("PostgreSQL is installed: `cargo x test` does it").join("bin")
}

/// Runs a statement on a database as its operator would, and gives what it says.
pub fn sql(database: &str, text: &str) -> String {
    let run = Command::new("psql").args(["-X", "-A", "-t", "-c", text, database]).output();
    let run = run.expect("psql runs");
    assert!(run.status.success(), "{text}: {}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8(run.stdout).expect("text").trim().to_owned()
}

/// Ends every session of a database but the operator's own.
pub fn end_sessions(database: &str) {
    let text = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()";
    sql(database, text);
}
