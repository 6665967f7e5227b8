//! What stands in front of the router: public pages, buttons and files that are ready are answered
//! from memory, before anything else is looked at. What is not ready is made by the router, once
//! for all who ask for it at that moment.
//!
//! Nothing personal can get in here: a request that brings a sign-in is passed on as it is, and
//! what is kept was made from a request that carried nothing but an address and a language.

mod asked;
mod flights;
mod ready;
mod shelf;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{CACHE_CONTROL, COOKIE, HOST, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode};
use axum::response::Response;
use obole_app::App;
use tower::ServiceExt as _;

use crate::address::own_hosts;
use crate::cookies::Cookie;
use crate::embed::Face;
use crate::headers::Listening;
use crate::measures::Counts;
use crate::visitor::ForAll;
use asked::{Asked, Kind};
use flights::Flights;
use ready::Ready;
use shelf::{Faces, Kept, Shelves};

/// What is kept is made again after so long, whatever has or has not been heard of a change.
const KEPT: Duration = Duration::from_secs(60);

/// A larger body is not kept.
const BODY_MAX: usize = 512 * 1024;

/// The front of an instance. Cloning shares it.
#[derive(Clone)]
pub struct Front {
    shared: Arc<Shared>,
}

struct Shared {
    app: App,
    router: Router,
    listening: Option<Listening>,
    /// The names under which the instance is answered at once (W6).
    hosts: Vec<String>,
    shelves: Shelves,
    faces: Faces,
    flights: Flights,
    counts: Counts,
}

impl Front {
    /// Stands before a router; with the address that a server really listens on.
    #[must_use]
    pub fn new(app: App, router: Router, listening: Option<Listening>) -> Self {
        let port = listening.map(|listening| listening.0.port());
        let shared = Shared {
            hosts: own_hosts(app.config(), port),
            counts: Counts::new(),
            shelves: Shelves::default(),
            faces: Faces::default(),
            flights: Flights::default(),
            app,
            router,
            listening,
        };
        Self { shared: Arc::new(shared) }
    }

    /// The same as a router, for who has one.
    pub fn into_router(self) -> Router {
        let service = tower::service_fn(move |request: Request<Body>| {
            let front = self.clone();
            async move { Ok::<_, std::convert::Infallible>(front.answer(request, None).await) }
        });
        Router::new().fallback_service(service)
    }

    /// The answer to a request if it is ready. It waits for nothing.
    #[must_use]
    pub fn at_once<B>(&self, request: &Request<B>) -> Option<Response> {
        let asked = self.asked(request)?;
        let kept = self.shared.shelves.find(asked.language, asked.address)?;
        self.is_fresh(&kept, asked.kind).then(|| self.told(&asked, &kept.answer))
    }

    /// The answer to a request, by `peer` if that is known.
    pub async fn answer(&self, request: Request<Body>, peer: Option<SocketAddr>) -> Response {
        if let Some(response) = self.at_once(&request) {
            return response;
        }
        let made = match self.asked(&request) {
            Some(asked) => self.make(&asked).await,
            None => None,
        };
        match made {
            Some(response) => response,
            None => self.pass(request, peer).await,
        }
    }

    /// What is asked for, if it may be ready: under our own name, with no sign-in.
    fn asked<'request, B>(&self, request: &'request Request<B>) -> Option<Asked<'request>> {
        let host = request.headers().get(HOST)?.as_bytes();
        let is_own = |own: &String| own.as_bytes().eq_ignore_ascii_case(host);
        if request.uri().authority().is_some() || !self.shared.hosts.iter().any(is_own) {
            return None;
        }
        Asked::of(request)
    }

    fn is_fresh(&self, kept: &Kept, kind: Kind) -> bool {
        let is_young = || kept.made.elapsed() < KEPT;
        let is_fixed = matches!(kind, Kind::File | Kind::Probe);
        is_fixed || (kept.number == self.shared.app.public_number() && is_young())
    }

    fn told(&self, asked: &Asked<'_>, ready: &Ready) -> Response {
        let response = ready.answer(asked);
        self.shared.counts.add(asked.kind.class(), response.status());
        response
    }

    /// Makes what is asked for and keeps it. None where it cannot be kept, so that it must be made
    /// for this one request.
    async fn make(&self, asked: &Asked<'_>) -> Option<Response> {
        let flight = self.shared.flights.join(asked.language, asked.address);
        let turn = flight.turn().await?;
        let known = self.shared.shelves.find(asked.language, asked.address);
        if let Some(kept) = known.as_ref().filter(|kept| self.is_fresh(kept, asked.kind)) {
            return Some(self.told(asked, &kept.answer));
        }
        // Before anything is read: what changes meanwhile makes it stale.
        let (number, made) = (self.shared.app.public_number(), Instant::now());
        let answer = match (self.made(asked).await, known) {
            (Ok(ready), _) => ready,
            (Err(response), Some(known)) if response.status().is_server_error() => {
                // E3: while the database does not answer, what was true before is shown.
                return Some(self.told(asked, &known.answer));
            }
            (Err(response), _) => {
                turn.open();
                self.shared.counts.add(asked.kind.class(), response.status());
                return Some(response);
            }
        };
        let kept = Kept { answer: Arc::clone(&answer), number, made };
        self.shared.shelves.put(asked.language, asked.address, kept);
        Some(self.told(asked, &answer))
    }

    /// Lets the router make it, from a request that says nothing of who asks.
    async fn made(&self, asked: &Asked<'_>) -> Result<Arc<Ready>, Response> {
        let mut request = Request::new(Body::empty());
        if let Ok(uri) = asked.address.parse() {
            *request.uri_mut() = uri;
        }
        let headers = request.headers_mut();
        if let Some(host) = self.shared.hosts.first()
            && let Ok(host) = HeaderValue::try_from(host)
        {
            headers.insert(HOST, host);
        }
        let language = Cookie::Language.sent(asked.language.code());
        headers.insert(COOKIE, language);
        request.extensions_mut().insert(ForAll);
        let response = self.pass(request, None).await;
        let is_alive = asked.kind == Kind::Probe && response.status() == StatusCode::OK;
        if !is_alive && !is_for_all(response.status(), response.headers()) {
            return Err(response);
        }
        let (mut parts, body) = response.into_parts();
        let face = parts.extensions.remove::<Face>();
        if let Some(ready) = face.and_then(|face| self.shared.faces.find(face)) {
            return Ok(ready);
        }
        let Ok(body) = to_bytes(body, BODY_MAX).await else {
            return Err(crate::problem::Problem::internal("a public answer is too large").bare());
        };
        let ready = Ready::new(asked.kind, parts.headers, body).await;
        Ok(match face {
            Some(face) => self.shared.faces.put(face, ready),
            None => Arc::new(ready),
        })
    }

    async fn pass(&self, mut request: Request<Body>, peer: Option<SocketAddr>) -> Response {
        let extensions = request.extensions_mut();
        if let Some(peer) = peer {
            extensions.insert(ConnectInfo(peer));
        }
        if let Some(listening) = self.shared.listening {
            extensions.insert(listening);
        }
        match self.shared.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// Whether an answer is the same for everybody: the handler and its frame say so.
fn is_for_all(status: StatusCode, headers: &HeaderMap) -> bool {
    let caching = headers.get(CACHE_CONTROL);
    let is_public = caching.is_some_and(|value| value.as_bytes().starts_with(b"public"));
    status == StatusCode::OK && is_public && !headers.contains_key(SET_COOKIE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::ETAG;
    use axum::response::IntoResponse as _;
    use obole_app::testing::sqlite;
    use obole_language::Language;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A front before a router that says how often it was asked, in this way.
    async fn front(app: &App, answer: fn(usize) -> Response) -> (Front, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let router = Router::new().fallback(move || {
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            async move {
                // As a database would: others come in meanwhile.
                tokio::task::yield_now().await;
                answer(number)
            }
        });
        (Front::new(app.clone(), router, None), asked)
    }

    fn request(address: &str) -> Request<Body> {
        let request = Request::get(address).header(HOST, "127.0.0.1:8080");
        request.body(Body::empty()).expect("valid")
    }

    async fn ask(front: &Front, address: &str) -> (StatusCode, String) {
        let response = front.answer(request(address), None).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1_000).await.expect("a body");
        (parts.status, String::from_utf8(body.to_vec()).expect("text"))
    }

    fn public(number: usize) -> Response {
        ([(CACHE_CONTROL, "public, max-age=60")], number.to_string()).into_response()
    }

    #[tokio::test]
    async fn a_stampede_is_answered_by_one_rendering() {
        let instance = sqlite().await;
        let (front, asked) = front(&instance.app, public).await;
        let front: &'static Front = Box::leak(Box::new(front));
        let asking = (0..64).map(|_| tokio::spawn(ask(front, "/how")));
        for one in asking.collect::<Vec<_>>() {
            assert_eq!(one.await.expect("joined"), (StatusCode::OK, "1".to_owned()));
        }
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        assert!(front.at_once(&request("/how")).is_some_and(|r| r.headers().contains_key(ETAG)));
        assert!(front.at_once(&request("/")).is_none());
    }

    #[tokio::test]
    async fn what_is_not_for_all_is_not_kept() {
        let instance = sqlite().await;
        let answers: [fn(usize) -> Response; 3] = [
            |number| ([(SET_COOKIE, "a=b")], public(number)).into_response(),
            |number| ([(CACHE_CONTROL, "private")], number.to_string()).into_response(),
            |number| (StatusCode::NOT_FOUND, public(number)).into_response(),
        ];
        for answer in answers {
            let (front, asked) = front(&instance.app, answer).await;
            ask(&front, "/how").await;
            ask(&front, "/how").await;
            assert_eq!(asked.load(Ordering::SeqCst), 2);
            assert!(front.at_once(&request("/how")).is_none());
        }
    }

    #[tokio::test]
    async fn what_was_true_is_shown_while_the_database_does_not_answer() {
        let instance = sqlite().await;
        let (front, asked) = front(&instance.app, |number| match number {
            1 => public(number),
            _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        })
        .await;
        ask(&front, "/how").await;
        // Something changed, and what it is cannot be read.
        age(&front, "/how");
        assert_eq!(ask(&front, "/how").await, (StatusCode::OK, "1".to_owned()));
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        assert_eq!(ask(&front, "/").await.0, StatusCode::SERVICE_UNAVAILABLE);
    }

    /// Makes what is kept older than anything is kept.
    fn age(front: &Front, address: &str) {
        let shelves = &front.shared.shelves;
        let mut kept = shelves.find(Language::English, address).expect("kept");
        kept.made = kept.made.checked_sub(KEPT).expect("the machine runs for a minute");
        shelves.put(Language::English, address, kept);
    }

    #[tokio::test]
    async fn after_a_minute_it_is_made_again_but_a_file_never_is() {
        let instance = sqlite().await;
        let (front, asked) = front(&instance.app, public).await;
        for (address, count) in [("/how", 2), ("/button/small.svg?url=x", 2), ("/static/x", 1)] {
            asked.store(0, Ordering::SeqCst);
            ask(&front, address).await;
            ask(&front, address).await;
            assert_eq!(asked.load(Ordering::SeqCst), 1, "{address}");
            age(&front, address);
            ask(&front, address).await;
            assert_eq!(asked.load(Ordering::SeqCst), count, "{address}");
        }
    }

    #[tokio::test]
    async fn another_name_is_never_answered_at_once() {
        let instance = sqlite().await;
        let (front, _) = front(&instance.app, public).await;
        ask(&front, "/how").await;
        assert!(front.at_once(&request("/how")).is_some());
        for host in ["evil.example", "127.0.0.1:81", ""] {
            let mut foreign = request("/how");
            foreign.headers_mut().insert(HOST, HeaderValue::from_static(host));
            assert!(front.at_once(&foreign).is_none(), "W6: {host}");
        }
        let mut absolute = request("/how");
        *absolute.uri_mut() = "http://evil.example/how".parse().expect("an address");
        assert!(front.at_once(&absolute).is_none(), "W6");
    }
}
