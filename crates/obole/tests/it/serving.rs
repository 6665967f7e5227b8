//! `obole serve`: the address, the lock, the end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::scene::Scene;

/// A serving process and what it printed before it was ready.
struct Serving {
    child: Child,
    address: String,
    before: Vec<String>,
}

fn serve(scene: &Scene) -> Serving {
    let mut command = scene.command(&["serve", "--listen", "127.0.0.1:0"]);
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
    let mut stream = TcpStream::connect(address).expect("it listens");
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("it answers");
    answer
}

fn end(mut serving: Serving) -> (Option<i32>, String) {
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
