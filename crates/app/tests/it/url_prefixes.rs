//! Works that were there before their addresses had prefixes, or that an older node made.

use obole_app::testing::{Instance, account, engines, own};
use obole_domain::{CanonicalUrl, UrlPrefix};
use obole_store::StoreError;
use obole_store::db::sql;
use obole_store::works;

const WORKS: usize = 5;

fn address(number: usize) -> CanonicalUrl {
    CanonicalUrl::parse(&format!("https://example.org/{number}")).expect("an address")
}

/// How many of the works are found by their prefix.
async fn found(instance: &Instance) -> usize {
    let found = instance.app.store().read((), |read, ()| {
        Box::pin(async move {
            let mut count = 0;
            for number in 0..WORKS {
                let url = address(number);
                let rows = works::with_prefix(read, UrlPrefix::of(&url), 9).await?;
                count +=
                    rows.iter().filter(|(found, is_claimed)| *found == url && *is_claimed).count();
            }
            Ok::<_, StoreError>(count)
        })
    });
    found.await.expect("rows")
}

#[tokio::test]
async fn works_without_a_prefix_get_one_at_the_start() {
    for instance in engines().await {
        let ada = account(&instance.app, "ada").await;
        for number in 0..WORKS {
            own(&instance.app, ada, address(number).as_str()).await;
        }
        assert_eq!(found(&instance).await, WORKS);
        let cleared = instance.app.store().write((), |tx, ()| {
            Box::pin(async move {
                let update = sql("update works set url_prefix = null where url <> $1");
                update.bind(address(0).as_str()).execute(tx).await
            })
        });
        assert_eq!(cleared.await.map_err(|error: StoreError| error.to_string()), Ok(4));
        assert_eq!(found(&instance).await, 1);
        instance.app.store().migrate().await.expect("filled");
        assert_eq!(found(&instance).await, WORKS);
    }
}
