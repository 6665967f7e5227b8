//! The currencies that an account takes for its works (product.md section 4.5).

use obole_domain::{AccountId, Currency};
use obole_store::works;

use crate::app::App;
use crate::error::Result;

/// Says which of the instance's currencies an account takes; works of its own get no share of the
/// others from the next settlement on. Setting the same again changes nothing, so it needs no key.
pub async fn set_taken(app: &App, account: AccountId, taken: &[Currency]) -> Result<()> {
    let refused = app.currencies().iter().filter(|currency| !taken.contains(currency)).copied();
    app.write(refused.collect::<Vec<_>>(), move |tx, refused| {
        Box::pin(async move { Ok(works::set_currencies_refused(tx, account, refused).await?) })
    })
    .await
}
