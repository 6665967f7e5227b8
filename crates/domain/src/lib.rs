//! Obole's words and rules: what is true about money, clicks and months. Plain functions over
//! plain values: no input or output, no async, no clock, no chance (style.md section 1).

pub mod account;
pub mod budget;
pub mod claim;
pub mod click;
pub mod client;
pub mod device_code;
pub mod flattr_revenue;
pub mod grant;
pub mod invitation;
pub mod ledger;
pub mod letter;
pub mod look_alike;
pub mod money;
pub mod note;
pub mod own_program;
pub mod packed;
pub mod pass_on;
pub mod payout;
pub mod period;
pub mod pkce;
pub mod policy;
pub mod promise_list;
pub mod public_count;
pub mod refusal;
pub mod report;
pub mod settlement;
pub mod share_out;
pub mod sheet;
pub mod signal;
pub mod site;
pub mod statement;
pub mod subscription;
pub mod tag_expression;
pub mod team;
pub mod token;
pub mod url_prefix;
pub mod voucher;
pub mod webhook;
pub mod work;
pub mod work_code;
pub mod work_details;

pub use account::{AccountId, EmailAddress, Handle};
pub use claim::ClaimId;
pub use click::Points;
pub use invitation::{InvitationCode, InvitationId, WaitingId};
pub use money::{Currency, Micros, Money};
pub use note::Note;
pub use pass_on::PassOn;
pub use period::Period;
pub use policy::Policy;
pub use public_count::public_count;
pub use refusal::{Refusal, Value};
pub use share_out::share_out;
pub use site::Site;
pub use subscription::SubscriptionId;
pub use team::{TeamInvitationId, TeamRole};
pub use url_prefix::UrlPrefix;
pub use webhook::{WebhookEventId, WebhookId};
pub use work::{CanonicalUrl, WorkId};
pub use work_code::{CodeLanguage, WorkCode};

/// Declares an identifier: a newtype over a UUID whose inside is private.
#[macro_export]
macro_rules! id {
    ($(#[$about:meta])* $name:ident) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(uuid::Uuid);

        impl $name {
            /// Wraps a UUID that the caller made from its clock and chance, or read back.
            #[must_use]
            pub const fn new(uuid: uuid::Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID inside.
            #[must_use]
            pub const fn uuid(self) -> uuid::Uuid {
                self.0
            }

            /// Reads the hyphenated form that pages and clients see; anything else is none.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                let is_hyphenated = text.len() == 36;
                is_hyphenated.then(|| uuid::Uuid::try_parse(text).ok().map(Self)).flatten()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(formatter)
            }
        }
    };
}
