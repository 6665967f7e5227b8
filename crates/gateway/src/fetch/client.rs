//! One request to one host (F3, F5): a connection to a checked address itself, the name as SNI and
//! `Host`, the peer compared, and no more taken in than is asked for.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::http::response::Parts;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::{TcpStream, UdpSocket};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::body::{Intake, Taken};
use super::target::Target;
use super::{Excess, FetchError, Parcel, Wanted};

/// How long one address may take to answer a connection.
const CONNECT_MAX: Duration = Duration::from_secs(3);

/// How many addresses of a name are tried.
const TRIES_MAX: usize = 4;

/// The most bytes of headers, and the most of them (F5).
const HEADER_BYTES_MAX: usize = 16 << 10;
const HEADERS_MAX: usize = 100;

/// How long the beginning of an answer to a parcel is waited for: its status says all that counts.
const ANSWER_WAIT: Duration = Duration::from_secs(2);

/// The most characters of a header that is kept.
const VALUE_MAX: usize = 4_096;

/// An answer, taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: String,
    /// The `Content-Language`.
    pub language: String,
    /// The `Link` headers.
    pub links: Vec<String>,
    /// Where it leads on, of a redirect.
    pub location: Option<String>,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

/// Connects to one of the addresses, all of which were checked.
pub(super) async fn connect(
    addresses: &[IpAddr],
    target: &Target,
    tls: &TlsConnector,
) -> Result<TlsStream<TcpStream>, FetchError> {
    let name = ServerName::try_from(target.host().to_owned());
    let name = name.map_err(|_| FetchError::Refused)?;
    for address in addresses.iter().take(TRIES_MAX) {
        let address = SocketAddr::new(*address, target.port());
        let Ok(Ok(tcp)) = timeout(CONNECT_MAX, TcpStream::connect(address)).await else { continue };
        let peer = tcp.peer_addr().map_err(|_| FetchError::Unreachable)?;
        // F3: what answers is what was checked.
        if peer.ip().to_canonical() != address.ip().to_canonical() || peer.port() != address.port()
        {
            return Err(FetchError::Unreachable);
        }
        return tls.connect(name, tcp).await.map_err(|_| FetchError::Unreachable);
    }
    Err(FetchError::Unreachable)
}

/// Whether an address is one of this machine's own (F4): a packet to it would be sent from it. No
/// packet is sent.
pub(super) async fn is_of_this_machine(address: IpAddr) -> bool {
    let any: IpAddr = if address.is_ipv4() { [0_u8; 4].into() } else { [0_u16; 8].into() };
    let Ok(socket) = UdpSocket::bind((any, 0)).await else { return false };
    if socket.connect((address, super::target::HTTPS)).await.is_err() {
        return false;
    }
    let from = socket.local_addr().map(|from| from.ip().to_canonical());
    from.is_ok_and(|from| from == address.to_canonical())
}

/// Asks for the target and takes the answer in. The connection ends with it.
pub(super) async fn ask(
    stream: TlsStream<TcpStream>,
    target: &Target,
    (agent, wanted): (&str, &Wanted),
) -> Result<Answer, FetchError> {
    let request = Request::get(target.path_and_query())
        .header(header::HOST, target.authority())
        .header(header::USER_AGENT, agent)
        .header(header::ACCEPT, wanted.accept)
        .header(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"))
        .header(header::CONNECTION, HeaderValue::from_static("close"));
    let request = request.body(Full::default()).map_err(|_| FetchError::Refused)?;
    let (response, _driver) = send(stream, request).await?;
    take_in(response, wanted).await
}

/// Hands a parcel over and takes the beginning of the answer in. The connection ends with it.
pub(super) async fn hand_over(
    stream: TlsStream<TcpStream>,
    target: &Target,
    (agent, parcel): (&str, &Parcel),
) -> Result<Answer, FetchError> {
    let mut request = Request::post(target.path_and_query())
        .header(header::HOST, target.authority())
        .header(header::USER_AGENT, agent)
        .header(header::CONTENT_TYPE, parcel.content_type)
        .header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"))
        .header(header::CONNECTION, HeaderValue::from_static("close"));
    for (name, value) in &parcel.headers {
        request = request.header(*name, value);
    }
    let body = Full::new(Bytes::copy_from_slice(&parcel.body));
    let request = request.body(body).map_err(|_| FetchError::Refused)?;
    let (response, _driver) = send(stream, request).await?;
    Ok(begin_of(response, parcel.answer_max).await)
}

/// Sends a request that says who asks and nothing else of us (F1). The connection is dropped with
/// the set that drives it.
async fn send(
    stream: TlsStream<TcpStream>,
    request: Request<Full<Bytes>>,
) -> Result<(Response<Incoming>, JoinSet<hyper::Result<()>>), FetchError> {
    let mut builder = http1::Builder::new();
    builder.max_buf_size(HEADER_BYTES_MAX).max_headers(HEADERS_MAX);
    let handshake = builder.handshake::<_, Full<Bytes>>(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(|_| FetchError::Unreachable)?;
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let response = sender.send_request(request).await.map_err(|error| {
        if error.is_parse() { FetchError::Unreadable } else { FetchError::Unreachable }
    })?;
    Ok((response, driver))
}

/// What the head of an answer says.
fn head_of(head: &Parts) -> Answer {
    let location = head.status.is_redirection().then(|| text(&head.headers, &header::LOCATION));
    Answer {
        status: head.status.as_u16(),
        content_type: text(&head.headers, &header::CONTENT_TYPE).unwrap_or_default(),
        language: text(&head.headers, &header::CONTENT_LANGUAGE).unwrap_or_default(),
        links: links(&head.headers),
        location: location.flatten(),
        body: Vec::new(),
    }
}

async fn take_in(response: Response<Incoming>, wanted: &Wanted) -> Result<Answer, FetchError> {
    let (head, mut body) = response.into_parts();
    let mut answer = head_of(&head);
    if head.status.is_redirection() {
        return Ok(answer);
    }
    let encoding = text(&head.headers, &header::CONTENT_ENCODING);
    let limit = wanted.body_max;
    let mut intake = Intake::new(encoding.as_deref(), limit).ok_or(FetchError::Unreadable)?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| FetchError::Unreachable)?;
        let Ok(piece) = frame.into_data() else { continue };
        match intake.take(&piece) {
            Taken::More => {}
            Taken::Full if wanted.excess == Excess::Cut => {
                answer.body = intake.cut();
                return Ok(answer);
            }
            Taken::Full => return Err(FetchError::TooLarge),
            Taken::Broken => return Err(FetchError::Unreadable),
        }
    }
    answer.body = intake.finish().ok_or(FetchError::Unreadable)?;
    Ok(answer)
}

/// The head and as much of the body as comes soon, up to a limit: whatever happens to the body, the
/// other side has answered.
async fn begin_of(response: Response<Incoming>, limit: usize) -> Answer {
    let (head, mut body) = response.into_parts();
    let mut answer = head_of(&head);
    let encoding = text(&head.headers, &header::CONTENT_ENCODING);
    let Some(mut intake) = Intake::new(encoding.as_deref(), limit) else { return answer };
    let Some(ends) = Instant::now().checked_add(ANSWER_WAIT) else { return answer };
    while let Ok(Some(Ok(frame))) = timeout_at(ends, body.frame()).await {
        let Ok(piece) = frame.into_data() else { continue };
        if intake.take(&piece) != Taken::More {
            break;
        }
    }
    answer.body = intake.cut();
    answer
}

/// A header's value where it is text of a sane length.
fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    let value = std::str::from_utf8(headers.get(name)?.as_bytes()).ok()?;
    (value.len() <= VALUE_MAX).then(|| value.to_owned())
}

fn links(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(header::LINK).iter();
    let values = values.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
    values.filter(|value| value.len() <= VALUE_MAX).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn this_machines_addresses_are_told_from_others() {
        assert!(is_of_this_machine([127, 0, 0, 1].into()).await);
        assert!(is_of_this_machine([0_u16, 0, 0, 0, 0, 0xffff, 0x7f00, 1].into()).await);
        for other in [[192, 0, 2, 1], [224, 0, 0, 1]] {
            assert!(!is_of_this_machine(other.into()).await, "{other:?}");
        }
    }
}
