//! What may not be reached is not contacted, however it is written, named or led to (F2 to F5).

use obole_gateway::fetch::Range;
use obole_gateway::testing::addresses;

use super::*;

/// The allowed address itself, written as an address; `PORT` is the sites' port. Were one of these
/// taken for a name or an address, the site would be contacted.
const LITERALS: &[&str] = &[
    "https://127.0.0.2:PORT/",
    "https://127.0.0.2.:PORT/",
    "https://2130706434:PORT/",
    "https://0x7f000002:PORT/",
    "https://0X7F000002:PORT/",
    "https://017700000002:PORT/",
    "https://127.2:PORT/",
    "https://127.0.2:PORT/",
    "https://0x7f.2:PORT/",
    "https://0x7f.0.0.2:PORT/",
    "https://0177.0.0.2:PORT/",
    "https://0177.0.0.02:PORT/",
    "https://0177.0x0.0.2:PORT/",
    "https://127.0x000002:PORT/",
    "https://１２７.０.０.２:PORT/",
    "https://127。0。0。2:PORT/",
    "https://127．0．0．2:PORT/",
    "https://127｡0｡0｡2:PORT/",
    "https://①②⑦.⓪.⓪.②:PORT/",
    "https://０ｘ７ｆ．２:PORT/",
    "https://%31%32%37.0.0.2:PORT/",
    "https://127%2e0%2e0%2e2:PORT/",
    "https://127.0.0\u{AD}.2:PORT/",
    "https://[::ffff:127.0.0.2]:PORT/",
    "https://[::ffff:7f00:2]:PORT/",
    "https://[0:0:0:0:0:ffff:7f00:0002]:PORT/",
    "https://[::127.0.0.2]:PORT/",
    "https://[::1]:PORT/",
    "https://[0:0:0:0:0:0:0:1]:PORT/",
    "https://[::]:PORT/",
    "https://[fe80::1%25lo]:PORT/",
    "https://[64:ff9b::7f00:2]:PORT/",
    "https://[2002:7f00:2::]:PORT/",
    "https://[fd00::1]:PORT/",
    "https://[2620:fe::fe]:PORT/",
    "https://0:PORT/",
    "https://0.0.0.0:PORT/",
    "https://10.0.0.1:PORT/",
    "https://169.254.169.254:PORT/latest/meta-data/",
    "https://192.168.1.1:PORT/",
    "https://8.8.8.8:PORT/",
    "https://256.256.256.256:PORT/",
    "https://127.0.0.0x:PORT/",
    "https://1.2.3.4.5:PORT/",
    "https://site.example.2:PORT/",
    "https://site.0x7f:PORT/",
];

/// Names that are not the public network's, or our own: every one would lead to the site.
const NAMES: &[&str] = &[
    "https://localhost:PORT/",
    "https://LOCALHOST:PORT/",
    "https://localhost.:PORT/",
    "https://ｌｏｃａｌｈｏｓｔ:PORT/",
    "https://a.localhost:PORT/",
    "https://localhost.localdomain:PORT/",
    "https://printer.local:PORT/",
    "https://printer.LOCAL.:PORT/",
    "https://metadata.google.internal:PORT/",
    "https://abcdefghijklmnop.onion:PORT/",
    "https://router.home.arpa:PORT/",
    "https://2.0.0.127.in-addr.arpa:PORT/",
    "https://nas.home:PORT/",
    "https://nas.lan:PORT/",
    "https://wiki.corp:PORT/",
    "https://wiki.intranet:PORT/",
    "https://wiki.private:PORT/",
    "https://app.test:PORT/",
    "https://app.invalid:PORT/",
    "https://x.alt:PORT/",
    "https://vault.service.consul:PORT/",
    "https://site:PORT/",
    "https://site.:PORT/",
    "https://example:PORT/",
    "https://obole.example:PORT/",
    "https://OBOLE.Example.:PORT/",
    "https://ｏbole.example:PORT/",
    "https://obo\u{AD}le.example:PORT/",
    "https://obole%2Eexample:PORT/",
    "https://a..site.example:PORT/",
    "https://.site.example:PORT/",
    "https://site.example..:PORT/",
    "https://-a.site.example:PORT/",
    "https://a-.site.example:PORT/",
    "https://a*b.site.example:PORT/",
    "https://*.site.example:PORT/",
];

/// Another scheme, port or spelling than is fetched.
const SPELLINGS: &[&str] = &[
    "http://site.example:PORT/",
    "HTTP://site.example:PORT/",
    "ftp://site.example:PORT/",
    "ws://site.example:PORT/",
    "wss://site.example:PORT/",
    "gopher://site.example:PORT/",
    "file://site.example/etc/passwd",
    "file:///etc/passwd",
    "data:text/html,hello",
    "javascript:alert(1)",
    "blob:https://site.example:PORT/x",
    "//site.example:PORT/",
    "site.example:PORT/",
    "",
    "https://",
    "https://:PORT/",
    "https:///",
    "https://site.example/",
    "https://site.example:80/",
    "https://site.example:22/",
    "https://site.example:25/",
    "https://site.example:0/",
    "https://site.example:65536/",
    "https://user@site.example:PORT/",
    "https://user:secret@site.example:PORT/",
    "https://:secret@site.example:PORT/",
    "https://public.example@127.0.0.2:PORT/",
    "https://127.0.0.2:PORT\\@site.example/",
    "https://127.0.0.2:PORT#@site.example/",
    " https://site.example:PORT/",
    "https://site.example:PORT/ ",
    "https://site.example:PORT/a b",
    "https://site.example:PORT/a\tb",
    "https://site.example:PORT/a\nb",
    "https://site.example:PORT/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "https://site.exa\u{0}mple:PORT/",
    "https://site.example:PORT/\u{7F}",
];

/// Addresses that no name may have.
const ADDRESSES: &[&str] = &[
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.0.0.3",
    "127.255.255.255",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
];

#[tokio::test]
async fn what_is_no_public_name_is_not_even_asked_for() {
    let world = World::new().await;
    assert!(LITERALS.len() + NAMES.len() + SPELLINGS.len() + ADDRESSES.len() >= 160);
    let long_label = format!("https://{}.site.example:PORT/", "a".repeat(64));
    let long_name = format!("https://{}site.example:PORT/", "abc.".repeat(62));
    let long = format!("https://site.example:PORT/{}", "a".repeat(2_048));
    let rows = LITERALS.iter().chain(NAMES).chain(SPELLINGS).map(|row| (*row).to_owned());
    for row in rows.chain([long_label, long_name, long]) {
        let url = row.replace("PORT", &world.sites.port.to_string());
        assert_eq!(world.get(&url).await, Err(FetchError::Refused), "{url}");
    }
    assert_eq!((world.dns.asked(), world.sites.contacts(), world.sites.trapped()), (0, 0, 0));
    // Beside all this, the site itself is reached by its name.
    world.page("site.example", "/").await.expect("fetched");
    assert_eq!((world.sites.contacts(), world.sites.trapped()), (1, 0));
}

#[tokio::test]
async fn one_forbidden_address_forbids_the_whole_name() {
    let world = World::new().await;
    for forbidden in ADDRESSES {
        for row in [vec![*forbidden], vec!["127.0.0.2", forbidden], vec![forbidden, "127.0.0.2"]] {
            world.dns.say("x.site.example", addresses(&row));
            let fetched = world.page("x.site.example", "/").await;
            assert_eq!(fetched, Err(FetchError::Unreachable), "{row:?}");
        }
        let alias = vec![ALLOWED, forbidden.parse().expect("an address")];
        world.dns.say("x.site.example", Says::Alias("y.site.example".to_owned(), alias));
        let fetched = world.page("x.site.example", "/").await;
        assert_eq!(fetched, Err(FetchError::Unreachable), "an alias of {forbidden}");
    }
    assert!(world.dns.asked() > 0);
    assert_eq!((world.sites.contacts(), world.sites.trapped()), (0, 0));
    world.dns.say("x.site.example", Says::Alias("y.site.example".to_owned(), vec![ALLOWED]));
    world.page("x.site.example", "/").await.expect("an alias is followed");
    world.dns.say("x.site.example", addresses(&["::ffff:127.0.0.2"]));
    let _ = world.page("x.site.example", "/").await;
    assert_eq!(world.sites.trapped(), 0);
}

#[tokio::test]
async fn a_name_without_a_usable_answer_is_not_reached() {
    let world = World::new().await;
    let many = vec![ALLOWED; 17];
    for says in [Says::Nothing, Says::Failure, addresses(&[]), Says::Addresses(many)] {
        world.dns.say("x.site.example", says.clone());
        let fetched = world.page("x.site.example", "/").await;
        assert_eq!(fetched, Err(FetchError::Unreachable), "{says:?}");
    }
    assert_eq!((world.sites.contacts(), world.sites.trapped()), (0, 0));
    world.dns.say("x.site.example", Says::Addresses(vec![ALLOWED; 16]));
    world.page("x.site.example", "/").await.expect("sixteen are few enough");
}

#[tokio::test]
async fn a_name_that_changes_its_address_leads_nowhere_else() {
    let world = World::new().await;
    let turns = || vec![addresses(&["127.0.0.2"]), addresses(&["127.0.0.1"])];
    world.dns.say_in_turn("x.site.example", turns());
    world.page("x.site.example", "/").await.expect("at the address that was checked");
    assert_eq!(world.page("x.site.example", "/").await, Err(FetchError::Unreachable));
    assert_eq!((world.sites.contacts(), world.sites.trapped()), (1, 0));

    // Between a redirect and what it leads to.
    world.dns.say_in_turn("x.site.example", turns());
    world.sites.redirect("x.site.example/", "/next");
    assert_eq!(world.page("x.site.example", "/").await, Err(FetchError::Unreachable));
    assert_eq!((world.sites.contacts(), world.sites.trapped()), (2, 0));

    // Between the site's wishes and its page.
    world.dns.say_in_turn("x.site.example", turns());
    let wanted = Wanted { obeys_robots: true, ..WANTED };
    let url = world.sites.url("x.site.example", "/page");
    assert_eq!(world.fetcher.get(&url, &wanted).await, Err(FetchError::Unreachable));
    assert_eq!((world.sites.contacts(), world.sites.trapped()), (3, 0));
}

#[tokio::test]
async fn a_redirect_leads_to_no_forbidden_place() {
    let world = World::new().await;
    let port = world.sites.port.to_string();
    let locations = LITERALS.iter().chain(NAMES).chain(SPELLINGS);
    let mut asked = 0;
    for location in locations {
        let location = location.replace("PORT", &port);
        // What a header cannot carry, and what is at the same site when it is led to.
        let is_here = location.is_empty() || location.starts_with("//site.example");
        if is_here || location.chars().any(|c| c.is_control() || c == ' ') {
            continue;
        }
        asked += 1;
        world.sites.redirect("site.example/", &location);
        let fetched = world.page("site.example", "/").await;
        assert_eq!(fetched, Err(FetchError::Refused), "{location}");
        assert_eq!((world.sites.contacts(), world.sites.trapped()), (asked, 0), "{location}");
    }
    assert!(asked >= 100, "{asked}");
    for forbidden in ADDRESSES {
        asked += 1;
        world.dns.say("x.site.example", addresses(&["127.0.0.2", forbidden]));
        world.sites.redirect("site.example/", &world.sites.url("x.site.example", "/"));
        let fetched = world.page("site.example", "/").await;
        assert_eq!(fetched, Err(FetchError::Unreachable), "{forbidden}");
        assert_eq!((world.sites.contacts(), world.sites.trapped()), (asked, 0), "{forbidden}");
    }
}

#[tokio::test]
async fn our_own_addresses_and_those_that_the_operator_names_are_forbidden() {
    let forbid = |config: &mut FetchConfig| {
        config.addresses.forbidden = vec![Range::parse("9.9.9.0/24").expect("a range")];
    };
    let world = World::with(forbid).await;
    world.dns.say("obole.example", addresses(&["8.8.8.8", "2620:fe::fe"]));
    for own in ["8.8.8.8", "2620:fe::fe", "9.9.9.9", "::ffff:9.9.9.9"] {
        world.dns.say("x.site.example", addresses(&["127.0.0.2", own]));
        let fetched = world.page("x.site.example", "/").await;
        assert_eq!(fetched, Err(FetchError::Unreachable), "{own}");
    }
    assert_eq!((world.sites.contacts(), world.sites.trapped()), (0, 0));
    // Another public address beside it is no hindrance: the first one answers.
    world.dns.say("x.site.example", addresses(&["127.0.0.2", "8.8.4.4"]));
    world.page("x.site.example", "/").await.expect("fetched");
    assert_eq!(world.sites.contacts(), 1);
}
