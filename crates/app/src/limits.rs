//! Limits on how often something may be tried (security.md section 12), counted in the database
//! so that all nodes agree. Of requests and clicks a node lets a tenth through before it does
//! (docs/decisions/0043).

mod counter;
mod credit;

use std::net::IpAddr;

pub use counter::Counter;
pub(crate) use counter::Granted;
pub(crate) use credit::{Credit, Used};
use jiff::{SignedDuration, Timestamp};
use obole_domain::{AccountId, Refusal};
use obole_store::limits;

use crate::app::App;
use crate::error::{Error, Result};

/// Something that is limited: its name, how often, in how many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The name it is counted under.
    pub name: &'static str,
    /// How often in a window.
    pub count: i64,
    /// How long a window is.
    pub seconds: i64,
}

/// Where a subject stands in the running window of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The limit.
    pub limit: Limit,
    /// How often it may still be done.
    pub left: i64,
    /// Seconds until the window ends.
    pub seconds: i64,
}

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;
const DAY: i64 = 86_400;

/// Tries to sign in to one account: of all strangers together, of one known device, or to prove in
/// a session that it is its owner's.
pub const SIGN_IN: Limit = Limit { name: "sign-in", count: 10, seconds: 15 * MINUTE };
/// Tries once those are used up, of one address at one account or of one known device: slower, but
/// nobody is locked out.
pub const SIGN_IN_SLOW: Limit = Limit { name: "sign-in-slow", count: 1, seconds: 20 };
/// Slow tries at one account of all strangers together: who guesses from many addresses gets no
/// further. Known devices do not count here (decision 9).
pub const SIGN_IN_STRANGERS: Limit = Limit { name: "sign-in-strangers", count: 5, seconds: 20 };
/// Tries to sign in from one address, without known devices.
pub const SIGN_IN_ADDRESS: Limit = Limit { name: "sign-in-address", count: 30, seconds: HOUR };
/// Codes of the second factor that all strangers who know an account's password type together.
pub const CODE: Limit = Limit { name: "second-code", count: 10, seconds: HOUR };
/// Codes of strangers once those are used up: who guesses among a million needs more than a year,
/// and known devices and passkeys do not count here (docs/decisions/0090).
pub const CODE_SLOW: Limit = Limit { name: "second-code-slow", count: 1, seconds: 10 * MINUTE };
/// Mails to an account whose password a stranger seems to know.
pub const CODE_TOLD: Limit = Limit { name: "second-code-told", count: 1, seconds: DAY };
/// Questions that passkeys answer, from one address: each look at the sign-in asks one.
pub const PASSKEY_ADDRESS: Limit = Limit { name: "passkey-address", count: 300, seconds: HOUR };
/// The same of one account that is signed in.
pub const PASSKEY: Limit = Limit { name: "passkey", count: 60, seconds: HOUR };
/// Sign-ups from one address.
pub const SIGN_UP_ADDRESS: Limit = Limit { name: "sign-up-address", count: 5, seconds: HOUR };
/// Mails to one mail address in an hour.
pub const MAIL_HOUR: Limit = Limit { name: "mail-hour", count: 3, seconds: HOUR };
/// Mails to one mail address in a day.
pub const MAIL_DAY: Limit = Limit { name: "mail-day", count: 8, seconds: DAY };
/// Clicks of one account in a minute.
pub const CLICK_MINUTE: Limit = Limit { name: "click-minute", count: 60, seconds: MINUTE };
/// Clicks of one account in a day.
pub const CLICK_DAY: Limit = Limit { name: "click-day", count: 2_000, seconds: DAY };
/// Requests with one token.
pub const API: Limit = Limit { name: "api", count: 600, seconds: MINUTE };
/// Requests of one client of Flattr's old API (research/flattr-api-v2.md section 3).
pub const FLATTR: Limit = Limit { name: "flattr", count: 1_000, seconds: HOUR };
/// Clients that one account registers.
pub const REGISTER: Limit = Limit { name: "registering", count: 20, seconds: DAY };
/// What one account allows clients: a code is made each time.
pub const CONSENT: Limit = Limit { name: "granting", count: 60, seconds: HOUR };
/// Devices that begin to wait, from one address.
pub const DEVICE_ADDRESS: Limit = Limit { name: "waiting-address", count: 30, seconds: HOUR };
/// Codes of devices that one account types.
pub const DEVICE_CODE: Limit = Limit { name: "typed-code", count: 10, seconds: 15 * MINUTE };
/// Vouchers that one account tries.
pub const VOUCHER: Limit = Limit { name: "voucher", count: 10, seconds: HOUR };
/// Vouchers that are tried from one address.
pub const VOUCHER_ADDRESS: Limit = Limit { name: "voucher-address", count: 20, seconds: HOUR };
/// Works that one account brings into being.
pub const WORK: Limit = Limit { name: "work", count: 200, seconds: DAY };
/// Clicks that one trusted site gives at once for one account (B5).
pub const SITE: Limit = Limit { name: "site", count: 30, seconds: DAY };
/// Codes of works that one account asks for.
pub const WORK_CODE: Limit = Limit { name: "sayable-code", count: 60, seconds: HOUR };
/// Readings of one account's private feed.
pub const FEED: Limit = Limit { name: "feed", count: 60, seconds: HOUR };
/// Tests and replays of one account's webhooks.
pub const WEBHOOK: Limit = Limit { name: "webhook", count: 60, seconds: HOUR };
/// Files that one account brings along.
pub const IMPORT: Limit = Limit { name: "import", count: 20, seconds: HOUR };
/// Claims that one account begins.
pub const CLAIM: Limit = Limit { name: "claim", count: 60, seconds: HOUR };
/// Looks for a proof that one account asks for.
pub const CLAIM_CHECK: Limit = Limit { name: "claim-check", count: 20, seconds: HOUR };
/// Invitations that are looked at from one address.
pub const INVITATION_ADDRESS: Limit =
    Limit { name: "invitation-address", count: 30, seconds: HOUR };
/// Invitations that one account makes.
pub const INVITE: Limit = Limit { name: "invite", count: 20, seconds: DAY };
/// Exports of one account.
pub const EXPORT: Limit = Limit { name: "export", count: 3, seconds: DAY };

impl Limit {
    /// Seconds until the window of a moment ends; at least one.
    pub(crate) fn left(self, now: Timestamp) -> i64 {
        (self.begins(now).as_second() + self.seconds - now.as_second()).max(1)
    }

    /// When the window of a moment ends.
    #[must_use]
    pub fn ends(self, now: Timestamp) -> Timestamp {
        let seconds = SignedDuration::from_secs(self.seconds);
        self.begins(now).checked_add(seconds).unwrap_or(now)
    }

    /// When the window of a moment began.
    pub(crate) fn begins(self, now: Timestamp) -> Timestamp {
        let second = now.as_second();
        let begins = second - second.rem_euclid(self.seconds);
        Timestamp::from_second(begins).unwrap_or(now)
    }
}

impl App {
    /// Counts one try of an account. Refused over the limit, with the seconds until the window
    /// ends. In a transaction of its own: what is tried counts even when it fails.
    pub async fn limit(&self, limit: Limit, account: AccountId) -> Result<()> {
        self.limit_subject(limit, account.to_string()).await
    }

    /// Counts one try from an address. Only a keyed hash of it is stored, with a key that changes
    /// daily (P4).
    pub async fn limit_address(&self, limit: Limit, address: &str) -> Result<()> {
        self.limit_subject(limit, self.address_subject(address)).await
    }

    /// What an address is counted under: a keyed hash whose key changes daily (P4).
    #[must_use]
    pub fn address_subject(&self, address: &str) -> String {
        let day = self.now().as_second().div_euclid(DAY);
        let hash = self.secrets().mac(&format!("address {day}"), network(address).as_bytes());
        crate::secrets::hex(&hash[..16])
    }

    /// Counts one try of whatever the subject names.
    pub(crate) async fn limit_subject(&self, limit: Limit, subject: String) -> Result<()> {
        if self.config().limits.off {
            return Ok(());
        }
        let (now, begins) = (self.now(), limit.begins(self.now()));
        let count = self.write(subject, move |tx, subject| {
            Box::pin(async move {
                limits::count(tx, limit.name, subject, begins).await.map_err(Error::from)
            })
        });
        if count.await? <= limit.count {
            return Ok(());
        }
        Err(Refusal::TooMany { seconds: limit.left(now) }.into())
    }
}

/// What stands for an address: one subscriber of IPv6 has 2^64 of them, so the network counts.
fn network(address: &str) -> String {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => (address.to_bits() >> 64).to_string(),
        _ => address.to_owned(),
    }
}
