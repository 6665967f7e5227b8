//! Connections as a raw socket meets them: what comes too slowly, too large or too often
//! (security.md section 12).

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use obole_app::App;
use obole_app::testing::{Instance, account, sqlite};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::api_client::Client;
use crate::browser::Browser;

/// No answer takes longer than this; the slowest limit is half a minute.
const DEADLINE: Duration = Duration::from_secs(45);

/// An instance that serves until the test ends.
async fn serving(app: &App) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(obole_web::serve(app.clone(), listener, std::future::pending()));
    address
}

/// Everything that the server says until it closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A connection that is reset after its answer has still answered.
    let ended = timeout(DEADLINE, stream.read_to_end(&mut answer)).await;
    drop(ended.expect("an end before the deadline"));
    String::from_utf8_lossy(&answer).into_owned()
}

/// Sends the beginning, then a byte each half second until the server answers; gives the answer and
/// how long it took.
async fn drip(address: SocketAddr, beginning: &str) -> (String, Duration) {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    let begun = Instant::now();
    stream.write_all(beginning.as_bytes()).await.expect("sent");
    let mut first = [0];
    while begun.elapsed() < DEADLINE {
        match timeout(Duration::from_millis(500), stream.read(&mut first)).await {
            Err(_) => stream.write_all(b"x").await.expect("still open"),
            Ok(read) => {
                let took = begun.elapsed();
                let is_first = read.expect("an answer") == 1;
                let first = if is_first { char::from(first[0]).to_string() } else { String::new() };
                return (first + &rest(&mut stream).await, took);
            }
        }
    }
    panic!("no answer before the deadline");
}

fn head(instance: SocketAddr, line: &str, headers: &[(&str, &str)]) -> String {
    let headers: String =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("{line} HTTP/1.1\r\nhost: {instance}\r\n{headers}")
}

fn assert_between(took: Duration, seconds: std::ops::Range<u64>) {
    assert!(seconds.contains(&took.as_secs()), "{took:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_trickles_is_refused_after_ten_seconds() {
    let instance = sqlite().await;
    let address = serving(&instance.app).await;
    let beginning = head(address, "GET /", &[]) + "x-slow: ";
    let (slow, silent) = tokio::join!(drip(address, &beginning), async {
        let mut stream = TcpStream::connect(address).await.expect("connected");
        let begun = Instant::now();
        (rest(&mut stream).await, begun.elapsed())
    });
    assert!(slow.0.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{}", slow.0);
    for sentence in ["This took too long to arrive", "L’envoi a duré trop longtemps"] {
        assert!(slow.0.contains(sentence), "{}", slow.0);
    }
    assert_between(slow.1, 9..15);
    // Who says nothing at all is told nothing.
    assert_eq!(silent.0, "");
    assert_between(silent.1, 9..15);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_trickles_is_refused_within_half_a_minute() {
    let instance = sqlite().await;
    let address = serving(&instance.app).await;
    let ada = account(&instance.app, "ada").await;
    let client = Client::of(&instance.app, ada, "click").await;
    let bearer = format!("Bearer {}", client.token());
    let of_page = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("content-length", "1000"),
        ("sec-fetch-site", "same-origin"),
        ("accept-language", "fr"),
    ];
    let of_api = [
        ("content-type", "application/json"),
        ("content-length", "1000"),
        ("authorization", &bearer),
        ("idempotency-key", "k"),
        ("accept-language", "fr"),
    ];
    let page = head(address, "POST /language", &of_page) + "\r\n";
    let api = head(address, "POST /api/v1/clicks", &of_api) + "\r\n";
    for (answer, took) in <[_; 2]>::from(tokio::join!(drip(address, &page), drip(address, &api))) {
        assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
        assert!(answer.contains("L’envoi a duré trop longtemps"), "{answer}");
        assert_between(took, 20..31);
    }
}

/// Sends a whole request and gives the answer.
async fn say(address: SocketAddr, text: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("connected");
    // A server that has heard enough closes before all is sent.
    let _sent = stream.write_all(text).await;
    rest(&mut stream).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_with_a_sentence() {
    let instance = sqlite().await;
    let address = serving(&instance.app).await;
    let long = "y".repeat(17 * 1024);
    let close = ("connection", "close");
    let headers = [("accept-language", "fr"), ("x-long", &long), close];
    let answer = say(address, (head(address, "GET /", &headers) + "\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    assert!(answer.contains("C’est plus que ce qui peut être reçu en une fois"), "{answer}");
    let many = "x-a: b\r\n".repeat(200);
    let longer = "y".repeat(100 * 1024);
    let headers = [("x-long", longer.as_str()), close];
    for text in [
        head(address, "GET /", &headers) + "\r\n",
        head(address, "GET /", &[close]) + &many + "\r\n",
    ] {
        let answer = say(address, text.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    let query = format!("GET /works?q={long}");
    let answer = say(address, (head(address, &query, &[close]) + "\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");

    let body = "x".repeat(70_000);
    let length = body.len().to_string();
    let of_page = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
        ("accept-language", "fr"),
        close,
    ];
    let announced = head(address, "POST /language", &of_page)
        + &format!("content-length: {length}\r\n\r\n{body}");
    let chunked = head(address, "POST /language", &of_page)
        + &format!("transfer-encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    for text in [announced, chunked] {
        let answer = say(address, text.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
        assert!(answer.contains("C’est plus que ce qui peut être reçu en une fois"), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn http_2_is_not_spoken() {
    let instance = sqlite().await;
    let address = serving(&instance.app).await;
    let answer = say(address, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer:?}");
    let close = [("connection", "close"), ("upgrade", "h2c"), ("http2-settings", "")];
    let answer = say(address, (head(address, "GET /healthz", &close) + "\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_257th_connection_from_one_address_is_told_so() {
    let Instance { app, folder: _folder } = sqlite().await;
    let address = serving(&app).await;
    let request = head(address, "GET /healthz", &[]) + "\r\n";
    let mut open = Vec::new();
    for _ in 0..256 {
        let mut stream = TcpStream::connect(address).await.expect("connected");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut word = [0; 12];
        stream.read_exact(&mut word).await.expect("answered");
        assert_eq!(&word, b"HTTP/1.1 200");
        open.push(stream);
    }
    // Fifty more at once, each with a request of its own.
    let close = [("connection", "close")];
    let request = head(address, "GET /healthz", &close) + "\r\n";
    let mut more = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let request = request.clone();
        more.spawn(async move { say(address, request.as_bytes()).await });
    }
    for answer in more.join_all().await {
        assert!(answer.starts_with("HTTP/1.1 429 Too Many Requests\r\n"), "{answer}");
        assert!(answer.contains("retry-after: 10\r\n"), "{answer}");
        for sentence in ["very many open connections", "beaucoup de connexions ouvertes"] {
            assert!(answer.contains(sentence), "{answer}");
        }
    }
    // Closed ones make room.
    drop(open);
    let begun = Instant::now();
    while !say(address, request.as_bytes()).await.starts_with("HTTP/1.1 200") {
        assert!(begun.elapsed() < DEADLINE, "no room");
    }
    assert_eq!(Browser::new(&app).get("/healthz").await.status, 200);
}
