//! What is handed over goes by the same rules as what is fetched, and never where a redirect leads.

use std::time::{Duration, Instant};

use obole_gateway::fetch::{Answer, Parcel};
use obole_gateway::testing::{Answers, addresses, answer};

use super::*;

fn parcel(seconds: u64) -> Parcel {
    Parcel {
        content_type: "application/json",
        headers: vec![("webhook-id", "msg_1".to_owned())],
        body: b"{\"type\":\"a\"}".to_vec(),
        time_max: Duration::from_secs(seconds),
        answer_max: 16,
    }
}

async fn hand_over(world: &World, path: &str) -> Result<Answer, FetchError> {
    world.fetcher.hand_over(&world.sites.url("site.example", path), &parcel(5)).await
}

#[tokio::test]
async fn a_parcel_arrives_with_its_headers_and_nothing_of_ours() {
    let world = World::new().await;
    world.sites.page("site.example/hook?a=b", (201, ""), b"taken");
    let answer = hand_over(&world, "/hook?a=b").await.expect("an answer");
    assert_eq!((answer.status, &*answer.body), (201, &b"taken"[..]));
    let requests = world.sites.requests();
    let [request] = &requests[..] else { panic!("{requests:?}") };
    assert!(request.head.starts_with("POST /hook?a=b HTTP/1.1\r\n"), "{}", request.head);
    assert_eq!((&*request.body, request.header("content-length")), ("{\"type\":\"a\"}", "12"));
    let (kind, id) = (request.header("content-type"), request.header("webhook-id"));
    assert_eq!((kind, id), ("application/json", "msg_1"));
    assert_eq!(request.header("host"), format!("site.example:{}", world.sites.port));
    assert!(request.header("user-agent").starts_with("Obole/"));
    for name in ["cookie", "referer", "authorization", "proxy-authorization"] {
        assert_eq!(request.header(name), "", "{name}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let world = World::new().await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("Location: {}\r\n", world.sites.url("site.example", "/other"));
        world.sites.page("site.example/", (status, &location), b"");
        assert_eq!(hand_over(&world, "/").await.expect("an answer").status, status);
    }
    assert!(world.sites.requests().iter().all(|request| request.head.starts_with("POST / ")));
    assert_eq!(world.sites.contacts(), 5);
}

#[tokio::test]
async fn what_leads_inside_gets_nothing() {
    let world = World::new().await;
    let port = world.sites.port;
    for url in [
        format!("http://site.example:{port}/"),
        format!("https://127.0.0.2:{port}/"),
        format!("https://[::1]:{port}/"),
        format!("https://2130706434:{port}/"),
        format!("https://localhost:{port}/"),
        format!("https://printer.local:{port}/"),
        format!("https://user:pass@site.example:{port}/"),
        format!("https://obole.example:{port}/"),
        "https://site.example:22/".to_owned(),
    ] {
        assert!(!world.fetcher.may_reach(&url), "{url}");
        assert_eq!(world.fetcher.hand_over(&url, &parcel(5)).await, Err(FetchError::Refused));
    }
    assert!(world.fetcher.may_reach(&world.sites.url("site.example", "/")));
    for inside in ["127.0.0.1", "127.0.0.3", "10.0.0.1", "169.254.169.254", "::1", "fd00::1"] {
        world.dns.say_otherwise(addresses(&["127.0.0.2", inside]));
        assert_eq!(hand_over(&world, "/").await, Err(FetchError::Unreachable), "{inside}");
    }
    assert_eq!((world.sites.contacts(), world.sites.trapped()), (0, 0));
}

#[tokio::test]
async fn of_a_huge_answer_the_beginning_is_kept_and_its_status_counts() {
    let world = World::new().await;
    let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    world.sites.set("site.example/", Answers::Repeats(head, vec![b'x'; 10_000]));
    let began = Instant::now();
    let answer = hand_over(&world, "/").await.expect("an answer");
    assert_eq!((answer.status, answer.body), (200, vec![b'x'; 16]));
    assert!(began.elapsed() < Duration::from_secs(4));
}

#[tokio::test]
async fn an_answer_whose_body_does_not_come_is_one() {
    let world = World::new().await;
    let mut begun = answer(204, "", &[b'y'; 100]);
    begun.truncate(begun.len() - 95);
    world.sites.set("site.example/", Answers::Begins(begun));
    assert_eq!(hand_over(&world, "/").await.expect("an answer").status, 204);
    world.sites.page("site.example/", (200, "Content-Encoding: br\r\n"), b"??");
    let answer = hand_over(&world, "/").await.expect("an answer");
    assert_eq!((answer.status, answer.body), (200, Vec::new()));
}

#[tokio::test]
async fn no_answer_in_time_is_none() {
    let world = World::new().await;
    world.sites.set("site.example/", Answers::Begins(Vec::new()));
    let url = world.sites.url("site.example", "/");
    let began = Instant::now();
    let answer = world.fetcher.hand_over(&url, &parcel(1)).await;
    assert_eq!(answer, Err(FetchError::Unreachable));
    assert!(began.elapsed() < Duration::from_secs(4));
}
