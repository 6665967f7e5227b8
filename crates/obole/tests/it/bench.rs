//! `obole bench`: repeatable loads, and figures under the names of the contract.

use crate::scene::Scene;

const FILL: [&str; 8] =
    ["bench", "fill", "--patrons", "300", "--works", "80", "--mean-clicks", "6"];

#[test]
fn a_filled_month_is_closed_and_measured() {
    let scene = Scene::new();
    let filled = scene.json(&FILL);
    assert_eq!(filled["period"], "2026-11");
    let json = scene.json(&["bench", "settle", "--against", "memory,sql,scan"]);
    assert_eq!(json["engine"], "sqlite");
    assert_eq!(json["agree"], true);
    assert_eq!(json["clicks"], filled["clicks"]);
    for key in ["patrons", "clicks_per_second", "share_out_per_second", "peak_rss_bytes"] {
        assert!(json[key].as_u64().expect(key) > 0, "{key}: {json}");
    }
    assert!(json["seconds"].is_f64(), "{json}");
    for anchor in ["memory", "sql", "sql_stored", "scan"] {
        assert!(json["anchors"][anchor]["clicks_per_second"].as_u64() > Some(0), "{json}");
    }
    assert!(scene.well(&["audit"]).starts_with("Everything holds"));
    assert_eq!(scene.run(&["bench", "settle"]).code, 1);
}

#[test]
fn a_load_is_the_same_each_time() {
    let export = |seed| {
        let mut scene = Scene::new();
        scene.well(&[&FILL[..], &["--seed", seed]].concat());
        scene.at("2026-12-01T00:00:01Z");
        scene.well(&["settle", "--period", "2026-11"]);
        scene.well(&["export", "shares", "--period", "2026-11"])
    };
    let first = export("1");
    assert!(first.lines().count() > 1_000);
    assert_eq!(first, export("1"));
    assert_ne!(first, export("2"));
}

#[test]
fn a_database_that_somebody_uses_is_refused() {
    let scene = Scene::new();
    scene.account("ada");
    for command in ["fill", "settle", "clicks", "pages"] {
        let refused = scene.run(&["bench", command]);
        assert_eq!((refused.code, refused.out.as_str()), (1, ""), "{refused:?}");
    }
}

#[test]
fn pages_and_buttons_are_measured() {
    for scene in [Scene::new(), Scene::on_postgres()] {
        let json = scene.json(&["bench", "pages", "--connections", "4", "--seconds", "1"]);
        assert_eq!(json["button_has_counter"], true, "{json}");
        for key in ["ready_ms", "idle_rss_bytes", "noop_per_second", "page_per_second"] {
            assert!(json[key].as_u64().expect(key) > 0, "{key}: {json}");
        }
        for key in ["page_304_per_second", "button_per_second", "button_304_per_second"] {
            assert!(json[key].as_u64().expect(key) > 0, "{key}: {json}");
        }
        for page in ["month", "statement"] {
            assert!(json[page]["p99_ms"].as_f64() >= json[page]["p50_ms"].as_f64(), "{json}");
        }
        // Without nginx there is no ratio to tell.
        assert_eq!(json["nginx_per_second"].is_null(), json["button_of_nginx"].is_null());
        assert!(scene.well(&["audit"]).starts_with("Everything holds"));
    }
}
