//! Proofs of claims, looked for at a name server and sites that nobody of Obole wrote or that
//! misbehave, and every way to forge one that we know (C1 to C3).

use std::time::Duration;

use obole_domain::CanonicalUrl;
use obole_domain::claim::{ClaimMethod, Finding, ProofToken, Reach, Way};
use obole_gateway::fetch::{Addresses, FetchConfig, Fetcher};
use obole_gateway::proof::{Sought, look};
use obole_gateway::testing::{ALLOWED, Answers, BROKEN, Knot, PLAIN, Sites, answer};

/// A name server, sites, and an instance that looks for proofs there.
struct World {
    knot: Knot,
    sites: Sites,
    fetcher: Fetcher,
    token: ProofToken,
}

const HTML: (u16, &str) = (200, "Content-Type: text/html\r\n");
const TEXT: (u16, &str) = (200, "Content-Type: text/plain\r\n");

impl World {
    async fn new() -> Self {
        let (knot, sites) = (Knot::start(), Sites::start().await);
        let config = FetchConfig {
            addresses: Addresses { forbidden: Vec::new(), test_allow: vec![ALLOWED] },
            ports: vec![sites.port],
            pause: Duration::ZERO,
            resolver: Some(knot.address),
            authorities: Some(sites.authority.clone()),
            trust_anchor: Some(knot.anchor.clone()),
            ..FetchConfig::new("https://obole.example".to_owned())
        };
        let token = ProofToken::from_random([9; 16]);
        Self { knot, sites, fetcher: Fetcher::new(config), token }
    }

    /// Looks once for the token at the widest reach of a method for a page of `site.example`.
    async fn look(&self, method: ClaimMethod, path: &str) -> Finding {
        let url = CanonicalUrl::parse(&self.sites.url("site.example", path)).expect("an address");
        self.look_for(Way::find(&url, method, None).expect("a way")).await
    }

    async fn look_for(&self, way: Way) -> Finding {
        let base_url = "https://obole.example".to_owned();
        look(&self.fetcher, &Sought { way, token: self.token.clone(), base_url }).await
    }

    async fn name(&self, name: &str) -> Finding {
        let reach = Reach::Name(name.to_owned());
        self.look_for(Way { method: ClaimMethod::Dns, reach }).await
    }

    fn page(&self, path: &str, head: (u16, &str), body: &str) {
        self.sites.page(&format!("site.example{path}"), head, body.as_bytes());
    }

    fn link(&self) -> String {
        format!("https://obole.example/@zoe/{}", self.token)
    }
}

/// Another claim's token.
fn other() -> ProofToken {
    ProofToken::from_random([1; 16])
}

#[tokio::test]
async fn a_record_in_a_zone_is_a_proof_where_the_zone_can_be_trusted() {
    let world = World::new().await;
    let ours = world.token.record();
    assert_eq!(world.name("band.example").await, Finding::Missing);
    world.knot.say("_obole.band.example", &["v=spf1 -all", &other().record(), &ours]);
    assert_eq!(world.name("band.example").await, Finding::Found);
    // What is changed counts at once: nothing is remembered.
    world.knot.say("_obole.band.example", &[&other().record()]);
    assert_eq!(world.name("band.example").await, Finding::Other);
    world.knot.say("_obole.band.example", &[]);
    assert_eq!(world.name("band.example").await, Finding::Missing);

    // Below a wildcard there is nothing of this kind either.
    assert_eq!(world.name("a.wild.example").await, Finding::Missing);

    let plain = format!("_obole.zoe.{PLAIN}");
    assert_eq!(world.name(&format!("zoe.{PLAIN}")).await, Finding::Missing);
    world.knot.say(&plain, &[&ours]);
    assert_eq!(world.name(&format!("zoe.{PLAIN}")).await, Finding::Found);
    // A record of the name itself, or of another one, is none.
    world.knot.say("sea.example", &[&ours]);
    world.knot.say("_obole.x.sea.example", &[&ours]);
    assert_eq!(world.name("sea.example").await, Finding::Missing);

    world.knot.say(&format!("_obole.zoe.{BROKEN}"), &[&ours]);
    assert_eq!(world.name(&format!("zoe.{BROKEN}")).await, Finding::Unsafe);
    assert_eq!(world.name(&format!("nobody.{BROKEN}")).await, Finding::Unsafe);
}

#[tokio::test]
async fn a_name_server_that_is_away_says_nothing() {
    let mut world = World::new().await;
    world.knot.say("_obole.band.example", &[&world.token.record()]);
    world.knot.stop();
    assert_eq!(world.name("band.example").await, Finding::Unclear);
    assert_eq!(world.look(ClaimMethod::File, "/").await, Finding::Unclear);
}

#[tokio::test]
async fn a_file_at_its_place_is_a_proof() {
    let world = World::new().await;
    let file = "/.well-known/obole.txt";
    let look = || world.look(ClaimMethod::File, "/songs/a");
    assert_eq!(look().await, Finding::Missing);
    world.page(file, TEXT, &format!("{}\n{}\n", other(), world.token));
    assert_eq!(look().await, Finding::Found);
    world.page(file, TEXT, other().as_str());
    assert_eq!(look().await, Finding::Other);
    // A home of somebody on a host of many proves that home.
    world.page("/~zoe/.well-known/obole.txt", TEXT, world.token.as_str());
    assert_eq!(world.look(ClaimMethod::File, "/~zoe/a").await, Finding::Found);
    assert_eq!(look().await, Finding::Other);
    // What is behind the first 8 KiB is not read.
    world.page(file, TEXT, &format!("{}\n{}", "#".repeat(9 << 10), world.token));
    assert_eq!(look().await, Finding::Missing);
}

#[tokio::test]
async fn a_site_that_repeats_what_it_is_asked_proves_nothing() {
    let world = World::new().await;
    let echo = format!("<!doctype html><title>Search</title><p>{}</p>", world.token);
    let search = format!("/search?q={}", world.token);
    world.page(&search, HTML, &echo);
    world.page("/.well-known/obole.txt", HTML, &echo);
    assert_eq!(world.look(ClaimMethod::File, &search).await, Finding::Missing);
    assert_eq!(world.look(ClaimMethod::Meta, &search).await, Finding::Missing);
    assert_eq!(world.look(ClaimMethod::RelMe, &search).await, Finding::Missing);
    // Even one that makes elements of it: the page speaks from its head only.
    let html = format!("<title>Search</title><body><meta name=obole:id content={}>", world.token);
    world.page(&search, HTML, &format!("{html}<a rel=me href={}>", world.link()));
    let url = CanonicalUrl::parse(&world.sites.url("site.example", &search)).expect("an address");
    for method in [ClaimMethod::Meta, ClaimMethod::RelMe] {
        let way = Way { method, reach: Reach::Page(url.clone()) };
        assert_eq!(world.look_for(way).await, Finding::Missing, "{method:?}");
    }
}

#[tokio::test]
async fn a_redirect_elsewhere_proves_nothing() {
    let world = World::new().await;
    let token = world.token.to_string();
    let meta = format!("<meta name=obole:id content={token}>");
    world.sites.page("evil.site.example/", HTML, meta.as_bytes());
    world.sites.page("evil.site.example/.well-known/obole.txt", TEXT, token.as_bytes());
    let evil = world.sites.url("evil.site.example", "/");
    world.sites.redirect("site.example/", &evil);
    world
        .sites
        .redirect("site.example/.well-known/obole.txt", &format!("{evil}.well-known/obole.txt"));
    assert_eq!(world.look(ClaimMethod::Meta, "/").await, Finding::Missing);
    assert_eq!(world.look(ClaimMethod::File, "/").await, Finding::Missing);
    // Nor one that leads to what somebody else wrote on the same site.
    world.page("/out?to=/~eve", (302, "Location: /~eve\r\n"), "");
    world.page("/~eve", HTML, &meta);
    let out = CanonicalUrl::parse(&world.sites.url("site.example", "/out?to=/~eve")).expect("one");
    let way = Way { method: ClaimMethod::Meta, reach: Reach::Page(out) };
    assert_eq!(world.look_for(way).await, Finding::Missing);
    world.sites.redirect("site.example/", "/~eve");
    assert_eq!(world.look(ClaimMethod::Meta, "/").await, Finding::Missing);
    // Between a name and its www. it may move.
    world.sites.redirect("site.example/", &world.sites.url("www.site.example", "/"));
    world.sites.page("www.site.example/", HTML, meta.as_bytes());
    assert_eq!(world.look(ClaimMethod::Meta, "/").await, Finding::Found);
}

#[tokio::test]
async fn comments_prove_nothing() {
    let world = World::new().await;
    let (token, link) = (&world.token, world.link());
    let comment = format!(
        "<div class=comment><meta name=obole:id content={token}><a rel=me href={link}>x</a></div>"
    );
    let page = format!("<!doctype html><title>A song</title><body><h1>A song</h1>{comment}");
    for path in ["/", "/@zoe", "/songs/a"] {
        world.page(path, HTML, &page);
        assert_eq!(world.look(ClaimMethod::Meta, path).await, Finding::Missing, "{path}");
        assert_eq!(world.look(ClaimMethod::RelMe, path).await, Finding::Missing, "{path}");
    }
    // On an article even a link that nothing marks as a visitor's.
    world.page("/songs/a", HTML, &format!("<p><a rel=me href={link}>me</a>"));
    assert_eq!(world.look(ClaimMethod::RelMe, "/songs/a").await, Finding::Missing);
    world.page("/@zoe", HTML, &format!("<p><a rel='me nofollow' href={link}>me</a>"));
    assert_eq!(world.look(ClaimMethod::RelMe, "/@zoe/1").await, Finding::Found);
}

#[tokio::test]
async fn a_manifest_and_a_head_are_proofs() {
    let world = World::new().await;
    let channel = format!(r#"{{"funding":{{"channels":[{{"address":"{}"}}]}}}}"#, world.link());
    world.page("/funding.json", (200, "Content-Type: application/json\r\n"), &channel);
    assert_eq!(world.look(ClaimMethod::Funding, "/a").await, Finding::Found);
    world.page("/", HTML, &format!("<meta name=obole:id content={}>", world.token));
    assert_eq!(world.look(ClaimMethod::Meta, "/a").await, Finding::Found);
    world.page("/", HTML, &format!("<meta name=obole:id content={}>", other()));
    assert_eq!(world.look(ClaimMethod::Meta, "/a").await, Finding::Other);
}

#[tokio::test]
async fn a_site_that_is_not_well_says_nothing() {
    let world = World::new().await;
    for status in [403, 429, 500, 503] {
        world.page("/", (status, "Content-Type: text/html\r\n"), "");
        assert_eq!(world.look(ClaimMethod::Meta, "/").await, Finding::Unclear, "{status}");
    }
    for status in [404, 410] {
        world.page("/", (status, "Content-Type: text/html\r\n"), "");
        assert_eq!(world.look(ClaimMethod::Meta, "/").await, Finding::Missing, "{status}");
    }
    let torn = answer(200, "Content-Type: text/html\r\n", b"<title>x");
    world.sites.set("site.example/", Answers::With(torn[..torn.len() - 4].to_vec()));
    assert_eq!(world.look(ClaimMethod::Meta, "/").await, Finding::Unclear);
}
