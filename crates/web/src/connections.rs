//! Connections: how many from one address, how long a request's head may take, and the end of
//! serving, which finishes what is under way (security.md section 12). HTTP/1.1 only: the reverse
//! proxy speaks HTTP/2 to browsers, so there are no streams here to be flooded with.

mod farewell;
mod guarded;

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use obole_app::App;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use self::farewell::Farewells;
use self::guarded::{Guarded, Watched};
use crate::front::Front;
use crate::headers::Listening;

/// How long the head of a request may take to arrive.
const HEAD: Duration = Duration::from_secs(10);

/// More of a head than this is not even read; `headers` refuses smaller ones with a page.
const HEAD_BYTES: usize = 64 * 1024;

/// Connections from one address at a time. A trusted proxy has one address for everybody.
const PER_ADDRESS: usize = 256;

/// How long to wait when no connection can be accepted, such as without a free file.
const PAUSE: Duration = Duration::from_millis(50);

/// Serves an instance until `shutdown` ends; then what is under way is finished.
pub async fn serve(
    app: App,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let address = listener.local_addr()?;
    let proxies = app.config().server.trusted_proxies.iter().filter_map(|ip| ip.parse().ok());
    let open = Open { unlimited: proxies.collect(), ..Open::default() };
    let front = crate::routes::front(app, Some(Listening(address)));
    let farewells = Farewells::default();
    let (closing, closes) = watch::channel(false);
    let mut tasks = JoinSet::new();
    let mut shutdown = pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = listener.accept() => accepted,
        };
        while tasks.try_join_next().is_some() {}
        let Ok((stream, peer)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let Some(place) = open.enter(peer.ip().to_canonical()) else {
            farewells.too_many(stream);
            continue;
        };
        let (closes, farewells) = (closes.clone(), farewells.clone());
        let connection = Connection { stream, peer, closes, farewells, _place: place };
        tasks.spawn(connection.run(front.clone()));
    }
    drop(listener);
    closing.send_replace(true);
    while tasks.join_next().await.is_some() {}
    Ok(())
}

/// A connection under way.
struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    closes: watch::Receiver<bool>,
    farewells: Farewells,
    _place: Place,
}

impl Connection {
    async fn run(mut self, front: Front) {
        let peer = self.peer;
        let service = tower::service_fn(move |request: Request<_>| {
            // Most of what is asked for is ready, and needs no more than this.
            let ready = front.at_once(&request).ok_or_else(|| {
                let (front, request) = (front.clone(), request.map(Body::new));
                Box::pin(async move { front.answer(request, Some(peer)).await })
            });
            async move {
                Ok::<_, Infallible>(match ready {
                    Ok(response) => response,
                    Err(answer) => answer.await,
                })
            }
        });
        let mut builder = Builder::new(TokioExecutor::new()).http1_only();
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEAD_BYTES);
        // Head and body in one piece: most answers are small, and a copy is cheaper than a part.
        builder.http1().writev(false);
        let watched = Watched::new(self.stream);
        let io = TokioIo::new(Guarded::new(watched.clone()));
        let service = TowerToHyperService::new(service);
        let mut served = Box::pin(builder.serve_connection(io, service));
        let ended = tokio::select! {
            ended = served.as_mut() => Some(ended),
            _ = self.closes.wait_for(|closes| *closes) => None,
        };
        let ended = match ended {
            Some(ended) => ended,
            None => {
                served.as_mut().graceful_shutdown();
                served.as_mut().await
            }
        };
        drop(served);
        // How a connection breaks is its client's affair, but for a head that did not arrive in
        // time: nothing has been said to it yet.
        if ended.is_err()
            && watched.is_asked()
            && let Some(stream) = Arc::into_inner(watched.stream)
        {
            self.farewells.too_slow(stream);
        }
    }
}

/// How many connections each address has open.
#[derive(Clone, Default)]
struct Open {
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
    unlimited: Vec<IpAddr>,
}

impl Open {
    /// A place for one more connection; none when the address has enough.
    fn enter(&self, address: IpAddr) -> Option<Place> {
        let is_unlimited = self.unlimited.contains(&address);
        let address = network(address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= PER_ADDRESS && !is_unlimited {
            return None;
        }
        *count += 1;
        Some(Place { counts: Arc::clone(&self.counts), address })
    }
}

/// What stands for an address: one subscriber of IPv6 has 2^64 of them, so the network counts.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).into(),
    }
}

/// One connection's place in the count; given up when it ends.
struct Place {
    counts: Arc<Mutex<HashMap<IpAddr, usize>>>,
    address: IpAddr,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_places_and_gives_them_up() {
        let proxy: IpAddr = "10.0.0.1".parse().expect("an address");
        let open = Open { unlimited: vec![proxy], ..Open::default() };
        let client: IpAddr = "192.0.2.7".parse().expect("an address");
        let mut places: Vec<_> = (0..PER_ADDRESS).map(|_| open.enter(client)).collect();
        assert!(places.iter().all(Option::is_some) && open.enter(client).is_none());
        let others: Vec<_> = (0..PER_ADDRESS + 1).map(|_| open.enter(proxy)).collect();
        assert!(others.iter().all(Option::is_some), "a proxy speaks for many");
        places.pop();
        assert!(open.enter(client).is_some());
        let [one, other, away] = ["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"]
            .map(|address| address.parse().expect("an address"));
        let six: Vec<_> = (0..PER_ADDRESS).map(|_| open.enter(one)).collect();
        assert!(open.enter(other).is_none() && open.enter(away).is_some());
        drop(six);
        drop((places, others));
        assert!(open.counts.lock().expect("a lock").is_empty());
    }
}
