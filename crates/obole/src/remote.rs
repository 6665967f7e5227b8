//! An instance on another machine, for the commands of somebody who has an account there: signed in
//! once by `obole login`, asked through the HTTP API.

mod keeping;
mod plain;
mod signing;

use std::time::Duration;

use anyhow::{Context as _, Error, Result, anyhow, bail};
use obole_app::Clock;
use obole_app::domain::own_program::OwnProgram;
use obole_app::instance::{self, Ask, Base, DoorError, Reply};
use obole_web::address::with_query;
use serde_json::Value;
use tokio::time::sleep;

use crate::environment;
use crate::failure;
use crate::output;

pub use keeping::{Keeper, Kept};
pub use signing::{Endpoints, Waiting, end, refresh};

/// How often a question is asked in all whose answer was lost or that came at a bad moment.
const TRIES: u32 = 3;

/// The longest that the command waits because the instance asks it to.
const WAIT_MAX: u64 = 20;

/// How forms are written.
const FORM: &str = "application/x-www-form-urlencoded";

/// The client that every instance knows.
pub fn client_id() -> String {
    OwnProgram::CommandLine.id().to_string()
}

/// An instance.
#[derive(Clone, Debug)]
pub struct Remote {
    base: Base,
}

/// What an instance said: its answer, and the JSON in it.
pub struct Said {
    pub reply: Reply,
    pub json: Value,
}

impl Said {
    /// A text of the JSON; empty where it is not there.
    pub fn text(&self, name: &str) -> &str {
        text(&self.json, name)
    }
}

/// A text of a JSON object; empty where it is not there.
pub fn text<'json>(json: &'json Value, name: &str) -> &'json str {
    json.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A whole number of a JSON object; 0 where it is not there.
pub fn number(json: &Value, name: &str) -> i64 {
    json.get(name).and_then(Value::as_i64).unwrap_or_default()
}

impl Remote {
    /// The instance of an address as somebody types it.
    pub fn new(address: &str) -> Result<Self> {
        let base = Base::parse(address).with_context(|| plain::text(address))?;
        Ok(Self { base })
    }

    pub fn base(&self) -> &Base {
        &self.base
    }

    /// Asks once.
    async fn ask(&self, mut question: Ask) -> Result<Said, Failed> {
        question.headers.push(("accept-language", failure::language().code().to_owned()));
        let agent = concat!("obole/", env!("CARGO_PKG_VERSION"));
        let reply = instance::ask(&self.base, agent, &question).await.map_err(Failed::Door)?;
        let json = match reply.body.as_slice() {
            [] => Value::Null,
            body => match serde_json::from_slice(body) {
                Ok(json) => plain::value(json),
                Err(_) => return Err(Failed::Foreign(reply.status)),
            },
        };
        Ok(Said { reply, json })
    }

    /// Posts a form as OAuth 2 has it.
    async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Result<Said, Failed> {
        let body = with_query("", fields);
        let body = body.strip_prefix('?').unwrap_or(&body).to_owned();
        let question = Ask { path: path.to_owned(), body: Some((FORM, body)), headers: Vec::new() };
        self.ask(question).await
    }

    /// What a failure is called.
    fn say(&self, failed: &Failed) -> Error {
        let base = self.base.as_str();
        match failed {
            Failed::Door(error) => anyhow!("{base}: {error}"),
            Failed::Foreign(status) => anyhow!(
                "{base} does not answer as an instance of Obole does (status {status}); check the \
                 address"
            ),
        }
    }
}

/// Why a question has no answer that can be read.
#[derive(Clone, Copy, Debug)]
pub enum Failed {
    /// None came.
    Door(DoorError),
    /// Something else answers there.
    Foreign(u16),
}

impl Failed {
    /// Whether asking again can help.
    const fn is_passing(self) -> bool {
        matches!(self, Self::Door(DoorError::Lost | DoorError::Unreachable))
            || matches!(self, Self::Foreign(500..))
    }
}

/// An account on an instance, as this machine is signed in to it.
pub struct SignedIn {
    remote: Remote,
    keeper: Keeper,
}

impl SignedIn {
    /// Whoever is signed in here.
    pub fn open() -> Result<Self> {
        let keeper = Keeper::find()?;
        let kept = keeper.lock()?.read()?.ok_or_else(not_signed_in)?;
        Ok(Self { remote: Remote::new(&kept.instance)?, keeper })
    }

    pub fn instance(&self) -> &str {
        self.remote.base.as_str()
    }

    /// An access token that is not the stale one; a new one where what is kept has had its time.
    /// The file is locked meanwhile: of two processes one refreshes and both use what came of it.
    async fn access(&self, stale: Option<&str>) -> Result<String> {
        let mut locked = self.keeper.lock()?;
        let kept = locked.read()?.ok_or_else(not_signed_in)?;
        if kept.instance != self.instance() {
            bail!("somebody signed in to {} meanwhile; try again", kept.instance);
        }
        let is_good = kept.is_good(Clock::System.now()) && stale != Some(kept.access.as_str());
        if is_good {
            return Ok(kept.access);
        }
        let kept = refresh(&self.remote, kept).await?;
        locked.write(&kept)?;
        Ok(kept.access)
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Result<Said> {
        self.call(Ask { path: format!("/api/v1{path}"), ..Ask::default() }).await
    }

    /// Posts JSON under a key, so that a lost answer can be asked for again.
    pub async fn post(&self, path: &str, key: &str, json: &Value) -> Result<Said> {
        let question = Ask {
            path: format!("/api/v1{path}"),
            body: Some(("application/json", json.to_string())),
            headers: vec![("idempotency-key", key.to_owned())],
        };
        self.call(question).await
    }

    /// Asks until there is an answer that means something: everything here can be asked twice.
    async fn call(&self, question: Ask) -> Result<Said> {
        let mut stale = None;
        let mut tries = 0;
        loop {
            tries += 1;
            let access = self.access(stale.as_deref()).await?;
            let mut asked = question.clone();
            asked.headers.push(("authorization", format!("Bearer {access}")));
            let said = match self.remote.ask(asked).await {
                Ok(said) => said,
                Err(failed) if failed.is_passing() && tries < TRIES => {
                    output::note(&format!("{:#}; trying again", self.remote.say(&failed)));
                    sleep(Duration::from_secs(tries.into())).await;
                    continue;
                }
                Err(failed) => return Err(self.remote.say(&failed)),
            };
            match said.reply.status {
                200..=299 => return Ok(said),
                401 if stale.is_none() => stale = Some(access),
                401 => return Err(sign_in_again()),
                429 | 503 | 409 if tries < TRIES => wait(&said).await?,
                _ => return Err(problem(&said)),
            }
        }
    }
}

/// Waits as long as the instance asks for, if that is not too long.
async fn wait(said: &Said) -> Result<()> {
    let seconds = said.reply.retry_seconds.ok_or_else(|| problem(said))?;
    if seconds > WAIT_MAX {
        return Err(problem(said));
    }
    output::note(&format!("busy; trying again in {seconds} s"));
    sleep(Duration::from_secs(seconds.max(1))).await;
    Ok(())
}

/// What an instance says went wrong, in its own words: they are for the reader, and in their
/// language.
fn problem(said: &Said) -> Error {
    match (said.text("code"), said.text("detail")) {
        ("scope_missing", _) => sign_in_again(),
        (_, "") => anyhow!("the instance answers with status {}", said.reply.status),
        (_, detail) => anyhow!("{detail}"),
    }
}

fn not_signed_in() -> Error {
    anyhow!("nobody is signed in on this machine; run `obole login --instance https://…`")
}

fn sign_in_again() -> Error {
    anyhow!("the sign-in has ended or was revoked; run `obole login` again")
}

/// Whether the environment names a folder, where everybody's own files are.
fn folder() -> Result<std::path::PathBuf> {
    let named = environment::variable("XDG_CONFIG_HOME").map(std::path::PathBuf::from);
    let named = named.filter(|folder| folder.is_absolute());
    let home =
        || environment::variable("HOME").map(|home| std::path::Path::new(&home).join(".config"));
    let folder = named.or_else(home);
    let folder =
        folder.context("neither XDG_CONFIG_HOME nor HOME says where to keep the sign-in")?;
    Ok(folder.join("obole"))
}
