//! Somebody else's site: pages on another origin than the instance's.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Headers, a line each, and the body.
type Page = (String, String);

/// A site under the name `localhost`: the instance is 127.0.0.1, another site with other cookies.
pub struct Site {
    port: u16,
    pages: Arc<Mutex<HashMap<String, Page>>>,
}

impl Site {
    /// Opens one without pages.
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port for the site");
        let port = listener.local_addr().expect("it was just bound").port();
        let pages: Arc<Mutex<HashMap<String, Page>>> = Arc::default();
        let served = pages.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A browser opens connections before it needs them: none may keep another waiting.
                let served = served.clone();
                thread::spawn(move || answer(stream, &served));
            }
        });
        Self { port, pages }
    }

    /// Puts a page up; each header ends with `\r\n`.
    pub fn put(&self, path: &str, headers: &str, body: &str) {
        let page = (headers.to_owned(), body.to_owned());
        self.pages.lock().expect("no thread fails with it in hand").insert(path.to_owned(), page);
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://localhost:{}{path}", self.port)
    }
}

fn answer(mut stream: TcpStream, pages: &Mutex<HashMap<String, Page>>) {
    let lines = BufReader::new(&stream).lines().map_while(Result::ok);
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let path = head.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default();
    let page = pages.lock().expect("no thread fails with it in hand").get(path).cloned();
    let (status, (headers, body)) =
        page.map_or_else(|| ("404 Not Found", Page::default()), |page| ("200 OK", page));
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n{headers}");
    let length = body.len();
    let _ = write!(stream, "{head}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}");
}
