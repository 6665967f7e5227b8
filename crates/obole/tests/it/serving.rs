//! `obole serve`: the address, the lock, the end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::scene::Scene;

/// A serving process and what it printed before it was ready.
pub struct Serving {
    child: Child,
    pub address: String,
    before: Vec<String>,
}

fn serve(scene: &Scene) -> Serving {
    serve_with(scene, &[])
}

/// The same with variables of its own.
pub fn serve_with(scene: &Scene, variables: &[(&str, &str)]) -> Serving {
    let mut command = scene.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.envs(variables.iter().copied());
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut before = Vec::new();
    let out = BufReader::new(child.stdout.take().expect("piped"));
    for line in out.lines() {
        let line = line.expect("text");
        if let Some(address) = line.strip_prefix("Obole listens on http://") {
            return Serving { child, address: address.to_owned(), before };
        }
        before.push(line);
    }
    let mut errors = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut errors).expect("text");
    let code = child.wait().expect("it ends").code();
    panic!("it does not listen, ends with {code:?}: {errors}");
}

fn get(address: &str, path: &str) -> String {
    ask(address, &format!("GET {path} HTTP/1.1\r\n"), "")
}

/// Sends a request's first line with more of its head, and what follows it.
pub fn ask(address: &str, first: &str, rest: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let rest = if rest.is_empty() { "\r\n" } else { rest };
    let request = format!("{first}Host: {address}\r\nConnection: close\r\n{rest}");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

pub fn end(mut serving: Serving) -> (Option<i32>, String) {
    let id = serving.child.id().to_string();
    let asked = Command::new("kill").args(["-TERM", &id]).status().expect("kill runs");
    assert!(asked.success());
    let code = serving.child.wait().expect("it ends").code();
    let mut errors = String::new();
    serving.child.stderr.take().expect("piped").read_to_string(&mut errors).expect("text");
    (code, errors)
}

#[test]
fn it_listens_serves_and_ends_when_asked() {
    let scene = Scene::new();
    let serving = serve(&scene);
    let base = format!("http://{}/", serving.address);
    assert!(serving.before.iter().any(|line| line.contains(&base)), "{:?}", serving.before);
    let answer = get(&serving.address, "/");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let (code, errors) = end(serving);
    assert_eq!(code, Some(0), "{errors}");
}

#[test]
fn one_process_serves_a_file_and_others_run_beside_it() {
    let scene = Scene::new();
    let serving = serve(&scene);
    let second = scene.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!((second.code, second.out.as_str()), (1, ""), "{second:?}");
    assert!(second.err.contains("another process"), "{second:?}");
    scene.account("ada");
    assert!(scene.well(&["audit"]).starts_with("Everything holds"));
    assert_eq!(end(serving).0, Some(0));
    let serving = serve(&scene);
    assert_eq!(end(serving).0, Some(0));
}

#[test]
fn an_address_that_is_taken_is_said() {
    let scene = Scene::new();
    let serving = serve(&scene);
    let other = Scene::new();
    let refused = other.run(&["serve", "--listen", &serving.address]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("--listen"), "{refused:?}");
    end(serving);
}

#[test]
fn figures_have_a_listener_of_their_own() {
    // A port that was free a moment ago: the program says where it listens only to people.
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let watched = free.local_addr().expect("an address").to_string();
    drop(free);
    for scene in [Scene::new(), Scene::on_postgres()] {
        let serving = serve_with(&scene, &[("OBOLE_METRICS_LISTEN", &watched)]);
        assert!(get(&serving.address, "/metrics").starts_with("HTTP/1.1 404"));
        assert!(get(&serving.address, "/readyz").ends_with("ready\n"));
        get(&serving.address, "/button/small.svg?url=a.example");
        let figures = get(&watched, "/metrics");
        assert!(figures.starts_with("HTTP/1.1 200"), "{figures}");
        for line in [
            "\nobole_database_up 1\n",
            "\nobole_http_requests_total{route=\"button\",status=\"200\"} 1\n",
            "\nobole_http_requests_total{route=\"probe\",status=\"200\"} 1\n",
            "\n# HELP obole_database_seconds Seconds of each transaction",
        ] {
            assert!(figures.contains(line), "{line}: {figures}");
        }
        assert!(get(&watched, "/").starts_with("HTTP/1.1 404"));
        let (code, errors) = end(serving);
        assert_eq!(code, Some(0), "{errors}");
        assert!(errors.contains(&format!("figures: http://{watched}/metrics")), "{errors}");
    }
    let refused = Scene::new();
    let mut command = refused.command(&["serve", "--listen", "127.0.0.1:0"]);
    let ended = command.env("OBOLE_METRICS_LISTEN", "nowhere").output().expect("it runs");
    assert_eq!(ended.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("metrics.listen"), "{ended:?}");
}
