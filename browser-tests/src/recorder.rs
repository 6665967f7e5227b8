//! A proxy that a browser asks for everything: it writes down each address, lets through what stays
//! on this machine, and refuses the rest.

use std::io::{BufRead, BufReader, Read, Write, copy};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A running proxy and what was asked of it.
pub struct Recorder {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Recorder {
    /// Starts one on a port of its own.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port for the proxy");
        let port = listener.local_addr().expect("it was just bound").port();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = asked.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let noted = noted.clone();
                // A client that goes away in the middle is its own affair.
                thread::spawn(move || relay(client, &noted).unwrap_or_default());
            }
        });
        Self { port, asked }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What was asked for since this was last called: whole addresses, or `host:port` of a tunnel.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().expect("no thread fails with it in hand"))
    }
}

/// Notes one request and answers it: by whom it is for, or with a refusal.
fn relay(mut client: TcpStream, asked: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let (method, url) = match line.split(' ').collect::<Vec<_>>()[..] {
        [method, url, _] => (method, url),
        _ => return Ok(()),
    };
    asked.lock().expect("no thread fails with it in hand").push(url.to_owned());
    let rest = url.strip_prefix("http://").filter(|_| method != "CONNECT");
    let (host, path) = rest.and_then(|rest| rest.split_once('/')).unwrap_or_default();
    if !host.starts_with("127.0.0.1:") && !host.starts_with("localhost:") {
        return client.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
    }
    let mut server = TcpStream::connect(host.replace("localhost", "127.0.0.1"))?;
    // One request a connection: the next may be for somebody else.
    write!(server, "{method} /{path} HTTP/1.1\r\nConnection: close\r\n")?;
    server.write_all(&head_of(&mut reader)?)?;
    let mut towards = server.try_clone()?;
    thread::spawn(move || {
        let sent = towards.write_all(reader.buffer()).and_then(|()| {
            let mut rest = reader.into_inner();
            copy(&mut rest, &mut towards)
        });
        // Whoever waits for the answer sees how it ended.
        let _ended = sent.and_then(|_| towards.shutdown(Shutdown::Write));
    });
    copy(&mut server, &mut client)?;
    client.shutdown(Shutdown::Both)
}

/// The header lines with the empty one, without what concerns only this connection.
fn head_of(reader: &mut BufReader<impl Read>) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let name = line.to_ascii_lowercase();
        if !name.starts_with("connection:") && !name.starts_with("proxy-connection:") {
            head.extend(line.as_bytes());
        }
        if line.trim().is_empty() {
            return Ok(head);
        }
    }
}
