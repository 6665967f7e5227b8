//! Sites for tests over real sockets: one that may be reached, and traps at the same port of every
//! address beside it. All count who comes.

use std::collections::HashMap;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::PrivateKeyDer;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// The one address that a test may reach.
pub const ALLOWED: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// The traps' addresses, at the same port.
const TRAPS: [IpAddr; 3] = [
    IpAddr::V4(Ipv4Addr::LOCALHOST),
    IpAddr::V4(Ipv4Addr::new(127, 0, 0, 3)),
    IpAddr::V6(Ipv6Addr::LOCALHOST),
];

/// The names that the site's certificate bears.
const NAMES: [&str; 4] = ["site.example", "*.site.example", "third.example", "*.other.example"];

/// How an address of the site answers.
#[derive(Clone, Debug)]
pub enum Answers {
    /// With these bytes, and hangs up.
    With(Vec<u8>),
    /// With these bytes, and no end.
    Begins(Vec<u8>),
    /// With these bytes first, and the second ones again and again.
    Repeats(Vec<u8>, Vec<u8>),
}

/// What a site was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The name in the handshake.
    pub name: String,
    /// The request's head.
    pub head: String,
    /// What was handed over with it.
    pub body: String,
}

impl Request {
    /// The value of a header; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

#[derive(Default)]
struct Shared {
    answers: Mutex<HashMap<String, Answers>>,
    requests: Mutex<Vec<Request>>,
    contacts: AtomicUsize,
    trapped: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

/// The running sites; they end with their test.
pub struct Sites {
    /// The port of all of them.
    pub port: u16,
    /// The authority that signed the site's certificate.
    pub authority: PathBuf,
    shared: Arc<Shared>,
    _folder: TempDir,
}

impl Sites {
    /// Starts a site that knows no page, and the traps.
    ///
    /// # Panics
    /// When there is no port, or no certificate.
    pub async fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let authority = folder.path().join("authority.pem");
        let acceptor = acceptor(&authority);
        let (site, traps) = listeners().await;
        let port = site.local_addr().expect("an address").port();
        let shared = Arc::new(Shared::default());
        tokio::spawn(serve(site, acceptor, Arc::clone(&shared)));
        for trap in traps {
            let shared = Arc::clone(&shared);
            tokio::spawn(async move {
                while trap.accept().await.is_ok() {
                    shared.trapped.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        Self { port, authority, shared, _folder: folder }
    }

    /// The address of a page of a name.
    #[must_use]
    pub fn url(&self, name: &str, path: &str) -> String {
        format!("https://{name}:{}{path}", self.port)
    }

    /// Lets a page, `name/path`, answer so.
    ///
    /// # Panics
    /// When a test before it did.
    pub fn set(&self, page: &str, answers: Answers) {
        self.shared.answers.lock().expect("unpoisoned").insert(page.to_owned(), answers);
    }

    /// Lets a page answer with this status, these header lines and this body.
    pub fn page(&self, page: &str, (status, headers): (u16, &str), body: &[u8]) {
        self.set(page, Answers::With(answer(status, headers, body)));
    }

    /// Lets a page lead elsewhere.
    pub fn redirect(&self, page: &str, location: &str) {
        self.page(page, (302, &format!("Location: {location}\r\n")), b"");
    }

    /// What the site was asked so far.
    ///
    /// # Panics
    /// When a test before it did.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().expect("unpoisoned").clone()
    }

    /// How often somebody connected to the site.
    #[must_use]
    pub fn contacts(&self) -> usize {
        self.shared.contacts.load(Ordering::SeqCst)
    }

    /// How often somebody connected to a trap.
    #[must_use]
    pub fn trapped(&self) -> usize {
        self.shared.trapped.load(Ordering::SeqCst)
    }

    /// How many connections to the site were open at once.
    #[must_use]
    pub fn most_at_once(&self) -> usize {
        self.shared.most_at_once.load(Ordering::SeqCst)
    }
}

/// The bytes of an answer.
#[must_use]
pub fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} Said\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// A listener at the allowed address, and one at the same port of each trap.
async fn listeners() -> (TcpListener, Vec<TcpListener>) {
    for _ in 0..50 {
        let site = TcpListener::bind((ALLOWED, 0)).await.expect("a port");
        let port = site.local_addr().expect("an address").port();
        let mut traps = Vec::new();
        for trap in TRAPS {
            traps.extend(TcpListener::bind(SocketAddr::new(trap, port)).await);
        }
        // A machine without v6 has no trap there, and nothing that could be reached.
        if traps.len() >= TRAPS.len() - 1 {
            return (site, traps);
        }
    }
    panic!("no port is free at all addresses");
}

fn acceptor(authority: &PathBuf) -> TlsAcceptor {
    let mut params = CertificateParams::new(Vec::new()).expect("parameters");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("an authority");
    fs::write(authority, certificate.pem()).expect("written");
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().expect("a key");
    let params = CertificateParams::new(NAMES.map(str::to_owned)).expect("parameters");
    let certificate = params.signed_by(&key, &issuer).expect("a certificate");
    let secret = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], secret)
        .expect("a server");
    TlsAcceptor::from(Arc::new(config))
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, shared: Arc<Shared>) {
    while let Ok((stream, _)) = listener.accept().await {
        shared.contacts.fetch_add(1, Ordering::SeqCst);
        let (acceptor, shared) = (acceptor.clone(), Arc::clone(&shared));
        tokio::spawn(async move {
            let now = shared.at_once.fetch_add(1, Ordering::SeqCst) + 1;
            shared.most_at_once.fetch_max(now, Ordering::SeqCst);
            converse(stream, &acceptor, &shared).await;
            shared.at_once.fetch_sub(1, Ordering::SeqCst);
        });
    }
}

async fn converse(stream: TcpStream, acceptor: &TlsAcceptor, shared: &Shared) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let name = stream.get_ref().1.server_name().unwrap_or_default().to_owned();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read_exact(&mut byte).await.is_err() {
            return;
        }
        head.extend(byte);
    }
    let head = String::from_utf8(head).expect("text");
    let path = head.split(' ').nth(1).unwrap_or_default();
    let page = format!("{name}{path}");
    let answers = shared.answers.lock().expect("unpoisoned").get(&page).cloned();
    let mut request = Request { name, head, body: String::new() };
    let mut body = vec![0; request.header("content-length").parse().unwrap_or_default()];
    if stream.read_exact(&mut body).await.is_err() {
        return;
    }
    request.body = String::from_utf8(body).expect("text");
    shared.requests.lock().expect("unpoisoned").push(request);
    let written = match answers.unwrap_or_else(|| Answers::With(answer(404, "", b"nothing"))) {
        Answers::With(bytes) => {
            let _ = stream.write_all(&bytes).await;
            stream.shutdown().await
        }
        Answers::Begins(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.flush().await;
            // Until the other side has had enough.
            stream.read(&mut [0]).await.map(|_| ())
        }
        Answers::Repeats(first, again) => {
            let _ = stream.write_all(&first).await;
            while stream.write_all(&again).await.is_ok() {}
            Ok(())
        }
    };
    drop(written);
}
