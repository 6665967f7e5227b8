//! Load for measurements: HTTP/1.1 over connections that stay open, one request after another on
//! each; no more of the protocol than our own server needs. It has threads of its own and does as
//! little as it can, so that the server is measured and not its client.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result, anyhow, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

/// How many threads send, each for its part of the connections.
const THREADS: u32 = 2;

/// The longest answer that is read.
const ANSWER_MAX: usize = 1 << 20;

/// What is read at once.
const READ: usize = 16 * 1024;

/// As much of an answer that is not as it should be is shown.
const SHOWN: usize = 400;

/// Writes the next request of a connection, head and body, into an empty buffer.
pub type Next = Box<dyn FnMut(&mut Vec<u8>) + Send>;

/// How much at once, how long, and which statuses are as they should be.
#[derive(Clone, Copy)]
pub struct Load {
    pub address: SocketAddr,
    pub connections: u32,
    pub lasting: Duration,
    pub is_well: fn(u16) -> bool,
}

/// What was measured: how long each answer took, in microseconds, in ascending order.
pub struct Measured {
    micros: Vec<u32>,
    pub took: Duration,
}

impl Measured {
    /// How many answers there were.
    pub fn count(&self) -> u64 {
        self.micros.len() as u64
    }

    /// Nothing yet.
    pub const fn none() -> Self {
        Self { micros: Vec::new(), took: Duration::ZERO }
    }

    /// Adds what was measured in another round.
    pub fn add(&mut self, other: Self) {
        self.micros.extend(other.micros);
        self.micros.sort_unstable();
        self.took += other.took;
    }

    /// So many of a hundred answers took at most this many microseconds.
    pub fn percentile(&self, percent: usize) -> u64 {
        let place = (self.micros.len() * percent / 100).min(self.micros.len().saturating_sub(1));
        self.micros.get(place).copied().unwrap_or_default().into()
    }
}

/// Sends the requests that `requests` makes for each connection until the time is over. Any answer
/// that is not as it should be ends the measurement.
pub async fn run(load: Load, requests: impl Fn(u32) -> Next) -> Result<Measured> {
    let started = Instant::now();
    let mut threads = Vec::new();
    for thread in 0..THREADS {
        let numbers = (thread..load.connections).step_by(THREADS as usize);
        let connections: Vec<Next> = numbers.map(&requests).collect();
        let (sender, measured) = oneshot::channel();
        let run = move || {
            let _unheard = sender.send(send_all(load, started, connections));
        };
        std::thread::Builder::new().name("bench-client".to_owned()).spawn(run)?;
        threads.push(measured);
    }
    let mut micros = Vec::new();
    for measured in threads {
        micros.extend(measured.await.context("a thread that sends failed")??);
    }
    micros.sort_unstable();
    Ok(Measured { micros, took: started.elapsed() })
}

/// One thread: its connections side by side.
fn send_all(load: Load, started: Instant, connections: Vec<Next>) -> Result<Vec<u32>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
    runtime.block_on(async {
        let mut tasks = JoinSet::new();
        for next in connections {
            tasks.spawn(one(load, started, next));
        }
        let mut micros = Vec::new();
        while let Some(ended) = tasks.join_next().await {
            micros.extend(ended.context("a connection's task failed")??);
        }
        Ok(micros)
    })
}

/// A connection that stays open, and what goes over it.
struct Connection {
    stream: TcpStream,
    is_well: fn(u16) -> bool,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    async fn open(load: Load) -> Result<Self> {
        let stream = TcpStream::connect(load.address).await.context("cannot connect")?;
        stream.set_nodelay(true)?;
        let (request, answer) = (Vec::with_capacity(1_024), Vec::with_capacity(READ));
        Ok(Self { stream, is_well: load.is_well, request, answer })
    }

    /// Sends the next request and reads the answer, which must be as it should be.
    async fn ask(&mut self, next: &mut Next) -> Result<()> {
        self.request.clear();
        next(&mut self.request);
        self.stream.write_all(&self.request).await?;
        let status = read_answer(&mut self.stream, &mut self.answer).await?;
        if (self.is_well)(status) {
            return Ok(());
        }
        let answer = String::from_utf8_lossy(&self.answer);
        bail!("the server answered {status}: {}", answer.chars().take(SHOWN).collect::<String>());
    }
}

/// One connection.
async fn one(load: Load, started: Instant, mut next: Next) -> Result<Vec<u32>> {
    let (mut connection, mut micros) = (Connection::open(load).await?, Vec::new());
    let mut sent = Instant::now();
    while sent.duration_since(started) < load.lasting {
        connection.ask(&mut next).await?;
        let now = Instant::now();
        micros.push(u32::try_from(now.duration_since(sent).as_micros()).unwrap_or(u32::MAX));
        sent = now;
    }
    Ok(micros)
}

/// Sends so many requests a second, whether the ones before are answered or not, as people do: how
/// long each took counts from the moment when it was due.
pub async fn steady(
    load: Load,
    per_second: u32,
    requests: impl Fn(u32) -> Next,
) -> Result<Measured> {
    let started = Instant::now();
    let turn = Arc::new(AtomicU32::new(0));
    let mut tasks = JoinSet::new();
    for number in 0..load.connections {
        tasks.spawn(steady_one((load, per_second), started, Arc::clone(&turn), requests(number)));
    }
    let mut micros = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        micros.extend(ended.context("a connection's task failed")??);
    }
    micros.sort_unstable();
    Ok(Measured { micros, took: started.elapsed() })
}

async fn steady_one(
    (load, per_second): (Load, u32),
    started: Instant,
    turn: Arc<AtomicU32>,
    mut next: Next,
) -> Result<Vec<u32>> {
    let (mut connection, mut micros) = (Connection::open(load).await?, Vec::new());
    loop {
        let turn = turn.fetch_add(1, Ordering::Relaxed);
        let due = Duration::from_secs(turn.into()) / per_second;
        if due >= load.lasting {
            return Ok(micros);
        }
        tokio::time::sleep_until((started + due).into()).await;
        connection.ask(&mut next).await?;
        let took = started.elapsed().saturating_sub(due);
        micros.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }
}

/// Sends one request and gives the answer, head and body.
pub async fn fetch(address: SocketAddr, request: &[u8]) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address).await.context("cannot connect")?;
    stream.write_all(request).await?;
    let mut answer = Vec::with_capacity(READ);
    read_answer(&mut stream, &mut answer).await?;
    Ok(answer)
}

/// Reads one answer, head and body, and gives its status.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) -> Result<u16> {
    answer.clear();
    let mut known = None;
    loop {
        if answer.len() > ANSWER_MAX || stream.read_buf(answer).await? == 0 {
            bail!("the server closed the connection or answers without end");
        }
        if known.is_none() {
            known = head(answer)?;
        }
        if let Some((status, length)) = known
            && (answer.len() >= length || (length == CHUNKED && answer.ends_with(LAST_CHUNK)))
        {
            return Ok(status);
        }
    }
}

/// The status of an answer and the length of head and body, once its head is there.
fn head(answer: &[u8]) -> Result<Option<(u16, usize)>> {
    let (mut from, mut status, mut length) = (0, None, None);
    while let Some(line) = answer.get(from..).and_then(line) {
        from += line.len() + 2;
        if status.is_none() {
            let digits = line.split(|byte| *byte == b' ').nth(1).and_then(number);
            let digits = digits.and_then(|number| u16::try_from(number).ok());
            status = Some(digits.ok_or_else(|| anyhow!("not an answer of HTTP/1.1"))?);
        } else if line.is_empty() {
            // RFC 9110 section 15.4.5: it ends with its head.
            let length = if status == Some(304) { Some(0) } else { length };
            let length: usize = length.context("an answer without its length")?;
            return Ok(status.map(|status| (status, length.saturating_add(from))));
        } else if let Some((name, value)) = line.split_at_checked(LENGTH.len())
            && name.eq_ignore_ascii_case(LENGTH)
        {
            length = number(value.trim_ascii());
        } else if line.eq_ignore_ascii_case(b"transfer-encoding: chunked") {
            length = Some(CHUNKED);
        }
    }
    Ok(None)
}

/// The length of a body that comes in chunks, and how the last of them ends. What is measured ends
/// so nowhere else.
const CHUNKED: usize = usize::MAX;
const LAST_CHUNK: &[u8] = b"\r\n0\r\n\r\n";

/// The header that says how long the body is.
const LENGTH: &[u8] = b"content-length:";

/// The text up to a line's end that is there already.
fn line(text: &[u8]) -> Option<&[u8]> {
    let end = text.iter().position(|byte| *byte == b'\n')?;
    text.get(..end.checked_sub(1)?)
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answers_head_tells_its_status_and_length() {
        let answer = b"HTTP/1.1 201 Created\r\nx: y\r\nContent-Length: 5\r\n\r\nhello";
        assert_eq!(head(answer).expect("well formed"), Some((201, answer.len())));
        for end in 0..answer.len() - 5 {
            assert_eq!(head(&answer[..end]).expect("not there yet"), None, "{end}");
        }
        let known = b"HTTP/1.1 304 Not Modified\r\netag: \"x\"\r\n\r\n";
        assert_eq!(head(known).expect("well formed"), Some((304, known.len())));
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(head(chunked).expect("well formed"), Some((200, CHUNKED)));
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
        let is_well = |status| status == 200;
        let requests = |_| -> Next { Box::new(|out| out.extend(b"GET / HTTP/1.1\r\n\r\n")) };
        run(Load { address, connections: 3, lasting, is_well }, requests).await
    }

    #[tokio::test]
    async fn answers_are_counted_and_a_bad_one_ends_it() {
        let well = measured("200 OK").await.expect("measured");
        assert!(well.count() >= 3 && well.percentile(99) >= well.percentile(50));
        let refused = measured("403 Forbidden").await.err().expect("refused").to_string();
        assert!(refused.contains("403"), "{refused}");
    }

    #[tokio::test]
    async fn a_steady_load_keeps_its_pace() {
        let address = server("200 OK").await;
        let lasting = Duration::from_millis(200);
        let load = Load { address, connections: 2, lasting, is_well: |status| status == 200 };
        let requests = |_| -> Next { Box::new(|out| out.extend(b"GET / HTTP/1.1\r\n\r\n")) };
        let measured = steady(load, 100, requests).await.expect("measured");
        assert_eq!(measured.count(), 20, "100 a second for a fifth of one");
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
