//! Breaking the glass (P3): administrators do not see who supports what. With a reason, one sees
//! what one account gives for an hour; the log has it, and the account is told by mail and on its
//! own page.

use jiff::{SignedDuration, Timestamp};
use obole_domain::{AccountId, Handle};
use obole_language::Language;
use obole_store::Tx;
use obole_store::accounts::{self, AccountRow};
use obole_store::glimpses::{self, GivenRow, GlimpseRow, NewGlimpse};

use crate::app::App;
use crate::audit_log::{self, Actor};
use crate::error::{Error, Result};
use crate::mails::{self, Mail, Recipient};
use crate::suspensions::require_admin;

/// For how long one sees it.
pub const LASTS: SignedDuration = SignedDuration::from_hours(1);

/// The most glimpses that an account's page lists, and clicks that a glimpse shows.
const SHOWN_MAX: i64 = 500;

/// What a glimpse shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Until when.
    pub until: Timestamp,
    /// The newest month first.
    pub given: Vec<GivenRow>,
}

/// Opens a glimpse of what an account gives. Refused without a reason.
pub async fn open(app: &App, admin: AccountId, whose: Handle, reason: &str) -> Result<()> {
    let reason = audit_log::reason(reason)?;
    let (handle, actor) = (app.clone(), Actor::Page(admin));
    app.write((whose, reason), move |tx, (whose, reason)| {
        let app = handle.clone();
        Box::pin(async move {
            require_admin(tx, actor).await?;
            let account = accounts::find_by_handle(tx, whose).await?.ok_or(Error::NotFound)?;
            open_in(&app, tx, (admin, &account), reason).await
        })
    })
    .await
}

/// Opens a glimpse of an account in the caller's transaction; its owner is told.
pub(crate) async fn open_in(
    app: &App,
    tx: &mut Tx,
    (admin, account): (AccountId, &AccountRow),
    reason: &str,
) -> Result<()> {
    let now = app.now();
    let by = accounts::find(tx, admin).await?.ok_or(Error::NotFound)?;
    let new = NewGlimpse {
        id: app.chance().id(now),
        admin,
        account: account.id,
        reason: reason.to_owned(),
        at: now,
        ends_at: now.saturating_add(LASTS).unwrap_or(Timestamp::MAX),
    };
    glimpses::insert(tx, &new).await?;
    let mail = told(app, (account, &by), &new);
    mails::queue(tx, app, &Recipient::of(account), &mail).await?;
    let about = (account.id.to_string(), reason.to_owned());
    app.log(tx, Actor::Page(admin), "giving.open", about).await
}

fn told(app: &App, (account, by): (&AccountRow, &AccountRow), new: &NewGlimpse) -> Mail {
    let language = Language::from_code(&account.language).unwrap_or(Language::English);
    Mail::Glimpsed {
        handle: account.handle.to_string(),
        admin: by.handle.to_string(),
        reason: new.reason.clone(),
        until: obole_language::moment(language, new.ends_at, app.zone()),
        page: mails::address(app, "/settings/data"),
    }
}

/// What an account gives, while this administrator's glimpse is open; none where none is. Reading
/// is logged (G1).
pub async fn look(app: &App, admin: AccountId, account: AccountId) -> Result<Option<Seen>> {
    let (now, handle) = (app.now(), app.clone());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let actor = Actor::Page(admin);
            require_admin(tx, actor).await?;
            let Some(until) = glimpses::open_until(tx, (admin, account), now).await? else {
                return Ok(None);
            };
            let given = glimpses::given(tx, account, SHOWN_MAX).await?;
            app.log(tx, actor, "giving.read", (account.to_string(), String::new())).await?;
            Ok(Some(Seen { until, given }))
        })
    })
    .await
}

/// Who looked at what an account gives, the newest first.
pub async fn of(app: &App, account: AccountId) -> Result<Vec<GlimpseRow>> {
    app.read(account, |read, account| {
        Box::pin(async move { Ok(glimpses::of(read, *account, SHOWN_MAX).await?) })
    })
    .await
}
