//! The door to an instance of Obole, for the programs of the command line: they run on their user's
//! own machine and go where that user sends them, to nobody whom a stranger names (`fetch` is for
//! those). No redirects, no cookies, no proxies; an answer is never longer than it needs to be.

use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{self, HeaderMap};
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use url::{Host, Url};

use crate::fetch::connector;

/// The longest body that is taken in: a page of a list is a hundred times shorter.
pub const BODY_MAX: usize = 1 << 20;

/// How long a connection may take, and the whole of a question.
const CONNECT_MAX: Duration = Duration::from_secs(10);
const WHOLE_MAX: Duration = Duration::from_secs(30);

/// The most bytes of headers, and the most of them.
const HEADER_BYTES_MAX: usize = 16 << 10;
const HEADERS_MAX: usize = 100;

/// Where an instance is: `https`, or `http` on this machine only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(Url);

impl Base {
    /// Reads an address as somebody types it: `https://` may be left out.
    pub fn parse(text: &str) -> Result<Self, DoorError> {
        let text = text.trim();
        let with_scheme =
            if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
        let url = Url::parse(&with_scheme).map_err(|_| DoorError::Address)?;
        let is_secure = match url.scheme() {
            "https" => true,
            "http" => is_loopback(&url),
            _ => false,
        };
        if !is_secure && url.scheme() == "http" {
            return Err(DoorError::Plain);
        }
        let is_bare = url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        if is_secure && is_bare && url.has_host() { Ok(Self(url)) } else { Err(DoorError::Address) }
    }

    /// The address without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The path and query of an address that is this instance's; none of another's, whatever it
    /// looks like: no key is sent there.
    #[must_use]
    pub fn own_path(&self, address: &str) -> Option<String> {
        let url = Url::parse(address).ok()?;
        let is_own = url.origin() == self.0.origin() && url.username().is_empty();
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        (is_own && url.password().is_none()).then(|| format!("{}{query}", url.path()))
    }
}

/// Whether a host is this machine by its name; the address that it leads to is looked at too.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DoorError {
    /// Not an address of an instance.
    #[error("that is not the address of an instance; write https:// and its name")]
    Address,
    /// Keys do not travel in the open.
    #[error("only https is safe; http is for instances on this machine")]
    Plain,
    /// Nobody answers there; nothing was sent.
    #[error("nobody answers there")]
    Unreachable,
    /// The certificate is not one of the name, or of no authority that this machine knows.
    #[error("its certificate is not to be trusted")]
    Certificate,
    /// Sent, and no whole answer came: whether it was done is not known.
    #[error("the answer was lost on the way")]
    Lost,
    /// Longer than any answer of an instance.
    #[error("the answer is longer than any of an instance")]
    TooLong,
}

/// A question.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// `GET`, or `POST` where there is a body.
    pub body: Option<(&'static str, String)>,
    /// Path and query.
    pub path: String,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The seconds of `Retry-After`.
    pub retry_seconds: Option<u64>,
    /// Whether an earlier doing under the same key is told again.
    pub is_replayed: bool,
    /// The body.
    pub body: Vec<u8>,
}

/// Asks an instance. The connection ends with the answer.
pub async fn ask(base: &Base, agent: &str, question: &Ask) -> Result<Reply, DoorError> {
    let url = &base.0;
    let host = url.host_str().ok_or(DoorError::Address)?;
    let port = url.port_or_known_default().ok_or(DoorError::Address)?;
    let request = request(url, agent, question)?;
    let tcp = connect(host, port, url.scheme() == "http").await?;
    let whole = async {
        if url.scheme() == "http" {
            return send(tcp, request).await;
        }
        let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let name = ServerName::try_from(bare).map_err(|_| DoorError::Address)?;
        let tls = connector(None).map_err(|_| DoorError::Certificate)?;
        let stream = tls.connect(name, tcp).await.map_err(|_| DoorError::Certificate)?;
        send(stream, request).await
    };
    timeout(WHOLE_MAX, whole).await.unwrap_or(Err(DoorError::Lost))
}

fn request(url: &Url, agent: &str, question: &Ask) -> Result<Request<Full<Bytes>>, DoorError> {
    let host = url.host_str().ok_or(DoorError::Address)?;
    let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let method = if question.body.is_some() { Method::POST } else { Method::GET };
    let mut request = Request::builder()
        .method(method)
        .uri(&question.path)
        .header(header::HOST, authority)
        .header(header::USER_AGENT, agent)
        .header(header::ACCEPT, "application/json, application/problem+json")
        .header(header::CONNECTION, "close");
    for (name, value) in &question.headers {
        request = request.header(*name, value);
    }
    let body = match &question.body {
        Some((kind, text)) => {
            request = request.header(header::CONTENT_TYPE, *kind);
            Full::from(text.clone())
        }
        None => Full::default(),
    };
    request.body(body).map_err(|_| DoorError::Address)
}

/// Connects to the first address that answers; what is not encrypted goes to this machine only.
async fn connect(host: &str, port: u16, is_plain: bool) -> Result<TcpStream, DoorError> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = timeout(CONNECT_MAX, lookup_host((bare, port))).await;
    let found: Vec<SocketAddr> =
        found.ok().and_then(Result::ok).ok_or(DoorError::Unreachable)?.collect();
    if is_plain && found.iter().any(|address| !address.ip().to_canonical().is_loopback()) {
        return Err(DoorError::Plain);
    }
    for address in found {
        if let Ok(Ok(tcp)) = timeout(CONNECT_MAX, TcpStream::connect(address)).await {
            return Ok(tcp);
        }
    }
    Err(DoorError::Unreachable)
}

async fn send<S>(stream: S, request: Request<Full<Bytes>>) -> Result<Reply, DoorError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let shaken = http1::Builder::new()
        .max_buf_size(HEADER_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .handshake(TokioIo::new(stream));
    let (mut sender, connection) = shaken.await.map_err(|_| DoorError::Lost)?;
    let driver = tokio::spawn(connection);
    let reply = match sender.send_request(request).await {
        Ok(response) => take_in(response).await,
        Err(_) => Err(DoorError::Lost),
    };
    driver.abort();
    reply
}

async fn take_in(response: Response<Incoming>) -> Result<Reply, DoorError> {
    let (parts, mut incoming) = response.into_parts();
    if incoming.size_hint().lower() > BODY_MAX as u64 {
        return Err(DoorError::TooLong);
    }
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|_| DoorError::Lost)?;
        let Ok(data) = frame.into_data() else { continue };
        if body.len() + data.len() > BODY_MAX {
            return Err(DoorError::TooLong);
        }
        body.extend_from_slice(&data);
    }
    Ok(Reply {
        status: parts.status.as_u16(),
        retry_seconds: text(&parts.headers, "retry-after").and_then(|text| text.parse().ok()),
        is_replayed: text(&parts.headers, "idempotent-replayed") == Some("true"),
        body,
    })
}

fn text<'headers>(headers: &'headers HeaderMap, name: &str) -> Option<&'headers str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instance_is_reached_safely_or_on_this_machine() {
        for (typed, base) in [
            ("obole.example", "https://obole.example"),
            (" https://obole.example/ ", "https://obole.example"),
            ("https://obole.example:8443", "https://obole.example:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.8.8.8:1/", "http://127.8.8.8:1"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost", "http://localhost"),
        ] {
            assert_eq!(Base::parse(typed).expect(typed).as_str(), base);
        }
        for typed in ["http://obole.example", "http://127.0.0.1.evil.example", "http://10.0.0.1"] {
            assert_eq!(Base::parse(typed), Err(DoorError::Plain), "{typed}");
        }
        for typed in [
            "",
            "ftp://obole.example",
            "https://ada@obole.example",
            "https://obole.example/path",
            "https://obole.example/?q",
            "https://obole.example/#x",
            "file:///etc/passwd",
            "https://",
        ] {
            assert_eq!(Base::parse(typed), Err(DoorError::Address), "{typed}");
        }
    }

    #[test]
    fn keys_go_to_the_instance_and_nowhere_else() {
        let base = Base::parse("https://obole.example").expect("an address");
        let path = base.own_path("https://obole.example/oauth/token?x=1");
        assert_eq!(path.as_deref(), Some("/oauth/token?x=1"));
        for other in [
            "https://evil.example/oauth/token",
            "http://obole.example/oauth/token",
            "https://obole.example:444/oauth/token",
            "https://ada@obole.example/",
            "/oauth/token",
            "",
        ] {
            assert_eq!(base.own_path(other), None, "{other}");
        }
    }
}
