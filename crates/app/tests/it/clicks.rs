//! Clicks and budgets.

use obole_app::budgets;
use obole_app::testing::engines;
use obole_domain::{AccountId, Currency, Micros, Money};
use uuid::Uuid;

#[tokio::test]
async fn a_budget_under_the_minimum_is_refused() {
    for instance in engines().await {
        let patron = AccountId::new(Uuid::from_u128(1));
        let budget = Money::new(Micros::new(1_990_000), Currency::EUR);
        let refused = budgets::set(&instance.app, patron, budget).await.expect_err("refused");
        assert_eq!(refused.code(), "budget_too_small");
    }
}
