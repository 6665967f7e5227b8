//! Several nodes on one database: what must happen once happens once, what one began another goes
//! on with, and whoever comes late does no harm (D9).

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use jiff::SignedDuration;
use obole_app::accounts::NewAccount;
use obole_app::audit_log::Actor;
use obole_app::bench::{self, Load};
use obole_app::export_shares::{self, What};
use obole_app::leases::{Alone, Holder, LASTS, alone};
use obole_app::limits::{self, Limit};
use obole_app::sessions::Browser;
use obole_app::settle::{self, Outcome, Progress, Stage};
use obole_app::testing::{Instance, Node, PASSWORD, account, engines, nodes};
use obole_app::{App, Error, SaidValue, audit, set_up};
use obole_domain::{AccountId, EmailAddress, Handle, Period};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

const HOURLY: Alone = Alone::new("hourly", SignedDuration::from_hours(1));

/// Runs one thing for each of so many numbers at once and gives what they came to.
async fn at_once<T, F>(count: usize, run: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for number in 0..count {
        tasks.spawn(run(number));
    }
    tasks.join_all().await
}

fn wait(instance: &Instance, duration: SignedDuration) {
    let clock = instance.app.clock();
    clock.set(clock.now().saturating_add(duration).expect("a moment"));
}

async fn runs(app: &App, holder: &Holder) -> bool {
    alone(app, holder, HOURLY, async { Ok(()) }).await.expect("asked").is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_once_one_does_what_one_shall_do() {
    for instance in engines().await {
        static DONE: AtomicU32 = AtomicU32::new(0);
        DONE.store(0, Ordering::SeqCst);
        let app = instance.app.clone();
        let ended = at_once(50, |_| {
            let app = app.clone();
            async move {
                let work = async { Ok(DONE.fetch_add(1, Ordering::SeqCst)) };
                alone(&app, &Holder::new(&app), HOURLY, work).await.expect("asked")
            }
        });
        assert_eq!(ended.await.iter().flatten().count(), 1);
        assert_eq!(DONE.load(Ordering::SeqCst), 1);
        let holder = Holder::new(&app);
        assert!(!runs(&app, &holder).await, "not before an hour is over");
        wait(&instance, SignedDuration::from_mins(59));
        assert!(!runs(&app, &holder).await);
        wait(&instance, SignedDuration::from_mins(1));
        assert!(runs(&app, &holder).await);
    }
}

#[tokio::test]
async fn what_failed_is_soon_done_by_another() {
    for instance in engines().await {
        let app = &instance.app;
        let [one, other] = [0, 1].map(|_| Holder::new(app));
        let fails = async { Err::<(), _>(Error::internal("it fails")) };
        assert!(alone(app, &one, HOURLY, fails).await.is_err());
        assert!(!runs(app, &other).await);
        wait(&instance, SignedDuration::from_mins(1));
        assert!(runs(app, &other).await);
    }
}

#[tokio::test]
async fn a_frozen_nodes_lease_is_taken_over_and_it_ends_in_vain() {
    for instance in engines().await {
        let app = &instance.app;
        let [frozen, other] = [0, 1].map(|_| Holder::new(app));
        let work = async {
            // Here it stands still. A minute later the other one takes its place and ends.
            wait(&instance, LASTS);
            assert!(runs(app, &other).await);
            Ok(())
        };
        alone(app, &frozen, HOURLY, work).await.expect("harmless");
        // What the frozen one gave back at its end is not its own any more.
        wait(&instance, SignedDuration::from_mins(59));
        assert!(!runs(app, &frozen).await);
        wait(&instance, SignedDuration::from_mins(1));
        assert!(runs(app, &frozen).await);
    }
}

#[tokio::test]
async fn a_lease_is_renewed_while_the_work_goes_on() {
    for instance in engines().await {
        let app = &instance.app;
        let [one, other] = [0, 1].map(|_| Holder::new(app));
        let often = Alone { renewed: Duration::from_millis(1), ..HOURLY };
        let work = async {
            for _ in 0..5 {
                wait(&instance, LASTS - SignedDuration::from_secs(1));
                wait_for_renewal(app, often.name).await;
                assert!(!runs(app, &other).await);
            }
            Ok(())
        };
        assert_eq!(alone(app, &one, often, work).await.expect("done"), Some(()));
    }
}

#[tokio::test]
async fn work_whose_lease_is_lost_is_dropped() {
    for instance in engines().await {
        let app = &instance.app;
        let [one, other] = [0, 1].map(|_| Holder::new(app));
        let often = Alone { renewed: Duration::from_millis(1), ..HOURLY };
        let work = async {
            loop {
                wait(&instance, LASTS);
                // Unless it was renewed between the two.
                if runs(app, &other).await {
                    return std::future::pending().await;
                }
            }
        };
        assert_eq!(alone(app, &one, often, work).await.expect("no error"), None::<()>);
    }
}

/// Waits until a lease ends later than now.
async fn wait_for_renewal(app: &App, name: &'static str) {
    let now = app.now().saturating_add(SignedDuration::from_secs(2)).expect("a moment");
    loop {
        let is_short = app.read((), move |read, ()| {
            Box::pin(async move { Ok(obole_store::leases::is_free(read, name, now).await?) })
        });
        if !is_short.await.expect("read") {
            return;
        }
    }
}

fn an_admin(number: usize) -> NewAccount {
    NewAccount {
        handle: Handle::parse(&format!("boss-{number}")).expect("a handle"),
        email: EmailAddress::parse(&format!("boss-{number}@obole.example")).expect("an address"),
        name: String::new(),
        password: PASSWORD.to_owned(),
        language: None,
        is_admin: false,
        is_confirmed: false,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_nodes_show_one_link_and_of_fifty_one_becomes_the_first_administrator() {
    let nodes = nodes(3).await;
    let apps: Vec<App> = nodes.iter().map(|node| node.app.clone()).collect();
    let links = at_once(30, |number| {
        let app = apps[number % 3].clone();
        async move { set_up::link(&app).await.expect("made").expect("needed") }
    });
    let links = links.await;
    assert!(links.iter().all(|link| *link == links[0]), "{links:?}");
    let token = links[0].rsplit_once('/').expect("a path").1.to_owned();
    let made = at_once(50, |number| {
        let (app, token) = (apps[number % 3].clone(), token.clone());
        async move {
            set_up::create_admin(&app, &token, an_admin(number), &Browser::default()).await.is_ok()
        }
    });
    assert_eq!(made.await.into_iter().filter(|is_made| *is_made).count(), 1);
    for app in &apps {
        assert_eq!(set_up::link(app).await.expect("looked"), None);
        assert!(!set_up::is_open(app, &token).await.expect("looked"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_database_is_filled_once_by_ten_nodes_that_start_at_once() {
    let Some(node) = Node::on_new_database().await else { return };
    let node = Node { secret: "a7".repeat(32), ..node };
    let opened = at_once(10, |_| {
        let node = node.clone();
        async move { node.open().await.map(|_| ()) }
    });
    for opened in opened.await {
        opened.expect("it waits for the one that fills the database");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_made_once_and_no_node_starts_with_another() {
    let Some(node) = Node::on_new_database().await else { return };
    let opened = at_once(6, |_| {
        let (node, folder) = (node.clone(), tempfile::TempDir::new().expect("a folder"));
        let path = folder.path().join("key");
        async move {
            let opened = node.open_in(folder).await;
            let key = std::fs::read_to_string(path).ok();
            (opened.map_err(|error| error.to_string()), key)
        }
    });
    let (mut first, mut refused) = (None, 0);
    for (opened, key) in opened.await {
        match opened {
            Ok(instance) => {
                assert!(first.is_none(), "two nodes made a key each");
                first = Some((instance, key.expect("its key")));
            }
            Err(error) => {
                assert!(error.contains("copy it to") && key.is_none(), "{error}");
                refused += 1;
            }
        }
    }
    let (_instance, key) = first.expect("one made the key");
    assert_eq!(refused, 5);
    let error = node.open().await.err().expect("still no key").to_string();
    assert!(error.contains("server.secret"), "{error}");
    let wrong = Node { secret: "00".repeat(32), ..node.clone() };
    let error = wrong.open().await.err().expect("another key").to_string();
    assert!(error.contains("is not the key"), "{error}");
    let malformed = Node { secret: "00".repeat(31), ..node.clone() };
    assert!(malformed.open().await.is_err());
    // The first node's key, as a file or configured, opens the database.
    let folder = tempfile::TempDir::new().expect("a folder");
    std::fs::write(folder.path().join("key"), &key).expect("copied");
    node.open_in(folder).await.expect("the right key");
    Node { secret: key.trim().to_owned(), ..node }.open().await.expect("the right key");
}

/// Every limit of section 12 that is counted one by one.
const COUNTED: [Limit; 12] = [
    limits::SIGN_IN,
    limits::SIGN_IN_SLOW,
    limits::SIGN_IN_ADDRESS,
    limits::SIGN_UP_ADDRESS,
    limits::MAIL_HOUR,
    limits::MAIL_DAY,
    limits::CLICK_MINUTE,
    limits::CLICK_DAY,
    limits::VOUCHER,
    limits::VOUCHER_ADDRESS,
    limits::WORK,
    limits::EXPORT,
];

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_at_a_limit_get_what_is_left_of_it_and_no_more() {
    let nodes = nodes(2).await;
    let ada = account(&nodes[0].app, "ada").await;
    for limit in COUNTED {
        let count = usize::try_from(limit.count).expect("small");
        let before = count.saturating_sub(25);
        for _ in 0..before / 50 {
            let tries = at_once(50, |number| try_once(&nodes[number % 2].app, limit, ada)).await;
            assert!(tries.iter().all(Result::is_ok), "{}", limit.name);
        }
        for _ in 0..before % 50 {
            try_once(&nodes[0].app, limit, ada).await.expect("within the limit");
        }
        let tries = at_once(50, |number| try_once(&nodes[number % 2].app, limit, ada)).await;
        let (taken, refused): (Vec<_>, Vec<_>) = tries.into_iter().partition(Result::is_ok);
        assert_eq!(taken.len(), count - before, "{}", limit.name);
        for error in refused {
            let Err(Error::Refused(said)) = error else { panic!("{}: {error:?}", limit.name) };
            let seconds = ("seconds".to_owned(), SaidValue::Number(left(&nodes[0].app, limit)));
            assert_eq!((said.code.as_str(), said.values), ("too_many", vec![seconds]));
        }
        // Another subject has its own window.
        nodes[1].app.limit_address(limit, "192.0.2.1").await.expect("nothing of it was used");
    }
}

fn try_once(
    app: &App,
    limit: Limit,
    account: AccountId,
) -> impl Future<Output = Result<(), Error>> + Send + 'static {
    let app = app.clone();
    async move { app.limit(limit, account).await }
}

/// The seconds until the window of a limit ends.
fn left(app: &App, limit: Limit) -> i64 {
    limit.seconds - app.now().as_second().rem_euclid(limit.seconds)
}

/// A month with enough accounts for several chunks.
const MONTH: Load = Load { patrons: 4_200, mean_clicks: 3, works: 200, seed: 11 };

async fn shares(app: &App, period: Period) -> String {
    let mut text = String::new();
    let mut write = |part: &str| {
        text.push_str(part);
        Ok(())
    };
    export_shares::write(app, What::Shares, period, &mut write).await.expect("an export");
    text
}

/// Fills a month and gives its period, which is over then.
async fn fill(node: &Instance) -> Period {
    let period = node.app.clock_period();
    bench::fill(&node.app, MONTH, &|_, _| ()).await.expect("filled");
    node.app.clock().set(period.next().day(0, node.app.zone()));
    period
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_node_goes_on_with_the_settlement_of_one_that_stands_still() {
    let alone = nodes(1).await;
    let period = fill(&alone[0]).await;
    settle::run(&alone[0].app, Actor::Job, None, &|_| ()).await.expect("settled");
    let wanted = shares(&alone[0].app, period).await;

    let nodes = nodes(2).await;
    fill(&nodes[0]).await;
    let (stands, is_standing) = oneshot::channel();
    let (thaw, thawed) = mpsc::channel::<()>();
    let once = Mutex::new(Some((stands, thawed)));
    let frozen = nodes[0].app.clone();
    let frozen = tokio::spawn(async move {
        let progress = |progress: Progress| {
            if progress.stage != Stage::Sharing {
                return;
            }
            // After its first chunk the node stands still until the other one is done.
            if let Some((stands, thawed)) = once.lock().expect("a lock").take() {
                stands.send(()).expect("somebody waits");
                tokio::task::block_in_place(|| thawed.recv().expect("thawed"));
            }
        };
        settle::run(&frozen, Actor::Job, None, &progress).await
    });
    is_standing.await.expect("a chunk is shared");
    let other = settle::run(&nodes[1].app, Actor::Job, None, &|_| ()).await.expect("settled");
    assert_eq!(other, [Outcome::Closed(period)]);
    let done = shares(&nodes[1].app, period).await;
    thaw.send(()).expect("it waits");
    frozen.await.expect("no panic").expect("nothing is left to do");
    for node in &nodes {
        assert!(shares(&node.app, period).await == wanted, "other shares");
        assert_eq!(audit::run(&node.app).await.expect("an audit").breaches, []);
    }
    assert!(done == wanted, "other shares");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn five_nodes_that_settle_at_once_settle_once() {
    let nodes = nodes(5).await;
    let period = fill(&nodes[0]).await;
    let apps: Vec<App> = nodes.iter().map(|node| node.app.clone()).collect();
    let settled = at_once(5, |number| {
        let app = apps[number].clone();
        async move { settle::run(&app, Actor::Job, None, &|_| ()).await }
    });
    for settled in settled.await {
        settled.expect("settled");
    }
    assert_eq!(audit::run(&apps[0]).await.expect("an audit").breaches, []);
    let told = outbox_size(&apps[0]).await;
    settle::run(&apps[1], Actor::Job, None, &|_| ()).await.expect("nothing to do");
    assert_eq!(outbox_size(&apps[0]).await, told, "nobody is told twice");
    assert!(shares(&apps[0], period).await.lines().count() > 4_200);
}

async fn outbox_size(app: &App) -> i64 {
    let count = app.read((), |read, ()| {
        Box::pin(async move { Ok(obole_store::outbox::waiting(read).await?.0) })
    });
    count.await.expect("read")
}
