//! Breaking the glass (P3): with a reason, for an hour, and the account is told.

use jiff::SignedDuration;
use obole_app::clicks::{self, Give, Target};
use obole_app::testing::{account, admin, engines, key};
use obole_app::{Error, glimpses};
use obole_domain::click::Way;
use obole_domain::{CanonicalUrl, Handle};
use obole_store::audit_log;

use crate::support::mails_to;

#[tokio::test]
async fn what_an_account_gives_is_seen_with_a_reason_for_an_hour() {
    for instance in engines().await {
        let app = &instance.app;
        let (ada, boss) = (account(app, "ada").await, admin(app, "boss").await);
        let other = admin(app, "other").await;
        let url = CanonicalUrl::parse("https://c.example/").expect("an address");
        let give = Give {
            target: Target::Url(url),
            title: String::new(),
            points: 3,
            note: None,
            way: Way::Page,
        };
        clicks::give(app, ada, &key(app), give).await.expect("given");
        let whose = || Handle::parse("ada").expect("a handle");
        assert_eq!(glimpses::look(app, boss, ada).await.expect("looked"), None);
        let none = glimpses::open(app, boss, whose(), " ").await.expect_err("no reason");
        assert_eq!(none.code(), "missing");
        let own = glimpses::open(app, ada, whose(), "Curious").await;
        assert!(matches!(own, Err(Error::Forbidden)));
        glimpses::open(app, boss, whose(), "A court asked").await.expect("opened");
        let seen = glimpses::look(app, boss, ada).await.expect("looked").expect("open");
        assert_eq!((seen.given.len(), seen.given[0].points), (1, 3));
        assert_eq!(glimpses::look(app, other, ada).await.expect("looked"), None, "another's");
        assert_eq!(mails_to(app, ada).await, ["glimpsed"]);
        let told = glimpses::of(app, ada).await.expect("read");
        assert_eq!((told[0].admin.as_str(), told[0].reason.as_str()), ("boss", "A court asked"));
        let log = app.read((), |read, ()| {
            Box::pin(async move { Ok(audit_log::after(read, 0, 100).await?) })
        });
        let log = log.await.expect("read");
        let about = |action: &str| log.iter().filter(|one| one.record.action == action).count();
        assert_eq!((about("giving.open"), about("giving.read")), (1, 1));
        app.clock().set(app.now() + SignedDuration::from_hours(1));
        assert_eq!(glimpses::look(app, boss, ada).await.expect("looked"), None, "an hour later");
    }
}
