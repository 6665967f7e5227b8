//! Webhooks (H1): which events there are, what is signed, and when something is tried again. In the
//! form of the Standard Webhooks specification.

use jiff::{SignedDuration, Timestamp};

use crate::refusal::Refusal;

crate::id! {
    /// An endpoint: where an account's program is told what happens.
    WebhookId
}

crate::id! {
    /// Something that is told, the same to whoever it is told.
    WebhookEventId
}

/// The most endpoints of one account.
pub const WEBHOOKS_MAX: i64 = 10;

/// How many random bytes a secret has.
pub const SECRET_BYTES: usize = 32;

/// What a secret begins with when it is written.
pub const SECRET_PREFIX: &str = "whsec_";

/// The kind of what an endpoint's owner sends to try it out: nobody asks for it beforehand.
pub const TEST: &str = "webhook.test";

/// What an endpoint can be told of. A new kind stands here, and where it happens something of it is
/// given to `app::webhooks::tell`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    /// Works of the account were clicked on a day that is over.
    SupportReceived,
    /// A settlement credited works of the account.
    SettlementShare,
    /// A month is settled for everybody.
    SettlementFinished,
    /// A work is the account's from here on.
    ClaimGranted,
    /// A work is not the account's any more.
    ClaimEnded,
    /// A payout was asked for.
    PayoutRequested,
    /// A payout went to the bank.
    PayoutSent,
    /// A payout came back.
    PayoutReversed,
    /// What somebody had allowed an app of the account ended.
    GrantRevoked,
}

impl EventKind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::SupportReceived,
        Self::SettlementShare,
        Self::SettlementFinished,
        Self::ClaimGranted,
        Self::ClaimEnded,
        Self::PayoutRequested,
        Self::PayoutSent,
        Self::PayoutReversed,
        Self::GrantRevoked,
    ];

    /// Its name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SupportReceived => "support.received",
            Self::SettlementShare => "settlement.share",
            Self::SettlementFinished => "settlement.finished",
            Self::ClaimGranted => "claim.granted",
            Self::ClaimEnded => "claim.ended",
            Self::PayoutRequested => "payout.requested",
            Self::PayoutSent => "payout.sent",
            Self::PayoutReversed => "payout.reversed",
            Self::GrantRevoked => "grant.revoked",
        }
    }

    /// Reads names with spaces between, in any order, each once; at least one.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, Refusal> {
        let mut kinds = Vec::new();
        for name in text.split_whitespace() {
            let found = Self::ALL.into_iter().find(|kind| kind.name() == name);
            let unknown = || Refusal::WebhookEventUnknown { kind: name.chars().take(40).collect() };
            kinds.push(found.ok_or_else(unknown)?);
        }
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() { Err(Refusal::WebhookEventsMissing {}) } else { Ok(kinds) }
    }

    /// Writes what [`Self::parse_list`] reads.
    #[must_use]
    pub fn print_list(kinds: &[Self]) -> String {
        kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(" ")
    }

    /// Whether a list that [`Self::print_list`] wrote has it.
    #[must_use]
    pub fn is_in(self, list: &str) -> bool {
        list.split(' ').any(|name| name == self.name())
    }
}

/// The `webhook-id` of an event: the same at each try and at each replay.
#[must_use]
pub fn message_id(event: WebhookEventId) -> String {
    format!("msg_{}", event.uuid().simple())
}

/// What is signed: the id, the moment of the try in seconds, the body, with dots between.
#[must_use]
pub fn signed_content(event: WebhookEventId, at: Timestamp, body: &str) -> String {
    format!("{}.{}.{body}", message_id(event), at.as_second())
}

/// What an answer's status means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// 2xx: it arrived.
    Arrived,
    /// 410: nobody wants to be told any more.
    Gone,
    /// Anything else, redirects too.
    Failed,
}

/// What an answer's status means.
#[must_use]
pub const fn verdict(status: u16) -> Verdict {
    match status {
        200..=299 => Verdict::Arrived,
        410 => Verdict::Gone,
        _ => Verdict::Failed,
    }
}

const MINUTE: i64 = 60;
const HOUR: i64 = 3_600;

/// The waits between the tries of one delivery, in seconds.
const WAITS: [i64; 9] =
    [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// The wait after the try of this number, the first being 1, and up to a tenth more of it, by a
/// byte of chance: those who failed together do not come back together. None after the last.
#[must_use]
pub fn wait(tries: i64, chance: u8) -> Option<SignedDuration> {
    let place = usize::try_from(tries.saturating_sub(1)).unwrap_or_default();
    let seconds = *WAITS.get(place)?;
    let jitter = seconds.saturating_mul(100).saturating_mul(i64::from(chance)) / 255;
    Some(SignedDuration::from_millis(seconds.saturating_mul(1_000).saturating_add(jitter)))
}

/// How long a delivery is tried in all, without what chance adds.
#[must_use]
pub fn tried_for() -> SignedDuration {
    SignedDuration::from_secs(WAITS.iter().sum())
}

/// How long an endpoint is left alone after so many failures in a row, whichever deliveries they
/// were of: what waits for a dead one costs a try a minute at most, not a try each.
#[must_use]
pub fn rest(failures: i64) -> SignedDuration {
    let doublings = u32::try_from(failures.saturating_sub(1)).unwrap_or(u32::MAX).min(4);
    let seconds = 5_i64.saturating_mul(1 << doublings);
    SignedDuration::from_secs(seconds.min(MINUTE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn kinds_are_known_names() {
        let kinds = EventKind::parse_list("payout.sent claim.granted  payout.sent").expect("known");
        assert_eq!(EventKind::print_list(&kinds), "claim.granted payout.sent");
        let unknown = Err(Refusal::WebhookEventUnknown { kind: "click".into() });
        assert_eq!(EventKind::parse_list("payout.sent click"), unknown);
        assert_eq!(EventKind::parse_list(" "), Err(Refusal::WebhookEventsMissing {}));
        assert_eq!(
            EventKind::parse_list(TEST),
            Err(Refusal::WebhookEventUnknown { kind: TEST.to_owned() })
        );
        let list = EventKind::print_list(&[EventKind::PayoutSent]);
        assert!(EventKind::PayoutSent.is_in(&list) && !EventKind::ClaimEnded.is_in(&list));
    }

    #[test]
    fn names_are_as_the_specification_wants_them() {
        for kind in EventKind::ALL {
            let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte == b'.';
            assert!(kind.name().bytes().all(is_plain), "{}", kind.name());
        }
    }

    #[test]
    fn id_moment_and_body_are_signed() {
        let event = WebhookEventId::new(Uuid::from_u128(0xab));
        let at = "2026-11-26T10:00:00.9Z".parse().expect("a moment");
        assert_eq!(
            signed_content(event, at, "{}"),
            "msg_000000000000000000000000000000ab.1795687200.{}"
        );
    }

    #[test]
    fn only_2xx_arrived() {
        for status in [200, 202, 204, 299] {
            assert_eq!(verdict(status), Verdict::Arrived);
        }
        for status in [100, 199, 300, 301, 302, 307, 308, 400, 404, 409, 429, 500, 503, 999] {
            assert_eq!(verdict(status), Verdict::Failed, "{status}");
        }
        assert_eq!(verdict(410), Verdict::Gone);
    }

    #[test]
    fn the_waits_are_those_of_the_rule() {
        let waits: Vec<_> = (1..).map_while(|tries| wait(tries, 0)).map(|w| w.as_secs()).collect();
        assert_eq!(waits, [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]);
        assert_eq!((wait(10, 255), wait(i64::MAX, 0)), (None, None));
    }

    #[test]
    fn a_dead_endpoint_rests_longer_each_time_up_to_a_minute() {
        let rests: Vec<_> = (1..8).map(|failures| rest(failures).as_secs()).collect();
        assert_eq!(rests, [5, 10, 20, 40, 60, 60, 60]);
        assert_eq!(rest(i64::MAX).as_secs(), 60);
    }

    proptest! {
        #[test]
        fn chance_adds_a_tenth_at_most(tries in 1_i64..10, chance: u8) {
            let least = wait(tries, 0).expect("a wait");
            let wait = wait(tries, chance).expect("a wait");
            prop_assert!(wait >= least);
            prop_assert!((wait - least) * 10 <= least);
            // Alone, a delivery is never held up by the rest of its endpoint.
            prop_assert!(rest(tries) <= least);
        }
    }
}
