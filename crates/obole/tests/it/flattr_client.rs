//! Flattr's old API as a library meets it that was written for Flattr: flattrclient, over the wire.

use std::net::TcpListener;
use std::process::Command;

use crate::scene::Scene;
use crate::served::Served;

const PASSWORD: &str = "a quiet harbour";

/// Runs a command of which nothing is to be read but its last word.
fn run(scene: &Scene, words: &[&str], input: &str) -> String {
    let run = scene.run_with(words, input);
    assert_eq!(run.code, 0, "{run:?}");
    run.out.split_whitespace().last().unwrap_or_default().to_owned()
}

#[test]
fn flattrclient_needs_nothing_but_our_address() {
    let modules = std::env::var("OBOLE_TEST_FLATTRCLIENT").expect(
        "OBOLE_TEST_FLATTRCLIENT names a folder with flattrclient, six, simplejson and requests: \
         run the tests with `cargo x test`",
    );
    let scene = Scene::new();
    for (handle, rest) in [("ada", ""), ("bob", ""), ("keeper", "--admin")] {
        let email = format!("{handle}@obole.example");
        let words = ["account", "create", "--handle", handle, "--email", &email];
        let mut words = [&words[..], &["--password-stdin", "--confirmed"]].concat();
        words.extend((!rest.is_empty()).then_some(rest));
        run(&scene, &words, PASSWORD);
    }
    let song = ["claim", "grant", "--work", "https://bob.example/song", "--account", "bob"];
    run(&scene, &[&song[..], &["--reason", "A letter"]].concat(), "");
    let scopes = "profile email click clicks:read works:write";
    let bob = run(&scene, &["token", "create", "--account", "bob", "--scope", scopes], "");
    let ada = ["token", "create", "--account", "ada", "--scope", "budget wallet"];
    let ada = run(&scene, &ada, "");
    let code = run(&scene, &["voucher", "create", "--amount", "20.00", "--currency", "EUR"], "");
    // The instance says where it is, so that has to be known before.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let base = format!("http://{listen}");
    let served = Served::begin_with(scene.command(&["serve", "--listen", &listen]));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/flattr_client.py");
    let run = Command::new("python3")
        .args([script, &base, PASSWORD, &bob, &ada, &code])
        .env("PYTHONPATH", modules)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python3 runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    served.end();
}
