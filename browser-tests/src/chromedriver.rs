//! One ChromeDriver, on a port of its own, gone with its owner.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::surroundings;

/// A running ChromeDriver.
pub struct Chromedriver {
    process: Child,
    url: String,
}

impl Chromedriver {
    /// Starts one and waits for the line that names its port.
    pub fn start() -> Self {
        let program = surroundings::required("OBOLE_TEST_CHROMEDRIVER");
        let mut process = Command::new(&program)
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        let output = process.stdout.take().expect("standard output is piped");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let port = lines.find_map(|line| port(&line));
        let port = port.unwrap_or_else(|| panic!("{program} ended without naming its port."));
        // Read on, or it stops when the pipe is full.
        std::thread::spawn(move || lines.count());
        Self { process, url: format!("http://127.0.0.1:{port}") }
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Chromedriver {
    /// Ends a session, and with it Chromium. Plain enough to work where a test is failing.
    pub fn end(&self, session: &str) {
        let address = self.url.trim_start_matches("http://");
        let Ok(mut stream) = TcpStream::connect(address) else { return };
        let limited = stream.set_read_timeout(Some(Duration::from_secs(5)));
        let request = format!(
            "DELETE /session/{session} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
        );
        let sent = stream.write_all(request.as_bytes());
        let _ = limited.and(sent).map(|()| stream.read(&mut [0; 64]));
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // Chromium ends with its session; where that hangs, with the driver. Killed alone, the
        // driver would leave it behind.
        let driver = self.process.id();
        let children = fs::read_to_string(format!("/proc/{driver}/task/{driver}/children"));
        let kill = format!("kill -KILL {}", children.unwrap_or_default());
        let _ = self.process.kill();
        let _ = Command::new("sh").args(["-c", &kill]).stderr(Stdio::null()).status();
        let _ = self.process.wait();
    }
}

fn port(line: &str) -> Option<u16> {
    let (_, rest) = line.split_once("started successfully on port ")?;
    rest.trim_end_matches('.').parse().ok()
}
