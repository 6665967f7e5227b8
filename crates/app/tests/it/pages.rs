//! The pages of works are read in the background, from real sites over real sockets: what they say
//! is kept, and shown only where somebody controls the work (C7).

use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant};
use obole_app::clicks::{self, Give, Target};
use obole_app::pages::{self, PagesRead};
use obole_app::testing::{self, account, key};
use obole_app::{App, works};
use obole_domain::click::Way;
use obole_domain::{AccountId, CanonicalUrl, Handle, Note, WorkId};
use obole_store::work_pages::{self, PageRow, PageState};
use obole_store::works::WorkRow;

use crate::world::World;

/// A page that says something of itself.
fn says(world: &World, page: &str, body: &str) {
    world.sites.page(page, (200, "Content-Type: text/html\r\n"), body.as_bytes());
}

/// The paths that were asked for, besides what sites wish.
fn asked(world: &World) -> Vec<String> {
    let requests = world.sites.requests().into_iter();
    let path = |head: &str| head.split(' ').nth(1).unwrap_or_default().to_owned();
    let paths = requests.map(|request| format!("{}{}", request.name, path(&request.head)));
    paths.filter(|path| !path.ends_with("/robots.txt")).collect()
}

async fn click(app: &App, patron: AccountId, url: &str) -> WorkId {
    let give = Give {
        target: Target::Url(CanonicalUrl::parse(url).expect("an address")),
        title: String::new(),
        points: 1,
        note: Note::parse("").expect("text"),
        way: Way::Page,
    };
    WorkId::new(clicks::give(app, patron, &key(app), give).await.expect("a click").value.work)
}

async fn grant(app: &App, work: WorkId, handle: &str) {
    let handle = Handle::parse(handle).expect("a handle");
    let grant = Grant { target: Target::Work(work), handle, reason: "known".to_owned() };
    claims::grant(app, Actor::CommandLine, grant).await.expect("granted");
}

async fn row(app: &App, work: WorkId) -> PageRow {
    let found = app
        .read((), move |read, ()| Box::pin(async move { Ok(work_pages::find(read, work).await?) }));
    found.await.expect("read").expect("listed")
}

async fn work(app: &App, work: WorkId) -> WorkRow {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::works::find(read, work).await?) })
    });
    found.await.expect("read").expect("a work")
}

async fn read(app: &App) -> (u64, u64) {
    let PagesRead { read, failed } = pages::read_due(app).await.expect("a run");
    (read, failed)
}

#[tokio::test]
async fn a_clicked_page_is_read_once_and_names_its_work_when_that_is_claimed() {
    let world = World::new().await;
    says(
        &world,
        "site.example/song",
        "<html lang=fr><title> A\n song </title><link rel=payment href=/pay>\
         <meta name=description content=About><meta property=og:image content=/p.png>",
    );
    for (turn, instance) in world.engines().await.into_iter().enumerate() {
        let app = &instance.app;
        let (patron, creator) = (account(app, "patron").await, account(app, "creator").await);
        let song = click(app, patron, &world.sites.url("site.example", "/song")).await;
        assert_eq!(read(app).await, (1, 0));
        let page = row(app, song).await;
        assert_eq!((page.state, &*page.title), (PageState::Read, "A song"));
        assert_eq!((page.fetched_at, page.tries), (Some(app.now()), 0));
        let facts: serde_json::Value = serde_json::from_str(&page.facts).expect("JSON");
        assert_eq!(facts["language"], "fr");
        assert_eq!(facts["picture"], world.sites.url("site.example", "/p.png"));
        let payment = world.sites.url("site.example", "/pay");
        let hints = serde_json::json!([{"kind": "payment", "value": payment}]);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&page.hints).expect("JSON"), hints);

        // C7: nobody has said yes.
        assert_eq!((&*work(app, song).await.title, read(app).await), ("", (0, 0)));
        assert!(work(app, song).await.shown_title().ends_with("/song"));
        grant(app, song, "creator").await;
        assert_eq!(work(app, song).await.shown_title(), "A song");

        // An owner who takes the title away wants to see the address.
        works::set_title(app, Actor::Page(creator), song, "").await.expect("set");
        instance.at("2026-02-14T11:59:59Z");
        assert_eq!(read(app).await, (0, 0));
        instance.at("2026-02-14T12:00:00Z");
        assert_eq!(read(app).await, (1, 0));
        assert_eq!(work(app, song).await.title, "");
        assert_eq!(asked(&world).len(), 2 * (turn + 1));
    }
}

#[tokio::test]
async fn a_page_that_is_read_after_its_claim_names_its_work_but_never_renames_one() {
    let world = World::new().await;
    for page in ["site.example/a", "site.example/b", "site.example/c"] {
        says(&world, page, "<title>From the page</title>");
    }
    says(&world, "site.example/c", "<p>no title</p>");
    for instance in world.engines().await {
        let app = &instance.app;
        let (patron, _) = (account(app, "patron").await, account(app, "creator").await);
        let mut works = Vec::new();
        for path in ["/a", "/b", "/c"] {
            works.push(click(app, patron, &world.sites.url("site.example", path)).await);
            grant(app, works[works.len() - 1], "creator").await;
        }
        let creator = work(app, works[1]).await.owner.expect("an owner");
        works::set_title(app, Actor::Page(creator), works[1], "Their own").await.expect("set");
        assert_eq!(read(app).await, (3, 0));
        let mut titles = Vec::new();
        for id in works {
            titles.push(work(app, id).await.title);
        }
        assert_eq!(titles, ["From the page", "Their own", ""]);
    }
}

#[tokio::test]
async fn what_is_not_read_is_told_by_kind_and_tried_again_in_time() {
    let world = World::new().await;
    world.sites.page("no.site.example/robots.txt", (200, ""), b"User-agent: obole\nDisallow: /");
    world.sites.page("site.example/gone", (410, ""), b"gone");
    world.sites.page("site.example/ill", (503, ""), b"ill");
    says(&world, "no.site.example/a", "<title>a</title>");
    for instance in world.engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        let mut works = Vec::new();
        for (url, state) in [
            (world.sites.url("no.site.example", "/a"), PageState::Unwelcome),
            (world.sites.url("site.example", "/gone"), PageState::Unreadable),
            (world.sites.url("site.example", "/ill"), PageState::Unreachable),
            ("http://site.example/plain".to_owned(), PageState::Refused),
            ("https://printer.local/".to_owned(), PageState::Refused),
            ("https://127.0.0.1/".to_owned(), PageState::Refused),
        ] {
            works.push((click(app, patron, &url).await, state));
        }
        assert_eq!(read(app).await, (0, 6));
        for (id, state) in works {
            let page = row(app, id).await;
            let wait = page.next_try_at.duration_since(app.now()).as_hours();
            let expected = if state == PageState::Unreachable { 1 } else { 720 };
            assert_eq!((page.state, wait, page.fetched_at), (state, expected, None));
        }
        assert_eq!(read(app).await, (0, 0));
        instance.at("2026-01-15T13:00:00Z");
        assert_eq!(read(app).await, (0, 1));
    }
    assert_eq!(world.sites.trapped(), 0);
}

#[tokio::test]
async fn the_newest_are_read_first_and_a_few_at_a_time() {
    let world = World::new().await;
    for instance in world.engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        for minute in 0..45 {
            instance.at(&format!("2026-01-15T12:{minute:02}:00Z"));
            let url = world.sites.url("site.example", &format!("/{minute}"));
            click(app, patron, &url).await;
        }
        let before = asked(&world).len();
        assert_eq!(read(app).await, (0, 40));
        let mut first = asked(&world).split_off(before);
        first.sort_by_key(|path| path.rsplit('/').next().and_then(|n| n.parse::<u32>().ok()));
        assert_eq!((first.len(), first[0].as_str()), (40, "site.example/5"));
        assert_eq!((read(app).await, read(app).await), ((0, 5), (0, 0)));
    }
}

#[tokio::test]
async fn two_nodes_at_once_read_a_page_once() {
    let world = World::new().await;
    for instance in world.engines().await {
        let app = &instance.app;
        let patron = account(app, "patron").await;
        for number in 0..10 {
            let name = format!("n{number}.site.example");
            says(&world, &format!("{name}/"), "<title>a</title>");
            click(app, patron, &world.sites.url(&name, "/")).await;
        }
        let before = asked(&world).len();
        if instance.app.config().database.url.starts_with("postgres") {
            let other = instance.node().await;
            let (one, two) = tokio::join!(read(app), read(&other));
            assert_eq!((one.0 + two.0, one.1 + two.1), (10, 0));
        } else {
            let (one, two) = tokio::join!(read(app), read(app));
            assert_eq!((one.0 + two.0, one.1 + two.1), (10, 0));
        }
        assert_eq!(asked(&world).len() - before, 10);
    }
}

#[tokio::test]
async fn nothing_is_read_of_who_refused_or_where_reading_is_off() {
    let world = World::new().await;
    says(&world, "site.example/a", "<title>a</title>");
    for instance in world.engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        let song = testing::own(app, creator, &world.sites.url("site.example", "/a")).await;
        testing::refuse(app, song).await;
        assert_eq!(read(app).await, (0, 0));
    }
    let off = testing::sqlite_with(|config| {
        world.set(config);
        config.fetch.pages = false;
    })
    .await;
    let patron = account(&off.app, "patron").await;
    click(&off.app, patron, &world.sites.url("site.example", "/a")).await;
    assert_eq!(read(&off.app).await, (0, 0));
    assert_eq!((world.sites.contacts(), world.dns.asked()), (0, 0));
}

#[tokio::test]
async fn a_page_says_no_thank_you_and_that_is_kept() {
    let world = World::new().await;
    let no = "<title>Mine</title><meta name='obole:collect' content=' No '>";
    says(&world, "site.example/mine", no);
    says(&world, "site.example/song", "<title>Ours</title><p><meta name=obole:collect content=no>");
    says(&world, "site.example/theirs", no);
    for instance in world.engines().await {
        let app = &instance.app;
        let (patron, _) = (account(app, "patron").await, account(app, "creator").await);
        let mine = click(app, patron, &world.sites.url("site.example", "/mine")).await;
        let song = click(app, patron, &world.sites.url("site.example", "/song")).await;
        let theirs = click(app, patron, &world.sites.url("site.example", "/theirs")).await;
        grant(app, theirs, "creator").await;
        assert_eq!(read(app).await, (3, 0));
        assert!(work(app, mine).await.refused_at.is_some());
        // What is in the body is anybody's, and an owner decides for themselves.
        assert!(work(app, song).await.refused_at.is_none());
        assert!(work(app, theirs).await.refused_at.is_none());
        // For good, until whoever controls it says otherwise.
        grant(app, mine, "creator").await;
        let creator = work(app, mine).await.owner.expect("an owner");
        assert!(work(app, mine).await.refused_at.is_some());
        works::set_refused(app, Actor::Page(creator), mine, false).await.expect("collects");
        assert!(work(app, mine).await.refused_at.is_none());
    }
}
