//! The API as programs meet it that nobody here wrote.

use std::process::Command;

use crate::world::{PASSWORD, World};

/// A folder that `cargo x test` fills.
fn modules(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} is missing: run the tests with `cargo x test`"))
}

/// Runs a script of this folder with the modules of one folder.
fn python(script: &str, modules: &str, words: &[&str]) -> String {
    let script = format!("{}/tests/it/{script}", env!("CARGO_MANIFEST_DIR"));
    let run = Command::new("python3")
        .arg(script)
        .args(words)
        .env("PYTHONPATH", modules)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python3 runs");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    String::from_utf8(run.stdout).expect("text")
}

#[test]
fn every_example_of_the_description_is_run() {
    let world = World::new(true);
    let words = [&world.base(), PASSWORD, &world.ada, &world.voucher];
    let ran = python("api_examples.py", &modules("OBOLE_TEST_SCHEMATHESIS"), &words);
    let ran: usize = ran.trim().parse().expect("a number");
    assert!(ran > 60, "{ran}");
    world.served.end();
}

/// So many requests where nothing else is said (`cargo x schemathesis 20000`).
const REQUESTS: usize = 3_000;

/// Schemathesis with every check of its own, stateful ones too: signed in, then as a stranger, with
/// other seeds until enough requests were made.
#[test]
#[ignore = "takes minutes: `cargo x schemathesis` runs it"]
fn schemathesis_finds_no_failure() {
    let world = World::new(false);
    let wanted = std::env::var("OBOLE_TEST_REQUESTS").ok();
    let wanted = wanted.map_or(REQUESTS, |wanted| wanted.parse().expect("a number"));
    let bearer = format!("Authorization: Bearer {}", world.ada);
    let (mut signed_in, mut stranger) = (0, 0);
    let mut seed = 1;
    while signed_in < wanted * 4 / 5 {
        // Each run adds to what is in the instance.
        signed_in += generated(&schemathesis(&world, seed, &["-H", &bearer]));
        seed += 1;
    }
    while signed_in + stranger < wanted {
        stranger += generated(&schemathesis(&world, seed, &[]));
        seed += 1;
    }
    let (code, said) = world.served.end();
    assert_eq!(code, Some(0), "{said}");
    println!("schemathesis: {signed_in} signed in, {stranger} as a stranger, 0 failures");
}

/// One run: what it printed.
fn schemathesis(world: &World, seed: u32, words: &[&str]) -> String {
    let config = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/api_schemathesis.toml");
    let base = world.base();
    let (address, root) = (format!("{base}/api/v1/openapi.json"), format!("{base}/api/v1"));
    let run = Command::new("python3")
        .args(["-m", "schemathesis.cli", "--config-file", config, "run", &address, "--url", &root])
        .args(["--checks", "all", "--max-examples", "30", "--continue-on-failure"])
        .args(["--seed", &seed.to_string()])
        .args(words)
        .env("PYTHONPATH", modules("OBOLE_TEST_SCHEMATHESIS"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("COLUMNS", "120")
        .current_dir(std::env::temp_dir())
        .output()
        .expect("python3 runs");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
    said
}

/// How many requests a run made, as it says at its end.
fn generated(said: &str) -> usize {
    let line = said.lines().find(|line| line.contains(" generated, ")).expect("its sum");
    let count = line.split_whitespace().next().expect("a word");
    println!("{}", line.trim());
    count.parse().expect("a number")
}
