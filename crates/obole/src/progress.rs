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
    step: Mutex<Step>,
}

/// What is being done, since when, and from where on.
struct Step {
    what: String,
    began: Instant,
    first: u64,
    said: Instant,
}

impl Progress {
    /// Nothing is told yet.
    pub fn new() -> Self {
        let is_terminal = std::io::stderr().is_terminal();
        let bar = is_terminal.then(|| {
            let style = ProgressStyle::with_template(
                "{msg} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}",
            );
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        let now = Instant::now();
        let step = Step { what: String::new(), began: now, first: 0, said: now };
        Self { bar, step: Mutex::new(step) }
    }

    /// So much is done of so much; 0 while that is not known.
    pub fn tell(&self, what: &str, done: u64, of: u64) {
        let mut step = self.step.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let is_new = step.what != what;
        if is_new {
            *step = Step { what: what.to_owned(), began: now, first: done, ..*step };
        }
        if let Some(bar) = &self.bar {
            if is_new {
                bar.set_message(what.to_owned());
                bar.reset();
            }
            bar.set_length(of.max(done));
            bar.set_position(done);
            return;
        }
        if step.said.elapsed() >= PAUSE {
            step.said = now;
            output::note(&line(what, (done, of), rate(&step, done)));
        }
    }
}

/// How many a second since the step began.
fn rate(step: &Step, done: u64) -> u64 {
    let millis = step.began.elapsed().as_millis().max(1);
    let done = u128::from(done.saturating_sub(step.first));
    u64::try_from(done * 1_000 / millis).unwrap_or(u64::MAX)
}

/// What is said where there is no terminal: how much, how fast, how long yet.
fn line(what: &str, (done, of): (u64, u64), rate: u64) -> String {
    let mut line = format!("{what}: {done}");
    if of > 0 {
        line.push_str(&format!(" of {of}"));
    }
    if rate > 0 {
        line.push_str(&format!(", {rate}/s"));
    }
    if rate > 0 && of > done {
        line.push_str(&format!(", {} s left", (of - done).div_ceil(rate)));
    }
    line
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_how_much_how_fast_and_how_long_yet() {
        assert_eq!(line("sharing", (30, 100), 20), "sharing: 30 of 100, 20/s, 4 s left");
        assert_eq!(line("freezing", (30, 0), 20), "freezing: 30, 20/s");
        assert_eq!(line("freezing", (0, 0), 0), "freezing: 0");
    }
}
