//! The life of a claim (C1, C4): *challenged → proven → stale → lost*, moved by what checks find
//! and by time. Pure; who moves it logs and mails it.

use jiff::{SignedDuration, Timestamp};

/// For how long a challenge waits for its proof (C1).
pub const CHALLENGE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Money for a new claim waits at least so long, and for a check after that (C4).
pub const CONFIRMED_AFTER: SignedDuration = SignedDuration::from_hours(72);

/// How long a weaker proof stands after a stronger one came (C3).
pub const NOTICE: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A proof that nobody could look at for so long counts as stale, never as lost.
pub const AFTER_UNCLEAR: SignedDuration = SignedDuration::from_hours(60 * 24);

/// A proof is clearly gone when it was missed so often over so long (C4).
const GONE_TIMES: i64 = 3;
const GONE_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A stale claim is lost after so long (C4).
const LOST_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);

const FIRST: SignedDuration = SignedDuration::from_mins(10);
const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How soon one looks again where nobody could look.
const SOON: SignedDuration = SignedDuration::from_hours(6);

/// Where a claim stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClaimState {
    /// It waits for its proof.
    Challenged,
    /// It is proven, but somebody else's claim decides, who has not left it to this one (C3).
    Contested,
    /// It is proven.
    Proven,
    /// Its proof is gone: new money waits.
    Stale,
    /// It has ended.
    Lost,
}

impl ClaimState {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Challenged, Self::Contested, Self::Proven, Self::Stale, Self::Lost];

    /// The word that is stored, and that programs see.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Challenged => "challenged",
            Self::Contested => "contested",
            Self::Proven => "proven",
            Self::Stale => "stale",
            Self::Lost => "lost",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether it decides whose works are.
    #[must_use]
    pub const fn stands(self) -> bool {
        matches!(self, Self::Proven | Self::Stale)
    }
}

/// What somebody found who looked for a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Finding {
    /// The proof is there.
    Found,
    /// There is a proof, but of another claim.
    Other,
    /// There is none where it should be.
    Missing,
    /// The answer was not signed as its zone says it must be (DNSSEC).
    Unsafe,
    /// Nobody could look: not reachable, or not readable now.
    Unclear,
}

impl Finding {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Found, Self::Other, Self::Missing, Self::Unsafe, Self::Unclear];

    /// The word that is stored, and that programs see.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Other => "other",
            Self::Missing => "missing",
            Self::Unsafe => "unsafe",
            Self::Unclear => "unclear",
        }
    }

    /// The finding of a word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|finding| finding.code() == code)
    }

    /// Whether the proof is clearly not there. A timeout or a failing server says nothing (C4).
    #[must_use]
    pub const fn is_gone(self) -> bool {
        matches!(self, Self::Other | Self::Missing)
    }
}

/// How often in a row a proof was clearly gone, and since when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// How often.
    pub times: i64,
    /// Since when.
    pub since: Option<Timestamp>,
}

/// Where a claim stands and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// Its state.
    pub state: ClaimState,
    /// When it was first proven.
    pub proven_at: Option<Timestamp>,
    /// When money for it became payable; none while it waits (C4).
    pub confirmed_at: Option<Timestamp>,
    /// When its proof was last seen.
    pub found_at: Option<Timestamp>,
    /// How often it was clearly gone since.
    pub gone: Gone,
    /// When it became stale.
    pub stale_at: Option<Timestamp>,
}

/// What became of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Nothing.
    Stays,
    /// Proven for the first time.
    Proven,
    /// Money is payable from now on.
    Confirmed,
    /// Its proof is gone.
    Stale,
    /// Its proof is back.
    Recovered,
    /// It has ended.
    Lost,
}

impl Life {
    /// A claim that waits for its proof.
    pub const CHALLENGED: Self = Self {
        state: ClaimState::Challenged,
        proven_at: None,
        confirmed_at: None,
        found_at: None,
        gone: Gone { times: 0, since: None },
        stale_at: None,
    };

    /// Whether money for its works is payable.
    #[must_use]
    pub const fn pays(&self) -> bool {
        matches!(self.state, ClaimState::Proven) && self.confirmed_at.is_some()
    }

    /// Where it stands after somebody looked.
    #[must_use]
    pub fn after(mut self, finding: Finding, now: Timestamp) -> (Self, Move) {
        match finding {
            Finding::Found => return self.found(now),
            Finding::Other | Finding::Missing => {
                self.gone.times = self.gone.times.saturating_add(1);
                self.gone.since.get_or_insert(now);
            }
            Finding::Unsafe | Finding::Unclear => {}
        }
        self.missed(now)
    }

    fn found(mut self, now: Timestamp) -> (Self, Move) {
        self.gone = Gone::default();
        self.found_at = Some(now);
        match self.state {
            ClaimState::Challenged => {
                (self.state, self.proven_at) = (ClaimState::Proven, Some(now));
                (self, Move::Proven)
            }
            ClaimState::Stale => {
                (self.state, self.stale_at) = (ClaimState::Proven, None);
                (self, Move::Recovered)
            }
            ClaimState::Proven
                if self.confirmed_at.is_none() && is_past(self.proven_at, CONFIRMED_AFTER, now) =>
            {
                self.confirmed_at = Some(now);
                (self, Move::Confirmed)
            }
            ClaimState::Proven | ClaimState::Contested | ClaimState::Lost => (self, Move::Stays),
        }
    }

    fn missed(mut self, now: Timestamp) -> (Self, Move) {
        let is_gone = self.gone.times >= GONE_TIMES && is_past(self.gone.since, GONE_FOR, now);
        match self.state {
            ClaimState::Proven if is_gone || is_past(self.found_at, AFTER_UNCLEAR, now) => {
                (self.state, self.stale_at) = (ClaimState::Stale, Some(now));
                (self, Move::Stale)
            }
            ClaimState::Stale if is_gone && is_past(self.stale_at, LOST_AFTER, now) => {
                self.state = ClaimState::Lost;
                (self, Move::Lost)
            }
            // It decides nothing, so there is nothing to wait for.
            ClaimState::Contested if is_gone => {
                self.state = ClaimState::Lost;
                (self, Move::Lost)
            }
            _ => (self, Move::Stays),
        }
    }

    /// When to look first for the proof of a claim that was begun: whoever claims is told to look
    /// themselves, and forgets it.
    #[must_use]
    pub fn first_check(&self, now: Timestamp) -> Timestamp {
        later(now, FIRST)
    }

    /// When to look again: hourly until it is proven, daily while it is new or something is wrong,
    /// soon where nobody could look, else weekly (C4); moved by up to a tenth by chance (`jitter`
    /// of 256), so that not all are looked at together.
    #[must_use]
    pub fn next_check(&self, finding: Finding, (now, jitter): (Timestamp, u8)) -> Timestamp {
        let wait = match finding {
            _ if self.state == ClaimState::Challenged => HOUR,
            Finding::Unsafe | Finding::Unclear => SOON,
            Finding::Other | Finding::Missing => DAY,
            Finding::Found if self.confirmed_at.is_none() => DAY,
            Finding::Found => WEEK,
        };
        let tenth = wait.as_secs() / 10 * i64::from(jitter) / 256;
        later(now, wait).saturating_add(SignedDuration::from_secs(tenth)).unwrap_or(Timestamp::MAX)
    }
}

fn is_past(since: Option<Timestamp>, wait: SignedDuration, now: Timestamp) -> bool {
    since.is_some_and(|since| later(since, wait) <= now)
}

fn later(at: Timestamp, wait: SignedDuration) -> Timestamp {
    at.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Finding::{Found, Missing, Other, Unclear, Unsafe};
    use proptest::prelude::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hours * 3_600).expect("a time")
    }

    /// What became of a claim at each look.
    fn walk(looks: &[(i64, Finding)]) -> (Life, Vec<Move>) {
        let mut life = Life::CHALLENGED;
        let mut moves = Vec::new();
        for (hours, finding) in looks {
            let (next, moved) = life.after(*finding, at(*hours));
            life = next;
            moves.push(moved);
        }
        (life, moves)
    }

    #[test]
    fn money_is_payable_after_72_hours_and_a_second_look() {
        let (life, moves) = walk(&[(0, Missing), (1, Other), (2, Found), (73, Found)]);
        assert_eq!(moves, [Move::Stays, Move::Stays, Move::Proven, Move::Stays]);
        assert!(!life.pays());
        let (life, moved) = life.after(Found, at(74));
        assert_eq!((moved, life.confirmed_at, life.pays()), (Move::Confirmed, Some(at(74)), true));
        // Time alone confirms nothing, nor does a look that sees nothing.
        let (life, moves) = walk(&[(0, Found), (80, Unclear), (90, Missing)]);
        assert_eq!((moves.last(), life.pays()), (Some(&Move::Stays), false));
    }

    #[test]
    fn a_proof_is_gone_after_three_looks_over_seven_days() {
        let (_, moves) = walk(&[(0, Found), (24, Missing), (48, Missing), (72, Missing)]);
        assert_eq!(moves.last(), Some(&Move::Stays));
        let (life, moves) = walk(&[(0, Found), (24, Missing), (48, Other), (192, Missing)]);
        assert_eq!((moves.last(), life.state), (Some(&Move::Stale), ClaimState::Stale));
        assert!(!life.pays());
        let two = walk(&[(0, Found), (24, Missing), (192, Missing)]);
        assert_eq!(two.0.state, ClaimState::Proven);
        let back = walk(&[(0, Found), (24, Missing), (48, Found), (72, Missing), (192, Missing)]);
        assert_eq!((back.0.state, back.0.gone.times), (ClaimState::Proven, 2));
    }

    #[test]
    fn a_stale_claim_recovers_or_is_lost_after_thirty_days() {
        let stale = [(0, Found), (80, Found), (100, Missing), (200, Missing), (268, Missing)];
        let (life, _) = walk(&stale);
        assert_eq!(life.state, ClaimState::Stale);
        let (back, moved) = life.after(Found, at(300));
        assert_eq!((moved, back.pays(), back.confirmed_at), (Move::Recovered, true, Some(at(80))));
        assert_eq!(life.after(Missing, at(268 + 719)).1, Move::Stays);
        assert_eq!(life.after(Missing, at(268 + 720)).1, Move::Lost);
        assert_eq!(life.after(Unclear, at(268 + 720)).1, Move::Lost);
    }

    #[test]
    fn a_server_that_fails_takes_nothing_away() {
        let looks: Vec<_> = (1..59).map(|day| (day * 24, Unclear)).collect();
        let (life, _) = walk(&[&[(0, Found), (80, Found)], &looks[4..]].concat());
        assert_eq!((life.state, life.gone.times), (ClaimState::Proven, 0));
        let (stale, moved) = life.after(Unsafe, at(80 + 60 * 24));
        assert_eq!((moved, stale.state), (Move::Stale, ClaimState::Stale));
        // Held, but never lost by silence alone.
        assert_eq!(stale.after(Unclear, at(80 + 400 * 24)).1, Move::Stays);
    }

    #[test]
    fn what_is_contested_waits_and_goes_with_its_proof() {
        let contested = Life { state: ClaimState::Contested, ..walk(&[(0, Found)]).0 };
        assert_eq!(contested.after(Found, at(100)).1, Move::Stays);
        let (life, _) = contested.after(Missing, at(1));
        let (life, _) = life.after(Missing, at(100));
        assert_eq!(life.after(Missing, at(169)).1, Move::Lost);
    }

    #[test]
    fn one_looks_daily_then_weekly_and_soon_after_a_failure() {
        let new = walk(&[(0, Found)]).0;
        let old = walk(&[(0, Found), (72, Found)]).0;
        let hours = |life: Life, finding, jitter| {
            life.next_check(finding, (at(0), jitter)).duration_since(at(0)).as_hours()
        };
        assert_eq!([hours(new, Found, 0), hours(old, Found, 0)], [24, 168]);
        assert_eq!([hours(old, Missing, 0), hours(old, Unclear, 0)], [24, 6]);
        assert!((169..185).contains(&hours(old, Found, 255)));
    }

    #[test]
    fn words_read_back() {
        for state in ClaimState::ALL {
            assert_eq!(ClaimState::from_code(state.code()), Some(state));
        }
        for finding in Finding::ALL {
            assert_eq!(Finding::from_code(finding.code()), Some(finding));
        }
    }

    proptest! {
        #[test]
        fn nothing_pays_without_two_sights_72_hours_apart(
            looks in proptest::collection::vec((1_i64..200, 0_usize..5), 1..40),
        ) {
            let (mut life, mut hours, mut first) = (Life::CHALLENGED, 0, None);
            for (wait, which) in looks {
                hours += wait;
                let finding = Finding::ALL[which];
                let was = life.state;
                life = life.after(finding, at(hours)).0;
                if finding == Found {
                    first.get_or_insert(hours);
                }
                if life.pays() {
                    prop_assert!(first.is_some_and(|first| hours - first >= 72));
                }
                prop_assert!(was != ClaimState::Lost || life.state == ClaimState::Lost);
            }
        }
    }
}
