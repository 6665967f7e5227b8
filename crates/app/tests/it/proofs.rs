//! Claims by proof, from real sites and a real name server, on both engines: what is proven, what
//! money follows, and what is refused (C1 to C5).

use obole_app::audit_log::Actor;
use obole_app::bank_accounts::NewBankAccount;
use obole_app::claims;
use obole_app::clicks::{self, Give, Target};
use obole_app::testing::{self, Instance, account, key};
use obole_app::{App, bank_accounts, budgets, payouts, settle};
use obole_domain::claim::{ClaimMethod, ClaimState, Reach};
use obole_domain::click::Way;
use obole_domain::{AccountId, CanonicalUrl, ClaimId, Note, WorkId};
use obole_gateway::sepa::Iban;
use obole_gateway::testing::{ALLOWED, Knot, Sites};
use obole_store::claims::{ClaimEvent, ClaimRow};
use obole_store::works;

use crate::support::{
    an_unconfirmed_account, assert_books_balance, fill_earnings, fill_wallet, in_earnings,
    in_wallet, mails_to, newest_mail, units,
};

/// A name server, sites, and how an instance reaches them.
pub struct World {
    knot: Knot,
    sites: Sites,
}

impl World {
    pub async fn new() -> Self {
        Self { knot: Knot::start(), sites: Sites::start().await }
    }

    pub async fn engines(&self) -> Vec<Instance> {
        testing::engines_changed(&|config| {
            config.fetch.test_allow = vec![ALLOWED.to_string()];
            config.fetch.ports = vec![self.sites.port];
            config.fetch.resolver = self.knot.address.to_string();
            config.fetch.authorities = self.sites.authority.display().to_string();
            config.fetch.trust_anchor = self.knot.anchor.display().to_string();
            config.fetch.pause_seconds = 0;
        })
        .await
    }

    pub fn url(&self, path: &str) -> CanonicalUrl {
        CanonicalUrl::parse(&self.sites.url("site.example", path)).expect("an address")
    }

    /// Puts the token of a claim where its method wants it.
    pub fn prove(&self, claim: &ClaimRow) {
        let token = claim.token.as_ref().expect("a token");
        match claim.method {
            ClaimMethod::Dns => {
                self.knot.say(&format!("_obole.{}", claim.reach), &[&token.record()])
            }
            ClaimMethod::File => self.file(token.as_str()),
            _ => {
                let page = claim.reach.root();
                let meta = format!("<meta name=obole:id content={token}>");
                self.page(page.path(), &meta);
            }
        }
    }

    fn file(&self, body: &str) {
        let head = (200, "Content-Type: text/plain\r\n");
        self.sites.page("site.example/.well-known/obole.txt", head, body.as_bytes());
    }

    fn page(&self, path: &str, body: &str) {
        let head = (200, "Content-Type: text/html\r\n");
        self.sites.page(&format!("site.example{path}"), head, body.as_bytes());
    }

    /// Takes every proof away.
    pub fn take_away(&self) {
        self.file("");
        for path in ["/", "/song", "/~zoe"] {
            self.page(path, "<title>nothing</title>");
        }
        self.knot.say("_obole.site.example", &[]);
    }
}

pub async fn begin(
    app: &App,
    who: AccountId,
    (url, method, reach): (&CanonicalUrl, ClaimMethod, Option<Reach>),
) -> ClaimId {
    let target = (Target::Url(url.clone()), method, reach);
    claims::begin(app, (Actor::Page(who), who), target).await.expect("begun").claim
}

pub async fn find(app: &App, id: ClaimId) -> ClaimRow {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::claims::find(read, id).await?) })
    });
    found.await.expect("read").expect("a claim")
}

/// Begins a claim, puts its proof in place and looks.
pub async fn proven(
    world: &World,
    (app, who): (&App, AccountId),
    (path, method): (&str, ClaimMethod),
) -> ClaimRow {
    let id = begin(app, who, (&world.url(path), method, None)).await;
    world.prove(&find(app, id).await);
    claims::check(app, Actor::Page(who), id).await.expect("looked")
}

/// Two sights 72 hours apart: money is payable.
pub async fn confirm(instance: &Instance, days: &[&str]) {
    for day in days {
        instance.at(day);
        claims::check_due(&instance.app).await.expect("looked");
    }
}

pub async fn give(app: &App, patron: AccountId, url: &CanonicalUrl) -> WorkId {
    let give = Give {
        target: Target::Url(url.clone()),
        title: String::new(),
        points: 1,
        note: Note::parse("").expect("text"),
        way: Way::Page,
    };
    WorkId::new(clicks::give(app, patron, &key(app), give).await.expect("a click").value.work)
}

pub async fn patron(app: &App, handle: &str) -> AccountId {
    let patron = account(app, handle).await;
    fill_wallet(app, patron, units(20)).await;
    budgets::set(app, patron, units(5)).await.expect("a budget");
    patron
}

pub async fn owner(app: &App, work: WorkId) -> Option<AccountId> {
    let found =
        app.read((), move |read, ()| Box::pin(async move { Ok(works::find(read, work).await?) }));
    found.await.expect("read").expect("a work").owner
}

pub async fn settle(app: &App) {
    settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
}

/// What everybody sees of a claim.
async fn events(app: &App, claim: ClaimId) -> Vec<ClaimEvent> {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::claims::events_of_claim(read, claim).await?) })
    });
    found.await.expect("read").into_iter().map(|event| event.what).collect()
}

#[tokio::test]
async fn promises_are_collected_once_a_claim_is_confirmed() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let (ada, zoe) = (patron(app, "ada").await, account(app, "zoe").await);
        let song = give(app, ada, &world.url("/song")).await;
        instance.at("2026-02-01T00:00:01Z");
        settle(app).await;
        assert_eq!(in_wallet(app, ada).await, units(15).amount, "promised, not gone");
        let waiting = claims::waiting(app, world.url("/song")).await.expect("read");
        let waiting = waiting.expect("somebody waits");
        assert_eq!((waiting.patrons, waiting.amounts), (1, vec![units(5)]));

        // Proven on the last day: what is given until it is confirmed is promised too.
        instance.at("2026-02-27T12:00:00Z");
        let claim = proven(&world, (app, zoe), ("/song", ClaimMethod::File)).await;
        assert_eq!((claim.life.state, claim.pays()), (ClaimState::Proven, false));
        assert_eq!(owner(app, song).await, Some(zoe));
        let other = give(app, ada, &world.url("/other")).await;
        claims::spread(app).await.expect("spread");
        claims::adopt(app).await.expect("adopted");
        assert_eq!(owner(app, other).await, Some(zoe), "a new work within reach");
        instance.at("2026-03-01T00:00:01Z");
        settle(app).await;
        assert_eq!(in_earnings(app, zoe).await, units(0).amount);

        confirm(&instance, &["2026-03-02T18:00:00Z"]).await;
        assert!(find(app, claim.id).await.pays());
        instance.at("2026-04-01T00:00:01Z");
        settle(app).await;
        let told = newest_mail(app, ada).await;
        assert!(told.contains("of it you had promised before"), "{told}");
        // Twice five euros, less the fee of a tenth.
        assert_eq!(in_earnings(app, zoe).await, units(9).amount);
        assert_eq!(in_wallet(app, ada).await, units(10).amount);
        let seen = [ClaimEvent::Proven, ClaimEvent::Confirmed];
        assert_eq!(events(app, claim.id).await, seen);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_claim_that_lost_its_proof_goes_to_who_proves_it_next() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let (ada, zoe) = (patron(app, "ada").await, account(app, "zoe").await);
        let eve = account(app, "eve").await;
        let old = proven(&world, (app, zoe), ("/song", ClaimMethod::Dns)).await;
        confirm(&instance, &["2026-01-18T13:00:00Z"]).await;
        let song = give(app, ada, &world.url("/song")).await;
        instance.at("2026-02-01T00:00:01Z");
        settle(app).await;
        assert_eq!(in_earnings(app, zoe).await, units(5).amount.minus(fee()).expect("less"));

        // The name expires, and somebody else registers it.
        world.take_away();
        let new = proven(&world, (app, eve), ("/song", ClaimMethod::Dns)).await;
        assert_eq!(new.life.state, ClaimState::Contested, "the old claim decides");
        assert_eq!(owner(app, song).await, Some(zoe));
        give(app, ada, &world.url("/song")).await;
        let days: Vec<String> = (2..=11).map(|day| format!("2026-02-{day:02}T12:00:00Z")).collect();
        confirm(&instance, &days.iter().map(String::as_str).collect::<Vec<_>>()).await;
        assert_eq!(find(app, old.id).await.life.state, ClaimState::Stale);
        instance.at("2026-03-01T00:00:01Z");
        settle(app).await;
        let to_zoe = units(5).amount.minus(fee()).expect("less");
        assert_eq!(in_earnings(app, zoe).await, to_zoe, "new money waits");

        let days = ["2026-03-02T12:00:00Z", "2026-03-09T12:00:00Z", "2026-03-13T12:00:00Z"];
        confirm(&instance, &days).await;
        assert_eq!(find(app, old.id).await.life.state, ClaimState::Lost);
        confirm(&instance, &["2026-03-13T12:30:00Z", "2026-03-20T12:00:00Z"]).await;
        claims::spread(app).await.expect("spread");
        assert_eq!(owner(app, song).await, Some(eve));
        let claim = find(app, new.id).await;
        assert_eq!((claim.life.state, claim.pays()), (ClaimState::Proven, true));
        instance.at("2026-04-01T00:00:01Z");
        settle(app).await;
        // C5: what stood as a promise is the new owner's, what was credited stays the old one's.
        assert_eq!(in_earnings(app, eve).await, to_zoe);
        assert_eq!(in_earnings(app, zoe).await, to_zoe);
        assert_eq!(events(app, old.id).await[2..], [ClaimEvent::Stale, ClaimEvent::Lost]);
        assert_books_balance(&instance).await;
    }
}

/// The fee of five euros.
fn fee() -> obole_domain::Micros {
    obole_domain::Micros::new(500_000)
}

#[tokio::test]
async fn a_payout_waits_while_a_proof_is_gone() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let zoe = account(app, "zoe").await;
        let claim = proven(&world, (app, zoe), ("/song", ClaimMethod::Dns)).await;
        confirm(&instance, &["2026-01-18T13:00:00Z"]).await;
        fill_earnings(app, zoe, units(20)).await;
        let iban = Iban::parse("FR7630006000011234567890189").expect("an IBAN");
        let bank = NewBankAccount { holder: "Zoe".to_owned(), iban };
        bank_accounts::set(app, zoe, bank).await.expect("a bank account");
        instance.at("2026-01-25T13:00:00Z");
        world.take_away();
        let ask = async || payouts::request(app, zoe, &key(app), obole_domain::Currency::EUR).await;
        assert_eq!(ask().await.expect_err("gone").code(), "proof_missing");
        assert_eq!(find(app, claim.id).await.life.gone.times, 1, "it counts as a look");
        assert_eq!(in_earnings(app, zoe).await, units(20).amount, "nothing was half done");
        // Put back it is found; so it is when the claim has ended and the money is hers all the
        // same.
        world.prove(&claim);
        ask().await.expect("asked");
        fill_earnings(app, zoe, units(20)).await;
        world.take_away();
        instance.at("2026-01-26T13:00:00Z");
        assert_eq!(ask().await.expect_err("gone again").code(), "proof_missing");
        claims::give_away(app, Actor::Page(zoe), claim.id).await.expect("given away");
        ask().await.expect("asked");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_proof_for_another_account_proves_nothing() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let (zoe, eve) = (account(app, "zoe").await, account(app, "eve").await);
        let zoes = begin(app, zoe, (&world.url("/song"), ClaimMethod::File, None)).await;
        let eves = begin(app, eve, (&world.url("/song"), ClaimMethod::File, None)).await;
        world.prove(&find(app, zoes).await);
        let claim = claims::check(app, Actor::Page(eve), eves).await.expect("looked");
        assert_eq!(claim.life.state, ClaimState::Challenged);
        assert_eq!(claim.finding.map(|finding| finding.code()), Some("other"));
        // Nor can one look for somebody else's claim, or take it away.
        let refused = claims::check(app, Actor::Page(eve), zoes).await.expect_err("not hers");
        assert_eq!(refused, obole_app::Error::NotFound);
        let refused = claims::give_away(app, Actor::Page(eve), zoes).await.expect_err("not hers");
        assert_eq!(refused, obole_app::Error::NotFound);
        let claim = claims::check(app, Actor::Page(zoe), zoes).await.expect("looked");
        assert_eq!(claim.life.state, ClaimState::Proven);
        // Begun again while it waits, a claim is the same; of an address that nobody can prove it
        // is refused, and without a confirmed address too.
        assert_eq!(begin(app, eve, (&world.url("/x"), ClaimMethod::File, None)).await, eves);
        let shared = CanonicalUrl::parse("https://github.com/zoe/song").expect("an address");
        let target = (Target::Url(shared), ClaimMethod::File, None);
        let refused =
            claims::begin(app, (Actor::Page(eve), eve), target).await.expect_err("shared");
        assert_eq!(refused.code(), "proof_impossible");
        let new = an_unconfirmed_account(app, "new").await;
        let target = (Target::Url(world.url("/song")), ClaimMethod::File, None);
        let refused =
            claims::begin(app, (Actor::Page(new), new), target).await.expect_err("unconfirmed");
        assert_eq!(refused.code(), "email_unconfirmed");
    }
}

#[tokio::test]
async fn of_two_claimants_at_once_one_decides() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let mut begun = Vec::new();
        let mut lines = String::new();
        for number in 0..20 {
            let who = account(app, &format!("claimant-{number}")).await;
            let id = begin(app, who, (&world.url("/song"), ClaimMethod::File, None)).await;
            let token = find(app, id).await.token.expect("a token");
            lines = format!("{lines}{token}\n");
            begun.push((who, id));
        }
        world.file(&lines);
        let looks = begun.iter().map(|(who, id)| claims::check(app, Actor::Page(*who), *id));
        let looked = futures_util::future::join_all(looks).await;
        let states: Vec<ClaimState> =
            looked.into_iter().map(|claim| claim.expect("looked").life.state).collect();
        let stands = states.iter().filter(|state| **state == ClaimState::Proven).count();
        let waits = states.iter().filter(|state| **state == ClaimState::Contested).count();
        assert_eq!((stands, waits), (1, 19), "{states:?}");
    }
}

#[tokio::test]
async fn a_page_within_a_proven_name_waits_until_it_is_left() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let (zoe, bea) = (account(app, "zoe").await, account(app, "bea").await);
        let ada = patron(app, "ada").await;
        let song = give(app, ada, &world.url("/song")).await;
        let name = proven(&world, (app, zoe), ("/", ClaimMethod::Dns)).await;
        claims::spread(app).await.expect("spread");
        assert_eq!(owner(app, song).await, Some(zoe), "all that is below the name");

        let reach = Some(Reach::Page(world.url("/song")));
        let page = begin(app, bea, (&world.url("/song"), ClaimMethod::Meta, reach)).await;
        world.prove(&find(app, page).await);
        let claim = claims::check(app, Actor::Page(bea), page).await.expect("looked");
        assert_eq!(claim.life.state, ClaimState::Contested);
        assert_eq!(owner(app, song).await, Some(zoe));
        assert!(mails_to(app, zoe).await.iter().any(|kind| kind == "claim-news"));
        // Looking again does not change it, nor can she leave it to herself.
        let claim = claims::check(app, Actor::Page(bea), page).await.expect("looked");
        assert_eq!(claim.life.state, ClaimState::Contested);
        let refused = claims::leave(app, Actor::Page(bea), (page, page)).await;
        assert_eq!(refused.expect_err("her own").code(), "state_moved");
        let refused = claims::leave(app, Actor::Page(bea), (name.id, page)).await;
        assert_eq!(refused.expect_err("not hers"), obole_app::Error::NotFound);

        claims::leave(app, Actor::Page(zoe), (name.id, page)).await.expect("left");
        assert_eq!(find(app, page).await.life.state, ClaimState::Proven);
        assert_eq!(owner(app, song).await, Some(bea));
        let other = give(app, ada, &world.url("/other")).await;
        claims::adopt(app).await.expect("adopted");
        assert_eq!(owner(app, other).await, Some(zoe), "only that page");
        assert_books_balance(&instance).await;

        // Who proves the name next has left nothing to her: she has seven days.
        claims::give_away(app, Actor::Page(zoe), name.id).await.expect("given away");
        assert_eq!(find(app, page).await.left_by, None);
        let eve = account(app, "eve").await;
        let next = proven(&world, (app, eve), ("/", ClaimMethod::Dns)).await;
        assert_eq!(next.life.state, ClaimState::Proven);
        let noticed = find(app, page).await;
        assert_eq!(noticed.yields.map(|(to, _)| to), Some(next.id));
        assert_eq!(owner(app, song).await, Some(bea), "until then");
        claims::leave(app, Actor::Page(eve), (next.id, page)).await.expect("left");
        assert_eq!(find(app, page).await.yields, None);
        // When she gives it away it is the name's again.
        claims::give_away(app, Actor::Page(bea), page).await.expect("given away");
        assert_eq!(owner(app, song).await, Some(eve));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_weaker_claim_gives_way_after_seven_days() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let (zoe, eve) = (account(app, "zoe").await, account(app, "eve").await);
        let ada = patron(app, "ada").await;
        let song = give(app, ada, &world.url("/song")).await;
        let reach = Some(Reach::Page(world.url("/song")));
        let page = begin(app, eve, (&world.url("/song"), ClaimMethod::Meta, reach)).await;
        world.prove(&find(app, page).await);
        claims::check(app, Actor::Page(eve), page).await.expect("looked");
        confirm(&instance, &["2026-01-19T12:00:00Z"]).await;
        assert!(find(app, page).await.pays());

        proven(&world, (app, zoe), ("/", ClaimMethod::Dns)).await;
        claims::spread(app).await.expect("spread");
        let noticed = find(app, page).await;
        assert!(noticed.yields.is_some() && !noticed.pays(), "it has notice, and new money waits");
        assert_eq!(owner(app, song).await, Some(eve));
        confirm(&instance, &["2026-01-23T12:00:00Z", "2026-01-26T11:00:00Z"]).await;
        assert_eq!(claims::give_way(app).await.expect("looked"), 0, "not yet");
        instance.at("2026-01-26T13:00:00Z");
        assert_eq!(claims::give_way(app).await.expect("looked"), 1);
        assert_eq!(claims::give_way(app).await.expect("looked"), 0, "once");
        claims::spread(app).await.expect("spread");
        assert_eq!(owner(app, song).await, Some(zoe));
        instance.at("2026-02-01T00:00:01Z");
        settle(app).await;
        assert_eq!(in_earnings(app, eve).await, units(0).amount);
        assert!(in_earnings(app, zoe).await > units(0).amount);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_shared_hosts_owner_gets_nothing_of_its_parties() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let (host, ada) = (account(app, "host").await, patron(app, "ada").await);
        let home = give(app, ada, &world.url("/~zoe/song")).await;
        let profile = give(app, ada, &world.url("/@zoe/1")).await;
        let own = give(app, ada, &world.url("/about")).await;
        proven(&world, (app, host), ("/", ClaimMethod::Dns)).await;
        claims::spread(app).await.expect("spread");
        claims::adopt(app).await.expect("adopted");
        assert_eq!(owner(app, own).await, Some(host));
        assert_eq!((owner(app, home).await, owner(app, profile).await), (None, None));
        // Whose home it is proves it, against nobody.
        let zoe = account(app, "zoe").await;
        let id = begin(app, zoe, (&world.url("/~zoe/song"), ClaimMethod::Meta, None)).await;
        world.prove(&find(app, id).await);
        let claim = claims::check(app, Actor::Page(zoe), id).await.expect("looked");
        assert_eq!(claim.life.state, ClaimState::Proven);
        assert_eq!(owner(app, home).await, Some(zoe));
    }
}

#[tokio::test]
async fn a_stronger_proof_of_ones_own_takes_the_place_of_a_weaker_one() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let zoe = account(app, "zoe").await;
        let ada = patron(app, "ada").await;
        let song = give(app, ada, &world.url("/song")).await;
        let meta = proven(&world, (app, zoe), ("/song", ClaimMethod::Meta)).await;
        confirm(&instance, &["2026-01-19T12:00:00Z"]).await;
        let file = proven(&world, (app, zoe), ("/song", ClaimMethod::File)).await;
        assert_eq!(find(app, meta.id).await.life.state, ClaimState::Lost);
        assert!(find(app, file.id).await.pays(), "money that was payable stays so");
        claims::spread(app).await.expect("spread");
        assert_eq!(owner(app, song).await, Some(zoe));
        // A weaker one besides is not needed.
        let again = begin(app, zoe, (&world.url("/song"), ClaimMethod::Meta, None)).await;
        world.prove(&find(app, again).await);
        let claim = claims::check(app, Actor::Page(zoe), again).await.expect("looked");
        assert_eq!(claim.life.state, ClaimState::Lost);
        assert_eq!(owner(app, song).await, Some(zoe));
    }
}
