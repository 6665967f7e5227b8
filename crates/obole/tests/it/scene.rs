//! A folder with a database of its own, and the program run in it.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A folder to run the program in.
pub struct Scene {
    folder: TempDir,
    now: &'static str,
    /// Another database than the folder's own.
    database: Option<String>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Scene {
    /// An empty folder in November 2026.
    pub fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        Self { folder, now: "2026-11-15T12:00:00Z", database: None }
    }

    /// The same with a new database on the PostgreSQL server of the tests.
    pub fn on_postgres() -> Self {
        let server = std::env::var("OBOLE_TEST_POSTGRES");
        let server = server.expect("OBOLE_TEST_POSTGRES names a server: `cargo x test` starts one");
        Self::on(&server)
    }

    /// The same with a new database on a server.
    pub fn on(server: &str) -> Self {
        let database = obole_app::testing::postgres_database(server);
        Self { database: Some(database), ..Self::new() }
    }

    /// The same as it stands, elsewhere; nobody is at work in it.
    pub fn copy(&self) -> Self {
        let folder = TempDir::new().expect("a folder");
        let all = std::fs::read_dir(self.folder()).expect("the folder");
        let paths = all.map(|entry| entry.expect("an entry").path());
        for file in paths.filter(|path| path.is_file()) {
            let to = folder.path().join(file.file_name().expect("a name"));
            std::fs::copy(file, to).expect("a copy");
        }
        let database = self.database.as_deref().map(obole_app::testing::postgres_copy);
        Self { folder, now: self.now, database }
    }

    /// The address of the database on a server.
    pub fn database(&self) -> &str {
        self.database.as_deref().expect("a database on a server")
    }

    /// An empty place elsewhere, with the key of this one.
    pub fn elsewhere(&self, other: Self) -> Self {
        std::fs::copy(self.beside("key"), other.beside("key")).expect("the key");
        Self { now: self.now, ..other }
    }

    /// A file beside the database.
    pub fn beside(&self, ending: &str) -> PathBuf {
        let name = if self.database.is_some() { "obole" } else { "obole.db" };
        self.folder().join(format!("{name}.{ending}"))
    }

    /// The same folder at another time.
    pub fn at(&mut self, now: &'static str) {
        self.now = now;
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The program, ready to run here, with none of the caller's variables.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_obole"));
        command.args(arguments).current_dir(self.folder.path()).env_clear();
        let path = std::env::var_os("PATH").expect("a path");
        command.env("OBOLE_TEST_NOW", self.now).env("PATH", path);
        command.env("OBOLE_LIMITS_CHEAP_PASSWORDS", "true");
        command.env("OBOLE_DATABASE_UNSAFE_DURABILITY", "true");
        if let Some(database) = &self.database {
            command.env("OBOLE_DATABASE_URL", database);
        }
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Run {
        ended(self.command(arguments).stdin(Stdio::null()).output().expect("it runs"))
    }

    /// The same with a text on standard input.
    pub fn run_with(&self, arguments: &[&str], input: &str) -> Run {
        let mut command = self.command(arguments);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it runs");
        let mut pipe = child.stdin.take().expect("piped");
        // A program that refuses before it reads closes the pipe.
        let _unread = pipe.write_all(input.as_bytes());
        drop(pipe);
        ended(child.wait_with_output().expect("it ends"))
    }

    /// Runs it and reads what it printed as JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let run = self.run(&[arguments, &["--json"]].concat());
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
        serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}"))
    }

    /// The same where it may be refused: then what it said.
    pub fn json_or_refusal(&self, arguments: &[&str]) -> Result<Value, String> {
        let run = self.run(&[arguments, &["--json"]].concat());
        if run.code != 0 {
            return Err(run.err);
        }
        Ok(serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{error}: {run:?}")))
    }

    /// Runs it where it must succeed, and gives what it printed.
    pub fn well(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert_eq!(run.code, 0, "{arguments:?}: {run:?}");
        run.out
    }

    /// Makes a confirmed account.
    pub fn account(&self, handle: &str) {
        let email = format!("{handle}@obole.example");
        let account = ["account", "create", "--handle", handle, "--email", &email, "--confirmed"];
        self.well(&account);
    }
}

fn ended(output: Output) -> Run {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}
