//! Flattr's old API as a library meets it that was written for Flattr: flattrclient, over the wire.

use std::process::Command;

use crate::scene::Scene;
use crate::served::{PASSWORD, serve};

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
    let keeper = ["account", "create", "--handle", "keeper", "--email", "keeper@obole.example"];
    let rest = ["--admin", "--confirmed", "--password-stdin"];
    run(&scene, &[&keeper[..], &rest].concat(), PASSWORD);
    let (served, base) = serve(&scene, &["ada", "bob"]);
    let song = ["claim", "grant", "--work", "https://bob.example/song", "--account", "bob"];
    run(&scene, &[&song[..], &["--reason", "A letter"]].concat(), "");
    let scopes = "profile email click clicks:read works:write";
    let bob = run(&scene, &["token", "create", "--account", "bob", "--scope", scopes], "");
    let ada = ["token", "create", "--account", "ada", "--scope", "budget wallet"];
    let ada = run(&scene, &ada, "");
    let code = run(&scene, &["voucher", "create", "--amount", "20.00", "--currency", "EUR"], "");
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
