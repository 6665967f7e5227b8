//! A settlement that is killed again and again ends, on both engines, with the shares of one that
//! nobody disturbed (product.md section 4, D14).

use std::process::{Child, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use obole_app::Chance;

use crate::scene::Scene;

/// How often the process is killed while it settles.
const KILLS: u32 = 30;

/// A load of 10 000 patrons with a few clicks each.
const FILL: [&str; 10] =
    ["bench", "fill", "--patrons", "10000", "--works", "300", "--mean-clicks", "6", "--seed", "5"];

const LATER: &str = "2026-12-01T00:00:01Z";

/// Kills a child after a while unless it has ended by itself; says whether it was killed.
fn is_killed_after(child: &mut Child, pause: Duration) -> bool {
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

/// Fills a month; the clock is at the next one.
fn filled(mut scene: Scene) -> Scene {
    scene.well(&FILL);
    scene.at(LATER);
    scene
}

/// Settles undisturbed and gives the shares.
fn reference() -> String {
    let scene = filled(Scene::new());
    scene.well(&["settle", "--period", "2026-11"]);
    scene.well(&["export", "shares", "--period", "2026-11"])
}

/// Settles one copy of a month after another with kills at random moments, until there were enough
/// of them; each ends with the shares that are wanted.
fn assert_undisturbed(wanted: &str, month: &Scene) {
    let chance = Chance::seeded(3);
    let mut kills = 0;
    while kills < KILLS {
        let more = disturb(&month.copy(), &chance, wanted);
        assert!(more > 0, "settled before the first kill");
        kills += more;
    }
}

/// Settles a month with kills until it is settled, and says how many there were.
fn disturb(scene: &Scene, chance: &Chance, wanted: &str) -> u32 {
    let mut kills = 0;
    loop {
        let mut settle = scene.command(&["settle", "--period", "2026-11"]);
        let settle = settle.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
        let [random] = chance.bytes::<1>();
        // Longer with each kill, so that a slow machine comes to an end too.
        let pause = Duration::from_millis(40 + u64::from(random) * u64::from(1 + kills / 3));
        let mut child = settle.spawn().expect("it runs");
        if !is_killed_after(&mut child, pause) {
            break;
        }
        kills += 1;
    }
    let audit = scene.run(&["audit"]);
    assert_eq!(audit.code, 0, "{audit:?}");
    let shares = scene.well(&["export", "shares", "--period", "2026-11"]);
    assert!(wanted == shares, "other shares after {kills} kills");
    kills
}

#[test]
fn thirty_kills_change_no_share_on_sqlite() {
    let wanted = reference();
    assert!(wanted.lines().count() > 10_000);
    assert_undisturbed(&wanted, &filled(Scene::new()));
}

#[test]
fn thirty_kills_change_no_share_on_postgres() {
    assert_undisturbed(&reference(), &filled(Scene::on_postgres()));
}
