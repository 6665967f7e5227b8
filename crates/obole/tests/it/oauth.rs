//! The OAuth2 provider as a library meets it that nobody here wrote: Authlib, over the wire.

use std::net::TcpListener;
use std::process::Command;

use crate::scene::Scene;
use crate::served::Served;

const PASSWORD: &str = "a quiet harbour";

#[test]
fn authlib_gets_refreshes_and_gives_back_tokens() {
    let modules = std::env::var("OBOLE_TEST_AUTHLIB").expect(
        "OBOLE_TEST_AUTHLIB names a folder with Authlib and requests: run the tests with \
         `cargo x test`, or fill one with `pip install --target FOLDER authlib requests`",
    );
    let scene = Scene::new();
    for handle in ["ada", "developer"] {
        let email = format!("{handle}@obole.example");
        let words = ["account", "create", "--handle", handle, "--email", &email];
        let words = [&words[..], &["--password-stdin", "--confirmed"]].concat();
        let run = scene.run_with(&words, PASSWORD);
        assert_eq!(run.code, 0, "{run:?}");
    }
    // The issuer is the address that the instance is told, so it has to be known before.
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let base = format!("http://{listen}");
    let served = Served::begin_with(scene.command(&["serve", "--listen", &listen]));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/oauth_client.py");
    let run = Command::new("python3")
        .args([script, &base, PASSWORD])
        .env("PYTHONPATH", modules)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python3 runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    served.end();
}
