//! `obole serve`: the address, the lock, the end.

use crate::scene::Scene;
use crate::served::{Served, ask_at};

#[test]
fn it_listens_serves_and_ends_when_asked() {
    let scene = Scene::new();
    let serving = Served::begin(&scene);
    let base = format!("http://{}/", serving.address);
    assert!(serving.before.iter().any(|line| line.contains(&base)), "{:?}", serving.before);
    let answer = serving.get("/");
    assert_eq!(answer.status, 200, "{answer:?}");
    let (code, errors) = serving.end();
    assert_eq!(code, Some(0), "{errors}");
}

#[test]
fn one_process_serves_a_file_and_others_run_beside_it() {
    let scene = Scene::new();
    let serving = Served::begin(&scene);
    let second = scene.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!((second.code, second.out.as_str()), (1, ""), "{second:?}");
    assert!(second.err.contains("another process"), "{second:?}");
    scene.account("ada");
    assert!(scene.well(&["audit"]).starts_with("Everything holds"));
    assert_eq!(serving.end().0, Some(0));
    let serving = Served::begin(&scene);
    assert_eq!(serving.end().0, Some(0));
}

/// K3: a key outlives the process that saw it first.
#[test]
fn a_key_is_kept_across_a_restart() {
    for scene in [Scene::new(), Scene::on_postgres()] {
        scene.account("ada");
        let made = scene.well(&["token", "create", "--account", "ada", "--scope", "click"]);
        let token = made.split_whitespace().last().expect("a token");
        let work = "https://songs.example/lullaby";
        let serving = Served::begin(&scene);
        let first = serving.click(token, "once", work).expect("an answer");
        assert_eq!(first.status, 201, "{first:?}");
        assert_eq!(serving.end().0, Some(0));
        let serving = Served::begin(&scene);
        let again = serving.click(token, "once", work).expect("an answer");
        assert_eq!((again.status, &again.body), (201, &first.body), "{again:?}");
        let other = serving.click(token, "once", "https://songs.example/other").expect("one");
        assert_eq!(other.status, 422, "{other:?}");
        assert!(other.body.contains("idempotency_key_reused"), "{other:?}");
        let added = serving.click(token, "twice", work).expect("an answer");
        assert!(added.body.contains("\"points\":2"), "one point by the first key: {added:?}");
        assert_eq!(serving.end().0, Some(0));
        assert!(scene.well(&["audit"]).starts_with("Everything holds"));
    }
}

#[test]
fn an_address_that_is_taken_is_said() {
    let scene = Scene::new();
    let serving = Served::begin(&scene);
    let other = Scene::new();
    let refused = other.run(&["serve", "--listen", &serving.address]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("--listen"), "{refused:?}");
    serving.end();
}

#[test]
fn figures_have_a_listener_of_their_own() {
    // A port that was free a moment ago: the program says where it listens only to people.
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let watched = free.local_addr().expect("an address").to_string();
    drop(free);
    for scene in [Scene::new(), Scene::on_postgres()] {
        let mut command = scene.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env("OBOLE_METRICS_LISTEN", &watched);
        let serving = Served::begin_with(command);
        assert_eq!(serving.get("/metrics").status, 404);
        assert_eq!(serving.get("/readyz").body, "ready\n");
        serving.get("/button/small.svg?url=a.example");
        let read = |path| {
            let head = format!("GET {path} HTTP/1.1\r\nHost: {watched}\r\n");
            ask_at(&watched, &head, "").expect("an answer")
        };
        let figures = read("/metrics");
        assert_eq!(figures.status, 200, "{figures:?}");
        for line in [
            "\nobole_database_up 1\n",
            "\nobole_http_requests_total{route=\"button\",status=\"200\"} 1\n",
            "\nobole_http_requests_total{route=\"probe\",status=\"200\"} 1\n",
            "\n# HELP obole_database_seconds Seconds of each transaction",
        ] {
            assert!(figures.body.contains(line), "{line}: {}", figures.body);
        }
        assert_eq!(read("/").status, 404);
        let (code, errors) = serving.end();
        assert_eq!(code, Some(0), "{errors}");
        assert!(errors.contains(&format!("figures: http://{watched}/metrics")), "{errors}");
    }
    let refused = Scene::new();
    let mut command = refused.command(&["serve", "--listen", "127.0.0.1:0"]);
    let ended = command.env("OBOLE_METRICS_LISTEN", "nowhere").output().expect("it runs");
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("metrics.listen"), "{ended:?}");
}
