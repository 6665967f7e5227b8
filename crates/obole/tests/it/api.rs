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

#[test]
fn a_client_made_from_the_description_makes_the_main_calls() {
    let maker = modules("OBOLE_TEST_CLIENT_MAKER");
    let world = World::new(true);
    let folder = tempfile::TempDir::new().expect("a folder");
    let description = folder.path().join("openapi.json");
    let served = world.served.get("/api/v1/openapi.json");
    std::fs::write(&description, served.body).expect("written");
    let made = Command::new("python3")
        .args(["-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"])
        .args(["--output-path", "obole_client", "--path"])
        .arg(&description)
        .current_dir(folder.path())
        .env("PYTHONPATH", &maker)
        // What it wrote is put in order with a program of the same folder.
        .env("PATH", format!("{maker}/bin:{}", std::env::var("PATH").unwrap_or_default()))
        .output()
        .expect("python3 runs");
    let said = [made.stdout, made.stderr].concat();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&said));
    let modules = format!("{}:{maker}", folder.path().display());
    assert_eq!(python("api_client.py", &modules, &[&world.base(), &world.ada]), "made client\n");
    world.served.end();
}

/// The blocks of a language in the guide, as one program.
fn program(language: &str) -> String {
    const GUIDE: &str =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/api/guide.md"));
    let opening = format!("\n```{language}\n");
    let blocks = GUIDE.split(&opening).skip(1).map(|rest| rest.split("\n```").next());
    blocks.map(|block| format!("{}\n", block.expect("its end"))).collect()
}

#[test]
fn the_guide_runs_in_each_of_its_languages() {
    let world = World::new(true);
    let others = program("json") + &program("bash") + &program("js") + &program("console");
    assert!(others.is_empty(), "a block that is not run: {others}");
    for (language, program_name, words) in [
        ("sh", "sh", &["-eu", "-c"][..]),
        ("python", "python3", &["-c"]),
        ("javascript", "node", &["--input-type=module", "-e"]),
    ] {
        let run = Command::new(program_name)
            .args(words)
            .arg(program(language))
            .env("OBOLE", format!("{}/api/v1", world.base()))
            .env("TOKEN", &world.ada)
            .output()
            .unwrap_or_else(|error| panic!("{program_name}: {error}"));
        let (out, err) =
            (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        assert!(run.status.success(), "{language}: {out}{err}");
        for said in ["ada", "budget_too_small"] {
            assert!(out.contains(said), "{language} says no {said}: {out}");
        }
        let page = format!("/api/v1/works?url=https%3A%2F%2Fexample.org%2Fguide-{language}");
        let found = world.served.get(&page);
        assert!(found.body.contains(&format!("guide-{language}")), "{}", found.body);
    }
    world.served.end();
}

/// So many requests where nothing else is said (`cargo x schemathesis 20000`).
const REQUESTS: usize = 3_000;

/// Schemathesis with every check of its own, stateful ones too: signed in, then as a stranger, with
/// other seeds until enough requests were made.
#[test]
#[ignore = "takes minutes: `cargo x schemathesis` runs it"]
fn schemathesis_finds_no_failure() {
    let wanted = std::env::var("OBOLE_TEST_REQUESTS").ok();
    let wanted = wanted.map_or(REQUESTS, |wanted| wanted.parse().expect("a number"));
    let (mut signed_in, mut stranger, mut seed) = (0, 0, 1);
    while signed_in + stranger < wanted || stranger == 0 {
        // An instance of its own: a key of the run before would be answered as it was then (K3).
        // The last fifth has no token.
        let world = World::new(false);
        let bearer = format!("Authorization: Bearer {}", world.ada);
        let has_token = signed_in < wanted * 4 / 5;
        let words = ["-H", &bearer];
        let words = if has_token { &words[..] } else { &[] };
        let count = generated(&schemathesis(&world, seed, words));
        println!("seed {seed}: {count} requests, all as described; signed in: {has_token}");
        *(if has_token { &mut signed_in } else { &mut stranger }) += count;
        seed += 1;
        let (code, said) = world.served.end();
        assert_eq!(code, Some(0), "{said}");
    }
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
    count.parse().expect("a number")
}
