//! Support that is shown where both sides agree, on both engines (P1).

use obole_app::accounts;
use obole_app::audit_log::Actor;
use obole_app::clicks::{self, Give, Target};
use obole_app::testing::{account, engines, fund, key, own};
use obole_app::{App, Error, budgets, public_gifts, settle};
use obole_domain::click::Way;
use obole_domain::{AccountId, CanonicalUrl, WorkId};
use obole_store::accounts::Profile;
use obole_store::audit_log;

use crate::support::units;

const SONG: &str = "https://songs.example/1";

async fn set_public(app: &App, whose: AccountId, is_public: bool) {
    let (name, language) = (String::new(), String::new());
    let profile = Profile { name, language, is_public, gives_unspent: false, keeps_details: false };
    accounts::set_profile(app, whose, profile).await.expect("set");
}

async fn give(app: &App, patron: AccountId) {
    fund(app, patron, units(20)).await;
    budgets::set(app, patron, units(4)).await.expect("a budget");
    let target = Target::Url(CanonicalUrl::parse(SONG).expect("an address"));
    let give = Give { target, title: String::new(), points: 1, note: None, way: Way::Page };
    clicks::give(app, patron, &key(app), give).await.expect("given");
}

async fn shown(app: &App, work: WorkId) -> Vec<String> {
    let found = public_gifts::of(app, work, None).await.expect("read");
    found.handles.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn support_is_shown_where_both_agree_and_until_one_does_not() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, zoe, eve) =
            (account(app, "ada").await, account(app, "zoe").await, account(app, "eve").await);
        let bob = account(app, "bob").await;
        let work = own(app, ada, SONG).await;
        for patron in [zoe, eve] {
            give(app, patron).await;
        }
        let owner = Actor::Page(ada);
        let code = |refused: Result<(), Error>| refused.expect_err("refused").code().to_owned();
        assert_eq!(code(public_gifts::show(app, zoe, work, true).await), "giving_private");
        set_public(app, zoe, true).await;
        // The creator says it first.
        assert_eq!(code(public_gifts::show(app, zoe, work, true).await), "giving_private");
        let foreign = public_gifts::set_shows(app, Actor::Page(zoe), work, true).await;
        assert!(matches!(foreign, Err(Error::NotFound)), "{foreign:?}");
        public_gifts::set_shows(app, owner, work, true).await.expect("set");
        assert_eq!(public_gifts::of(app, work, Some(zoe)).await.expect("read").own, Some(false));
        assert_eq!(public_gifts::of(app, work, Some(eve)).await.expect("read").own, None);
        public_gifts::show(app, zoe, work, true).await.expect("shown");
        // Who says so without giving is not a patron, and a month has to be settled.
        set_public(app, bob, true).await;
        public_gifts::show(app, bob, work, true).await.expect("said");
        assert!(shown(app, work).await.is_empty());
        instance.at("2026-02-01T00:00:01Z");
        settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
        assert_eq!(shown(app, work).await, ["zoe"]);

        // Each side takes it back.
        set_public(app, zoe, false).await;
        assert!(shown(app, work).await.is_empty());
        set_public(app, zoe, true).await;
        public_gifts::set_shows(app, owner, work, false).await.expect("set");
        assert!(shown(app, work).await.is_empty());
        public_gifts::set_shows(app, owner, work, true).await.expect("set");
        assert_eq!(shown(app, work).await, ["zoe"]);
        public_gifts::show(app, zoe, work, false).await.expect("taken back");
        assert!(shown(app, work).await.is_empty());
        // The log, which outlives the account, does not say of which work (decision 5).
        let log = app.read((), |read, ()| {
            Box::pin(async move { Ok(audit_log::after(read, 0, 1_000).await?) })
        });
        let log = log.await.expect("the log");
        let own = log.iter().filter(|one| one.record.action == "giving.show");
        let own: Vec<_> = own.map(|one| format!("{:?}", one.record)).collect();
        assert!(own.len() == 3 && own.iter().all(|line| !line.contains(&work.to_string())));
    }
}
