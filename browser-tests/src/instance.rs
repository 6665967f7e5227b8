//! An instance of Obole with a database of its own, started as an operator starts it.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::surroundings;

/// How long an instance may take to make its tables and listen.
const START: Duration = Duration::from_secs(60);
/// How long it may take to finish what is under way.
const STOP: Duration = Duration::from_secs(20);

/// Counts the databases that this process asked for.
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// Where an instance keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in the instance's folder.
    Sqlite,
    /// A new database of the server at OBOLE_TEST_POSTGRES.
    Postgres,
}

/// An instance: prepared, set up, started. Dropping it ends it and removes its folder.
pub struct Instance {
    binary: PathBuf,
    variables: Vec<(String, String)>,
    process: Option<Child>,
    url: String,
    log: Arc<Mutex<String>>,
    folder: TempDir,
}

impl Instance {
    /// Prepares one with an empty database, whose clock will start at this time (RFC 3339).
    pub fn prepare(engine: Engine, now: &str) -> Self {
        Self::prepare_binary(surroundings::required("OBOLE_TEST_BINARY"), engine, now)
    }

    /// The same with another program in Obole's place.
    pub fn prepare_binary(binary: impl Into<PathBuf>, engine: Engine, now: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the instance");
        let database = match engine {
            Engine::Sqlite => format!("sqlite://{}", folder.path().join("obole.db").display()),
            Engine::Postgres => new_database(),
        };
        let variables = vec![
            ("OBOLE_DATABASE_URL".to_owned(), database),
            ("OBOLE_TEST_NOW".to_owned(), now.to_owned()),
            // The server of the test run does not wait for its disk.
            ("OBOLE_DATABASE_UNSAFE_DURABILITY".to_owned(), "true".to_owned()),
        ];
        Self {
            binary: binary.into(),
            variables,
            process: None,
            url: String::new(),
            log: Arc::default(),
            folder,
        }
    }

    /// Sets a key of the configuration, by its name in the environment.
    #[must_use]
    pub fn set(mut self, variable: &str, value: &str) -> Self {
        self.variables.retain(|(name, _)| name != variable);
        self.variables.push((variable.to_owned(), value.to_owned()));
        self
    }

    /// Runs `obole serve` and waits until it listens.
    #[must_use]
    pub async fn start(self) -> Self {
        self.start_with(&["serve", "--listen", "127.0.0.1:0"]).await
    }

    /// Runs a command that serves, such as `demo`, and waits until it listens.
    #[must_use]
    pub async fn start_with(mut self, words: &[&str]) -> Self {
        let mut command = self.command(words);
        let process = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = process
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.binary.display()));
        let output = process.stdout.take().expect("standard output is piped");
        let errors = process.stderr.take().expect("standard error is piped");
        self.process = Some(process);
        let (tell, told) = oneshot::channel();
        let log = self.log.clone();
        thread::spawn(move || keep(output, &log, Some(tell)));
        let log = self.log.clone();
        thread::spawn(move || keep(errors, &log, None));
        match timeout(START, told).await {
            Ok(Ok(url)) => self.url = url,
            _ => panic!("obole {} does not listen:\n{}", words.join(" "), self.log()),
        }
        self
    }

    /// The address of a page: `/budget`.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// The instance's own folder: its database, and what it was told to keep there.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Everything that it has printed.
    pub fn log(&self) -> String {
        self.log.lock().expect("no thread fails with the log in hand").clone()
    }

    /// Runs another command on the same database, such as `account create …`, with this text on
    /// its standard input; what it prints. Stops the test if it fails.
    pub fn obole(&self, words: &[&str], input: &str) -> String {
        let file = self.folder.path().join("input");
        std::fs::write(&file, input).expect("the instance's folder takes files");
        let input = std::fs::File::open(&file).expect("the file was just written");
        let output = self.command(words).stdin(input).output();
        let output = output.unwrap_or_else(|error| panic!("obole {words:?}: {error}"));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "obole {words:?}: {}\n{said}", output.status);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Stops it and starts it on the same database at another time (RFC 3339).
    #[must_use]
    pub async fn restart_at(mut self, now: &str) -> Self {
        assert!(self.end().await, "it did not end well:\n{}", self.log());
        self.set("OBOLE_TEST_NOW", now).start().await
    }

    /// Stops it, has this done meanwhile, and starts it on the same database and address.
    #[must_use]
    pub async fn away(mut self, meanwhile: impl AsyncFnOnce()) -> Self {
        let listen = self.url.trim_start_matches("http://").to_owned();
        assert!(self.end().await, "it did not end well:\n{}", self.log());
        meanwhile().await;
        self.start_with(&["serve", "--listen", &listen]).await
    }

    /// Asks it to stop as a system does, and says whether it ended well.
    pub async fn stop(mut self) -> bool {
        self.end().await
    }

    async fn end(&mut self) -> bool {
        let mut process = self.process.take().expect("it was started");
        let kill = format!("kill -TERM {}", process.id());
        Command::new("sh").args(["-c", &kill]).status().expect("every system has sh");
        let ended = tokio::task::spawn_blocking(move || process.wait());
        match timeout(STOP, ended).await {
            Ok(Ok(Ok(status))) => status.success(),
            _ => panic!("it does not stop:\n{}", self.log()),
        }
    }

    /// The program with this instance's surroundings and nothing of the test's own.
    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OBOLE_")) {
            command.env_remove(name);
        }
        let variables = self.variables.iter().map(|(name, value)| (name, value));
        command.envs(variables).args(words).current_dir(self.folder.path());
        command
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if let Some(process) = &mut self.process {
            let _ = process.kill();
            let _ = process.wait();
        }
        if thread::panicking() {
            eprintln!("The instance printed:\n{}", self.log());
        }
    }
}

/// Keeps what comes, and tells the address when it is named.
fn keep(from: impl Read, log: &Mutex<String>, mut tell: Option<oneshot::Sender<String>>) {
    for line in BufReader::new(from).lines().map_while(Result::ok) {
        if let Some(rest) = line.trim().strip_prefix("Obole listens on ") {
            let url = rest.split_whitespace().next().unwrap_or_default().trim_end_matches('/');
            tell.take().and_then(|tell| tell.send(url.to_owned()).ok());
        }
        let mut log = log.lock().expect("no thread fails with the log in hand");
        log.push_str(&line);
        log.push('\n');
    }
}

/// A new, empty database on the server of the test run, which goes with the server.
fn new_database() -> String {
    let server = surroundings::required("OBOLE_TEST_POSTGRES");
    let number = DATABASES.fetch_add(1, Ordering::Relaxed);
    let name = format!("browser_{}_{number}", std::process::id());
    let text = format!("create database {name}");
    let made = Command::new("psql").args(["-X", "-q", "-d", &server, "-c", &text]).output();
    let made = made.unwrap_or_else(|error| panic!("psql does not start: {error}"));
    let said = String::from_utf8_lossy(&made.stderr);
    assert!(made.status.success(), "{server} gives no database: {said}");
    let (base, _) = server.rsplit_once('/').expect("the address names a database");
    format!("{base}/{name}")
}
