//! Two serving processes on one PostgreSQL, and what may happen to them: killed, frozen, their
//! sessions ended, the server restarted. What was acknowledged is there once, a month is settled as
//! if nothing had been, and the service comes back by itself (D6 to D9, D14).

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use obole_app::Chance;
use serde_json::Value;

use crate::node::{Common, Node, Request, ask, hear};
use crate::receiver;
use crate::scene::Scene;
use crate::server::{Server, end_sessions, sql};

/// Nothing that must happen takes longer, however busy the machine is.
const DEADLINE: Duration = Duration::from_secs(180);

/// A month for a few chunks.
const FILL: [&str; 10] =
    ["bench", "fill", "--patrons", "4200", "--works", "200", "--mean-clicks", "3", "--seed", "5"];

/// When the month of the load is over.
const LATER: &str = "2026-12-01T00:00:01Z";

/// A while between twenty and so many more milliseconds.
fn a_while(chance: &Chance, more: u64) -> Duration {
    let [one, other] = chance.bytes::<2>();
    Duration::from_millis(20 + u64::from(u16::from_be_bytes([one, other])) % more)
}

/// Settles undisturbed and gives the shares.
fn undisturbed() -> String {
    let mut scene = Scene::new();
    scene.well(&FILL);
    scene.at(LATER);
    scene.well(&["settle", "--period", "2026-11"]);
    scene.well(&["export", "shares", "--period", "2026-11"])
}

fn assert_settled_as(scene: &mut Scene, wanted: &str) {
    scene.at("2026-12-02T00:00:00Z");
    let audit = scene.run(&["audit"]);
    assert_eq!(audit.code, 0, "{audit:?}");
    let shares = scene.well(&["export", "shares", "--period", "2026-11"]);
    assert!(wanted == shares, "other shares");
}

/// Waits until a period is settled: looks whenever something is said, or after a second.
fn wait_until_settled(database: &str, words: &Receiver<(usize, String)>) {
    let begun = Instant::now();
    let told = "select count(*) from settlements where told_at is not null";
    while sql(database, told) != "1" {
        assert!(begun.elapsed() < DEADLINE, "not settled");
        hear(words, "settle", Duration::from_secs(1));
    }
}

/// What may happen to two nodes and their database.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Kill,
    Freeze,
    EndSessions,
    Restart,
}

const FAULTS: [Fault; 4] = [Fault::Kill, Fault::EndSessions, Fault::Freeze, Fault::Restart];

/// Two nodes and what is done to them.
struct Pair {
    scene: Scene,
    server: Server,
    common: Common,
    nodes: [Node; 2],
    words: Receiver<(usize, String)>,
    chance: Chance,
    /// Where the nodes are, for those who ask them.
    addresses: Arc<Mutex<[String; 2]>>,
}

impl Pair {
    /// Two nodes on a server of their own.
    fn start(begins: &str, prepare: impl Fn(&Scene)) -> Self {
        let server = Server::start();
        let scene = server.scene();
        prepare(&scene);
        let (sender, words) = channel();
        let mut common = Common::new(begins, sender);
        common.environment.push(("OBOLE_LIMITS_OFF", "true".to_owned()));
        let nodes = [0, 1].map(|number| Node::start(&scene, &common, number));
        let addresses = nodes.each_ref().map(|node| node.address.clone());
        let (chance, addresses) = (Chance::seeded(9), Arc::new(Mutex::new(addresses)));
        Self { scene, server, common, nodes, words, chance, addresses }
    }

    /// Does something to a node or to the database.
    fn suffer(&mut self, fault: Fault, victim: usize) {
        match fault {
            Fault::Kill => {
                self.nodes[victim].kill();
                let node = Node::start(&self.scene, &self.common, victim);
                self.addresses.lock().expect("a lock")[victim].clone_from(&node.address);
                self.nodes[victim] = node;
            }
            Fault::Freeze => {
                self.nodes[victim].freeze();
                let frozen = a_while(&self.chance, 3_000);
                hear(&self.words, "nobody says this", frozen);
                self.nodes[victim].thaw();
            }
            Fault::EndSessions => end_sessions(self.scene.database()),
            Fault::Restart => {
                self.server.stop();
                self.server.go_on();
            }
        }
    }
}

#[test]
fn a_month_is_settled_whatever_happens_to_two_nodes_and_their_database() {
    let wanted = undisturbed();
    let mut pair = Pair::start(LATER, |scene| {
        scene.well(&FILL);
    });
    hear(&pair.words, "closed", DEADLINE).expect("the month is closed");
    let mut suffered = 0;
    for round in 0..24 {
        let pause = a_while(&pair.chance, 400);
        if hear(&pair.words, "settled", pause).is_some() {
            break;
        }
        pair.suffer(FAULTS[round % 4], (round / 4) % 2);
        suffered += 1;
    }
    assert!(suffered >= 4, "only {suffered} faults before the end");
    wait_until_settled(pair.scene.database(), &pair.words);
    let Pair { mut scene, nodes, server, .. } = pair;
    assert_eq!(nodes.map(Node::end), [Some(0), Some(0)]);
    assert_settled_as(&mut scene, &wanted);
    drop(server);
}

/// A patron who clicks on one page after another until told to stop.
struct Clicker {
    number: usize,
    token: String,
    addresses: Arc<Mutex<[String; 2]>>,
    stop: Arc<AtomicBool>,
}

impl Clicker {
    /// Clicks, each time until it is acknowledged, and gives how many clicks that were.
    fn run(self) -> usize {
        let mut done = 0;
        while !self.stop.load(Ordering::SeqCst) {
            self.click(done);
            done += 1;
        }
        done
    }

    /// Sends one click, to one node and the other, under one key, until one says that it stands.
    fn click(&self, count: usize) {
        let bearer = format!("Bearer {}", self.token);
        let key = format!("{}-{count}", self.number);
        let body = format!("{{\"url\": \"https://work-{count}.example/{}\"}}", self.number);
        let headers = [
            ("authorization", bearer.as_str()),
            ("idempotency-key", &key),
            ("content-type", "application/json"),
        ];
        let patience = Duration::from_secs(5);
        let line = "POST /api/v1/clicks";
        let request = Request { line, headers: &headers, body: &body, patience };
        let begun = Instant::now();
        for turn in 0.. {
            let address = self.addresses.lock().expect("a lock")[(self.number + turn) % 2].clone();
            match ask(&address, &request) {
                Ok((200 | 201, ..)) => return,
                // Not now, and it says when to come back.
                Ok((409 | 503, head, _)) => assert!(head.contains("retry-after: "), "{head}"),
                Ok((status, head, body)) => panic!("{status}: {head}\n{body}"),
                // Killed, frozen, or not up again yet.
                Err(_) => {}
            }
            assert!(begun.elapsed() < DEADLINE, "click {key} is not taken");
            // The moment of the next try, not a wait for something to happen.
            let (_sender, receiver) = channel::<()>();
            let _over = receiver.recv_timeout(Duration::from_millis(50));
        }
    }
}

/// Every click that stands, by page, with its points.
fn standing(address: &str, token: &str) -> BTreeMap<String, i64> {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let (mut clicks, mut after) = (BTreeMap::new(), String::new());
    loop {
        let line = format!("GET /api/v1/clicks?limit=200{after}");
        let request = Request { line: &line, headers: &headers, body: "", patience: DEADLINE };
        let (status, _, body) = ask(address, &request).expect("an answer");
        assert_eq!(status, 200, "{body}");
        let page: Value = serde_json::from_str(&body).expect("JSON");
        for click in page["items"].as_array().expect("a list") {
            let url = click["work"]["url"].as_str().expect("an address").to_owned();
            let twice = clicks.insert(url, click["points"].as_i64().expect("points"));
            assert_eq!(twice, None, "{click}");
        }
        let Some(next) = page["next"].as_str() else { return clicks };
        after = format!("&after={next}");
    }
}

#[test]
fn clicks_stand_once_whatever_happens_to_two_nodes_and_their_database() {
    const PATRONS: usize = 4;
    let handles: Vec<_> = (0..PATRONS).map(|number| format!("patron-{number}")).collect();
    let tokens = Mutex::new(Vec::new());
    let mut pair = Pair::start("2026-11-15T12:00:00Z", |scene| {
        for handle in &handles {
            scene.account(handle);
            let scopes = ["--scope", "click clicks:read"];
            let create = [&["token", "create", "--account", handle][..], &scopes].concat();
            let token = scene.json(&create)["token"].as_str().expect("a token").to_owned();
            tokens.lock().expect("a lock").push(token);
        }
    });
    let tokens = tokens.into_inner().expect("a lock");
    let stop = Arc::new(AtomicBool::new(false));
    let clickers = tokens.iter().enumerate().map(|(number, token)| {
        let (addresses, stop) = (Arc::clone(&pair.addresses), Arc::clone(&stop));
        let clicker = Clicker { number, token: token.clone(), addresses, stop };
        thread::spawn(move || clicker.run())
    });
    let clickers: Vec<_> = clickers.collect();
    for round in 0..16 {
        let pause = a_while(&pair.chance, 800);
        hear(&pair.words, "nobody says this", pause);
        pair.suffer(FAULTS[round % 4], (round / 4) % 2);
    }
    stop.store(true, Ordering::SeqCst);
    let done: Vec<usize> = clickers.into_iter().map(|one| one.join().expect("no 500")).collect();
    for (number, (token, done)) in tokens.iter().zip(&done).enumerate() {
        assert!(*done > 5, "patron {number} clicked {done} times only");
        let clicks = standing(&pair.nodes[number % 2].address, token);
        assert_eq!(clicks.len(), *done, "acknowledged and stored are not the same");
        assert!(clicks.values().all(|points| *points == 1), "a click counted twice");
    }
    let Pair { mut scene, nodes, server, .. } = pair;
    assert_eq!(nodes.map(Node::end), [Some(0), Some(0)]);
    scene.at(LATER);
    scene.well(&["settle"]);
    assert_eq!(scene.run(&["audit"]).code, 0);
    drop(server);
}

#[test]
fn a_frozen_node_is_replaced_when_its_lease_is_over_and_does_no_harm_when_it_wakes() {
    let wanted = undisturbed();
    let mut scene = Scene::on_postgres();
    scene.well(&FILL);
    let (sender, words) = channel();
    let mut common = Common::new(LATER, sender);
    let log = "warn,obole_app=debug".to_owned();
    common.environment.push(("OBOLE_LOG", log));
    let frozen = Node::start(&scene, &common, 0);
    hear(&words, "lease=\"settlement begin\"", DEADLINE).expect("it audits before the close");
    frozen.freeze();
    let since = Instant::now();
    let other = Node::start(&scene, &common, 1);
    assert_eq!(hear(&words, "closed", DEADLINE), Some(1), "the other one closes the month");
    assert!(since.elapsed() > Duration::from_secs(30), "the frozen one had no lease");
    wait_until_settled(scene.database(), &words);
    frozen.thaw();
    // The server has ended its session, or it finds that its lease is another's.
    let woke = |(number, line): &(usize, String)| {
        *number == 0 && (line.contains("lost to another node") || line.contains("job failed"))
    };
    let begun = Instant::now();
    while !woke(&words.recv_timeout(DEADLINE.saturating_sub(begun.elapsed())).expect("it wakes")) {}
    assert_eq!([frozen, other].map(Node::end), [Some(0), Some(0)]);
    let begins = "select count(*) from audit_log where action = 'settlement.begin'";
    assert_eq!(sql(scene.database(), begins), "1");
    assert_settled_as(&mut scene, &wanted);
}

#[test]
fn two_nodes_send_each_mail_once_and_a_killed_one_repeats_one_at_most() {
    let scene = Scene::on_postgres();
    scene.well(&["bench", "fill", "--patrons", "150", "--works", "40", "--mean-clicks", "3"]);
    // Everybody is told of the month, whose address is confirmed.
    sql(scene.database(), "update accounts set email_confirmed_at = created_at");
    let (port, letters) = receiver::start();
    let (sender, words) = channel();
    let mut common = Common::new(LATER, sender);
    common.environment.extend([
        ("OBOLE_MAIL_HOST", "127.0.0.1".to_owned()),
        ("OBOLE_MAIL_PORT", port.to_string()),
        ("OBOLE_MAIL_SECURITY", "plain".to_owned()),
    ]);
    let mut nodes = [0, 1].map(|number| Node::start(&scene, &common, number));
    let mut taken = BTreeMap::<String, u32>::new();
    let mut take = |wait: Duration| {
        letters.recv_timeout(wait).map(|id| {
            *taken.entry(id).or_default() += 1;
        })
    };
    let mut kills = 0;
    for number in 0..60 {
        take(DEADLINE).expect("a letter");
        if number % 20 == 19 {
            let victim = kills % 2;
            nodes[victim].kill();
            nodes[victim] = Node::start(&scene, &common, victim);
            kills += 1;
        }
    }
    // What a killed node was sending is due again when its lease is over, in five minutes.
    let queued = "select count(*) from outbox where state = 'queued'";
    let leased = "select count(*) from outbox where state = 'queued' and taken_until is null";
    wait_until_settled(scene.database(), &words);
    let begun = Instant::now();
    while sql(scene.database(), leased) != "0" {
        assert!(begun.elapsed() < DEADLINE, "mails are left");
        let _one = take(Duration::from_millis(100));
    }
    assert_eq!(nodes.map(Node::end), [Some(0), Some(0)]);
    common.begins = common.begins.saturating_add(jiff::SignedDuration::from_mins(6)).expect("one");
    let nodes = [0, 1].map(|number| Node::start(&scene, &common, number));
    while sql(scene.database(), queued) != "0" {
        assert!(begun.elapsed() < DEADLINE, "mails are left");
        let _one = take(Duration::from_millis(100));
    }
    while take(Duration::from_millis(100)).is_ok() {}
    assert_eq!(nodes.map(Node::end), [Some(0), Some(0)]);
    let mails = sql(scene.database(), "select count(*) from outbox where state = 'handed'");
    assert_eq!(taken.len().to_string(), mails, "each mail has left");
    let repeated: u32 = taken.values().map(|times| times - 1).sum();
    assert!(repeated <= 3, "{repeated} repeated after three kills");
    drop(words);
}

/// Asks for what needs the database, as a browser and as a program do.
fn look(address: &str, token: &str) -> [std::io::Result<(u16, String, String)>; 2] {
    let bearer = format!("Bearer {token}");
    let browser = [("cookie", "obole=0123456789"), ("accept-language", "fr")];
    let program = [("authorization", bearer.as_str()), ("accept-language", "fr")];
    let (body, patience) = ("", Duration::from_secs(40));
    let page = Request { line: "GET /month", headers: &browser, body, patience };
    let api = Request { line: "GET /api/v1/me", headers: &program, body, patience };
    [ask(address, &page), ask(address, &api)]
}

fn assert_unavailable(address: &str, token: &str, seconds: u64) {
    let begun = Instant::now();
    for answer in look(address, token) {
        let (status, head, body) = answer.expect("an answer");
        assert_eq!(status, 503, "{head}\n{body}");
        assert!(head.contains("retry-after: 5"), "{head}");
        assert!(body.contains("Réessayez dans quelques secondes"), "{body}");
    }
    assert!(begun.elapsed() < Duration::from_secs(2 * seconds), "{:?}", begun.elapsed());
}

fn assert_back(address: &str, token: &str) {
    let begun = Instant::now();
    loop {
        let [page, api] = look(address, token).map(|answer| answer.expect("an answer").0);
        match (page, api) {
            (303, 200) => return,
            (303 | 503, 200 | 503) => assert!(begun.elapsed() < DEADLINE, "not back"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_database_that_is_away_is_said_and_comes_back_by_itself() {
    let mut server = Server::start();
    let scene = server.scene();
    scene.account("ada");
    let token = scene.json(&["token", "create", "--account", "ada", "--scope", "profile"]);
    let token = token["token"].as_str().expect("a token");
    let (sender, _words) = channel();
    let node = Node::start(&scene, &Common::new("2026-11-15T12:00:00Z", sender), 0);
    assert_back(&node.address, token);
    // Sessions that were ended are not noticed at all.
    end_sessions(scene.database());
    let [page, api] = look(&node.address, token).map(|answer| answer.expect("an answer").0);
    assert_eq!((page, api), (303, 200));
    // A server that is gone.
    server.stop();
    assert_unavailable(&node.address, token, 6);
    server.go_on();
    assert_back(&node.address, token);
    // A server that has gone silent: nobody waits for longer than an answer may take.
    server.freeze();
    let waiting: Vec<_> = (0..50)
        .map(|_| {
            let (address, token) = (node.address.clone(), token.to_owned());
            thread::spawn(move || assert_unavailable(&address, &token, 25))
        })
        .collect();
    for one in waiting {
        one.join().expect("unavailable");
    }
    server.thaw();
    assert_back(&node.address, token);
    assert_eq!(node.end(), Some(0));
}
