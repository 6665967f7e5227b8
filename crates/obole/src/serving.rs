//! Serving an instance: the lock that keeps a second process out (D2), the address, the jobs, and
//! the end that finishes what is under way.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use obole_app::audit_log::Actor;
use obole_app::{App, Config, quarantine, recovery};
use obole_web::measures::{self, Figures};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use crate::{instance, output};

/// How long what is under way may take once the end was asked for.
const DRAIN: Duration = Duration::from_secs(25);

/// A process that will serve: it holds the database's lock and the address.
pub struct Serving {
    config: Config,
    listener: TcpListener,
    /// Where figures are read, and what gives them out; none where that is not wished.
    watched: Option<(TcpListener, Figures)>,
    /// Held as long as the process serves.
    lock: Option<File>,
}

impl Serving {
    /// Takes the lock and the address. With port 0 and no public address, the one it got counts.
    pub async fn begin(mut config: Config) -> Result<Self> {
        let lock = lock(&config)?;
        let listen = &config.server.listen;
        let listener = TcpListener::bind(listen.as_str()).await.with_context(|| {
            format!("cannot listen on {listen}; choose another address with --listen")
        })?;
        config.server.listen = listener.local_addr()?.to_string();
        let watched = watched(&config.metrics.listen).await?;
        Ok(Self { config, listener, watched, lock })
    }

    /// Opens the instance that will be served.
    pub async fn open(&self) -> Result<App> {
        instance::open_with(self.config.clone()).await
    }

    /// Serves until SIGTERM or SIGINT, then finishes what is under way.
    pub async fn run(self, app: App) -> Result<()> {
        let address = self.listener.local_addr()?;
        // Before anybody can know that it serves: a signal must not end it the hard way.
        let asked_to_end = Signals::listen()?;
        let (end, ended) = watch::channel(false);
        let jobs = tokio::spawn(obole_app::jobs::run(app.clone(), ended.clone()));
        if let Some((listener, figures)) = self.watched {
            output::note(&format!("figures: http://{}/metrics", listener.local_addr()?));
            let (app, ended) = (app.clone(), wait(ended.clone()));
            tokio::spawn(measures::serve(app, figures, listener, ended));
        }
        let served = tokio::spawn(obole_web::serve(app.clone(), self.listener, wait(ended)));
        output::line(&format!("Obole listens on http://{address}"));
        asked_to_end.wait().await;
        output::note("Obole finishes what is under way");
        app.begin_stopping();
        end.send_replace(true);
        let finished = tokio::time::timeout(DRAIN, async { (served.await, jobs.await) });
        match finished.await {
            Ok((served, jobs)) => {
                served.context("the server stopped")?.context("the server stopped")?;
                jobs.context("the jobs stopped")?;
            }
            Err(_) => output::note("warning: something took too long and was cut off"),
        }
        drop(self.lock);
        Ok(())
    }
}

/// Takes the address of the figures, where there is one, and begins to note them.
async fn watched(listen: &str) -> Result<Option<(TcpListener, Figures)>> {
    if listen.is_empty() {
        return Ok(None);
    }
    let listener = TcpListener::bind(listen).await.with_context(|| {
        format!("cannot listen on {listen}; choose another address as metrics.listen")
    })?;
    Ok(Some((listener, measures::install()?)))
}

async fn wait(mut ended: watch::Receiver<bool>) {
    // An error means that the sender is gone: the end, too.
    let _ended = ended.wait_for(|ended| *ended).await;
}

/// The signals that ask for the end.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Self> {
        let terminate = signal(SignalKind::terminate())?;
        Ok(Self { terminate, interrupt: signal(SignalKind::interrupt())? })
    }

    async fn wait(mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// D2: one process serves a SQLite file. Other commands may run beside it.
pub fn lock(config: &Config) -> Result<Option<File>> {
    let url = &config.database.url;
    if !url.starts_with("sqlite:") {
        return Ok(None);
    }
    let path: PathBuf = config.beside_database("", "lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => bail!(
            "another process serves {url}; end it first, or use a PostgreSQL database for several"
        ),
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", path.display()))
        }
    }
}

/// After a restore that was cut short, the outbound journal is compared before anybody comes (V3).
pub async fn go_on_comparing(app: &App) -> Result<()> {
    let state = quarantine::find_in(app).await?;
    if state.is_some_and(|state| state.compared().is_none()) {
        let compared = recovery::compare(app, Actor::Job, Vec::new()).await;
        if let Err(error) = compared {
            output::note(&format!("warning: the outbound journal was not compared: {error}"));
        }
        output::note("warning: the instance is quarantined; see /admin/backups");
    }
    Ok(())
}

/// On a new instance, prints the one-time link with which its first administrator is made.
pub async fn invite(app: &App) -> Result<()> {
    if let Some(link) = obole_app::set_up::link(app).await? {
        output::line(&format!("Make the first administrator here, once: {link}"));
    }
    Ok(())
}
