//! Claims that the operator vouches for.

use obole_app::claims::{self, Grant};
use obole_app::clicks::Target;
use obole_app::testing::{account, engines};
use obole_app::{App, currencies};
use obole_domain::{CanonicalUrl, Currency, Handle};
use obole_store::{audit_log, works};

use crate::support::an_admin;

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
