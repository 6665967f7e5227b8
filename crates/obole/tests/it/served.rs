//! A serving process that tests talk to over HTTP.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::scene::Scene;

/// What everybody signs in with whom [`serve`] makes.
pub const PASSWORD: &str = "a quiet harbour";

/// A serving process and what it printed before it was ready.
pub struct Served {
    pub child: Child,
    pub address: String,
    pub before: Vec<String>,
}

/// An answer: its status, its head, its body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Served {
    /// Serves a scene's instance on a free port.
    pub fn begin(scene: &Scene) -> Self {
        Self::begin_with(scene.command(&["serve", "--listen", "127.0.0.1:0"]))
    }

    /// The same with a command of the caller's own.
    pub fn begin_with(mut command: Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        let mut before = Vec::new();
        let out = BufReader::new(child.stdout.take().expect("piped"));
        for line in out.lines() {
            let line = line.expect("text");
            if let Some(address) = line.strip_prefix("Obole listens on http://") {
                return Self { child, address: address.to_owned(), before };
            }
            before.push(line);
        }
        let mut errors = String::new();
        child.stderr.take().expect("piped").read_to_string(&mut errors).expect("text");
        let code = child.wait().expect("it ends").code();
        panic!("it does not listen, ends with {code:?}: {errors}");
    }

    /// Reads a page.
    pub fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\n", self.address), "")
            .expect("an answer")
    }

    /// Gives a click under a key of its own; none where there is no whole answer.
    pub fn click(&self, token: &str, key: &str, work: &str) -> Option<Answer> {
        let body = format!("{{\"url\":\"{work}\"}}");
        let head = format!(
            "POST /api/v1/clicks HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nIdempotency-Key: {key}\r\nContent-Length: {}\r\n",
            self.address,
            body.len()
        );
        self.ask(&head, &body)
    }

    /// Sends a request's head, without its end, and its body.
    pub fn ask(&self, head: &str, body: &str) -> Option<Answer> {
        ask_at(&self.address, head, body)
    }

    /// Asks it to end and gives its code and what it said on standard error.
    pub fn end(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
        assert!(asked.success());
        self.ended()
    }

    /// Waits for its end.
    pub fn ended(&mut self) -> (Option<i32>, String) {
        let mut errors = String::new();
        self.child.stderr.take().expect("piped").read_to_string(&mut errors).expect("text");
        (self.child.wait().expect("it ends").code(), errors)
    }
}

/// An instance with accounts that can sign in, served at an address that it knows.
pub fn serve(scene: &Scene, handles: &[&str]) -> (Served, String) {
    for handle in handles {
        let email = format!("{handle}@obole.example");
        let words = ["account", "create", "--handle", handle, "--email", &email];
        let words = [&words[..], &["--password-stdin", "--confirmed"]].concat();
        let run = scene.run_with(&words, PASSWORD);
        assert_eq!(run.code, 0, "{run:?}");
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let served = Served::begin_with(scene.command(&["serve", "--listen", &listen]));
    (served, format!("http://{listen}"))
}

/// Sends a request's head, without its end, and its body, to an address.
pub fn ask_at(address: &str, head: &str, body: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() })
}
