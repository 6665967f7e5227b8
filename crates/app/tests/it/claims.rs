//! Claims that the operator vouches for.

use obole_app::audit_log::Actor;
use obole_app::claims::{self, Grant};
use obole_app::clicks::{self, Give, Target};
use obole_app::testing::{account, engines, key};
use obole_app::{App, Error, budgets, currencies, settle, statements};
use obole_domain::claim::Reach;
use obole_domain::click::Way;
use obole_domain::{AccountId, CanonicalUrl, ClaimId, Currency, Handle, Note, Period, WorkId};
use obole_store::db::sql;
use obole_store::{audit_log, works};

use crate::support::{an_admin, assert_books_balance, fill_wallet, in_wallet, newest_mail, units};

fn a_grant(handle: &str) -> Grant {
    let url = CanonicalUrl::parse("https://music.example/song").expect("an address");
    let handle = Handle::parse(handle).expect("a handle");
    Grant { target: Target::Url(url), handle, reason: "Met in person".to_owned() }
}

async fn owner(app: &App, work: obole_domain::WorkId) -> Option<String> {
    let found =
        app.read((), move |read, ()| Box::pin(async move { Ok(works::find(read, work).await?) }));
    found.await.expect("read").expect("a work").owner_handle.map(|handle| handle.to_string())
}

#[tokio::test]
async fn a_work_has_one_owner_at_a_time() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        for handle in ["zoe", "yann"] {
            account(app, handle).await;
        }
        let granted = claims::grant(app, admin, a_grant("zoe")).await.expect("granted");
        assert_eq!(owner(app, granted.work).await.as_deref(), Some("zoe"));
        let refused = claims::grant(app, admin, a_grant("yann")).await.expect_err("owned");
        assert_eq!(refused.code(), "claim_stands");
        claims::revoke(app, admin, granted.work, "Asked for it").await.expect("revoked");
        assert_eq!(owner(app, granted.work).await, None);
        let refused = claims::revoke(app, admin, granted.work, "Again").await;
        assert_eq!(refused.expect_err("nobody's").code(), "state_moved");
        claims::grant(app, admin, a_grant("yann")).await.expect("granted");
        assert_eq!(owner(app, granted.work).await.as_deref(), Some("yann"));

        let log = app
            .read((), |read, ()| Box::pin(async move { Ok(audit_log::after(read, 3, 10).await?) }));
        let log = log.await.expect("the log");
        let actions: Vec<&str> = log.iter().map(|chained| chained.record.action.as_str()).collect();
        assert_eq!(actions, ["claim.grant", "claim.revoke", "claim.grant"]);
    }
}

#[tokio::test]
async fn a_claim_needs_an_account_and_a_reason() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let refused = claims::grant(app, admin, a_grant("nobody")).await.expect_err("unknown");
        assert_eq!(refused.code(), "account_unknown");
        account(app, "zoe").await;
        let silent = Grant { reason: " ".to_owned(), ..a_grant("zoe") };
        let refused = claims::grant(app, admin, silent).await.expect_err("no reason");
        assert_eq!(refused.code(), "missing");
    }
}

#[tokio::test]
async fn a_currency_that_is_not_taken_is_refused_until_it_is_taken_again() {
    for instance in engines().await {
        let app = &instance.app;
        let creator = account(app, "creator").await;
        for (taken, refused) in [(vec![], 1), (vec![Currency::EUR], 0)] {
            currencies::set_taken(app, creator, &taken).await.expect("set");
            let stored = app.read((), move |read, ()| {
                Box::pin(async move { Ok(works::currencies_refused(read, creator).await?) })
            });
            assert_eq!(stored.await.expect("read").len(), refused);
        }
    }
}

async fn give(app: &App, patron: AccountId, address: &str, points: i64) -> WorkId {
    let url = CanonicalUrl::parse(address).expect("an address");
    let give = Give {
        target: Target::Url(url),
        title: String::new(),
        points,
        note: Note::parse("Mine").expect("text"),
        way: Way::Page,
    };
    WorkId::new(clicks::give(app, patron, &key(app), give).await.expect("a click").value.work)
}

/// The works that a patron has clicked on in a period.
async fn clicked(app: &App, patron: AccountId, period: &str) -> Vec<WorkId> {
    let period = Period::parse(period).expect("a period");
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(obole_store::clicks::of_patron(read, period, patron).await?) })
    });
    found.await.expect("clicks").into_iter().map(|click| click.work).collect()
}

const SONG: &str = "https://music.example/song";

/// Also in a month that is over and not settled yet: nothing of it surprises at its settlement.
#[tokio::test]
async fn the_new_owners_own_clicks_are_taken_back() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        for patron in [zoe, ada] {
            fill_wallet(app, patron, units(9)).await;
            budgets::set(app, patron, units(3)).await.expect("a budget");
        }
        let song = give(app, zoe, SONG, 3).await;
        let other = give(app, zoe, "https://music.example/other", 1).await;
        give(app, ada, SONG, 1).await;
        instance.at("2026-02-01T00:00:01Z");
        give(app, zoe, SONG, 4).await;
        claims::grant(app, admin, a_grant("zoe")).await.expect("granted");
        assert_eq!(clicked(app, zoe, "2026-01").await, [other]);
        assert!(clicked(app, zoe, "2026-02").await.is_empty());
        assert_eq!(clicked(app, ada, "2026-01").await, [song]);
        let mail = newest_mail(app, zoe).await;
        assert!(mail.contains("points: 7") && !mail.contains("promised to it yourself"), "{mail}");
        let log = app.read((), |read, ()| {
            Box::pin(async move { Ok(audit_log::after(read, 0, 100).await?) })
        });
        let log = log.await.expect("the log");
        let grant = log.iter().find(|one| one.record.action == "claim.grant").expect("logged");
        assert_eq!(
            grant.record.details,
            format!("to {zoe}: Met in person; their own support of it has ended")
        );
        settle(app).await;
        let month = statements::month(app, zoe, Period::parse("2026-01").expect("a period"));
        let month = month.await.expect("read").expect("settled");
        let lines: Vec<WorkId> = month.given[0].lines.iter().map(|line| line.work.id).collect();
        assert_eq!(lines, [other], "all of the budget went to the other click");
        assert_eq!(month.received[0].sum.gross, units(3).amount, "only from Ada");
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn what_the_new_owner_promised_to_the_work_is_free_again() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        for patron in [zoe, ada] {
            fill_wallet(app, patron, units(9)).await;
            budgets::set(app, patron, units(3)).await.expect("a budget");
            give(app, patron, SONG, 1).await;
        }
        instance.at("2026-02-01T00:00:01Z");
        settle(app).await;
        assert_eq!(in_wallet(app, zoe).await, units(6).amount);
        instance.at("2026-02-02T12:00:00Z");
        claims::grant(app, admin, a_grant("zoe")).await.expect("granted");
        assert_eq!(in_wallet(app, zoe).await, units(9).amount);
        assert_eq!(in_wallet(app, ada).await, units(6).amount, "Ada's promise stands");
        let mail = newest_mail(app, zoe).await;
        assert!(mail.contains("again: €3.00") && !mail.contains("points:"), "{mail}");
        assert_books_balance(&instance).await;
    }
}

/// Lets the claim of a work reach its whole name.
async fn widen(app: &App, claim: ClaimId) {
    let reach = Reach::Name("music.example".to_owned()).key();
    let widened = app.store().write(reach, move |tx, reach| {
        Box::pin(async move {
            let update = sql("
                update claims set reach = $2, method = 'dns', spread_after = '' where id = $1");
            Ok::<_, Error>(update.bind(claim).bind(reach.as_str()).execute(tx).await?)
        })
    });
    assert_eq!(widened.await.expect("widened"), 1);
    claims::spread(app).await.expect("spread");
}

async fn is_refused(app: &App, work: WorkId) -> bool {
    let found =
        app.read((), move |read, ()| Box::pin(async move { Ok(works::find(read, work).await?) }));
    found.await.expect("read").expect("a work").refused_at.is_some()
}

#[tokio::test]
async fn an_owner_refuses_for_all_that_a_claim_reaches() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let (zoe, ada) = (account(app, "zoe").await, account(app, "ada").await);
        let eve = account(app, "eve").await;
        fill_wallet(app, ada, units(9)).await;
        budgets::set(app, ada, units(4)).await.expect("a budget");
        let song = give(app, ada, SONG, 1).await;
        let other = give(app, ada, "https://music.example/other", 1).await;
        instance.at("2026-02-01T00:00:01Z");
        settle(app).await;
        assert_eq!(in_wallet(app, ada).await, units(5).amount, "four are promised");
        let granted = claims::grant(app, admin, a_grant("zoe")).await.expect("granted");
        widen(app, granted.claim).await;
        assert_eq!(owner(app, other).await.as_deref(), Some("zoe"));

        let (own, foreign) = (Actor::Page(zoe), Actor::Page(eve));
        let stranger = claims::set_refuses(app, foreign, granted.claim, true).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
        let asked = (0..20).map(|_| claims::set_refuses(app, own, granted.claim, true));
        for asked in futures_util::future::join_all(asked).await {
            asked.expect("refused for all");
        }
        claims::spread(app).await.expect("spread");
        assert!(is_refused(app, song).await && is_refused(app, other).await);
        assert_eq!(in_wallet(app, ada).await, units(9).amount, "what was promised is free");
        let single = obole_app::works::set_refused(app, own, song, false).await;
        assert_eq!(single.expect_err("refused").code(), "claim_refuses");
        // What comes later is refused, too, when it is found.
        let new = give(app, ada, "https://music.example/new", 1).await;
        claims::adopt(app).await.expect("adopted");
        assert!(is_refused(app, new).await);
        assert_books_balance(&instance).await;

        // What was refused by itself stays so.
        let set = async |refuses| {
            claims::set_refuses(app, own, granted.claim, refuses).await.expect("set");
            claims::spread(app).await.expect("spread");
        };
        set(false).await;
        assert!(!is_refused(app, song).await && !is_refused(app, new).await);
        obole_app::works::set_refused(app, own, other, true).await.expect("refused");
        set(true).await;
        set(false).await;
        assert!(is_refused(app, other).await && !is_refused(app, song).await);
        // For good while nobody controls it; another owner begins anew.
        set(true).await;
        claims::revoke(app, admin, song, "Asked for it").await.expect("revoked");
        claims::spread(app).await.expect("spread");
        assert!(is_refused(app, song).await);
        let ended = claims::set_refuses(app, own, granted.claim, false).await;
        assert_eq!(ended.expect_err("ended").code(), "state_moved");
        claims::grant(app, admin, a_grant("eve")).await.expect("granted");
        assert!(!is_refused(app, song).await);
        assert_books_balance(&instance).await;
    }
}

#[tokio::test]
async fn a_claim_that_is_new_does_not_refuse_for_all() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        let zoe = account(app, "zoe").await;
        let granted = claims::grant(app, admin, a_grant("zoe")).await.expect("granted");
        let unconfirmed = app.store().write(granted.claim, |tx, claim| {
            Box::pin(async move {
                let update = sql("update claims set confirmed_at = null where id = $1");
                Ok::<_, Error>(update.bind(*claim).execute(tx).await?)
            })
        });
        assert_eq!(unconfirmed.await.expect("changed"), 1);
        let asked = claims::set_refuses(app, Actor::Page(zoe), granted.claim, true).await;
        assert_eq!(asked.expect_err("refused").code(), "claim_unsettled");
    }
}

#[tokio::test]
async fn a_claim_that_is_refused_takes_nothing_back() {
    for instance in engines().await {
        let app = &instance.app;
        let admin = an_admin(app, "boss").await;
        account(app, "zoe").await;
        let yann = account(app, "yann").await;
        let song = give(app, yann, SONG, 1).await;
        claims::grant(app, admin, a_grant("zoe")).await.expect("granted");
        let refused = claims::grant(app, admin, a_grant("yann")).await.expect_err("owned");
        assert_eq!(refused.code(), "claim_stands");
        assert_eq!(clicked(app, yann, "2026-01").await, [song]);
    }
}

async fn settle(app: &App) {
    settle::run(app, Actor::Job, None, &|_| ()).await.expect("settled");
}
