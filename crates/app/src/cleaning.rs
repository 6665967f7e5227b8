//! Forgetting: what is kept for a while only, and for how long.

use jiff::{SignedDuration, Timestamp};
use obole_domain::claim::CHALLENGE;
use obole_store::Tx;
use obole_store::{claims, confirmations, devices, half_sign_ins, idempotency, limits, notes};
use obole_store::{
    oauth_codes, oauth_devices, oauth_grants, outbox, passkey_challenges, proposals,
};
use obole_store::{sessions, subscriptions, tokens, webhook_deliveries};

use crate::app::App;
use crate::error::Result;
use crate::sessions::IDLE;

const DAY: i64 = 24;

/// A client may retry after a holiday (K5).
const KEYS: SignedDuration = SignedDuration::from_hours(30 * DAY);

/// Keyed hashes of addresses are for limits only (P4).
const LIMITS: SignedDuration = SignedDuration::from_hours(7 * DAY);

/// A used or expired code holds a mail address that may not be the account's.
const CONFIRMATIONS: SignedDuration = SignedDuration::from_hours(7 * DAY);

/// A browser that nobody has signed in with for half a year is a stranger again.
const DEVICES: SignedDuration = SignedDuration::from_hours(180 * DAY);

/// Long enough to answer "the mail never came".
const MAILS: SignedDuration = SignedDuration::from_hours(30 * DAY);

/// Long enough to look up what an endpoint was told.
const DELIVERIES: SignedDuration = SignedDuration::from_hours(30 * DAY);

/// Long enough to answer for a verdict; then the text of the note goes.
const REPORTS: SignedDuration = SignedDuration::from_hours(90 * DAY);

/// A code that comes a second time ends what came of the first; what nobody comes back to goes, and
/// tokens that ended are of use to no page.
const OAUTH: SignedDuration = SignedDuration::from_hours(7 * DAY);

/// For how many months it is kept which clicks subscriptions gave, and what ended: as long as the
/// clicks themselves (P5).
const SUBSCRIPTION_MONTHS: i32 = 14;

/// What nobody has answered for so long is of no interest.
const PROPOSALS: SignedDuration = SignedDuration::from_hours(90 * DAY);

/// How many rows were forgotten.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Idempotency keys.
    pub keys: u64,
    /// Windows of limits.
    pub limits: u64,
    /// Sessions that ended.
    pub sessions: u64,
    /// Known devices.
    pub devices: u64,
    /// What was asked to sign in, and not answered.
    pub unanswered: u64,
    /// Codes that expired.
    pub confirmations: u64,
    /// Mails that were handed over, refused or given up.
    pub mails: u64,
    /// What endpoints were told.
    pub deliveries: u64,
    /// Reports of notes that an administrator judged.
    pub reports: u64,
    /// Codes, devices, tokens and grants of clients that ended.
    pub grants: u64,
    /// Proposals that nobody answered.
    pub proposals: u64,
    /// Subscriptions that ended, and what subscriptions gave.
    pub subscriptions: u64,
    /// Claims that nobody proved.
    pub claims: u64,
}

/// Forgets what need not be kept. Running twice is harmless.
pub async fn clean(app: &App) -> Result<Cleaned> {
    let now = app.now();
    let before = move |kept: SignedDuration| now.saturating_sub(kept).unwrap_or(Timestamp::MIN);
    let oldest = app.clock_period().back(SUBSCRIPTION_MONTHS);
    let ended = oldest.begins(app.zone());
    let app = app.patient();
    app.write((), move |tx, ()| {
        Box::pin(async move {
            Ok(Cleaned {
                keys: idempotency::forget(tx, before(KEYS)).await?,
                limits: limits::forget(tx, before(LIMITS)).await?,
                sessions: sessions::forget(tx, now, before(IDLE)).await?,
                devices: devices::forget(tx, before(DEVICES)).await?,
                unanswered: half_sign_ins::forget(tx, now).await?
                    + passkey_challenges::forget(tx, now).await?,
                confirmations: confirmations::forget(tx, before(CONFIRMATIONS)).await?,
                mails: outbox::forget(tx, before(MAILS)).await?,
                deliveries: webhook_deliveries::forget(tx, before(DELIVERIES)).await?,
                reports: notes::forget_reports(tx, before(REPORTS)).await?,
                grants: forget_grants(tx, before(OAUTH)).await?,
                proposals: proposals::forget(tx, before(PROPOSALS)).await?,
                subscriptions: subscriptions::forget(tx, ended, oldest).await?,
                claims: claims::forget_unmet(tx, before(CHALLENGE)).await?,
            })
        })
    })
    .await
}

async fn forget_grants(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    let codes = oauth_codes::forget(tx, before).await? + oauth_devices::forget(tx, before).await?;
    let grants = tokens::forget(tx, before).await? + oauth_grants::forget(tx, before).await?;
    Ok(codes + grants)
}
