//! How far long work has come: a bar on a terminal, a line every few seconds elsewhere.

use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::output;

/// How long nothing is said where there is no terminal.
const PAUSE: Duration = Duration::from_secs(3);

/// What long work tells of itself.
pub struct Progress {
    bar: Option<ProgressBar>,
    said: Mutex<Instant>,
}

impl Progress {
    /// Nothing is told yet.
    pub fn new() -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let bar = is_terminal.then(|| {
            let style = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}");
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self { bar, said: Mutex::new(Instant::now()) }
    }

    /// So much is done of so much; 0 while that is not known.
    pub fn tell(&self, what: &str, done: u64, of: u64) {
        if let Some(bar) = &self.bar {
            bar.set_message(what.to_owned());
            bar.set_length(of.max(done));
            bar.set_position(done);
            return;
        }
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.elapsed() >= PAUSE {
            *said = Instant::now();
            let of = if of == 0 { String::new() } else { format!(" of {of}") };
            output::note(&format!("{what}: {done}{of}"));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
