//! Measurements (performance.md): a reproducible load, and what the settlement is held against.
//! Only a database that [`fill`] filled is measured, never one that somebody uses.

mod anchors;
mod fill;
pub mod pages;
mod sampler;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use obole_domain::token::{self, Scope, TokenId, TokenKind};
use obole_domain::{AccountId, Period};
use obole_store::tokens::TokenRow;
use obole_store::{bench, settings};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::tokens;

pub use anchors::{Shared, by_memory, by_scan, by_settlement, by_sql};
pub use fill::{Load, fill};
pub use sampler::{Popularity, Sampler};

/// The setting that marks a database as filled: the period's number.
const MARK: &str = "bench";

/// The period that a database was filled for. Refused for a database that [`fill`] did not fill.
pub async fn filled_period(app: &App) -> Result<Period> {
    let mark =
        app.read((), |read, ()| Box::pin(async move { Ok(settings::find(read, MARK).await?) }));
    let period = mark.await?.and_then(|text| Period::parse(&text).ok());
    period.ok_or_else(|| {
        Error::internal("this database was not filled by `obole bench fill`; take one that was")
    })
}

/// Whether a database is new, so that it may be filled.
pub async fn is_empty(app: &App) -> Result<bool> {
    app.read((), |read, ()| Box::pin(async move { Ok(bench::is_empty(read).await?) })).await
}

/// Tokens of so many patrons that may click.
pub async fn click_tokens(app: &App, count: i64) -> Result<Vec<String>> {
    let patrons = app.read((), move |read, ()| {
        Box::pin(async move { Ok(bench::patrons(read, AccountId::new(Uuid::nil()), count).await?) })
    });
    let now = app.now();
    let mut texts = Vec::new();
    for patrons in patrons.await?.chunks(CHUNK) {
        let mut rows = Vec::with_capacity(patrons.len());
        for account in patrons {
            let text = token::print(TokenKind::Personal, app.chance().bytes());
            let row = TokenRow {
                id: TokenId::new(app.chance().id(now)),
                account: *account,
                name: "bench".to_owned(),
                scopes: Scope::Click.name().to_owned(),
                created_at: now,
                // As in the middle of a day: the use of a token is noted once an hour.
                used_at: Some(now),
                revoked_at: None,
                client: None,
                expires_at: None,
            };
            rows.push((token::hash(&text), row));
            texts.push(text);
        }
        app.write(rows, |tx, rows| Box::pin(async move { Ok(bench::put_tokens(tx, rows).await?) }))
            .await?;
    }
    recall_all(app, &texts).await?;
    Ok(texts)
}

/// Has the tokens in memory, as in the middle of a day.
async fn recall_all(app: &App, texts: &[String]) -> Result<()> {
    let recalled = stream::iter(texts).map(|text| tokens::recall(app, text));
    recalled.buffer_unordered(RECALLS).try_for_each(async |_| Ok(())).await
}

/// How many tokens are looked up at a time.
const RECALLS: usize = 8;

/// Tokens in one transaction.
const CHUNK: usize = 5_000;

/// The addresses of works, the most clicked first.
pub async fn urls(app: &App, limit: i64) -> Result<Vec<String>> {
    app.read((), move |read, ()| Box::pin(async move { Ok(bench::urls(read, limit).await?) })).await
}
