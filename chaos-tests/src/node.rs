//! A serving process: started, killed, frozen, and looked at.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::wait::until;

/// How long a process may take until it listens: recovery included.
pub const START: Duration = Duration::from_secs(30);

/// A process that serves or will.
pub struct Node {
    child: Child,
    /// Where it listens, once it says so.
    told: Receiver<SocketAddr>,
}

impl Node {
    /// Starts `obole serve`; what it says on standard error goes to `log`.
    pub fn spawn(mut command: Command, log: &Path) -> Result<Self, String> {
        let log = OpenOptions::new().create(true).append(true).open(log);
        let log = log.map_err(|error| format!("the log of a node: {error}"))?;
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().map_err(|error| format!("obole serve: {error}"))?;
        let output = child.stdout.take().ok_or("standard output is piped")?;
        let (tell, told) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let address = line.trim().strip_prefix("Obole listens on http://");
                if let Some(address) = address.and_then(|address| address.parse().ok()) {
                    // Nobody waits for it where it was killed at once.
                    let _unheard = tell.send(address);
                }
            }
        });
        Ok(Self { child, told })
    }

    /// Waits until it listens. A sentence where it ends before, or does not in time.
    pub fn listens(&mut self) -> Result<SocketAddr, String> {
        let heard = until(START, || match self.told.try_recv() {
            Ok(address) => Some(Ok(address)),
            Err(_) => self.ended().map(Err),
        });
        match heard {
            Some(Ok(address)) => Ok(address),
            Some(Err(status)) => Err(format!("obole serve ended at its start: {status}")),
            None => Err(format!("obole serve does not listen within {} s", START.as_secs())),
        }
    }

    /// How it ended; none while it runs.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Ends it at once, wherever it is.
    pub fn kill(&mut self) {
        let _already_ended = self.child.kill();
        let _status = self.child.wait();
    }

    /// Asks it to end as a system does, and waits.
    pub fn stop(&mut self) -> Result<(), String> {
        signal(self.child.id(), "TERM")?;
        let ended = until(START, || self.ended());
        let ended = ended.ok_or("obole serve does not end when it is asked to")?;
        if ended.success() { Ok(()) } else { Err(format!("obole serve ended with {ended}")) }
    }

    /// Freezes it in the middle of whatever it does.
    pub fn freeze(&self) -> Result<(), String> {
        signal(self.child.id(), "STOP")
    }

    /// Lets it go on.
    pub fn thaw(&self) -> Result<(), String> {
        signal(self.child.id(), "CONT")
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Sends a signal to a process.
pub fn signal(process: u32, name: &str) -> Result<(), String> {
    let status = Command::new("kill").args([format!("-{name}"), process.to_string()]).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        other => Err(format!("kill -{name} {process}: {other:?}")),
    }
}
