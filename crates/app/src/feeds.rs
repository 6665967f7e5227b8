//! Feeds: what everybody may follow, what a creator lets be told, and what a patron reads of their
//! own under a secret address (docs/decisions/0053).

mod private;

use jiff::Timestamp;
use obole_domain::{AccountId, Handle, Period};
use obole_store::accounts::{self, AccountRow};
use obole_store::feeds::{self, FeedRow};
use obole_store::works::WorkRow;

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::Result;

pub use private::{Day, Private, SettledPeriod, private, secret_of};

/// The most works that a feed tells of.
const WORKS: i64 = 50;

/// How many months back a feed tells of.
const PERIODS: i64 = 12;

/// A work and since when somebody controls it.
pub type Claimed = (WorkRow, Timestamp);

/// What is told of a creator.
#[derive(Clone, Debug)]
pub struct Creator {
    /// Who it is.
    pub account: AccountRow,
    /// The works, those claimed last first.
    pub works: Vec<Claimed>,
    /// How many patrons the works had at least, by settled month, and when that was settled; the
    /// latest first. Empty unless the creator wishes it told and the operator shows counters (P2).
    pub periods: Vec<(Period, i64, Timestamp)>,
}

/// The works that were claimed last.
pub async fn works(app: &App) -> Result<Vec<Claimed>> {
    let found = app.read((), |read, ()| {
        Box::pin(async move { Ok(feeds::claimed_lately(read, None, WORKS).await?) })
    });
    found.await
}

/// What is told of a creator; none where nobody has the handle, or who has it is suspended.
pub async fn creator(app: &App, handle: Handle) -> Result<Option<Creator>> {
    let has_counters = app.config().instance.public_counters;
    app.read(handle, move |read, handle| {
        Box::pin(async move {
            let account = accounts::find_by_handle(read, handle).await?;
            let account = account.filter(|account| account.suspended_at.is_none());
            let Some(account) = account else { return Ok(None) };
            let works = feeds::claimed_lately(read, Some(account.id), WORKS).await?;
            let is_told = has_counters && feeds::of(read, account.id).await?.tells_patrons;
            let periods = match is_told {
                true => feeds::patrons_by_period(read, account.id, PERIODS).await?,
                false => Vec::new(),
            };
            Ok(Some(Creator { account, works, periods }))
        })
    })
    .await
}

/// What an account lets be read without a sign-in.
pub async fn find(app: &App, account: AccountId) -> Result<FeedRow> {
    app.read((), move |read, ()| Box::pin(async move { Ok(feeds::of(read, account).await?) })).await
}

/// Gives an account's private feed a new address; an earlier one opens nothing any more.
pub async fn renew(app: &App, account: AccountId) -> Result<()> {
    let number = uuid::Builder::from_random_bytes(app.chance().bytes()).into_uuid();
    set_number(app, account, Some(number)).await
}

/// Switches an account's private feed off.
pub async fn end(app: &App, account: AccountId) -> Result<()> {
    set_number(app, account, None).await
}

async fn set_number(app: &App, account: AccountId, number: Option<uuid::Uuid>) -> Result<()> {
    let (now, handle) = (app.now(), app.clone());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            feeds::set_number(tx, account, number, now).await?;
            let action = if number.is_some() { "feed.renew" } else { "feed.end" };
            app.log(tx, Actor::Page(account), action, (account.to_string(), String::new())).await
        })
    })
    .await
}

/// Says whether a creator's feed tells how many patrons the works had.
pub async fn set_tells_patrons(app: &App, account: AccountId, tells_patrons: bool) -> Result<()> {
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            feeds::set_tells_patrons(tx, account, tells_patrons).await?;
            let details = if tells_patrons { "told" } else { "not told" }.to_owned();
            app.log(tx, Actor::Page(account), "feed.patrons", (account.to_string(), details)).await
        })
    })
    .await
}
