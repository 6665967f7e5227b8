//! HTTP/1.1 as the load needs it: one request on one connection, and the plain truth about what
//! came back, which is an answer or nothing that one can rely on.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// How long an answer is waited for.
pub const PATIENCE: Duration = Duration::from_secs(8);

/// The longest answer that is read.
const ANSWER_MAX: usize = 1 << 20;

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub token: String,
    /// The idempotency key, where one is needed.
    pub key: Option<String>,
    pub body: Option<Value>,
}

/// An answer, whole.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Whether it was given before (`Idempotent-Replayed`).
    pub is_replayed: bool,
    /// The body; null where it is not JSON.
    pub body: Value,
}

/// A connection to a node, opened when it is needed.
#[derive(Default)]
pub struct Client {
    stream: Option<(SocketAddr, TcpStream)>,
}

impl Client {
    /// Sends a request and reads its answer. An error says nothing about what was done.
    pub fn send(&mut self, address: SocketAddr, request: &Request) -> Result<Answer, String> {
        let kept = self.stream.take().filter(|(known, _)| *known == address);
        let mut stream = match kept {
            Some((_, stream)) => stream,
            None => connect(address)?,
        };
        let answer = exchange(&mut stream, address, request)?;
        self.stream = Some((address, stream));
        Ok(answer)
    }
}

fn connect(address: SocketAddr) -> Result<TcpStream, String> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE).map_err(said)?;
    stream.set_nodelay(true).map_err(said)?;
    stream.set_read_timeout(Some(PATIENCE)).map_err(said)?;
    stream.set_write_timeout(Some(PATIENCE)).map_err(said)?;
    Ok(stream)
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn said(error: std::io::Error) -> String {
    error.to_string()
}

fn exchange(
    stream: &mut TcpStream,
    address: SocketAddr,
    request: &Request,
) -> Result<Answer, String> {
    stream.write_all(text(address, request).as_bytes()).map_err(said)?;
    let mut buffer = Vec::with_capacity(4_096);
    let mut part = [0; 4_096];
    loop {
        if let Some(answer) = read(&buffer)? {
            return Ok(Answer { body: without_address(answer.body, address), ..answer });
        }
        let length = stream.read(&mut part).map_err(said)?;
        if length == 0 || buffer.len() > ANSWER_MAX {
            return Err("the connection ended in the middle of an answer".to_owned());
        }
        buffer.extend(part.iter().take(length));
    }
}

/// A body without the node's own address: it listens on another port after each start, and what it
/// said before is the same answer.
fn without_address(body: Value, address: SocketAddr) -> Value {
    let text = body.to_string().replace(&format!("http://{address}"), "");
    serde_json::from_str(&text).unwrap_or(body)
}

fn text(address: SocketAddr, request: &Request) -> String {
    let Request { method, path, token, key, body } = request;
    let mut text = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n"
    );
    if let Some(key) = key {
        text.push_str(&format!("Idempotency-Key: {key}\r\n"));
    }
    let body = body.as_ref().map(ToString::to_string).unwrap_or_default();
    if !body.is_empty() {
        text.push_str("Content-Type: application/json\r\n");
    }
    text.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    text
}

/// The answer, once all of it is there.
fn read(buffer: &[u8]) -> Result<Option<Answer>, String> {
    let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = String::from_utf8_lossy(buffer.get(..end).unwrap_or_default()).into_owned();
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let status = status.ok_or("not an answer of HTTP/1.1")?;
    let field = |name: &str| {
        let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
        let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim().to_owned())
    };
    let length = field("content-length").and_then(|length| length.parse::<usize>().ok());
    let length = length.unwrap_or_default();
    let Some(body) = buffer.get(end + 4..end + 4 + length) else { return Ok(None) };
    Ok(Some(Answer {
        status,
        is_replayed: field("idempotent-replayed").is_some_and(|value| value == "true"),
        body: serde_json::from_slice(body).unwrap_or(Value::Null),
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_read_once_all_of_it_is_there() {
        let bytes = b"HTTP/1.1 201 Created\r\nidempotent-replayed: true\r\n\
            Content-Length: 7\r\n\r\n{\"a\":1}";
        for end in 0..bytes.len() {
            assert!(read(&bytes[..end]).expect("nothing wrong yet").is_none(), "{end}");
        }
        let answer = read(bytes).expect("well formed").expect("whole");
        assert_eq!((answer.status, answer.is_replayed), (201, true));
        assert_eq!(answer.body["a"], 1);
        let port = |port: u16| {
            let problem = json!({"type": format!("http://127.0.0.1:{port}/api/problems#a")});
            without_address(problem, SocketAddr::from(([127, 0, 0, 1], port)))
        };
        assert_eq!((port(1_000), &port(1_000)["type"]), (port(65_000), &json!("/api/problems#a")));
        let empty = read(b"HTTP/1.1 204 No Content\r\n\r\n").expect("well formed").expect("whole");
        assert_eq!((empty.status, empty.body), (204, Value::Null));
    }
}
