//! A disk that is full or fails (D12), under a serving instance.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::scene::Scene;
use crate::served::Served;

const WORK: &str = "https://creator.example/song";

/// What is preloaded.
const FAULTS: &str = include_str!("faults.c");

/// Compiles what makes the disk fail: a C compiler is there, for SQLite is built with one.
fn faults(folder: &Path) -> PathBuf {
    let (source, library) = (folder.join("faults.c"), folder.join("faults.so"));
    fs::write(&source, FAULTS).expect("written");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(&source).arg("-ldl");
    let ended = compiler.output().expect("cc is there");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    library
}

/// Serves with a disk that fails when the file of a fault is there.
fn serve(scene: &Scene) -> Served {
    let mut command = scene.command(&["serve", "--listen", "127.0.0.1:0"]);
    command.env("LD_PRELOAD", faults(scene.folder())).env("FAULTS", scene.folder());
    command.env("OBOLE_DATABASE_UNSAFE_DURABILITY", "false");
    Served::begin_with(command)
}

fn token(scene: &Scene) -> String {
    scene.account("ada");
    let made = scene.well(&["token", "create", "--account", "ada", "--scope", "click clicks:read"]);
    made.split_whitespace().last().expect("a token").to_owned()
}

#[test]
fn a_full_disk_stops_writing_until_there_is_room_again() {
    let scene = Scene::new();
    let token = token(&scene);
    let served = serve(&scene);
    let click = |key: &str| served.click(&token, key, WORK).expect("an answer");
    assert_eq!(click("first").status, 201);

    let full = scene.folder().join("full");
    fs::write(&full, "").expect("written");
    for _ in 0..3 {
        let refused = click("second");
        assert_eq!(refused.status, 503, "{refused:?}");
        assert!(refused.head.contains("retry-after:"), "{refused:?}");
        // What was given is read all the same.
        assert_eq!(served.get("/").status, 200);
        assert_eq!(served.get("/readyz").status, 200);
    }
    fs::remove_file(&full).expect("room");
    let given = click("second");
    assert_eq!(given.status, 200, "{given:?}");
    assert!(given.body.contains("\"points\":2"), "once each: {given:?}");
    assert_eq!(served.end().0, Some(0));
    assert!(scene.well(&["audit"]).starts_with("Everything holds"));
}

#[test]
fn a_sync_that_fails_ends_the_process_and_the_next_one_recovers() {
    let scene = Scene::new();
    let token = token(&scene);
    let mut served = serve(&scene);
    let given = served.click(&token, "first", WORK).expect("an answer");
    assert_eq!(given.status, 201);
    let sync = scene.folder().join("sync");
    fs::write(&sync, "").expect("written");
    let answer = served.click(&token, "second", WORK);
    assert!(answer.is_none_or(|answer| answer.status == 503));
    let (code, errors) = served.ended();
    assert_eq!(code, Some(1), "{errors}");
    assert!(errors.contains("did not keep"), "{errors}");

    fs::remove_file(&sync).expect("another disk");
    let served = serve(&scene);
    // Acknowledged: it is there. Not acknowledged: sent again it counts once.
    let again = served.click(&token, "first", WORK).expect("an answer");
    assert!(again.head.contains("idempotent-replayed: true"), "{again:?}");
    let given = served.click(&token, "second", WORK).expect("an answer");
    assert!(given.body.contains("\"points\":2"), "{given:?}");
    assert_eq!(served.end().0, Some(0));
    assert!(scene.well(&["audit"]).starts_with("Everything holds"));
}
