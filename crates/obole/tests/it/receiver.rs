//! A mail server that takes every letter and says which it took.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// Starts a server that ends with the test; gives its port, and the Message-ID of each letter.
pub fn start() -> (u16, Receiver<String>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (taken, letters) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let taken = taken.clone();
            // How a conversation breaks off is the sender's affair: it was killed.
            thread::spawn(move || converse(&stream, &taken));
        }
    });
    (port, letters)
}

fn converse(stream: &TcpStream, taken: &Sender<String>) -> io::Result<()> {
    let say = |line: &str| (&mut &*stream).write_all(format!("{line}\r\n").as_bytes());
    say("220 receiver.example ready")?;
    let mut lines = BufReader::new(stream).lines();
    while let Some(line) = lines.next() {
        match line?.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "DATA" => {
                say("354 go on")?;
                let mut id = String::new();
                for line in lines.by_ref() {
                    let line = line?;
                    if line == "." {
                        break;
                    }
                    if let Some(found) = line.strip_prefix("Message-ID: ") {
                        found.clone_into(&mut id);
                    }
                }
                // Taken, whether or not the sender lives to hear it.
                let _unheard = taken.send(id);
                say("250 taken")?;
            }
            "QUIT" => return say("221 bye"),
            _ => say("250 well")?,
        }
    }
    Ok(())
}
