//! The open month in a few numbers.

use obole_app::budgets;
use obole_app::testing::{account, engines, fund, own, refuse};
use serde_json::{Value, json};

use crate::api_client::{Client, assert_shape, brief, euros};

#[tokio::test]
async fn the_open_month_is_told_in_a_few_numbers() {
    for instance in engines().await {
        let app = &instance.app;
        let (client, ada) = Client::new(app, "ada").await;
        let bob = account(app, "bob").await;
        let empty = client.get("/me/period").await.ok(200);
        assert_eq!((&empty["points"], &empty["budgets"]), (&json!(0), &json!([])));
        fund(app, ada, euros(4)).await;
        budgets::set(app, ada, euros(10)).await.expect("set");
        client.click("https://example.org/a").await.ok(201);
        let five = json!({ "url": "https://example.org/b", "points": 5 });
        client.post("/clicks", "five", five).await.ok(201);
        let work = own(app, bob, "https://bob.example/").await;
        client.click("https://bob.example/").await.ok(201);
        refuse(app, work).await;
        let mut month = brief(client.get("/me/period").await.ok(200));
        let days = month["days_left"].take();
        assert!(days.as_i64().is_some_and(|days| (0..31).contains(&days)), "{days}");
        month["period"] = Value::Null;
        assert_shape!(month, @r#"
        {
          "budgets": [
            {
              "budget": "10.00 EUR",
              "is_funded": true,
              "means": "4.00 EUR",
              "shared": "4.00 EUR"
            }
          ],
          "clicks": 3,
          "days_left": null,
          "period": null,
          "points": 6
        }
        "#);
    }
}

#[tokio::test]
async fn who_may_not_read_clicks_may_not_read_the_month() {
    for instance in engines().await {
        let ada = account(&instance.app, "ada").await;
        let client = Client::of(&instance.app, ada, "click profile").await;
        client.get("/me/period").await.assert_problem(403, "scope_missing");
        let stranger = Client::stranger(&instance.app);
        stranger.get("/me/period").await.assert_problem(401, "token_missing");
    }
}
