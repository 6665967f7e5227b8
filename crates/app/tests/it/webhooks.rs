//! Webhooks over real sockets (H1): what arrives, what is tried again and when, what ends it, and
//! that nobody's endpoint holds up another's.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use obole_app::audit_log::Actor;
use obole_app::testing::{Instance, account};
use obole_app::webhooks::{self, Changes, Delivered, NewWebhook};
use obole_app::{App, cleaning, quarantine};
use obole_domain::webhook::EventKind;
use obole_domain::{AccountId, WebhookId};
use obole_gateway::testing::{Answers, Request, addresses};
use obole_store::webhook_deliveries::{DeliveryRow, Stand};
use obole_store::webhooks::{Off, WebhookRow};

use crate::support::mails_to;
use crate::world::World;

const PAGE: &str = "site.example/hook";

/// An endpoint that is told everything.
pub async fn endpoint(app: &App, owner: AccountId, url: String) -> (WebhookId, String) {
    let new = NewWebhook { url, kinds: EventKind::ALL.to_vec() };
    webhooks::create(app, Actor::Page(owner), new).await.expect("an endpoint")
}

async fn deliver(app: &App) -> (u64, u64, u64) {
    let Delivered { arrived, postponed, failed } = webhooks::deliver(app).await.expect("a run");
    (arrived, postponed, failed)
}

async fn test(app: &App, owner: AccountId, id: WebhookId) {
    webhooks::test(app, owner, id).await.expect("a test");
}

async fn log(app: &App, owner: AccountId, id: WebhookId) -> Vec<DeliveryRow> {
    webhooks::log(app, (owner, id), None, 20_000).await.expect("the log")
}

async fn row(app: &App, owner: AccountId, id: WebhookId) -> WebhookRow {
    webhooks::find(app, owner, id).await.expect("an endpoint")
}

/// Goes on by so much.
fn pass(instance: &Instance, time: SignedDuration) {
    instance.app.clock().set(instance.app.now() + time);
}

/// What the sites were sent since a moment.
fn since(world: &World, before: usize) -> Vec<Request> {
    world.sites.requests().split_off(before)
}

/// A creator with one endpoint, and how many requests there were before.
async fn begin(world: &World, app: &App) -> (AccountId, WebhookId, usize) {
    let owner = account(app, "creator").await;
    let (id, _) = endpoint(app, owner, world.sites.url("site.example", "/hook")).await;
    (owner, id, world.sites.requests().len())
}

#[tokio::test]
async fn what_is_told_arrives_once_and_its_log_says_how() {
    let world = World::new().await;
    world.sites.page(PAGE, (200, ""), b"<script>thanks</script>");
    for instance in world.engines().await {
        let app = &instance.app;
        let (owner, id, before) = begin(&world, app).await;
        test(app, owner, id).await;
        assert_eq!((deliver(app).await, deliver(app).await), ((1, 0, 0), (0, 0, 0)));
        let sent = since(&world, before);
        let [request] = &sent[..] else { panic!("{sent:?}") };
        assert_eq!(
            request.body,
            "{\"type\":\"webhook.test\",\"timestamp\":\"2026-01-15T12:00:00Z\",\"data\":{}}"
        );
        assert_eq!(request.header("webhook-timestamp"), "1768478400");
        let log = log(app, owner, id).await;
        let [delivery] = &log[..] else { panic!("{log:?}") };
        assert_eq!((delivery.stand, delivery.tries), (Stand::Arrived, 1));
        assert_eq!(delivery.body, request.body);
        let tried = delivery.tried.as_ref().expect("a try");
        assert_eq!((tried.status, &*tried.problem), (Some(200), ""));
        assert_eq!(tried.answer, "<script>thanks</script>");
        for name in ["webhook-id", "webhook-timestamp", "webhook-signature", "content-type"] {
            let line = format!("{name}: {}", request.header(name));
            assert!(tried.headers.lines().any(|found| found == line), "{line}: {}", tried.headers);
        }
    }
}

#[tokio::test]
async fn an_endpoint_that_is_down_for_days_is_switched_off_and_its_owner_is_told() {
    let world = World::new().await;
    let seconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for instance in world.engines().await {
        let app = &instance.app;
        world.sites.page(PAGE, (503, ""), b"ill");
        let (owner, id, before) = begin(&world, app).await;
        test(app, owner, id).await;
        for seconds in seconds {
            assert_eq!(deliver(app).await, (0, 1, 0));
            let wait = log(app, owner, id).await[0].next_at.duration_since(app.now());
            let least = SignedDuration::from_secs(seconds);
            assert!(wait >= least && (wait - least) * 10 <= least, "{seconds}: {wait:?}");
            pass(&instance, wait - SignedDuration::from_millis(1));
            assert_eq!(deliver(app).await, (0, 0, 0), "not before its time");
            pass(&instance, SignedDuration::from_millis(1));
        }
        assert_eq!(deliver(app).await, (0, 0, 1));
        assert_eq!(row(app, owner, id).await.off, Some((app.now(), Off::Failing)));
        let log_before = log(app, owner, id).await;
        assert_eq!((log_before[0].stand, log_before[0].tries), (Stand::Failed, 10));
        assert_eq!(mails_to(app, owner).await, ["webhook-off"]);
        let refused = webhooks::test(app, owner, id).await.expect_err("off");
        assert_eq!(refused.code(), "webhook_off");
        let event = log_before[0].event;
        let refused = webhooks::replay(app, owner, id, event).await.expect_err("off");
        assert_eq!(refused.code(), "webhook_off");

        // Mended, it is switched on again, and what was lost is sent again: the same, by its id.
        world.sites.page(PAGE, (204, ""), b"");
        let on = Changes { is_on: Some(true), ..Changes::default() };
        webhooks::change(app, Actor::Page(owner), id, on).await.expect("on");
        assert_eq!(deliver(app).await, (0, 0, 0));
        webhooks::replay(app, owner, id, event).await.expect("replayed");
        assert_eq!(deliver(app).await, (1, 0, 0));
        let sent = since(&world, before);
        assert_eq!(sent.len(), 11);
        let id = sent[0].header("webhook-id");
        assert!(id.starts_with("msg_"));
        assert!(sent.iter().all(|request| request.header("webhook-id") == id));
        assert!(sent.iter().all(|request| request.body == sent[0].body));
        assert_ne!(sent[0].header("webhook-timestamp"), sent[10].header("webhook-timestamp"));
    }
}

#[tokio::test]
async fn one_delivery_that_never_arrives_does_not_switch_an_endpoint_off_that_takes_others() {
    let world = World::new().await;
    for instance in world.engines().await {
        let app = &instance.app;
        let (owner, id, _) = begin(&world, app).await;
        world.sites.page(PAGE, (500, ""), b"");
        test(app, owner, id).await;
        assert_eq!(deliver(app).await, (0, 1, 0));
        pass(&instance, SignedDuration::from_secs(6));
        for tries in 2..=10 {
            let expected = if tries == 10 { (0, 0, 1) } else { (0, 1, 0) };
            assert_eq!(deliver(app).await, expected, "{tries}");
            // Another one arrives meanwhile.
            pass(&instance, SignedDuration::from_secs(60));
            world.sites.page(PAGE, (200, ""), b"");
            test(app, owner, id).await;
            assert_eq!(deliver(app).await, (1, 0, 0), "{tries}");
            world.sites.page(PAGE, (500, ""), b"");
            let first = log(app, owner, id).await.pop().expect("the first");
            pass(&instance, first.next_at.duration_since(app.now()).max(SignedDuration::ZERO));
        }
        assert_eq!(row(app, owner, id).await.off, None);
        assert_eq!(mails_to(app, owner).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn gone_is_gone_at_once() {
    let world = World::new().await;
    world.sites.page(PAGE, (410, ""), b"no more");
    for instance in world.engines().await {
        let app = &instance.app;
        let (owner, id, before) = begin(&world, app).await;
        test(app, owner, id).await;
        test(app, owner, id).await;
        assert_eq!(deliver(app).await, (0, 0, 1));
        assert_eq!(deliver(app).await, (0, 0, 0));
        assert_eq!(row(app, owner, id).await.off, Some((app.now(), Off::Gone)));
        assert_eq!(mails_to(app, owner).await, ["webhook-off"]);
        assert_eq!(since(&world, before).len(), 1);
    }
}

#[tokio::test]
async fn a_redirect_and_what_leads_inside_are_failures_and_reach_nothing() {
    let world = World::new().await;
    world.sites.redirect(PAGE, &world.sites.url("site.example", "/other"));
    for instance in world.engines().await {
        let app = &instance.app;
        let (owner, id, before) = begin(&world, app).await;
        test(app, owner, id).await;
        assert_eq!(deliver(app).await, (0, 1, 0));
        let tried = log(app, owner, id).await.remove(0).tried.expect("a try");
        assert_eq!((tried.status, &*tried.problem), (Some(302), ""));
        assert_eq!(since(&world, before).len(), 1, "not followed");

        // Refused where it is typed …
        for url in [
            "http://site.example/".to_owned(),
            "https://127.0.0.2/".to_owned(),
            "https://localhost/".to_owned(),
            "https://printer.local/hook".to_owned(),
            format!("https://[::1]:{}/", world.sites.port),
            format!("https://a:b@site.example:{}/", world.sites.port),
            String::new(),
        ] {
            let new = NewWebhook { url: url.clone(), kinds: EventKind::ALL.to_vec() };
            let refused = webhooks::create(app, Actor::Page(owner), new).await;
            assert_eq!(refused.expect_err("refused").code(), "webhook_url", "{url}");
        }
        // … and at the door, when a name leads inside later on.
        let (before, url) = (world.sites.contacts(), world.sites.url("in.other.example", "/"));
        let (inside, _) = endpoint(app, owner, url).await;
        world.dns.say("in.other.example", addresses(&["127.0.0.1"]));
        test(app, owner, inside).await;
        assert_eq!(deliver(app).await, (0, 1, 0));
        let tried = log(app, owner, inside).await.remove(0).tried.expect("a try");
        assert_eq!((tried.status, &*tried.problem, &*tried.answer), (None, "unreachable", ""));
        assert_eq!((world.sites.contacts(), world.sites.trapped()), (before, 0));
    }
}

#[tokio::test]
async fn of_a_huge_answer_little_is_kept() {
    let world = World::new().await;
    let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
    world.sites.set(PAGE, Answers::Repeats(head, b"\0<b>&\x1b".repeat(4_000)));
    for instance in world.engines().await {
        let app = &instance.app;
        let (owner, id, _) = begin(&world, app).await;
        test(app, owner, id).await;
        assert_eq!(deliver(app).await, (1, 0, 0));
        let tried = log(app, owner, id).await.remove(0).tried.expect("a try");
        assert!(tried.answer.starts_with("<b>&<b>&") && tried.answer.len() <= 1_024);
    }
}

#[tokio::test]
async fn while_rotating_both_secrets_sign() {
    let world = World::new().await;
    world.sites.page(PAGE, (200, ""), b"");
    for instance in world.engines().await {
        let app = &instance.app;
        let (owner, id, before) = begin(&world, app).await;
        let actor = Actor::Page(owner);
        let no_old = webhooks::end_old_secret(app, actor, id).await.expect_err("one only");
        assert_eq!(no_old.code(), "state_moved");
        let new = webhooks::rotate(app, actor, id).await.expect("a new secret");
        assert!(new.starts_with("whsec_"));
        let refused = webhooks::rotate(app, actor, id).await.expect_err("two");
        assert_eq!(refused.code(), "webhook_rotating");
        test(app, owner, id).await;
        assert_eq!(deliver(app).await, (1, 0, 0));
        webhooks::end_old_secret(app, actor, id).await.expect("ended");
        let event = log(app, owner, id).await[0].event;
        webhooks::replay(app, owner, id, event).await.expect("replayed");
        assert_eq!(deliver(app).await, (1, 0, 0));
        let sent = since(&world, before);
        let signatures: Vec<Vec<&str>> = sent
            .iter()
            .map(|request| request.header("webhook-signature").split(' ').collect())
            .collect();
        assert_eq!((signatures[0].len(), signatures[1].len()), (2, 1));
        assert_eq!(signatures[0][0], signatures[1][0], "the new one");
        // S1: no secret stands in the database as it is.
        let row = row(app, owner, id).await;
        assert!(!row.secret_sealed.windows(6).any(|window| window == b"whsec_"));
    }
}

#[tokio::test]
async fn two_nodes_at_once_deliver_once() {
    let world = World::new().await;
    for instance in world.engines().await {
        let app = &instance.app;
        let owner = account(app, "creator").await;
        let mut ids = Vec::new();
        for number in 0..8 {
            let page = format!("n{number}.site.example");
            world.sites.page(&format!("{page}/"), (200, ""), b"");
            ids.push(endpoint(app, owner, world.sites.url(&page, "/")).await.0);
        }
        let before = world.sites.requests().len();
        for id in ids {
            for _ in 0..5 {
                test(app, owner, id).await;
            }
        }
        let node = if app.config().database.url.starts_with("postgres") {
            instance.node().await
        } else {
            app.clone()
        };
        let (one, two) = tokio::join!(deliver(app), deliver(&node));
        assert_eq!((one.0 + two.0, one.1 + two.1, one.2 + two.2), (40, 0, 0));
        let mut told: Vec<String> = since(&world, before)
            .iter()
            .map(|request| request.header("webhook-id").to_owned())
            .collect();
        told.sort();
        told.dedup();
        assert_eq!((world.sites.requests().len() - before, told.len()), (40, 40));
    }
}

#[tokio::test]
async fn what_was_sent_and_not_noted_is_sent_again_under_the_same_id() {
    let world = World::new().await;
    for instance in world.engines().await {
        let app = &instance.app;
        world.sites.set(PAGE, Answers::Begins(Vec::new()));
        let (owner, id, before) = begin(&world, app).await;
        test(app, owner, id).await;
        // The node dies when the request is there and no answer is.
        let dying = tokio::spawn({
            let app = app.clone();
            async move { deliver(&app).await }
        });
        while world.sites.requests().len() == before {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        dying.abort();
        assert!(dying.await.expect_err("dead").is_cancelled());
        world.sites.page(PAGE, (200, ""), b"");
        assert_eq!(deliver(app).await, (0, 0, 0), "it is the dead node's until the lease ends");
        pass(&instance, SignedDuration::from_mins(2));
        assert_eq!(deliver(app).await, (1, 0, 0));
        let sent = since(&world, before);
        assert_eq!(sent.len(), 2);
        assert_eq!(sent[0].header("webhook-id"), sent[1].header("webhook-id"));
        assert_eq!(sent[0].body, sent[1].body);
    }
}

#[tokio::test]
async fn ten_thousand_events_and_a_dead_endpoint_and_the_others_do_not_wait() {
    const OTHERS: usize = 9;
    const EACH: usize = 1_000;
    let world = World::new().await;
    let instance = obole_app::testing::sqlite_with(|config| {
        world.set(config);
        config.limits.off = true;
    })
    .await;
    let app = &instance.app;
    let owner = account(app, "creator").await;
    // It takes what is sent and never answers: each try of it costs 15 seconds.
    world.sites.set("dead.site.example/", Answers::Begins(Vec::new()));
    let (dead, _) = endpoint(app, owner, world.sites.url("dead.site.example", "/")).await;
    let mut ids = vec![dead];
    for number in 0..OTHERS {
        let page = format!("n{number}.site.example");
        world.sites.page(&format!("{page}/"), (200, ""), b"");
        ids.push(endpoint(app, owner, world.sites.url(&page, "/")).await.0);
    }
    for id in &ids {
        for _ in 0..EACH {
            test(app, owner, *id).await;
        }
    }
    let began = Instant::now();
    let run = tokio::spawn({
        let app = app.clone();
        async move { deliver(&app).await }
    });
    let of_others = || {
        let requests = world.sites.requests();
        requests.iter().filter(|request| request.name != "dead.site.example").count()
    };
    // While the first try at the dead one hangs, the others are served.
    while began.elapsed() < Duration::from_secs(12) && of_others() < OTHERS * EACH {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let served = of_others();
    assert!(served > 500, "{served} in {:?}", began.elapsed());
    assert_eq!(run.await.expect("a run"), ((OTHERS * EACH) as u64, 1, 0));
    assert_eq!(of_others(), OTHERS * EACH);
    assert_eq!(world.sites.requests().len(), OTHERS * EACH + 1, "one try at the dead one");
    // What comes now arrives at once, though a thousand wait for the dead one.
    test(app, owner, ids[1]).await;
    pass(&instance, SignedDuration::from_secs(5));
    let (before, again) = (of_others(), Instant::now());
    let run = tokio::spawn({
        let app = app.clone();
        async move { deliver(&app).await }
    });
    while of_others() == before {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(again.elapsed() < Duration::from_secs(5), "{:?}", again.elapsed());
    run.abort();
}

#[tokio::test]
async fn nothing_leaves_before_the_quarantine_ends_and_logs_are_kept_for_thirty_days() {
    let world = World::new().await;
    world.sites.page(PAGE, (200, ""), b"");
    for instance in world.engines().await {
        let app = &instance.app;
        let (owner, id, before) = begin(&world, app).await;
        test(app, owner, id).await;
        quarantined(app).await;
        assert_eq!(deliver(app).await, (0, 0, 0));
        assert_eq!(since(&world, before).len(), 0);
        quarantine::end(app, Actor::CommandLine, "Compared", true).await.expect("ended");
        assert_eq!(deliver(app).await, (1, 0, 0));

        pass(&instance, SignedDuration::from_hours(30 * 24));
        assert_eq!(cleaning::clean(app).await.expect("cleaned").deliveries, 0);
        pass(&instance, SignedDuration::from_secs(1));
        assert_eq!(cleaning::clean(app).await.expect("cleaned").deliveries, 1);
        assert_eq!(log(app, owner, id).await, []);
    }
}

/// Quarantines an instance as a restore does.
async fn quarantined(app: &App) {
    let written = app.store().write((), |tx, ()| {
        Box::pin(async move {
            let text = "{\"since\":0,\"backup\":0,\"journal\":{\"lines\":0,\"hash\":\"\"},\
                        \"compared\":null,\"known\":0,\"found\":[],\"found_count\":0}";
            obole_store::settings::set(tx, "quarantine", text).await?;
            Ok::<_, obole_app::Error>(())
        })
    });
    written.await.expect("written");
}

#[tokio::test]
async fn an_account_has_ten_endpoints_of_its_own_and_sees_no_others() {
    let world = World::new().await;
    for instance in world.engines().await {
        let app = &instance.app;
        let (owner, other) = (account(app, "creator").await, account(app, "other").await);
        let url = world.sites.url("site.example", "/hook");
        let making = (0..20).map(|_| {
            let new = NewWebhook { url: url.clone(), kinds: EventKind::ALL.to_vec() };
            webhooks::create(app, Actor::Page(owner), new)
        });
        let made = futures_util::future::join_all(making).await;
        assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 10);
        let refused = made.iter().find_map(|made| made.as_ref().err()).expect("the eleventh");
        assert_eq!(refused.code(), "webhooks_full");
        let ids = webhooks::list(app, owner).await.expect("a list");
        assert_eq!((ids.len(), webhooks::list(app, other).await.expect("none").len()), (10, 0));

        let id = ids[0].id;
        test(app, owner, id).await;
        let event = log(app, owner, id).await[0].event;
        let actor = Actor::Page(other);
        let missing = [
            webhooks::find(app, other, id).await.map(|_| ()),
            webhooks::test(app, other, id).await.map(|_| ()),
            webhooks::replay(app, other, id, event).await,
            webhooks::log(app, (other, id), None, 1).await.map(|_| ()),
            webhooks::rotate(app, actor, id).await.map(|_| ()),
            webhooks::end_old_secret(app, actor, id).await,
            webhooks::change(app, actor, id, Changes::default()).await,
            webhooks::delete(app, actor, id).await,
        ];
        assert_eq!(missing, [const { Err(obole_app::Error::NotFound) }; 8]);
        webhooks::delete(app, Actor::Page(owner), id).await.expect("deleted");
        assert_eq!(deliver(app).await, (0, 0, 0));
        endpoint(app, owner, url).await;
    }
}
