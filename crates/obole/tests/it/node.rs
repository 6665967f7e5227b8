//! A serving process: started, asked, killed, frozen, and what it says meanwhile.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::scene::Scene;

/// What all nodes of a test have in common.
pub struct Common {
    /// What the clocks said when the test began; they run on from there.
    pub begins: Timestamp,
    pub begun: Instant,
    /// Where the nodes' words go, with their numbers.
    pub words: Sender<(usize, String)>,
    /// More of the environment.
    pub environment: Vec<(&'static str, String)>,
}

impl Common {
    pub fn new(begins: &str, words: Sender<(usize, String)>) -> Self {
        let begins = begins.parse().expect("a moment");
        Self { begins, begun: Instant::now(), words, environment: Vec::new() }
    }
}

/// A node. It is killed with the test.
pub struct Node {
    child: Child,
    pub address: String,
}

impl Node {
    /// Starts a node and waits until it listens.
    pub fn start(scene: &Scene, common: &Common, number: usize) -> Self {
        let passed = SignedDuration::try_from(common.begun.elapsed()).expect("a short test");
        let now = common.begins.saturating_add(passed).expect("a moment");
        let mut command = scene.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("OBOLE_TEST_NOW", now.to_string()).envs(common.environment.iter().cloned());
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let (words, errors) = (common.words.clone(), child.stderr.take().expect("piped"));
        thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                // Nobody listens when the test has ended.
                let _unheard = words.send((number, line));
            }
        });
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut lines = lines.map_while(Result::ok);
        let address = lines
            .find_map(|line| line.strip_prefix("Obole listens on http://").map(str::to_owned))
            .unwrap_or_else(|| panic!("node {number} does not listen"));
        Self { child, address }
    }

    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// Stops it in its tracks: it notices nothing until it is thawed.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    /// Asks it to end, and says how it did.
    pub fn end(mut self) -> Option<i32> {
        self.signal("-TERM");
        self.child.wait().expect("it ends").code()
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().expect("kill runs");
        assert!(sent.success());
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _killed = self.child.kill();
        let _ended = self.child.wait();
    }
}

/// Waits for words that contain a text and gives who said them; none after so long.
pub fn hear(words: &Receiver<(usize, String)>, text: &str, patience: Duration) -> Option<usize> {
    let begun = Instant::now();
    loop {
        match words.recv_timeout(patience.saturating_sub(begun.elapsed())) {
            Ok((number, line)) if line.contains(text) => return Some(number),
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return None,
            Err(RecvTimeoutError::Disconnected) => panic!("all nodes are gone"),
        }
    }
}

/// A request to a node.
pub struct Request<'request> {
    /// Method and path.
    pub line: &'request str,
    pub headers: &'request [(&'request str, &'request str)],
    pub body: &'request str,
    /// How long to wait for something new of the answer.
    pub patience: Duration,
}

/// Sends a request and gives status, head and body of the answer.
pub fn ask(address: &str, request: &Request<'_>) -> io::Result<(u16, String, String)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(request.patience))?;
    let headers: String =
        request.headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let (line, body) = (request.line, request.body);
    let text = format!(
        "{line} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\
         \r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or(io::ErrorKind::InvalidData)?;
    Ok((status, head.to_owned(), body.to_owned()))
}
