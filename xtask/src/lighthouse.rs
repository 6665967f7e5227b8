//! `cargo x lighthouse`: what Lighthouse makes of the pages that strangers see first, in Chromium,
//! before a small demonstration of this build.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::run::{self, Outcome, step};
use crate::{places, test_runs, tools};

/// The least of a hundred marks that each page has in each of what is judged.
const LEAST: &str = "95";

/// Judges the landing page, the giving window and a work's page.
pub fn run() -> Outcome {
    let modules = step("tools", tools::lighthouse)?;
    test_runs::build()?;
    judge(&modules)
}

fn judge(modules: &Path) -> Outcome {
    let demo = Demo::start()?;
    let chromium = tools::chromium().ok_or("Chromium is not installed.")?;
    let mut judging = run::program("node", "xtask/src/lighthouse.mjs");
    judging.arg(modules.join("lighthouse/core/index.js"));
    judging.arg(modules.join("chrome-launcher/dist/index.js"));
    run::show(judging.args([LEAST, &demo.url]).env("CHROME_PATH", chromium))
}

/// A demonstration in a folder of its own; both go with it.
struct Demo {
    process: Child,
    url: String,
    folder: PathBuf,
}

impl Demo {
    fn start() -> Result<Self, String> {
        let folder = places::target().join(format!("lighthouse-{}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let mut demo = Command::new(places::target().join("debug/obole"));
        demo.args(["demo", "--listen", "127.0.0.1:0", "--patrons", "30", "--works", "24"]);
        demo.arg("--keep").arg(&folder).stdin(Stdio::null()).stdout(Stdio::piped());
        let process = demo.stderr(Stdio::null()).spawn();
        let mut process = process.map_err(|error| format!("the demonstration: {error}"))?;
        let output = process.stdout.take().expect("standard output is piped");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let url = lines.find_map(|line| {
            let (_, rest) = line.split_once("Obole listens on ")?;
            rest.split_whitespace().next().map(|url| url.trim_end_matches('/').to_owned())
        });
        // Read on, or it stops when the pipe is full.
        std::thread::spawn(move || lines.count());
        let demo = Self { process, url: url.unwrap_or_default(), folder };
        if demo.url.is_empty() {
            return Err("The demonstration ended without an address.".to_owned());
        }
        Ok(demo)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
