//! The log on standard error. Lines about what went well have a thread of their own, so that no
//! answer waits for whoever reads the log; warnings and errors are written at once. Where the
//! reader is slower than the requests, lines are left out and counted.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How many lines may wait.
const WAITING_MAX: usize = 16_384;

/// The log's thread. Dropped, it writes what waits.
pub struct Log {
    lines: Lines,
    thread: Option<JoinHandle<()>>,
}

impl Log {
    /// Starts the thread.
    pub fn begin() -> Self {
        let (lines, waiting) = Lines::new();
        let left_out = Arc::clone(&lines.left_out);
        let run = move || write_all(&waiting, &left_out, &mut io::stderr());
        let thread = std::thread::Builder::new().name("obole-log".to_owned()).spawn(run).ok();
        Self { lines, thread }
    }

    /// Where to write lines.
    pub fn lines(&self) -> Lines {
        self.lines.clone()
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        // The subscriber keeps the channel open for ever, so the end is a line of nothing.
        if let Some(thread) = self.thread.take()
            && self.lines.waiting.send(Vec::new()).is_ok()
        {
            let _ended = thread.join();
        }
    }
}

/// The way to the log's thread.
#[derive(Clone)]
pub struct Lines {
    waiting: SyncSender<Vec<u8>>,
    left_out: Arc<AtomicU64>,
}

impl Lines {
    fn new() -> (Self, Receiver<Vec<u8>>) {
        let (waiting, lines) = sync_channel(WAITING_MAX);
        (Self { waiting, left_out: Arc::default() }, lines)
    }
}

impl<'log> MakeWriter<'log> for Lines {
    type Writer = Line<'log>;

    fn make_writer(&'log self) -> Line<'log> {
        Line::Waiting(self)
    }

    fn make_writer_for(&'log self, about: &Metadata<'_>) -> Line<'log> {
        if *about.level() <= Level::WARN { Line::AtOnce } else { Line::Waiting(self) }
    }
}

/// Where a line goes.
pub enum Line<'log> {
    AtOnce,
    Waiting(&'log Lines),
}

impl Write for Line<'_> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        match self {
            Self::AtOnce => io::stderr().write_all(line)?,
            Self::Waiting(_) if line.is_empty() => {}
            Self::Waiting(lines) => {
                if lines.waiting.try_send(line.to_vec()).is_err() {
                    lines.left_out.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes what waits, as much at once as there is, until the end. A log that cannot be written
/// stops nothing.
fn write_all(waiting: &Receiver<Vec<u8>>, left_out: &AtomicU64, out: &mut impl Write) {
    let mut is_ended = false;
    while !is_ended && let Ok(first) = waiting.recv() {
        let mut text = Vec::new();
        for line in std::iter::once(first).chain(waiting.try_iter().take(WAITING_MAX)) {
            is_ended |= line.is_empty();
            text.extend(line);
        }
        let count = left_out.swap(0, Ordering::Relaxed);
        if count > 0 {
            text.extend(format!("{count} lines of the log were left out\n").bytes());
        }
        let _written = out.write_all(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_written_in_order_and_counted_where_they_are_too_many() {
        let (lines, waiting) = Lines::new();
        for number in 0..WAITING_MAX + 3 {
            let line = format!("{number}\n");
            Line::Waiting(&lines).write_all(line.as_bytes()).expect("never refused");
        }
        let mut text = Vec::new();
        drop(lines.waiting);
        write_all(&waiting, &lines.left_out, &mut text);
        let text = String::from_utf8(text).expect("text");
        let mut expected: Vec<String> = (0..WAITING_MAX).map(|number| number.to_string()).collect();
        expected.push("3 lines of the log were left out".to_owned());
        assert!(text.lines().eq(expected), "{} lines", text.lines().count());
    }

    #[test]
    fn the_log_ends_with_a_line_of_nothing() {
        let (lines, waiting) = Lines::new();
        Line::Waiting(&lines).write_all(b"one\n").expect("never refused");
        lines.waiting.send(Vec::new()).expect("a reader");
        let mut text = Vec::new();
        write_all(&waiting, &lines.left_out, &mut text);
        assert_eq!(text, b"one\n");
    }
}
