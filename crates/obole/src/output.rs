//! What is printed: data on standard output, everything else on standard error.

use std::io::{ErrorKind, Write};
use std::process;

use obole_app::domain::Money;
use serde_json::{Value, json};

/// Prints a line of data.
pub fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    let written = writeln!(out, "{text}").and_then(|()| out.flush());
    match written {
        // Whoever read it has read enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(0),
        Err(error) => {
            note(&format!("error: cannot write to standard output: {error}"));
            process::exit(1);
        }
        Ok(()) => {}
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
