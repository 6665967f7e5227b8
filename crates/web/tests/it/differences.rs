//! Nobody who only looks learns what one account clicked (P1, P2): two instances that differ in one
//! click of one account answer every public request alike, day after day, through a settlement.

use jiff::SignedDuration;
use obole_app::audit_log::Actor;
use obole_app::clicks::{self, Give, Target};
use obole_app::testing::{Instance, account, engines, fund, key, own};
use obole_app::{App, budgets, public, settle};
use obole_domain::click::Way;
use obole_domain::{Currency, Micros, Money, WorkId};

use crate::browser::Browser;

const WORKS: [&str; 2] = ["https://one.example/song", "https://two.example/song"];

/// Two works of one creator with as many patrons each, and ada, who gives to one of the two.
async fn lived(instance: &Instance, (others, chosen): (usize, usize)) -> [WorkId; 2] {
    let app = &instance.app;
    let creator = account(app, "creator").await;
    let mut works = Vec::new();
    for url in WORKS {
        works.push(own(app, creator, url).await);
    }
    for number in 0..others {
        for (place, work) in works.iter().enumerate() {
            gives(app, &format!("other-{number}-{place}"), *work).await;
        }
    }
    gives(app, "ada", works[chosen]).await;
    works.try_into().expect("two")
}

async fn gives(app: &App, handle: &str, work: WorkId) {
    let patron = account(app, handle).await;
    let money = |units| Money::new(Micros::units(units), Currency::EUR);
    fund(app, patron, money(10)).await;
    budgets::set(app, patron, money(5)).await.expect("a budget");
    let (target, title) = (Target::Work(work), String::new());
    let give = Give { target, title, points: 1, note: None, way: Way::Page };
    clicks::give(app, patron, &key(app), give).await.expect("given");
}

/// What a stranger gets everywhere: of pages their text, of all else every byte.
async fn looked(app: &App, works: [WorkId; 2]) -> Vec<(String, String)> {
    let mut stranger = Browser::new(app);
    let mut paths: Vec<String> =
        ["/", "/works", "/settlements", "/settlements/2026-01", "/@creator", "/@ada"]
            .map(str::to_owned)
            .into();
    paths.extend(
        ["/feed/works", "/feed/creator/creator", "/rest/v2/users/creator/things"]
            .map(str::to_owned),
    );
    paths.extend(["/rest/v2/users/ada/flattrs", "/rest/v2/users/ada"].map(str::to_owned));
    for (work, url) in works.iter().zip(WORKS) {
        let asked = url.replace(':', "%3A").replace('/', "%2F");
        paths.push(format!("/w/{work}"));
        paths.push(format!("/give?url={asked}"));
        paths.push(format!("/button/count?url={asked}"));
        paths.push(format!("/button/view?url={asked}"));
        paths.push(format!("/oembed?url={asked}"));
        paths.push(format!("/api/v1/works/{work}"));
        paths.push(format!("/api/v1/works?url={asked}"));
        paths.push(format!("/rest/v2/things/lookup?url={asked}"));
    }
    let mut answers = Vec::new();
    for path in paths {
        let answer = stranger.get(&path).await;
        let is_page = answer.header("content-type").starts_with("text/html");
        let said = if is_page { answer.text() } else { answer.body.clone() };
        // The hashes of a settlement are over everything that was frozen (L8): they say that
        // something is other, to nobody who does not have all of it.
        let said = said.split(" Fingerprints ").next().unwrap_or_default().to_owned();
        answers.push((path, format!("{} {said}", answer.status.as_u16())));
    }
    answers
}

#[tokio::test]
async fn one_click_of_one_account_changes_nothing_that_a_stranger_sees() {
    // One to nobody, one among few, one among more than are counted alone.
    for others in [0, 2, 6] {
        let pairs = engines().await.into_iter().zip(engines().await);
        for (one, other) in pairs {
            let works = lived(&one, (others, 0)).await;
            assert_eq!(works, lived(&other, (others, 1)).await, "the same but for one click");
            for day in 0..20 {
                let both = [&one.app, &other.app];
                let [seen, same] = [looked(both[0], works).await, looked(both[1], works).await];
                assert!(seen.iter().filter(|(_, said)| said.starts_with("200")).count() > 10);
                for (seen, same) in seen.iter().zip(&same) {
                    assert_eq!(seen, same, "day {day}, {others} others");
                }
                for app in both {
                    app.clock().set(app.now() + SignedDuration::from_hours(24));
                    settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
                    public::look(app).await.expect("looked");
                }
            }
        }
    }
}
