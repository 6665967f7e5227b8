//! Forgetting: what is kept for a while only, and for how long.

use jiff::{SignedDuration, Timestamp};
use obole_domain::claim::CHALLENGE;
use obole_domain::invitation::{INVITATION_DAYS, WAITING_DAYS};
use obole_domain::statement::DETAILS_MONTHS;
use obole_store::Tx;
use obole_store::reports as moderation;
use obole_store::teams::invitations as team_invitations;
use obole_store::webhook_deliveries;
use obole_store::{claims, confirmations, devices, exports, half_sign_ins, idempotency};
use obole_store::{invitations, limits, notes, oauth_codes, oauth_devices, oauth_grants, outbox};
use obole_store::{
    passkey_challenges, proposals, sessions, signals, site_letters, subscriptions, tokens, waiting,
};

use crate::app::App;
use crate::error::Result;
use crate::sessions::{IDLE, LONGEST};

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
const SUBSCRIPTION_MONTHS: i32 = DETAILS_MONTHS;

/// Who was written to at a site is known a while longer than it may not be written to again.
const READERS: SignedDuration = SignedDuration::from_hours(400 * DAY);

/// An archive that was fetched is on its way for no longer.
const FETCHED: SignedDuration = SignedDuration::from_hours(1);

/// Its owner sees for so long that there was an archive.
const EXPORTS: SignedDuration = SignedDuration::from_hours(30 * DAY);

/// Parts that no archive was made of: longer than any building takes.
const BUILDS: SignedDuration = SignedDuration::from_hours(2 * DAY);

/// Long enough for its maker to see that nobody came.
const INVITATIONS: SignedDuration = SignedDuration::from_hours(30 * DAY);

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
    /// Invitations that nobody came with.
    pub invitations: u64,
    /// Addresses of the waiting list.
    pub waiting: u64,
    /// Archives of exports, by their parts.
    pub exports: u64,
    /// Proposals that nobody answered.
    pub proposals: u64,
    /// Subscriptions that ended, and what subscriptions gave.
    pub subscriptions: u64,
    /// Claims that nobody proved.
    pub claims: u64,
    /// Reports of works and accounts that came to nothing, or were undone.
    pub moderation: u64,
    /// Gifts that waited because of signals.
    pub signals: u64,
    /// Who was written to at sites.
    pub readers: u64,
}

/// Forgets what need not be kept. Running twice is harmless.
pub async fn clean(app: &App) -> Result<Cleaned> {
    let now = app.now();
    let before = move |kept: SignedDuration| now.saturating_sub(kept).unwrap_or(Timestamp::MIN);
    let oldest = app.clock_period().back(SUBSCRIPTION_MONTHS);
    let ended = oldest.begins(app.zone());
    let waiting_before = crate::waiting::forgotten_before(now);
    let archives = exports::Before {
        ended: now,
        taken: before(FETCHED),
        asked: before(EXPORTS),
        build: first_id(before(BUILDS)),
    };
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
                invitations: invitations::forget(tx, before(INVITATIONS)).await?
                    + team_invitations::forget(tx, before(INVITATIONS)).await?,
                waiting: waiting::forget(tx, waiting_before).await?,
                exports: exports::forget(tx, archives).await?,
                proposals: proposals::forget(tx, before(PROPOSALS)).await?,
                subscriptions: subscriptions::forget(tx, ended, oldest).await?,
                claims: claims::forget_unmet(tx, before(CHALLENGE)).await?,
                moderation: moderation::forget(tx, before(REPORTS)).await?,
                signals: signals::forget(tx, before(REPORTS)).await?,
                readers: site_letters::forget_readers(tx, before(READERS)).await?,
            })
        })
    })
    .await
}

/// The first id that could be drawn at a moment (UUID version 7).
fn first_id(at: Timestamp) -> uuid::Uuid {
    let millis = u64::try_from(at.as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid()
}

/// A time as the manual writes it.
fn days(kept: SignedDuration) -> String {
    match kept.as_hours() {
        hours if hours % DAY == 0 && hours != DAY => format!("{} days", hours / DAY),
        1 => "1 hour".to_owned(),
        hours => format!("{hours} hours"),
    }
}

/// What is kept for a while only, for how long, and why: as the manual's table says it.
#[must_use]
pub fn kept() -> Vec<[String; 3]> {
    let row = |what: &str, kept: String, why: &str| [what.to_owned(), kept, why.to_owned()];
    let waiting =
        format!("1 day unconfirmed, {WAITING_DAYS} days, {INVITATION_DAYS} days once invited");
    let sessions = format!("{} without use, {} at most", days(IDLE), days(LONGEST));
    let archives = format!("{}, {} once fetched", days(crate::exports::LASTS), days(FETCHED));
    vec![
        row("idempotency keys", days(KEYS), "a program may retry after a holiday"),
        row(
            "counts of limits, hashes of addresses",
            days(LIMITS),
            "limits only; the key of the hashes changes daily",
        ),
        row("sessions", sessions, "signing in again is easy"),
        row(
            "known browsers",
            format!("{} without use", days(DEVICES)),
            "a stranger's tries do not keep them out",
        ),
        row(
            "codes of mails",
            format!("{} after they end", days(CONFIRMATIONS)),
            "to say what became of a mail",
        ),
        row("mails", days(MAILS), "to answer \"the mail never came\""),
        row("what webhooks were told", days(DELIVERIES), "to look it up and send it again"),
        row("reports of notes", format!("{} after the verdict", days(REPORTS)), "to answer for it"),
        row(
            "reports that came to nothing, or were undone",
            format!("{} after the answer", days(REPORTS)),
            "to answer for it",
        ),
        row(
            "which gifts waited because of signals",
            format!("{} after the end", days(REPORTS)),
            "to answer for it",
        ),
        row(
            "codes, devices, tokens and grants of apps that ended",
            days(OAUTH),
            "a code that comes twice ends what came of it",
        ),
        row(
            "invitations that nobody used",
            format!("{} after they end", days(INVITATIONS)),
            "for who made them",
        ),
        row("addresses on the waiting list", waiting, "to let people in by turn"),
        row("proposals", days(PROPOSALS), "nobody answered"),
        row(
            "subscriptions that ended, and what they gave",
            format!("{SUBSCRIPTION_MONTHS} months"),
            "as long as the clicks",
        ),
        row(
            "who was written to at sites, by a keyed hash",
            format!("{} after the last letter, for good who wants none", days(READERS)),
            "not to write too often, or again",
        ),
        row(
            "which works each patron gave to",
            format!("{} months after the settlement", DETAILS_MONTHS),
            "the sums stay; who wishes keeps it (Settings)",
        ),
        row("archives of exports", archives, "to fetch them once"),
        row("that there was an export", days(EXPORTS), "for its owner"),
    ]
}

async fn forget_grants(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    let codes = oauth_codes::forget(tx, before).await? + oauth_devices::forget(tx, before).await?;
    let grants = tokens::forget(tx, before).await? + oauth_grants::forget(tx, before).await?;
    Ok(codes + grants)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_says_what_is_kept_and_for_how_long() {
        let manual = include_str!("../../../docs/manual/privacy.md");
        let table = manual.split("| what | kept | why |").nth(1).expect("the table");
        let lines = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        let said: Vec<&str> = lines.collect();
        let kept = kept().into_iter().map(|row| format!("| {} |", row.join(" | ")));
        assert_eq!(kept.collect::<Vec<_>>(), said);
    }
}
