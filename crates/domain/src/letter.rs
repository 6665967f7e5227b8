//! Letters to the people of a site (security.md C4): that somebody proved control of something
//! there, and, once a year, that patrons wait. Who is written to is found on the site; whom nobody
//! is found for is not written to.

use jiff::{SignedDuration, Timestamp};

use crate::account::EmailAddress;
use crate::claim::Reach;

/// The least time between two notices to a site: what happens meanwhile stands in the next one.
pub const NOTICES_APART: SignedDuration = SignedDuration::from_hours(24);

/// The least time between two invitations to a site.
pub const INVITATIONS_APART: SignedDuration = SignedDuration::from_hours(365 * 24);

/// The least time between two letters to one address, whatever sites name it: who names somebody
/// else's address does not flood it.
pub const READERS_REST: SignedDuration = SignedDuration::from_hours(24);

/// The most people that a notice is sent to.
const READERS_MAX: usize = 3;

/// Where an address was found, the nearest to the author first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A file about how the site is funded.
    Funding,
    /// A `rel="me"` link of the page's owner.
    Profile,
    /// `security.txt` (RFC 9116): for matters of security only.
    Security,
}

/// Somebody who can be written to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Where.
    pub address: EmailAddress,
    /// Found where.
    pub source: Source,
}

/// What a letter is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// Somebody proved control of something on the site.
    Notice,
    /// Patrons wait for somebody who claims what they like.
    Invitation,
}

impl Letter {
    /// Whom it is sent to, of those that were found: a notice to three at most, each once; an
    /// invitation to one, and to nobody who asks for reports about security only.
    #[must_use]
    pub fn readers(self, found: &[Contact]) -> Vec<&EmailAddress> {
        let mut found: Vec<&Contact> = found.iter().collect();
        found.sort_by_key(|contact| contact.source);
        let most = match self {
            Self::Notice => READERS_MAX,
            Self::Invitation => {
                found.retain(|contact| contact.source != Source::Security);
                1
            }
        };
        let mut readers: Vec<&EmailAddress> = Vec::new();
        for Contact { address, .. } in found {
            if readers.len() < most && !readers.contains(&address) {
                readers.push(address);
            }
        }
        readers
    }

    /// Whether an address is of the party's own name: nobody else can name it for them, and it has
    /// its letters without a rest.
    #[must_use]
    pub fn is_own(party: &Reach, address: &EmailAddress) -> bool {
        let Reach::Name(name) = party else { return false };
        let host = address.as_str().rsplit('@').next().unwrap_or_default();
        host.strip_suffix(name.as_str()).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// When the next one may be sent, after the last.
    #[must_use]
    pub fn next(self, last: Option<Timestamp>) -> Timestamp {
        let apart = match self {
            Self::Notice => NOTICES_APART,
            Self::Invitation => INVITATIONS_APART,
        };
        let next = last.map(|last| last.saturating_add(apart).unwrap_or(Timestamp::MAX));
        next.unwrap_or(Timestamp::MIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(address: &str, source: Source) -> Contact {
        Contact { address: EmailAddress::parse(address).expect("an address"), source }
    }

    #[test]
    fn an_invitation_reaches_one_and_a_notice_a_few() {
        let security = contact("security@site.example", Source::Security);
        let me = contact("zoe@site.example", Source::Profile);
        let again = contact("ZOE@site.example", Source::Funding);
        let money = contact("money@site.example", Source::Funding);
        let more = contact("more@site.example", Source::Security);
        let texts = |letter: Letter, found: &[Contact]| -> Vec<String> {
            letter.readers(found).into_iter().map(ToString::to_string).collect()
        };
        let only = [security.clone()];
        assert_eq!(texts(Letter::Invitation, &only), [""; 0]);
        assert_eq!(texts(Letter::Notice, &only), ["security@site.example"]);
        let all = [security, me, again, money, more];
        assert_eq!(texts(Letter::Invitation, &all), ["zoe@site.example"]);
        let three = ["zoe@site.example", "money@site.example", "security@site.example"];
        assert_eq!(texts(Letter::Notice, &all), three);
    }

    #[test]
    fn a_partys_own_addresses_are_below_its_name() {
        let party = Reach::Name("site.example".to_owned());
        for (address, is_own) in [
            ("zoe@site.example", true),
            ("zoe@mail.site.example", true),
            ("zoe@notsite.example", false),
            ("site.example@other.example", false),
        ] {
            let address = EmailAddress::parse(address).expect("an address");
            assert_eq!(Letter::is_own(&party, &address), is_own, "{address}");
        }
    }

    #[test]
    fn letters_keep_their_distance() {
        let last: Timestamp = "2026-01-15T12:00:00Z".parse().expect("a time");
        assert_eq!(Letter::Notice.next(Some(last)).to_string(), "2026-01-16T12:00:00Z");
        assert_eq!(Letter::Invitation.next(Some(last)).to_string(), "2027-01-15T12:00:00Z");
        assert_eq!(Letter::Invitation.next(None), Timestamp::MIN);
    }
}
