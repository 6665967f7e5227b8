//! Signing in without a browser of one's own (RFC 8628), new keys for old ones (RFC 6749 section 6)
//! and giving them back (RFC 7009).

use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use obole_app::Clock;
use tokio::time::{Instant, sleep};

use super::{Failed, Kept, Remote, Said, client_id, number, problem, sign_in_again};
use crate::output;

/// What the commands need: who it is, give, and read the month.
const SCOPES: &str = "profile click clicks:read";

/// What a device offers.
const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// Seconds between two questions, unless the instance says otherwise, and the longest.
const INTERVAL: i64 = 5;
const INTERVAL_MAX: i64 = 60;

/// The longest that a code is waited for, in seconds, whatever the instance says.
const LIFE_MAX: i64 = 3_600;

/// How often new keys are asked for where the answer was lost: the instance gives the same grace.
const TRIES: u64 = 3;

/// Where an instance does what.
#[derive(Clone, Debug)]
pub struct Endpoints {
    device: String,
    token: String,
    revoke: String,
}

impl Endpoints {
    /// Asks the instance (RFC 8414). Everything has to be its own.
    pub async fn find(remote: &Remote) -> Result<Self> {
        let path = "/.well-known/oauth-authorization-server".to_owned();
        let question = obole_app::instance::Ask { path, ..Default::default() };
        let said = remote.ask(question).await.map_err(|failed| remote.say(&failed))?;
        if said.reply.status != 200 || said.text("issuer") != remote.base().as_str() {
            return Err(remote.say(&Failed::Foreign(said.reply.status)));
        }
        let at = |name: &str| {
            let path = remote.base().own_path(said.text(name));
            path.with_context(|| {
                format!("{} does not say where its {name} is", remote.base().as_str())
            })
        };
        Ok(Self {
            device: at("device_authorization_endpoint")?,
            token: at("token_endpoint")?,
            revoke: at("revocation_endpoint")?,
        })
    }
}

/// A sign-in that waits for somebody to say yes.
pub struct Waiting {
    remote: Remote,
    endpoints: Endpoints,
    device_code: String,
    interval: i64,
    ends: Instant,
    /// What to type.
    pub user_code: String,
    /// Where to type it.
    pub page: String,
    /// The same with the code in it.
    pub whole_page: String,
}

impl Waiting {
    /// Begins to wait.
    pub async fn begin(remote: &Remote, endpoints: &Endpoints) -> Result<Self> {
        let client = client_id();
        let fields = [("client_id", client.as_str()), ("scope", SCOPES)];
        let asked = remote.post(&endpoints.device, &fields).await;
        let said = asked.map_err(|failed| remote.say(&failed))?;
        if said.reply.status != 200 {
            return Err(refused(&said));
        }
        // What people are sent to is the instance's own page.
        let own = |name: &str| {
            let page = said.text(name);
            remote.base().own_path(page).map(|_| page.to_owned())
        };
        let page = own("verification_uri").context("the instance names no page of its own")?;
        let lives = number(&said.json, "expires_in").clamp(1, LIFE_MAX);
        let lives = Duration::from_secs(u64::try_from(lives).unwrap_or_default());
        let interval = Some(number(&said.json, "interval")).filter(|seconds| *seconds > 0);
        let waiting = Self {
            remote: remote.clone(),
            endpoints: endpoints.clone(),
            device_code: said.text("device_code").to_owned(),
            interval: interval.unwrap_or(INTERVAL).min(INTERVAL_MAX),
            ends: Instant::now() + lives,
            user_code: said.text("user_code").to_owned(),
            whole_page: own("verification_uri_complete").unwrap_or_else(|| page.clone()),
            page,
        };
        if waiting.device_code.is_empty() || waiting.user_code.is_empty() {
            bail!("the instance gives no code");
        }
        Ok(waiting)
    }

    /// Asks until somebody has answered, as often as the instance allows.
    pub async fn answer(mut self) -> Result<Kept> {
        let client = client_id();
        loop {
            sleep(Duration::from_secs(u64::try_from(self.interval).unwrap_or_default())).await;
            if Instant::now() >= self.ends {
                return Err(too_old());
            }
            let fields = [
                ("grant_type", DEVICE),
                ("device_code", self.device_code.as_str()),
                ("client_id", client.as_str()),
            ];
            let said = match self.remote.post(&self.endpoints.token, &fields).await {
                Ok(said) => said,
                // RFC 8628 section 3.5: a connection that fails is asked again, more slowly.
                Err(failed) if failed.is_passing() => {
                    output::note(&format!("{:#}; trying again", self.remote.say(&failed)));
                    self.interval = (self.interval * 2).min(INTERVAL_MAX);
                    continue;
                }
                Err(failed) => return Err(self.remote.say(&failed)),
            };
            match (said.reply.status, said.text("error")) {
                (200, _) => return kept(&self.remote, &said, ""),
                (_, "authorization_pending") => {}
                (_, "slow_down") => self.interval = (self.interval + 5).min(INTERVAL_MAX),
                (429 | 503, _) => self.interval = (self.interval * 2).min(INTERVAL_MAX),
                (_, "access_denied") => bail!("somebody said no; nothing was allowed"),
                (_, "expired_token") => return Err(too_old()),
                _ => return Err(refused(&said)),
            }
        }
    }
}

fn too_old() -> anyhow::Error {
    anyhow!("nobody typed the code in time; run `obole login` again")
}

/// What OAuth says went wrong, in words for people where there are some.
fn refused(said: &Said) -> anyhow::Error {
    match (said.text("error_description"), said.text("error")) {
        ("", "") => problem(said),
        ("", error) => anyhow!("the instance refuses: {error}"),
        (words, _) => anyhow!("{words}"),
    }
}

/// Reads tokens. Where no new refresh token comes, the one before stays good.
fn kept(remote: &Remote, said: &Said, before: &str) -> Result<Kept> {
    let refresh = Some(said.text("refresh_token")).filter(|text| !text.is_empty());
    let kept = Kept {
        instance: remote.base().as_str().to_owned(),
        access: said.text("access_token").to_owned(),
        until: Clock::System.now().as_second().saturating_add(number(&said.json, "expires_in")),
        refresh: refresh.unwrap_or(before).to_owned(),
        scope: said.text("scope").to_owned(),
    };
    let is_header = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
    if is_header(&kept.access) && is_header(&kept.refresh) {
        return Ok(kept);
    }
    bail!("{} gives no keys that can be used", kept.instance)
}

/// Gets new keys for old ones. The caller has the file locked, and keeps what comes.
pub async fn refresh(remote: &Remote, before: Kept) -> Result<Kept> {
    let endpoints = Endpoints::find(remote).await?;
    let client = client_id();
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", before.refresh.as_str()),
        ("client_id", client.as_str()),
    ];
    for tries in 1..=TRIES {
        let said = match remote.post(&endpoints.token, &fields).await {
            Ok(said) => said,
            Err(failed) if failed.is_passing() && tries < TRIES => {
                sleep(Duration::from_secs(tries)).await;
                continue;
            }
            Err(failed) => return Err(remote.say(&failed)),
        };
        match (said.reply.status, said.text("error")) {
            (200, _) => return kept(remote, &said, &before.refresh),
            (_, "invalid_grant" | "invalid_client") => return Err(sign_in_again()),
            (429 | 503, _) if tries < TRIES => sleep(Duration::from_secs(tries * 2)).await,
            _ => return Err(refused(&said)),
        }
    }
    Err(anyhow!("{} is busy; try again later", remote.base().as_str()))
}

/// Gives a sign-in back: everything that came of it ends.
pub async fn end(remote: &Remote, kept: &Kept) -> Result<()> {
    let endpoints = Endpoints::find(remote).await?;
    let client = client_id();
    let fields = [("token", kept.refresh.as_str()), ("client_id", client.as_str())];
    let asked = remote.post(&endpoints.revoke, &fields).await;
    let said = asked.map_err(|failed| remote.say(&failed))?;
    if said.reply.status == 200 { Ok(()) } else { Err(refused(&said)) }
}
