//! Backups by real processes: while clicks stream in, and killed at any moment.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use obole_app::Chance;

use crate::scene::Scene;
use crate::served::Served;

const FILL: [&str; 10] =
    ["bench", "fill", "--patrons", "400", "--works", "100", "--mean-clicks", "8", "--seed", "5"];

const KILLS: u32 = 10;

fn token(scene: &Scene, handle: &str) -> String {
    scene.account(handle);
    let scope = "click clicks:read";
    let made = scene.well(&["token", "create", "--account", handle, "--scope", scope]);
    made.split_whitespace().last().expect("a token").to_owned()
}

/// The click of a client with this number.
fn click(served: &Served, token: &str, client: usize, number: usize) -> (u16, bool) {
    let work = format!("https://creator.example/{client}/{number}");
    let answer = served.click(token, &format!("{client}-{number}"), &work).expect("an answer");
    (answer.status, answer.head.contains("idempotent-replayed: true"))
}

/// What is acknowledged before the backup begins is in it, whatever comes while it is taken; it
/// opens elsewhere, on either engine, and its books balance.
fn clicks_stream_in(scene: &Scene) {
    let tokens: Vec<String> = (0..4).map(|n| token(scene, &format!("patron{n}"))).collect();
    scene.well(&["account", "create", "--handle", "other", "--email", "o@obole.example"]);
    let served = Served::begin(scene);
    let (is_over, (first, begun)) = (AtomicBool::new(false), channel());
    let acknowledged: Vec<usize> = std::thread::scope(|threads| {
        let clients = tokens.iter().enumerate().map(|(client, token)| {
            let (served, is_over, first) = (&served, &is_over, first.clone());
            threads.spawn(move || {
                let mut number = 0;
                while !is_over.load(Ordering::SeqCst) {
                    let (status, _) = click(served, token, client, number);
                    // Over the limit of a minute nothing is given, which is an answer too.
                    assert!(status == 201 || status == 429, "{status}");
                    number += usize::from(status == 201);
                    first.send((client, number)).expect("heard");
                }
            })
        });
        let clients: Vec<_> = clients.collect();
        let mut counts = vec![0; tokens.len()];
        while counts.iter().any(|count| *count < 3) {
            let (client, number) = begun.recv().expect("a click");
            counts[client] = number;
        }
        for (client, number) in begun.try_iter() {
            counts[client] = number;
        }
        scene.well(&["backup", "a.backup"]);
        is_over.store(true, Ordering::SeqCst);
        clients.into_iter().for_each(|client| client.join().expect("a client"));
        counts
    });
    served.end();

    let file = scene.folder().join("a.backup");
    for other in [Scene::new(), Scene::on_postgres()] {
        let later = scene.elsewhere(other);
        let restored = later.well(&["restore", file.to_str().expect("a path")]);
        assert!(restored.contains("payouts, refunds and settlement wait"), "{restored}");
        assert!(later.well(&["audit"]).starts_with("Everything holds"));
        let served = Served::begin(&later);
        for (client, count) in acknowledged.iter().enumerate() {
            for number in 0..*count {
                let given = click(&served, &tokens[client], client, number);
                assert_eq!(given, (201, true), "{client}-{number} of {count}");
            }
        }
        served.end();
    }
}

#[test]
fn a_backup_is_taken_while_clicks_stream_in_on_sqlite() {
    clicks_stream_in(&Scene::new());
}

#[test]
fn a_backup_is_taken_while_clicks_stream_in_on_postgres() {
    clicks_stream_in(&Scene::on_postgres());
}

/// Runs a command and kills it after a while; says whether it was killed.
fn is_killed(scene: &Scene, arguments: &[&str], pause: Duration) -> bool {
    let mut command = scene.command(arguments);
    let command = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
    let mut child: Child = command.spawn().expect("it runs");
    // Nobody sends: this is the moment of the kill, not a wait for something to happen.
    let (_sender, receiver) = channel::<()>();
    let _over = receiver.recv_timeout(pause);
    let is_running = child.try_wait().expect("a child").is_none();
    if is_running {
        child.kill().expect("killed");
    }
    child.wait().expect("ended");
    is_running
}

/// Pauses between nothing and about as long as the command takes.
fn pauses(longest: Duration) -> impl Iterator<Item = Duration> {
    let chance = Chance::seeded(7);
    (0..KILLS).map(move |number| {
        let [random] = chance.bytes::<1>();
        (longest * number + longest * u32::from(random) / 256) / KILLS
    })
}

/// How long a command takes undisturbed.
fn measured(run: impl FnOnce()) -> Duration {
    let begun = std::time::Instant::now();
    run();
    begun.elapsed()
}

fn hidden(folder: &Path) -> usize {
    let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    names.filter(|entry| entry.file_name().to_string_lossy().starts_with('.')).count()
}

fn killed_backups(scene: &Scene) {
    scene.well(&FILL);
    let longest = measured(|| drop(scene.well(&["backup", "whole.backup"])));
    let mut kills = 0;
    for pause in pauses(longest) {
        kills += u32::from(is_killed(scene, &["backup", "a.backup"], pause));
        // A file with the name is a whole one; there is none before it is.
        if scene.folder().join("a.backup").exists() {
            scene.well(&["backup", "--check", "a.backup"]);
            fs::remove_file(scene.folder().join("a.backup")).expect("removed");
        }
    }
    assert!(kills >= 3, "only {kills} kills");
    scene.well(&["backup", "a.backup"]);
    assert_eq!(hidden(scene.folder()), 0, "something was left behind");
    assert!(scene.well(&["audit"]).starts_with("Everything holds"));
}

#[test]
fn a_killed_backup_leaves_no_half_file_on_sqlite() {
    killed_backups(&Scene::new());
}

#[test]
fn a_killed_backup_leaves_no_half_file_on_postgres() {
    killed_backups(&Scene::on_postgres());
}

fn killed_restores(another: fn() -> Scene) {
    let scene = Scene::new();
    scene.well(&FILL);
    scene.well(&["backup", "a.backup"]);
    let rows = scene.json(&["backup", "--check", "a.backup"])["rows"].clone();
    let file = scene.folder().join("a.backup");
    let restore = ["restore", file.to_str().expect("a path")];
    let longest = measured(|| drop(scene.elsewhere(another()).well(&restore)));
    let (mut kills, mut before, mut after) = (0, 0, 0);
    for pause in pauses(longest) {
        let later = scene.elsewhere(another());
        kills += u32::from(is_killed(&later, &restore, pause));
        let again = later.json_or_refusal(&restore);
        match again {
            // Nothing was there: all of it is now.
            Ok(json) => {
                before += 1;
                assert_eq!(json["rows"], rows);
            }
            // All of it was there.
            Err(refusal) => {
                after += 1;
                assert!(refusal.contains("something in this database"), "{refusal}");
            }
        }
        assert_eq!(later.json(&["quarantine"])["is_quarantined"], true);
        // Read back and audited, with the record of the restore and what it says of itself.
        let again = later.json(&["backup", "again.backup"])["rows"].clone();
        let more = again.as_i64().expect("a number") - rows.as_i64().expect("a number");
        assert!((1..10).contains(&more), "{again} after {rows}");
    }
    assert!(kills >= 3 && before > 0, "{kills} kills, {before} before, {after} after");
}

#[test]
fn a_killed_restore_leaves_nothing_or_all_on_sqlite() {
    killed_restores(Scene::new);
}

#[test]
fn a_killed_restore_leaves_nothing_or_all_on_postgres() {
    killed_restores(Scene::on_postgres);
}

#[test]
fn what_goes_wrong_is_said_in_a_sentence() {
    let scene = Scene::new();
    scene.account("ada");
    scene.well(&["backup", "a.backup"]);
    let says = |scene: &Scene, arguments: &[&str], sentence: &str| {
        let run = scene.run(arguments);
        assert_eq!((run.code, run.out.as_str()), (1, ""), "{arguments:?}: {run:?}");
        assert!(run.err.contains(sentence), "{arguments:?}: {run:?}");
    };
    says(&scene, &["backup", "a.backup"], "a backup replaces none");
    says(&scene, &["backup", "none/a.backup"], "none/.a.backup.part: No such file");
    says(&scene, &["restore", "a.backup"], "something in this database already");
    let bytes = fs::read(scene.folder().join("a.backup")).expect("a backup");
    fs::write(scene.folder().join("cut"), &bytes[..bytes.len() - 9]).expect("written");
    fs::write(scene.folder().join("other"), "text").expect("written");
    says(&scene, &["backup", "--check", "cut"], "its end is missing");
    says(&scene, &["backup", "--check", "other"], "not a backup of Obole");
    says(&scene, &["backup", "--check", "gone"], "gone: No such file");
    let other = Scene::new();
    let file = scene.folder().join("a.backup");
    let restore = ["restore", file.to_str().expect("a path")];
    says(&other, &restore, "The secret key obole.db.key is not there");
    other.account("zoe");
    let elsewhere = other.elsewhere(Scene::new());
    says(&elsewhere, &restore, "another secret key than the one in obole.db.key");
    says(&scene, &["quarantine", "end", "--reason", "x"], "is not quarantined");
    assert_eq!(scene.run(&["backup", "a", "--check", "--unsealed"]).code, 2);

    let served = Served::begin(&scene);
    says(&scene, &restore, "another process serves");
    served.end();
}

#[test]
fn a_restored_instance_waits_until_somebody_ends_it() {
    let scene = Scene::new();
    scene.account("ada");
    let taken = scene.json(&["backup", "open.backup", "--unsealed"]);
    assert_eq!(taken["is_sealed"], false);
    let file = scene.folder().join("open.backup");
    let later = scene.elsewhere(Scene::new());
    let restored = later.json(&["restore", file.to_str().expect("a path")]);
    assert_eq!((&restored["is_clean"], &restored["rows"]), (&true.into(), &taken["rows"]));
    let state = later.json(&["quarantine"]);
    assert_eq!((&state["is_quarantined"], &state["compared"]), (&true.into(), &().into()));
    let settle = later.run(&["settle"]);
    assert_eq!(settle.code, 1);
    assert!(settle.err.contains("restored from a backup"), "{settle:?}");
    assert!(later.run(&["doctor"]).out.contains("look  restore:"));
    let early = later.run(&["quarantine", "end", "--reason", "Nothing was paid"]);
    assert!(early.code == 1 && early.err.contains("bank statements"), "{early:?}");

    // The journal of where it came from turns up.
    let journal = scene.beside("outbound.jsonl");
    let compare = ["quarantine", "compare", "--journal", journal.to_str().expect("a path")];
    assert!(later.well(&compare).contains("was compared at"));
    let ended = later.well(&["quarantine", "end", "--reason", "Nothing was paid"]);
    assert_eq!(ended.trim(), "This instance is not quarantined.");
    later.well(&["settle"]);
}
