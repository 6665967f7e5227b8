//! The OAuth2 provider (security.md section 7): clients, what accounts grant them, and the keys
//! that come of it. The protocol's own words are in `web/src/oauth`.

mod clients;
mod codes;
mod devices;
mod ending;
mod grants;
mod handing;
mod refreshing;

use jiff::SignedDuration;
use obole_domain::grant::GrantId;
use obole_domain::token::Scope;

pub use clients::{
    CLIENTS_MAX, Credentials, FORMER, Mark, NewClient, Used, authenticate, change, delete, find,
    list, proven_host, register, rotate, set_legacy,
};
pub use codes::{Allowed, Exchange, allow, exchange};
pub use devices::{Started, Waiting, answer, poll, start, waiting};
pub(crate) use ending::end_with_word;
pub use grants::{GrantedApp, granted, revoke, take_back_all};
pub use handing::{Seen, end, see};
pub use refreshing::refresh;

/// What a client gets for a code, a refresh token or a device's yes.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// The grant that they came of.
    pub grant: GrantId,
    /// The access token.
    pub access: String,
    /// What it gets the next ones with; none for legacy clients.
    pub refresh: Option<String>,
    /// What the access token allows.
    pub scopes: Vec<Scope>,
    /// How long the access token opens anything.
    pub lives: SignedDuration,
}

/// Why a client gets no tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The code or refresh token is not good, or not the client's.
    Grant,
    /// It asks for more than it was granted.
    Scope,
    /// It may not ask in this way.
    Client,
    /// Nobody has answered the device yet.
    Pending,
    /// The device asks too often.
    SlowDown,
    /// Somebody said no.
    Refused,
    /// The device's code is too old.
    Expired,
}

/// How a client's question ends where nothing went wrong here.
pub type Answered = std::result::Result<Tokens, Denied>;
