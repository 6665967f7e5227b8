//! `obole serve`: the address, the lock, the end.

use crate::scene::Scene;
use crate::served::Served;

#[test]
fn it_listens_serves_and_ends_when_asked() {
    let scene = Scene::new();
    let serving = Served::begin(&scene);
    let base = format!("http://{}/", serving.address);
    assert!(serving.before.iter().any(|line| line.contains(&base)), "{:?}", serving.before);
    let answer = serving.get("/");
    assert_eq!(answer.status, 200, "{answer:?}");
    let (code, errors) = serving.end();
    assert_eq!(code, Some(0), "{errors}");
}

#[test]
fn one_process_serves_a_file_and_others_run_beside_it() {
    let scene = Scene::new();
    let serving = Served::begin(&scene);
    let second = scene.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!((second.code, second.out.as_str()), (1, ""), "{second:?}");
    assert!(second.err.contains("another process"), "{second:?}");
    scene.account("ada");
    assert!(scene.well(&["audit"]).starts_with("Everything holds"));
    assert_eq!(serving.end().0, Some(0));
    let serving = Served::begin(&scene);
    assert_eq!(serving.end().0, Some(0));
}

#[test]
fn an_address_that_is_taken_is_said() {
    let scene = Scene::new();
    let serving = Served::begin(&scene);
    let other = Scene::new();
    let refused = other.run(&["serve", "--listen", &serving.address]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("--listen"), "{refused:?}");
    serving.end();
}
