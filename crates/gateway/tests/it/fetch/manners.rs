//! What is fetched is fetched within limits, and says no more than who asks (F1, F5, F6).

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use obole_gateway::testing::{Answers, answer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::*;

fn zipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("written");
    encoder.finish().expect("finished")
}

#[tokio::test]
async fn a_page_is_fetched_by_name_and_nothing_is_told_but_who_asks() {
    let world = World::new().await;
    let headers = "Content-Type: text/html; charset=utf-8\r\nContent-Language: fr\r\n\
                   Link: </pay>; rel=payment\r\nLink: </me>; rel=me\r\nSet-Cookie: a=b\r\n";
    world.sites.page("site.example/a?b=c", (200, headers), b"<title>A</title>");
    let location = format!("{}#d", world.sites.url("site.example", "/a?b=c"));
    world.sites.page(
        "www.site.example/",
        (301, &format!("Set-Cookie: a=b\r\nLocation: {location}\r\n")),
        b"moved",
    );
    let fetched = world.page("www.site.example", "/").await.expect("fetched");
    assert_eq!(fetched.url, world.sites.url("site.example", "/a?b=c"));
    let answer = fetched.answer;
    assert_eq!((answer.status, &*answer.body), (200, &b"<title>A</title>"[..]));
    assert_eq!((&*answer.content_type, &*answer.language), ("text/html; charset=utf-8", "fr"));
    assert_eq!(answer.links, ["</pay>; rel=payment", "</me>; rel=me"]);

    let requests = world.sites.requests();
    let names: Vec<&str> = requests.iter().map(|request| request.name.as_str()).collect();
    assert_eq!(names, ["www.site.example", "site.example"]);
    let version = env!("CARGO_PKG_VERSION");
    let port = world.sites.port;
    let head = format!(
        "GET /a?b=c HTTP/1.1\r\nhost: site.example:{port}\r\n\
         user-agent: Obole/{version} (+https://obole.example/robot)\r\naccept: text/html\r\n\
         accept-encoding: gzip\r\nconnection: close\r\n\r\n"
    );
    assert_eq!(requests[1].head, head);
}

#[tokio::test]
async fn three_redirects_are_followed_and_a_fourth_is_not() {
    let world = World::new().await;
    for hop in 0..5 {
        world.sites.redirect(&format!("site.example/{hop}"), &format!("/{}", hop + 1));
    }
    world.sites.page("site.example/5", (200, ""), b"here");
    assert_eq!(world.page("site.example", "/2").await.expect("fetched").answer.body, b"here");
    assert_eq!(world.sites.requests().len(), 4);
    assert_eq!(world.page("site.example", "/1").await, Err(FetchError::Unreadable));
    assert_eq!(world.sites.requests().len(), 8);
    world.sites.redirect("site.example/round", "/round");
    assert_eq!(world.page("site.example", "/round").await, Err(FetchError::Unreadable));
}

#[tokio::test]
async fn a_proof_moves_only_between_a_name_and_its_www() {
    let world = World::new().await;
    let wanted = Wanted { redirects: Redirects::SameSite, ..WANTED };
    let to = |name: &str| world.sites.url(name, "/proof");
    for name in ["site.example", "www.site.example", "a.site.example", "x.other.example"] {
        world.sites.page(&format!("{name}/proof"), (200, ""), b"token");
    }
    world.sites.redirect("site.example/", &to("www.site.example"));
    let url = world.sites.url("site.example", "/");
    world.fetcher.get(&url, &wanted).await.expect("to www");
    for other in ["a.site.example", "x.other.example"] {
        world.sites.redirect("site.example/", &to(other));
        assert_eq!(world.fetcher.get(&url, &wanted).await, Err(FetchError::Refused), "{other}");
        assert!(world.fetcher.get(&url, &WANTED).await.is_ok(), "{other}");
    }
}

#[tokio::test]
async fn no_more_is_taken_in_than_is_asked_for() {
    let world = World::new().await;
    let bomb = zipped(&vec![b'a'; 64 << 20]);
    let plain = vec![b'a'; BODY_MAX + 1];
    let endless = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let chunk = [b"4000\r\n".to_vec(), vec![b'a'; 0x4000], b"\r\n".to_vec()].concat();
    world.sites.page("site.example/zip", (200, "Content-Encoding: gzip\r\n"), &bomb);
    world.sites.page("site.example/large", (200, ""), &plain);
    world.sites.page("site.example/right", (200, ""), &plain[..BODY_MAX]);
    world.sites.set("site.example/endless", Answers::Repeats(endless, chunk));
    for path in ["/zip", "/large", "/endless"] {
        assert_eq!(world.page("site.example", path).await, Err(FetchError::TooLarge), "{path}");
        let wanted = Wanted { body_max: 1_000, excess: Excess::Cut, ..WANTED };
        let url = world.sites.url("site.example", path);
        let cut = world.fetcher.get(&url, &wanted).await.expect("cut");
        assert_eq!(cut.answer.body, vec![b'a'; 1_000], "{path}");
        // Whatever is asked for, there is a limit.
        let wanted = Wanted { body_max: usize::MAX, excess: Excess::Cut, ..WANTED };
        let cut = world.fetcher.get(&url, &wanted).await.expect("cut");
        assert_eq!(cut.answer.body.len(), BODY_MAX, "{path}");
    }
    let right = world.page("site.example", "/right").await.expect("just right");
    assert_eq!(right.answer.body.len(), BODY_MAX);
}

#[tokio::test]
async fn what_is_zipped_is_unzipped_and_what_is_packed_otherwise_is_not_read() {
    let world = World::new().await;
    let body = zipped(b"hello");
    world.sites.page("site.example/", (200, "Content-Encoding: gzip\r\n"), &body);
    assert_eq!(world.page("site.example", "/").await.expect("fetched").answer.body, b"hello");
    for encoding in ["br", "zstd", "deflate", "gzip, gzip"] {
        let header = format!("Content-Encoding: {encoding}\r\n");
        world.sites.page("site.example/", (200, &header), &body);
        let fetched = world.page("site.example", "/").await;
        assert_eq!(fetched, Err(FetchError::Unreadable), "{encoding}");
    }
    world.sites.page("site.example/", (200, "Content-Encoding: gzip\r\n"), &body[..10]);
    assert_eq!(world.page("site.example", "/").await, Err(FetchError::Unreadable));
}

#[tokio::test]
async fn large_heads_and_what_is_not_http_are_not_read() {
    let world = World::new().await;
    let large = format!("X-A: {}\r\n", "a".repeat(15_000));
    world.sites.page("site.example/", (200, &large), b"a");
    world.page("site.example", "/").await.expect("within the limit");
    let large = format!("X-A: {}\r\n", "a".repeat(17_000));
    let many: String = (0..101).map(|number| format!("X-{number}: a\r\n")).collect();
    for headers in [large, many] {
        world.sites.page("site.example/", (200, &headers), b"a");
        assert_eq!(world.page("site.example", "/").await, Err(FetchError::Unreadable));
    }
    let endless = b"HTTP/1.1 200 OK\r\nX-A: ".to_vec();
    world.sites.set("site.example/", Answers::Repeats(endless, vec![b'a'; 1_000]));
    assert_eq!(world.page("site.example", "/").await, Err(FetchError::Unreadable));
    world.sites.set("site.example/", Answers::With(b"SSH-2.0-OpenSSH\r\n\r\n".to_vec()));
    assert_eq!(world.page("site.example", "/").await, Err(FetchError::Unreadable));
    for short in [&b""[..], b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"] {
        world.sites.set("site.example/", Answers::With(short.to_vec()));
        assert_eq!(world.page("site.example", "/").await, Err(FetchError::Unreachable));
    }
}

#[tokio::test]
async fn a_site_that_cannot_prove_its_name_is_asked_nothing() {
    let world = World::new().await;
    for name in ["example.org", "a.b.site.example", "other.example"] {
        assert_eq!(world.page(name, "/").await, Err(FetchError::Unreachable), "{name}");
    }
    assert_eq!((world.sites.contacts(), world.sites.requests().len()), (3, 0));

    let without_tls = TcpListener::bind((ALLOWED, 0)).await.expect("a port");
    let port = without_tls.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = without_tls.accept().await {
            let _ = stream.try_write(&answer(200, "", b"plain"));
        }
    });
    let world = World::with(|config| config.ports.push(port)).await;
    let fetched = world.get(&format!("https://site.example:{port}/")).await;
    assert_eq!(fetched, Err(FetchError::Unreachable));
    // Nor is a site believed that an authority of nobody's vouches for.
    let world = World::with(|config| config.authorities = None).await;
    assert_eq!(world.page("site.example", "/").await, Err(FetchError::Unreachable));
    assert!(world.sites.requests().is_empty());
}

#[tokio::test]
async fn a_fetch_ends_in_time_wherever_it_hangs() {
    let begun = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nbegun".to_vec();
    let drop_by_drop = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    assert_eq!(FetchConfig::new(String::new()).time_max, Duration::from_secs(10));
    let world = World::with(|config| config.time_max = Duration::from_millis(500)).await;
    let head = b"HTTP/1.1 200 OK\r\nX-A: ".to_vec();
    for begins in [Vec::new(), head, begun, drop_by_drop] {
        world.sites.set("site.example/", Answers::Begins(begins));
        let began = Instant::now();
        assert_eq!(world.page("site.example", "/").await, Err(FetchError::Unreachable));
        assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
    }
    // The time is that of all redirects together.
    world.sites.redirect("site.example/a", "/");
    assert_eq!(world.page("site.example", "/a").await, Err(FetchError::Unreachable));
    world.dns.say_otherwise(Says::Silence);
    assert_eq!(world.page("site.example", "/").await, Err(FetchError::Unreachable));
    assert_eq!(world.sites.contacts(), 6);
}

#[tokio::test]
async fn a_name_server_is_waited_for_three_seconds() {
    let world = World::new().await;
    world.dns.say_otherwise(Says::Silence);
    let began = Instant::now();
    assert_eq!(world.page("site.example", "/").await, Err(FetchError::Unreachable));
    assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
    assert_eq!(world.sites.contacts(), 0);
}

#[tokio::test]
async fn fifty_at_once_reach_a_host_one_after_the_other() {
    let world = std::sync::Arc::new(World::new().await);
    world.sites.page("site.example/", (200, ""), b"here");
    let mut fetching = JoinSet::new();
    for _ in 0..50 {
        let world = std::sync::Arc::clone(&world);
        fetching.spawn(async move { world.page("site.example", "/").await });
    }
    assert!(fetching.join_all().await.iter().all(Result::is_ok));
    assert_eq!((world.sites.contacts(), world.sites.requests().len()), (50, 50));
    assert!(world.sites.most_at_once() <= 2, "{}", world.sites.most_at_once());
}

#[tokio::test]
async fn a_machine_without_what_fetching_needs_says_so() {
    let world = World::with(|config| config.authorities = Some("/nowhere/ca.pem".into())).await;
    assert!(world.fetcher.open().is_err());
    assert_eq!(world.page("site.example", "/").await, Err(FetchError::Unreachable));
    assert!(World::new().await.fetcher.open().is_ok());
}
