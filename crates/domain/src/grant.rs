//! Grants: what an account allowed a client to do, and how long the keys that come of it open
//! anything (security.md O1, O2).

use jiff::{SignedDuration, Timestamp};

use crate::refusal::Refusal;
use crate::token::Scope;

crate::id! {
    /// What an account allowed a client at one time: all its tokens end together.
    GrantId
}

/// How long a code can be exchanged.
pub const CODE: SignedDuration = SignedDuration::from_secs(60);

/// How long an access token opens anything.
pub const ACCESS: SignedDuration = SignedDuration::from_hours(1);

/// How long a grant stands, however often it is refreshed; an access token of a legacy client,
/// which cannot refresh, as long.
pub const GRANT: SignedDuration = SignedDuration::from_hours(90 * 24);

/// How long a refresh token that was used may come once more: its answer may have been lost.
pub const GRACE: SignedDuration = SignedDuration::from_secs(30);

/// The most grants of one account to one client; over it the oldest ends.
pub const PER_CLIENT_MAX: i64 = 20;

/// What is known of a refresh token when it comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refreshed {
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// Whether it came once more already, or another took its place.
    pub is_spent: bool,
    /// Whether the one that followed it was used.
    pub is_followed: bool,
}

/// What a refresh token that comes gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refreshing {
    /// New tokens.
    Rotate,
    /// New tokens in the place of those that were lost.
    Repeat,
    /// Nothing: two have it, so the grant ends.
    Reused,
}

impl Refreshed {
    /// What it gets now.
    #[must_use]
    pub fn judge(self, now: Timestamp) -> Refreshing {
        match self.used_at {
            _ if self.is_spent => Refreshing::Reused,
            None => Refreshing::Rotate,
            Some(at) if !self.is_followed && now.duration_since(at) <= GRACE => Refreshing::Repeat,
            Some(_) => Refreshing::Reused,
        }
    }
}

/// The scopes of refreshed tokens: all that was granted, or fewer, never more.
pub fn narrowed(granted: &[Scope], asked: &str) -> Result<Vec<Scope>, Refusal> {
    if asked.trim().is_empty() {
        return Ok(granted.to_vec());
    }
    let scopes = Scope::parse_list(asked)?;
    match scopes.iter().find(|scope| !granted.contains(scope)) {
        Some(scope) => Err(Refusal::ScopeUnknown { scope: scope.name().to_owned() }),
        None => Ok(scopes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Refreshed = Refreshed { used_at: None, is_spent: false, is_followed: false };

    fn after(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_000 + seconds).expect("a moment")
    }

    #[test]
    fn a_refresh_token_is_used_once_and_once_more_if_its_answer_was_lost() {
        assert_eq!(FRESH.judge(after(0)), Refreshing::Rotate);
        let used = Refreshed { used_at: Some(after(0)), ..FRESH };
        assert_eq!(used.judge(after(30)), Refreshing::Repeat);
        assert_eq!(used.judge(after(31)), Refreshing::Reused);
        let followed = Refreshed { is_followed: true, ..used };
        assert_eq!(followed.judge(after(1)), Refreshing::Reused);
        let spent = Refreshed { is_spent: true, ..used };
        assert_eq!(spent.judge(after(1)), Refreshing::Reused);
        let superseded = Refreshed { is_spent: true, ..FRESH };
        assert_eq!(superseded.judge(after(1)), Refreshing::Reused);
    }

    #[test]
    fn scopes_only_get_fewer() {
        let granted = [Scope::Profile, Scope::Click];
        assert_eq!(narrowed(&granted, ""), Ok(granted.to_vec()));
        assert_eq!(narrowed(&granted, "click"), Ok(vec![Scope::Click]));
        for more in ["clicks:read", "click clicks:read", "wallet", "no"] {
            assert!(narrowed(&granted, more).is_err(), "{more}");
        }
    }
}
