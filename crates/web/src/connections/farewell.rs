//! The last words on a connection on which no request was read: what is wrong, in every language,
//! since nobody knows the reader's.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use obole_language::{Language, text};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// How many are said at a time; with more to say, connections are closed without a word.
const AT_ONCE: usize = 64;

/// How long somebody may take to hear it.
const HEARD: Duration = Duration::from_secs(2);

/// Bytes that are still taken in and thrown away: a connection that is closed on unread bytes takes
/// the answer with it.
const THROWN_AWAY: usize = 64 * 1024;

/// Seconds after which to try again.
const RETRY_SECONDS: u32 = 10;

/// Says last words, to so many at a time.
#[derive(Clone)]
pub(super) struct Farewells(Arc<Semaphore>);

impl Default for Farewells {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Farewells {
    /// Too many connections from one address.
    pub(super) fn too_many(&self, stream: TcpStream) {
        self.say(stream, answer(StatusCode::TOO_MANY_REQUESTS, "answer-connections"));
    }

    /// The head of a request did not arrive in time.
    pub(super) fn too_slow(&self, stream: TcpStream) {
        self.say(stream, answer(StatusCode::REQUEST_TIMEOUT, "answer-too-slow"));
    }

    fn say(&self, mut stream: TcpStream, answer: String) {
        let Ok(turn) = Arc::clone(&self.0).try_acquire_owned() else { return };
        tokio::spawn(async move {
            let said = async {
                stream.write_all(answer.as_bytes()).await?;
                stream.shutdown().await?;
                let (mut thrown, mut buffer) = (0, vec![0; 4 * 1024]);
                while thrown < THROWN_AWAY {
                    match stream.read(&mut buffer).await? {
                        0 => break,
                        read => thrown += read,
                    }
                }
                Ok::<_, std::io::Error>(())
            };
            // Whether anybody listens is their affair.
            let _heard = timeout(HEARD, said).await;
            drop(turn);
        });
    }
}

fn answer(status: StatusCode, key: &str) -> String {
    let sentences = Language::ALL.map(|language| format!("{}\n", text(language, key))).concat();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/plain; charset=utf-8\r\n\
         content-length: {}\r\nretry-after: {RETRY_SECONDS}\r\ncache-control: no-store\r\n\
         connection: close\r\n\r\n{sentences}",
        sentences.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn last_words_are_whole_answers_in_every_language() {
        let answer = answer(StatusCode::TOO_MANY_REQUESTS, "answer-connections");
        let (head, body) = answer.split_once("\r\n\r\n").expect("head and body");
        assert!(head.starts_with("HTTP/1.1 429 Too Many Requests\r\n"), "{head}");
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
        assert_eq!(body.lines().count(), Language::ALL.len(), "{body}");
    }
}
