//! Disputes, on both engines: the money waits and the work does not, both sides speak, a proof or a
//! person decides (C6).

use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant, disputes};
use obole_app::clicks::Target;
use obole_app::testing::{account, engines, own};
use obole_app::{App, Error};
use obole_domain::claim::{ClaimMethod, ClaimState, DisputeId, DisputeState, Reach};
use obole_domain::{AccountId, CanonicalUrl, ClaimId, Handle};
use obole_store::claims::disputes::{self as stored, DisputeRow};
use obole_store::db::sql;

use crate::proofs::{World, begin, find, give, owner, patron, proven, settle};
use crate::support::{
    an_admin, assert_books_balance, code, in_earnings, in_wallet, mails_to, units,
};

const SONG: &str = "https://songs.example/song";

fn song() -> CanonicalUrl {
    CanonicalUrl::parse(SONG).expect("an address")
}

async fn file_for(app: &App, admin: Actor, who: &str) -> Result<DisputeId, Error> {
    let about = (Handle::parse(who).expect("a handle"), song());
    disputes::file_for(app, admin, about, "It carries her name").await
}

async fn about(app: &App, claim: ClaimId) -> Vec<DisputeRow> {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(stored::about(read, claim, 10).await?) })
    });
    found.await.expect("read")
}

#[tokio::test]
async fn what_is_given_waits_and_is_whose_it_is_in_the_end() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (zoe, bea) = (account(app, "zoe").await, account(app, "bea").await);
        let ada = patron(app, "ada").await;
        let work = own(app, zoe, SONG).await;
        give(app, ada, &song()).await;
        instance.at("2026-02-01T00:00:01Z");
        settle(app).await;
        let before = in_earnings(app, zoe).await;
        assert!(before.is_positive());

        let one = file_for(app, admin, "bea").await.expect("filed");
        assert_eq!(code(file_for(app, admin, "bea").await), "dispute_open");
        assert_eq!(code(file_for(app, admin, "zoe").await), "nothing_to_dispute");
        assert!(matches!(file_for(app, Actor::Page(bea), "bea").await, Err(Error::Forbidden)));
        assert_eq!(owner(app, work).await, Some(zoe), "the work stays");
        give(app, ada, &song()).await;
        instance.at("2026-03-01T00:00:01Z");
        settle(app).await;
        assert_eq!(in_earnings(app, zoe).await, before, "new money waits, what was credited stays");
        assert_books_balance(&instance).await;

        // Both sides speak before anybody decides.
        let judged = disputes::judge(app, admin, one, (false, "He wrote it")).await;
        judged.expect("fourteen days have passed");
        assert_eq!(code(disputes::judge(app, admin, one, (true, "No")).await), "state_moved");
        settle_at(&instance, "2026-04-01T00:00:01Z").await;
        assert_eq!(in_earnings(app, zoe).await.get(), 2 * before.get(), "what waited is his");

        let two = file_for(app, admin, "bea").await.expect("filed");
        let early = disputes::judge(app, admin, two, (true, "Hers")).await;
        assert_eq!(code(early), "dispute_too_early");
        let stranger = disputes::answer(app, Actor::Page(ada), two, "Me!").await;
        assert!(matches!(stranger, Err(Error::NotFound)));
        disputes::answer(app, Actor::Page(zoe), two, "I did").await.expect("answered");
        let again = disputes::answer(app, Actor::Page(zoe), two, "I really did").await;
        assert_eq!(code(again), "state_moved");
        give(app, ada, &song()).await;
        settle_at(&instance, "2026-05-01T00:00:01Z").await;
        disputes::judge(app, admin, two, (true, "Her name is in it")).await.expect("upheld");
        assert_eq!(owner(app, work).await, None);
        let handle = Handle::parse("bea").expect("a handle");
        let reason = "Decided".to_owned();
        let grant = Grant { target: Target::Work(work), handle, reason };
        claims::grant(app, admin, grant).await.expect("granted");
        settle_at(&instance, "2026-06-01T00:00:01Z").await;
        assert_eq!(in_earnings(app, bea).await, before, "what waited is hers");
        assert_eq!(in_earnings(app, zoe).await.get(), 2 * before.get());
        assert_eq!(in_wallet(app, ada).await, units(5).amount);
        for side in [zoe, bea] {
            let mails = mails_to(app, side).await;
            assert!(mails.iter().filter(|kind| *kind == "dispute-news").count() >= 4, "{mails:?}");
        }
        assert_books_balance(&instance).await;
    }
}

async fn settle_at(instance: &obole_app::testing::Instance, at: &str) {
    instance.at(at);
    settle(&instance.app).await;
    assert_books_balance(instance).await;
}

#[tokio::test]
async fn a_part_that_was_proven_is_left_to_who_proved_it() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (zoe, bea) = (account(app, "zoe").await, account(app, "bea").await);
        let ada = patron(app, "ada").await;
        give(app, ada, &world.url("/song")).await;
        let name = proven(&world, (app, zoe), ("/", ClaimMethod::Dns)).await;
        claims::spread(app).await.expect("spread");
        let reach = Some(Reach::Page(world.url("/song")));
        let page = begin(app, bea, (&world.url("/song"), ClaimMethod::Meta, reach)).await;
        let early = disputes::file(app, Actor::Page(bea), page, "Mine").await;
        assert_eq!(code(early), "state_moved", "nothing is proven yet");
        world.prove(&find(app, page).await);
        claims::check(app, Actor::Page(bea), page).await.expect("looked");
        let foreign = disputes::file(app, Actor::Page(zoe), page, "Mine").await;
        assert!(matches!(foreign, Err(Error::NotFound)));
        assert_eq!(code(disputes::file(app, Actor::Page(bea), page, " ").await), "missing");
        let tries = (0..50).map(|_| disputes::file(app, Actor::Page(bea), page, "I wrote it"));
        let tries = futures_util::future::join_all(tries).await;
        assert_eq!(tries.iter().filter(|one| one.is_ok()).count(), 1, "{tries:?}");
        let one = *tries.iter().flatten().next().expect("one");
        disputes::withdraw(app, Actor::Page(bea), one).await.expect("taken back");
        assert_eq!(code(disputes::withdraw(app, Actor::Page(bea), one).await), "state_moved");
        // Nobody stops another one's money again and again.
        let again = disputes::file(app, Actor::Page(bea), page, "I wrote it").await;
        assert_eq!(code(again), "dispute_open");

        let reach = Some(Reach::Page(world.url("/other")));
        let page = begin(app, bea, (&world.url("/other"), ClaimMethod::Meta, reach)).await;
        let work = give(app, ada, &world.url("/other")).await;
        claims::adopt(app).await.expect("adopted");
        world.prove(&find(app, page).await);
        claims::check(app, Actor::Page(bea), page).await.expect("looked");
        let two = disputes::file(app, Actor::Page(bea), page, "I wrote it").await.expect("filed");
        disputes::answer(app, Actor::Page(zoe), two, "On my site").await.expect("answered");
        disputes::judge(app, admin, two, (true, "She signed it")).await.expect("upheld");
        assert_eq!(find(app, page).await.life.state, ClaimState::Proven);
        assert_eq!(find(app, name.id).await.life.state, ClaimState::Proven, "the rest stays");
        assert_eq!(owner(app, work).await, Some(bea));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_stronger_proof_of_the_holders_own_ends_no_dispute() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let zoe = account(app, "zoe").await;
        account(app, "bea").await;
        let meta = proven(&world, (app, zoe), ("/", ClaimMethod::Meta)).await;
        let about = (Handle::parse("bea").expect("a handle"), world.url("/song"));
        let one = disputes::file_for(app, admin, about, "Hers").await.expect("filed");
        let file = proven(&world, (app, zoe), ("/", ClaimMethod::File)).await;
        assert_eq!(find(app, meta.id).await.life.state, ClaimState::Lost, "it was replaced");
        let moved = self::about(app, file.id).await;
        assert_eq!((moved[0].id, moved[0].state), (one, DisputeState::Open));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_proof_ends_a_dispute() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let (zoe, bea) = (account(app, "zoe").await, account(app, "bea").await);
        let name = proven(&world, (app, zoe), ("/", ClaimMethod::Dns)).await;
        let contested = async |who, path: &str| {
            let reach = Some(Reach::Page(world.url(path)));
            let page = begin(app, who, (&world.url(path), ClaimMethod::Meta, reach)).await;
            world.prove(&find(app, page).await);
            claims::check(app, Actor::Page(who), page).await.expect("looked");
            page
        };
        let song = contested(bea, "/song").await;
        let home = contested(bea, "/home").await;
        for page in [song, home] {
            disputes::file(app, Actor::Page(bea), page, "Mine").await.expect("filed");
        }
        // Her own claim ends, or his does.
        claims::give_away(app, Actor::Page(bea), home).await.expect("given away");
        assert_eq!(about(app, home).await[0].state, DisputeState::Rejected);
        claims::give_away(app, Actor::Page(zoe), name.id).await.expect("given away");
        let ended = about(app, song).await;
        assert_eq!((ended[0].state, ended[0].reason.as_str()), (DisputeState::Upheld, ""));
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn where_somebody_else_proves_it_the_dispute_is_moot() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let (eve, bea) = (account(app, "eve").await, account(app, "bea").await);
        let zoe = account(app, "zoe").await;
        let site = proven(&world, (app, eve), ("/", ClaimMethod::File)).await;
        let reach = Some(Reach::Page(world.url("/song")));
        let page = begin(app, bea, (&world.url("/song"), ClaimMethod::Meta, reach)).await;
        world.prove(&find(app, page).await);
        claims::check(app, Actor::Page(bea), page).await.expect("looked");
        disputes::file(app, Actor::Page(bea), page, "Mine").await.expect("filed");
        proven(&world, (app, zoe), ("/", ClaimMethod::Dns)).await;
        assert_eq!(about(app, page).await[0].state, DisputeState::Open, "Eve has seven days");
        instance.at("2026-01-22T13:00:00Z");
        assert!(claims::give_way(app).await.expect("looked") >= 1);
        assert_eq!(find(app, site.id).await.life.state, ClaimState::Lost);
        assert_eq!(about(app, page).await[0].state, DisputeState::Moot);
        for side in [eve, bea] {
            let mail = newest_of(app, side, "dispute-news").await;
            assert!(mail.contains("the claim ended otherwise"), "{mail}");
            assert!(!mail.contains("yours from") && !mail.contains("A proof decided"), "{mail}");
        }
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn of_several_who_dispute_the_same_one_comes_next() {
    let world = World::new().await;
    for instance in world.engines().await {
        world.take_away();
        let app = &instance.app;
        let (eve, bea) = (account(app, "eve").await, account(app, "bea").await);
        let cyd = account(app, "cyd").await;
        let site = proven(&world, (app, eve), ("/", ClaimMethod::File)).await;
        let mut pages = Vec::new();
        for (who, at) in [(bea, "2026-01-15T12:00:01Z"), (cyd, "2026-01-15T12:00:02Z")] {
            instance.at(at);
            let reach = Some(Reach::Page(world.url("/song")));
            let page = begin(app, who, (&world.url("/song"), ClaimMethod::Meta, reach)).await;
            world.prove(&find(app, page).await);
            claims::check(app, Actor::Page(who), page).await.expect("looked");
            disputes::file(app, Actor::Page(who), page, "Mine").await.expect("filed");
            pages.push(page);
        }
        claims::give_away(app, Actor::Page(eve), site.id).await.expect("given away");
        let states: Vec<_> = [about(app, pages[0]).await, about(app, pages[1]).await]
            .iter()
            .map(|of| of[0].state)
            .collect();
        assert_eq!(states, [DisputeState::Upheld, DisputeState::Moot]);
        assert_books_balance(&instance).await;
    }
}

/// The text of the newest mail of a kind to an account.
async fn newest_of(app: &App, account: AccountId, kind: &'static str) -> String {
    let found = app.read((), move |read, ()| {
        Box::pin(async move {
            let select = sql("
                select body_text from outbox where account = $1 and kind = $2
                order by created_at desc, id desc
                limit 1");
            Ok(select.bind(account).bind(kind).fetch_one(read, |row| row.get::<String>(0)).await?)
        })
    });
    found.await.expect("a mail")
}
