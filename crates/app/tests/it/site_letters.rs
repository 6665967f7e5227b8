//! Letters to the people of sites, found on real sites over real sockets, on both engines: who is
//! told of a claim, who is invited, and whom nobody writes to (C4).

use std::cell::RefCell;

use futures_util::future::join_all;
use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant};
use obole_app::clicks::Target;
use obole_app::site_letters::{self, Sent};
use obole_app::testing::{Instance, account};
use obole_app::{App, budgets, cleaning, policy, settle};
use obole_domain::policy::Rule;
use obole_domain::{AccountId, CanonicalUrl, Handle};
use obole_store::db::sql;

use crate::support::{assert_books_balance, code, fill_wallet, give, units};
use crate::world::World;

const SECURITY: &str = "Contact: mailto:security@site.example\nExpires: 2030-01-01T00:00:00Z\n";
const FUNDING: &str = r#"{"entity": {"email": "money@site.example"}}"#;

/// Lets the site name its people: its first page, and two files.
fn names(world: &World, home: &str, security: &str, funding: &str) {
    let page = |path: &str, kind: &str, body: &str| {
        let head = (if body.is_empty() { 404 } else { 200 }, &*format!("Content-Type: {kind}\r\n"));
        world.sites.page(&format!("site.example{path}"), head, body.as_bytes());
    };
    page("/", "text/html", home);
    page("/.well-known/security.txt", "text/plain", security);
    page("/funding.json", "application/json", funding);
}

/// A letter: to whom, in which language, its text, and how it is ended with a click.
#[derive(Debug)]
struct Letter {
    to: String,
    language: String,
    text: String,
    unsubscribe: String,
}

/// The letters of a kind so far, by reader.
async fn letters(app: &App, kind: &'static str) -> Vec<Letter> {
    let read = app.read((), move |read, ()| {
        Box::pin(async move {
            let select = sql("
                select recipient, language, body_text, unsubscribe from outbox
                where kind = $1 and account is null order by created_at, recipient");
            Ok(select
                .bind(kind)
                .fetch_all(read, |row| {
                    let (to, language) = (row.get(0)?, row.get(1)?);
                    let (text, unsubscribe) = (row.get(2)?, row.get(3)?);
                    Ok(Letter { to, language, text, unsubscribe })
                })
                .await?)
        })
    });
    read.await.expect("letters")
}

fn readers(letters: &[Letter]) -> Vec<&str> {
    letters.iter().map(|letter| &*letter.to).collect()
}

/// The operator vouches for a page of the site.
async fn grant(app: &App, world: &World, (path, handle): (&str, &str)) {
    grant_on(app, &world.sites.url("site.example", path), handle).await;
}

async fn grant_on(app: &App, url: &str, handle: &str) {
    let url = CanonicalUrl::parse(url).expect("an address");
    let handle = Handle::parse(handle).expect("a handle");
    let grant = Grant { target: Target::Url(url), handle, reason: "known".to_owned() };
    claims::grant(app, Actor::CommandLine, grant).await.expect("granted");
}

/// Somebody with a budget who gives to a page.
async fn patron(app: &App, handle: &str, url: &str) -> AccountId {
    let patron = account(app, handle).await;
    fill_wallet(app, patron, units(50)).await;
    budgets::set(app, patron, units(5)).await.expect("a budget");
    give(app, patron, url).await;
    patron
}

async fn send(app: &App) -> (u64, u64) {
    let Sent { notices, invitations } = site_letters::send_due(app).await.expect("a run");
    (notices, invitations)
}

/// After a month that closes, the sites at which patrons wait are counted and written to.
async fn invite(instance: &Instance, at: &str) -> (u64, u64) {
    instance.at(at);
    settle::run(&instance.app, Actor::CommandLine, None, &|_| ()).await.expect("settled");
    site_letters::invite_waiting(&instance.app).await.expect("counted");
    send(&instance.app).await
}

/// As many patrons, each of whom gives to one of the pages in turn.
async fn patrons(app: &App, world: &World, (count, pages): (usize, &[&str])) -> Vec<AccountId> {
    let mut patrons = Vec::new();
    for number in 0..count {
        let url = world.sites.url("site.example", pages[number % pages.len()]);
        patrons.push(patron(app, &format!("patron{number}"), &url).await);
    }
    patrons
}

async fn invite_from(app: &App, count: &str) {
    let rules = vec![(Rule::InviteFrom, count.to_owned())];
    policy::set_rules(app, Actor::CommandLine, rules).await.expect("set");
}

#[tokio::test]
async fn the_people_of_a_site_are_told_who_proved_control_once_a_day() {
    let world = World::new().await;
    let me = "<html lang=fr><a rel=me href='mailto:zoe@site.example?subject=x'>me</a>\
        <a rel=me href=mailto:eve@obole.example>eve</a>\
        <p class=comment><a rel=me href=mailto:mallory@site.example>x</a>";
    names(&world, me, SECURITY, FUNDING);
    for instance in world.engines().await {
        let app = &instance.app;
        account(app, "eve").await;
        account(app, "bob").await;
        assert_eq!(send(app).await, (0, 0));
        grant(app, &world, ("/song", "eve")).await;
        // Fifty nodes look at once.
        let runs = join_all((0..50).map(|_| site_letters::send_due(app))).await;
        let notices: u64 = runs.into_iter().map(|run| run.expect("a run").notices).sum();
        assert_eq!(notices, 1);
        let sent = letters(app, "site-notice").await;
        // Eve knows; Mallory wrote a comment.
        let three = ["money@site.example", "security@site.example", "zoe@site.example"];
        assert_eq!(readers(&sent), three);
        for letter in &sent {
            assert_eq!(letter.language, "fr");
            assert!(letter.text.contains("/song: @eve"), "{}", letter.text);
            assert!(letter.text.contains("/claims/of/site.example"), "{}", letter.text);
            assert!(letter.text.contains(letter.unsubscribe.trim_end_matches("/now")));
        }

        // What follows within a day is told together, when the day is over.
        instance.at("2026-01-15T12:00:01Z");
        grant(app, &world, ("/second", "bob")).await;
        grant(app, &world, ("/third", "bob")).await;
        assert_eq!(send(app).await, (0, 0));
        instance.at("2026-01-16T11:59:59Z");
        assert_eq!(send(app).await, (0, 0));
        instance.at("2026-01-16T12:00:00Z");
        assert_eq!(send(app).await, (1, 0));
        let sent = letters(app, "site-notice").await;
        // This time it is not about Eve's own claim.
        let others = ["eve@obole.example", "money@site.example", "zoe@site.example"];
        assert_eq!(readers(&sent[3..]), others);
        let last = &sent[5].text;
        assert!(last.contains("/second: @bob") && last.contains("/third: @bob"), "{last}");
        assert!(!last.contains("@eve"), "{last}");
        assert_eq!(send(app).await, (0, 0));
    }
}

#[tokio::test]
async fn one_of_them_is_invited_once_a_year_where_enough_patrons_wait() {
    let world = World::new().await;
    let me = "<a rel=me href=mailto:zoe@site.example>me</a>";
    names(&world, me, SECURITY, FUNDING);
    for instance in world.engines().await {
        let app = &instance.app;
        invite_from(app, "6").await;
        let early = patrons(app, &world, (5, &["/song"])).await;
        assert_eq!(invite(&instance, "2026-02-01T00:00:00Z").await, (0, 0), "one patron too few");

        let late = patron(app, "late", &world.sites.url("site.example", "/film")).await;
        assert_eq!(invite(&instance, "2026-03-01T00:00:00Z").await, (0, 1));
        let sent = letters(app, "site-invited").await;
        assert_eq!(readers(&sent), ["money@site.example"]);
        let text = &sent[0].text;
        // P2: rounded down; nobody's name, no amount.
        assert!(text.contains("At least 5 people") && text.contains("/song\n"), "{text}");
        assert!(!text.contains("late") && !text.contains("EUR"), "{text}");
        assert_eq!(send(app).await, (0, 0));

        // Another month within the year, and the same people give again.
        give(app, late, &world.sites.url("site.example", "/film")).await;
        assert_eq!(invite(&instance, "2026-04-01T00:00:00Z").await, (0, 0));
        for patron in early {
            give(app, patron, &world.sites.url("site.example", "/song")).await;
        }
        assert_eq!(invite(&instance, "2026-05-01T00:00:00Z").await, (0, 0));
        // A year later, with what still stands.
        give(app, late, &world.sites.url("site.example", "/song")).await;
        assert_eq!(invite(&instance, "2027-04-01T00:00:00Z").await, (0, 1));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn who_says_no_is_never_written_to_again_whatever_site_names_them() {
    let world = World::new().await;
    names(&world, "", SECURITY, FUNDING);
    for instance in world.engines().await {
        let app = &instance.app;
        invite_from(app, "5").await;
        let givers = patrons(app, &world, (5, &["/song"])).await;
        assert_eq!(invite(&instance, "2026-02-01T00:00:00Z").await, (0, 1));
        let sent = letters(app, "site-invited").await;
        let link = sent[0].unsubscribe.trim_end_matches("/now").rsplit('/').next().expect("a link");
        assert_eq!(site_letters::is_declined(app, link).await.expect("read"), Some(false));
        assert_eq!(site_letters::is_declined(app, "0123").await.expect("read"), None);
        assert_eq!(code(site_letters::decline(app, "0123").await), "NotFound");
        join_all((0..50).map(|_| site_letters::decline(app, link)))
            .await
            .into_iter()
            .for_each(|done| done.expect("declined"));
        assert_eq!(site_letters::is_declined(app, link).await.expect("read"), Some(true));
        account(app, "eve").await;
        grant(app, &world, ("/other", "eve")).await;
        give(app, givers[0], &world.sites.url("site.example", "/song")).await;
        assert_eq!(invite(&instance, "2027-03-01T00:00:00Z").await, (1, 0));
        // The others are told; for good means that cleaning keeps it.
        assert_eq!(readers(&letters(app, "site-notice").await), ["security@site.example"]);
        instance.at("2029-03-01T00:00:00Z");
        assert_eq!(cleaning::clean(app).await.expect("cleaned").readers, 1);
        assert_eq!(site_letters::is_declined(app, link).await.expect("read"), Some(true));
    }
}

#[tokio::test]
async fn nobody_is_flooded_by_being_named() {
    let world = World::new().await;
    let victim = r#"{"entity": {"email": "victim@elsewhere.example"}}"#;
    let head = (200, "Content-Type: application/json\r\n");
    world.sites.page("third.example/funding.json", head, victim.as_bytes());
    names(&world, "", "", victim);
    for instance in world.engines().await {
        let app = &instance.app;
        account(app, "eve").await;
        grant(app, &world, ("/a", "eve")).await;
        grant_on(app, &world.sites.url("third.example", "/a"), "eve").await;
        assert_eq!(send(app).await, (1, 0), "two sites name them");
        assert_eq!(letters(app, "site-notice").await.len(), 1);
        instance.at("2026-01-16T11:00:00Z");
        assert_eq!(send(app).await, (0, 0));
        // Nothing is lost: the other site's people are told a day later.
        instance.at("2026-01-16T18:00:00Z");
        assert_eq!(send(app).await, (1, 0));
        assert_eq!(letters(app, "site-notice").await.len(), 2);
        assert_eq!(send(app).await, (0, 0));
    }
}

#[tokio::test]
async fn what_is_below_a_name_does_not_speak_for_it() {
    let world = World::new().await;
    let declines =
        "<meta name=obole:collect content=no><a rel=me href=mailto:eve@evil.example>x</a>";
    let head = (200, "Content-Type: text/html\r\n");
    world.sites.page("old.site.example/", head, declines.as_bytes());
    names(&world, "<p>hello", SECURITY, "");
    for instance in world.engines().await {
        let app = &instance.app;
        account(app, "eve").await;
        names(&world, "<p>hello", SECURITY, "");
        grant_on(app, &world.sites.url("old.site.example", "/a"), "eve").await;
        assert_eq!(send(app).await, (1, 0));
        assert_eq!(readers(&letters(app, "site-notice").await), ["security@site.example"]);

        // Where the name names nobody it is asked who can be reached, but declines for nobody else.
        invite_from(app, "5").await;
        names(&world, "<p>hello", "", "");
        instance.at("2026-01-20T12:00:00Z");
        grant_on(app, &world.sites.url("old.site.example", "/b"), "eve").await;
        assert_eq!(send(app).await, (1, 0));
        names(&world, "<p>hello", "", FUNDING);
        patrons(app, &world, (5, &["/song"])).await;
        assert_eq!(invite(&instance, "2026-02-01T00:00:00Z").await, (0, 1));
    }
}

#[tokio::test]
async fn a_name_that_is_down_is_asked_again_before_what_is_below_it_speaks() {
    let world = World::new().await;
    let eve = "<a rel=me href=mailto:eve2@evil.example>x</a>";
    let head = (200, "Content-Type: text/html\r\n");
    world.sites.page("old.site.example/", head, eve.as_bytes());
    for instance in world.engines().await {
        let app = &instance.app;
        names(&world, "<p>hello", "", "");
        world.sites.page("site.example/.well-known/security.txt", (503, ""), b"");
        account(app, "eve").await;
        grant_on(app, &world.sites.url("old.site.example", "/a"), "eve").await;
        assert_eq!(send(app).await, (0, 0), "it may name somebody");
        names(&world, "<p>hello", SECURITY, "");
        instance.at("2026-01-15T18:00:00Z");
        assert_eq!(send(app).await, (1, 0));
        assert_eq!(readers(&letters(app, "site-notice").await), ["security@site.example"]);
    }
}

#[tokio::test]
async fn a_line_on_the_first_page_ends_invitations_and_no_notice() {
    let world = World::new().await;
    let declines = "<meta name=obole:collect content=no>";
    names(&world, declines, SECURITY, FUNDING);
    for instance in world.engines().await {
        let app = &instance.app;
        invite_from(app, "5").await;
        patrons(app, &world, (5, &["/song"])).await;
        assert_eq!(invite(&instance, "2026-02-01T00:00:00Z").await, (0, 0));
        account(app, "eve").await;
        grant(app, &world, ("/other", "eve")).await;
        assert_eq!(send(app).await, (1, 0));
        let both = ["money@site.example", "security@site.example"];
        assert_eq!(readers(&letters(app, "site-notice").await), both);
        // Kept for good, though the line is gone.
        names(&world, "", SECURITY, FUNDING);
        patron(app, "late", &world.sites.url("site.example", "/song")).await;
        assert_eq!(invite(&instance, "2026-03-01T00:00:00Z").await, (0, 0));
        names(&world, declines, SECURITY, FUNDING);
    }
}

#[tokio::test]
async fn patrons_of_all_that_is_below_a_name_are_counted_together() {
    let world = World::new().await;
    names(&world, "", "", FUNDING);
    for instance in world.engines().await {
        let app = &instance.app;
        invite_from(app, "6").await;
        for (number, host) in
            ["blog", "shop", "blog", "shop", "blog", "wiki", "shop"].into_iter().enumerate()
        {
            let url = world.sites.url(&format!("{host}.site.example"), "/a");
            patron(app, &format!("patron{number}"), &url).await;
        }
        assert_eq!(invite(&instance, "2026-02-01T00:00:00Z").await, (0, 1));
        let sent = letters(app, "site-invited").await;
        assert_eq!(readers(&sent), ["money@site.example"]);
        // P2: no single page has five patrons, so none is named.
        assert!(sent[0].text.contains("At least 5 people"), "{}", sent[0].text);
        assert!(
            !sent[0].text.contains("blog") && !sent[0].text.contains("/a\n"),
            "{}",
            sent[0].text
        );
    }
}

#[tokio::test]
async fn a_clock_that_runs_tells_of_the_claim_that_set_it_off() {
    let world = World::new().await;
    names(&world, "", SECURITY, FUNDING);
    for instance in world.engines().await {
        let app = &instance.running_node().await;
        account(app, "eve").await;
        grant(app, &world, ("/song", "eve")).await;
        assert_eq!(send(app).await, (1, 0));
        let sent = letters(app, "site-notice").await;
        assert!(sent[0].text.contains("/song: @eve"), "{}", sent[0].text);
    }
}

#[tokio::test]
async fn each_reader_hears_of_what_others_claim() {
    let world = World::new().await;
    let me = "<a rel=me href=mailto:zoe@obole.example>me</a>";
    names(&world, me, "", "");
    for instance in world.engines().await {
        let app = &instance.app;
        account(app, "zoe").await;
        account(app, "eve").await;
        grant(app, &world, ("/zoe", "zoe")).await;
        grant(app, &world, ("/eve", "eve")).await;
        assert_eq!(send(app).await, (1, 0));
        let sent = letters(app, "site-notice").await;
        assert_eq!(readers(&sent), ["zoe@obole.example"]);
        assert!(sent[0].text.contains("/eve: @eve") && !sent[0].text.contains("@zoe"));
    }
}

#[tokio::test]
async fn nobody_is_written_to_who_cannot_be_meant() {
    let world = World::new().await;
    let me = "<a rel=me href=mailto:zoe@site.example>me</a>";
    let declines =
        "<meta name=obole:collect content=no><a rel=me href=mailto:zoe@site.example>x</a>";
    let robots = RefCell::new("");
    let cases: [(&str, &dyn Fn()); 5] = [
        ("security.txt is for security", &|| names(&world, "", SECURITY, "")),
        ("nobody is named", &|| names(&world, "<p>hello", "", "")),
        ("the first page wants no money", &|| names(&world, declines, "", FUNDING)),
        ("the site wants no robots", &|| {
            *robots.borrow_mut() = "User-agent: *\nDisallow: /";
            names(&world, me, "", FUNDING);
        }),
        ("somebody claimed it", &|| names(&world, me, "", FUNDING)),
    ];
    for (why, prepare) in cases {
        *robots.borrow_mut() = "";
        prepare();
        let status = if robots.borrow().is_empty() { 404 } else { 200 };
        world.sites.page("site.example/robots.txt", (status, ""), robots.borrow().as_bytes());
        for instance in world.engines().await {
            let app = &instance.app;
            invite_from(app, "5").await;
            patrons(app, &world, (5, &["/song"])).await;
            instance.at("2026-02-01T00:00:00Z");
            settle::run(app, Actor::CommandLine, None, &|_| ()).await.expect("settled");
            site_letters::invite_waiting(app).await.expect("counted");
            if why.starts_with("somebody") {
                account(app, "eve").await;
                grant(app, &world, ("/song", "eve")).await;
            }
            let sent = site_letters::send_due(app).await.expect("a run");
            assert_eq!(sent.invitations, 0, "{why}");
            assert_eq!(letters(app, "site-invited").await.len(), 0, "{why}");
        }
    }
}

#[tokio::test]
async fn a_site_that_does_not_answer_is_tried_again_a_few_times() {
    let world = World::new().await;
    for path in ["/", "/.well-known/security.txt", "/funding.json"] {
        world.sites.page(&format!("site.example{path}"), (503, ""), b"");
    }
    for instance in world.engines().await {
        let app = &instance.app;
        account(app, "eve").await;
        grant(app, &world, ("/song", "eve")).await;
        let asked = world.sites.requests().len();
        for hour in [12, 18] {
            instance.at(&format!("2026-01-15T{hour}:00:00Z"));
            assert_eq!(send(app).await, (0, 0));
            assert_eq!(send(app).await, (0, 0), "not before its time");
        }
        for day in 16..30 {
            instance.at(&format!("2026-01-{day}T12:00:00Z"));
            send(app).await;
        }
        let homes = world.sites.requests().into_iter().skip(asked);
        let homes = homes.filter(|request| request.head.starts_with("GET / ")).count();
        assert_eq!(homes, 5);
        assert_eq!(letters(app, "site-notice").await.len(), 0);
    }
}

#[tokio::test]
async fn where_letters_are_off_nobody_is_invited() {
    let world = World::new().await;
    names(&world, "", SECURITY, FUNDING);
    for instance in world.engines().await {
        let app = &instance.app;
        invite_from(app, "0").await;
        patrons(app, &world, (6, &["/song"])).await;
        assert_eq!(invite(&instance, "2026-02-01T00:00:00Z").await, (0, 0));
    }
}
