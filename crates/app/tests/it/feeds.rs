//! The secret of a private feed.

use obole_app::feeds;
use obole_app::secrets::Secrets;
use obole_app::testing::{account, engines};

#[tokio::test]
async fn what_is_stored_of_a_private_feed_opens_nothing() {
    for instance in engines().await {
        let app = &instance.app;
        let ada = account(app, "ada").await;
        assert_eq!(feeds::find(app, ada).await.expect("read").number, None);
        feeds::renew(app, ada).await.expect("made");
        let number = feeds::find(app, ada).await.expect("read").number.expect("a number");
        let secret = feeds::secret_of(app, number);
        let private = feeds::private(app, &secret).await.expect("read").expect("ada's");
        assert_eq!(private.account, ada);

        // Who has the database and not the key can only guess the other half.
        let foreign = Secrets::new([7; 32]).mac("feed", number.as_bytes());
        let foreign: String = foreign.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        for guess in [
            number.simple().to_string(),
            format!("{}{}", number.simple(), "0".repeat(32)),
            format!("{}{foreign}", number.simple()),
            format!("{}{}", number.simple(), number.simple()),
        ] {
            assert!(feeds::private(app, &guess).await.expect("read").is_none(), "{guess}");
        }
        assert_eq!(number.get_version_num(), 4, "it does not tell when it was made");
    }
}
