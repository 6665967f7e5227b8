//! Load for measurements: HTTP/1.1 over connections that stay open, one request after another on
//! each; no more of the protocol than our own server needs.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// The longest answer that is read.
const ANSWER_MAX: usize = 1 << 20;

/// As much of an answer that is not as it should be is shown.
const SHOWN: usize = 400;

/// A request, ready to send.
pub struct Request {
    /// Head and body.
    pub text: String,
    /// Which statuses are as they should be.
    pub is_well: fn(u16) -> bool,
}

/// How much at once, and how long.
#[derive(Clone, Copy)]
pub struct Load {
    pub address: SocketAddr,
    pub connections: u32,
    pub lasting: Duration,
}

/// What was measured: how long each answer took, in microseconds, in ascending order.
pub struct Measured {
    micros: Vec<u64>,
    pub took: Duration,
}

impl Measured {
    /// How many answers there were.
    pub fn count(&self) -> u64 {
        self.micros.len() as u64
    }

    /// So many of a hundred answers took at most this many microseconds.
    pub fn percentile(&self, percent: usize) -> u64 {
        let place = (self.micros.len() * percent / 100).min(self.micros.len().saturating_sub(1));
        self.micros.get(place).copied().unwrap_or_default()
    }
}

/// Sends the requests that `requests` makes for each connection until the time is over. Any answer
/// that is not as it should be ends the measurement.
pub async fn run(
    load: Load,
    requests: impl Fn(u32) -> Box<dyn FnMut() -> Request + Send>,
) -> Result<Measured> {
    let started = Instant::now();
    let mut connections = JoinSet::new();
    for number in 0..load.connections {
        connections.spawn(one(load, started, requests(number)));
    }
    let mut micros = Vec::new();
    while let Some(ended) = connections.join_next().await {
        micros.extend(ended.context("a connection's task failed")??);
    }
    micros.sort_unstable();
    Ok(Measured { micros, took: started.elapsed() })
}

/// One connection.
async fn one(
    load: Load,
    started: Instant,
    mut next: Box<dyn FnMut() -> Request + Send>,
) -> Result<Vec<u64>> {
    let mut stream = TcpStream::connect(load.address).await.context("cannot connect")?;
    stream.set_nodelay(true)?;
    let (mut micros, mut buffer) = (Vec::new(), Vec::with_capacity(8_192));
    while started.elapsed() < load.lasting {
        let request = next();
        let sent = Instant::now();
        stream.write_all(request.text.as_bytes()).await?;
        let status = read_answer(&mut stream, &mut buffer).await?;
        if !(request.is_well)(status) {
            let answer: String = String::from_utf8_lossy(&buffer).chars().take(SHOWN).collect();
            bail!("the server answered {status}: {answer}");
        }
        micros.push(u64::try_from(sent.elapsed().as_micros()).unwrap_or(u64::MAX));
    }
    Ok(micros)
}

/// Reads one answer, head and body, and gives its status.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<u16> {
    buffer.clear();
    loop {
        if let Some((status, length)) = head(buffer)?
            && buffer.len() >= length
        {
            return Ok(status);
        }
        if buffer.len() > ANSWER_MAX || stream.read_buf(buffer).await? == 0 {
            bail!("the server closed the connection or answers without end");
        }
    }
}

/// The status of an answer and the length of head and body, once its head is there.
fn head(buffer: &[u8]) -> Result<Option<(u16, usize)>> {
    let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = std::str::from_utf8(buffer.get(..end).unwrap_or_default())?;
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let length = lines.find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let status = status.context("not an answer of HTTP/1.1")?;
    let length = length.context("an answer without its length")?;
    Ok(Some((status, end + 4 + length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answers_head_tells_its_status_and_length() {
        let answer = b"HTTP/1.1 201 Created\r\nx: y\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(head(answer).expect("well formed"), Some((201, answer.len())));
        assert_eq!(head(&answer[..20]).expect("not there yet"), None);
        assert!(head(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
        assert!(head(b"nonsense\r\n\r\n").is_err());
    }

    /// Answers every request on every connection with the same status.
    async fn server(status: &'static str) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut request = [0; 1_024];
                    while stream.read(&mut request).await.is_ok_and(|read| read > 0) {
                        // In two pieces, as a network may deliver it.
                        let head = format!("HTTP/1.1 {status}\r\ncontent-length: 2\r\n");
                        stream.write_all(head.as_bytes()).await.expect("a reader");
                        stream.write_all(b"\r\nok").await.expect("a reader");
                    }
                });
            }
        });
        address
    }

    async fn measured(status: &'static str) -> Result<Measured> {
        let (address, lasting) = (server(status).await, Duration::from_millis(100));
        let requests = |_| -> Box<dyn FnMut() -> Request + Send> {
            let text = "GET / HTTP/1.1\r\n\r\n";
            Box::new(move || Request { text: text.to_owned(), is_well: |status| status == 200 })
        };
        run(Load { address, connections: 3, lasting }, requests).await
    }

    #[tokio::test]
    async fn answers_are_counted_and_a_bad_one_ends_it() {
        let well = measured("200 OK").await.expect("measured");
        assert!(well.count() >= 3 && well.percentile(99) >= well.percentile(50));
        let refused = measured("403 Forbidden").await.err().expect("refused").to_string();
        assert!(refused.contains("403"), "{refused}");
    }

    #[test]
    fn percentiles_are_of_those_measured() {
        let micros = (1..=100).collect();
        let measured = Measured { micros, took: Duration::from_secs(1) };
        assert_eq!((measured.percentile(50), measured.percentile(99)), (51, 100));
        let none = Measured { micros: Vec::new(), took: Duration::from_secs(1) };
        assert_eq!(none.percentile(99), 0);
    }
}
