//! What is printed: data on standard output, everything else on standard error.

use std::io::{BufWriter, ErrorKind, Result, Stdout, Write};
use std::process;

use obole_app::domain::Money;
use serde_json::{Value, json};

/// Prints a line of data.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{text}").and_then(|()| out.flush());
    if let Err(error) = written.inspect_err(leave_if_closed) {
        note(&format!("error: cannot write to standard output: {error}"));
        process::exit(1);
    }
}

/// Standard output for a file's worth of data. Whoever stops reading has read enough.
pub struct Out(BufWriter<Stdout>);

impl Out {
    /// Nothing is written yet.
    pub fn new() -> Self {
        Self(BufWriter::with_capacity(1 << 16, std::io::stdout()))
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.write(bytes).inspect_err(leave_if_closed)
    }

    fn flush(&mut self) -> Result<()> {
        self.0.flush().inspect_err(leave_if_closed)
    }
}

fn leave_if_closed(error: &std::io::Error) {
    if error.kind() == ErrorKind::BrokenPipe {
        process::exit(0);
    }
}

/// Prints data as JSON, or in the words of a person.
pub fn data(is_json: bool, json: &Value, words: impl FnOnce() -> String) {
    line(&if is_json { json.to_string() } else { words() });
}

/// Prints a line for the person at the terminal.
pub fn note(text: &str) {
    // Nowhere to complain to when standard error is closed.
    let _unheard = writeln!(std::io::stderr().lock(), "{text}");
}

/// An amount as the API writes it.
pub fn money(money: Money) -> Value {
    let amount = money.amount.to_decimal(money.currency.decimals());
    json!({ "amount": amount, "currency": money.currency.code() })
}
