//! A site that does not want to be read is not read (RFC 9309).

use super::*;

async fn get(world: &World, name: &str, path: &str) -> Result<Fetched, FetchError> {
    let wanted = Wanted { obeys_robots: true, ..WANTED };
    world.fetcher.get(&world.sites.url(name, path), &wanted).await
}

/// The paths that were asked for.
fn asked(world: &World) -> Vec<String> {
    let path = |head: &str| head.split(' ').nth(1).unwrap_or_default().to_owned();
    world.sites.requests().iter().map(|request| path(&request.head)).collect()
}

#[tokio::test]
async fn a_site_is_asked_once_and_obeyed() {
    let world = World::new().await;
    let robots = b"User-agent: *\nDisallow: /\n\nUser-agent: obole\nDisallow: /private\n";
    world.sites.page("site.example/robots.txt", (200, "Content-Type: text/plain\r\n"), robots);
    world.sites.page("site.example/a", (200, ""), b"a");
    world.sites.page("site.example/private/b", (200, ""), b"b");
    get(&world, "site.example", "/a").await.expect("welcome");
    assert_eq!(get(&world, "site.example", "/private/b").await, Err(FetchError::Unwelcome));
    get(&world, "site.example", "/a").await.expect("welcome");
    assert_eq!(asked(&world), ["/robots.txt", "/a", "/a"]);
    // What an owner asks us to look at is looked at.
    world.page("site.example", "/private/b").await.expect("asked for by its owner");
}

#[tokio::test]
async fn without_the_file_all_may_be_read_and_without_an_answer_nothing() {
    let world = World::new().await;
    for (name, status, is_welcome) in [
        ("a.site.example", 404, true),
        ("b.site.example", 403, true),
        ("c.site.example", 500, false),
        ("d.site.example", 503, false),
    ] {
        world.sites.page(&format!("{name}/robots.txt"), (status, ""), b"");
        world.sites.page(&format!("{name}/a"), (200, ""), b"a");
        let fetched = get(&world, name, "/a").await;
        assert_eq!(fetched.is_ok(), is_welcome, "{name}");
        if !is_welcome {
            assert_eq!(fetched, Err(FetchError::Unreachable), "{name}");
        }
    }
    assert_eq!(
        asked(&world),
        ["/robots.txt", "/a", "/robots.txt", "/a", "/robots.txt", "/robots.txt"]
    );
}

#[tokio::test]
async fn a_redirect_to_another_site_asks_that_site_too() {
    let world = World::new().await;
    world.sites.redirect("site.example/a", &world.sites.url("b.site.example", "/secret"));
    world.sites.page("b.site.example/robots.txt", (200, ""), b"User-agent: *\nDisallow: /secret");
    world.sites.page("b.site.example/secret", (200, ""), b"secret");
    assert_eq!(get(&world, "site.example", "/a").await, Err(FetchError::Unwelcome));
    assert_eq!(asked(&world), ["/robots.txt", "/a", "/robots.txt"]);
}

#[tokio::test]
async fn the_file_itself_may_be_elsewhere_but_nowhere_forbidden() {
    let world = World::new().await;
    world.sites.redirect("site.example/robots.txt", "/other.txt");
    world.sites.page("site.example/other.txt", (200, ""), b"User-agent: *\nDisallow: /");
    assert_eq!(get(&world, "site.example", "/a").await, Err(FetchError::Unwelcome));
    let trap = format!("https://127.0.0.1:{}/robots.txt", world.sites.port);
    world.sites.redirect("b.site.example/robots.txt", &trap);
    world.sites.page("b.site.example/a", (200, ""), b"a");
    get(&world, "b.site.example", "/a").await.expect("as if there were none");
    assert_eq!(world.sites.trapped(), 0);
}
