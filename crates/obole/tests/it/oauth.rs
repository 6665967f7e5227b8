//! The OAuth2 provider as a library meets it that nobody here wrote: Authlib, over the wire.

use std::process::Command;

use crate::scene::Scene;
use crate::served::{PASSWORD, serve};

#[test]
fn authlib_gets_refreshes_and_gives_back_tokens() {
    let modules = std::env::var("OBOLE_TEST_AUTHLIB").expect(
        "OBOLE_TEST_AUTHLIB names a folder with Authlib and requests: run the tests with \
         `cargo x test`, or fill one with `pip install --target FOLDER authlib requests`",
    );
    let scene = Scene::new();
    // The issuer is the address that the instance is told.
    let (served, base) = serve(&scene, &["ada", "developer"]);
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
