//! `cargo x duckdb FILE`: the same month in DuckDB's SQL, to measure against (docs/performance.md).

use std::path::Path;

use crate::run::{self, Outcome};
use crate::tools;

/// Shares out the settled month of a database of `obole bench`.
pub fn run(words: &[String]) -> Outcome {
    let [file] = words else {
        return Err("Say which SQLite database: cargo x duckdb FILE".to_owned());
    };
    if !Path::new(file).is_file() {
        return Err(format!("There is no database {file}: fill one with `obole bench fill`."));
    }
    let modules = tools::duckdb()?;
    let mut share_out = run::program("python3", "xtask/src/share_out.py");
    run::show(share_out.arg(file).env("PYTHONPATH", modules))
}
