//! What was done and found: counts by fault, breaches, and what was not run with the reason. What
//! did not run is never counted as passed.

use std::time::Duration;

use serde_json::{Value, json};

/// What came of one fault.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// What strikes, and where.
    pub fault: &'static str,
    pub engine: &'static str,
    /// How often it struck.
    pub strikes: u64,
    /// How often everything stored was held against the journal.
    pub checks: u64,
    /// Settlements that were disturbed and compared share by share.
    pub settlements: u64,
    /// Deeds sent, and acknowledged.
    pub sent: u64,
    pub acknowledged: u64,
    /// Answered requests that were sent once more and told the same.
    pub repeated: u64,
    /// Other figures, by what they count.
    pub figures: Vec<(&'static str, u64)>,
    /// What must not be and was.
    pub breaches: Vec<String>,
    /// Why it did not run; none where it did.
    pub not_run: Option<String>,
    pub took: Duration,
}

impl Tally {
    /// Nothing yet.
    pub fn new(fault: &'static str, engine: &'static str) -> Self {
        Self { fault, engine, ..Self::default() }
    }

    /// Adds to a figure.
    pub fn count(&mut self, what: &'static str, more: u64) {
        match self.figures.iter_mut().find(|(known, _)| *known == what) {
            Some((_, count)) => *count += more,
            None => self.figures.push((what, more)),
        }
    }

    fn outcome(&self) -> &'static str {
        match (&self.not_run, self.breaches.is_empty(), self.strikes) {
            (_, false, _) => "BROKEN",
            (Some(_), true, _) => "not run",
            // What never struck has shown nothing.
            (None, true, 0) => "not run",
            (None, true, _) => "held",
        }
    }

    /// Whether it ran and nothing was found.
    pub fn has_held(&self) -> bool {
        self.outcome() == "held"
    }

    /// Whether something was found.
    pub fn is_broken(&self) -> bool {
        !self.breaches.is_empty()
    }

    /// One line for people.
    pub fn line(&self) -> String {
        let mut line = format!(
            "{:<8} {:<8} {:<34} {:>5} strikes, {:>5} checks",
            self.outcome(),
            self.engine,
            self.fault,
            self.strikes,
            self.checks
        );
        for (what, count) in self.counts() {
            if count > 0 {
                line.push_str(&format!(", {count} {what}"));
            }
        }
        line.push_str(&format!(" ({} s)", self.took.as_secs()));
        if let Some(reason) = &self.not_run {
            line.push_str(&format!("\n         because {reason}"));
        }
        for breach in &self.breaches {
            line.push_str(&format!("\n         {breach}"));
        }
        line
    }

    fn counts(&self) -> Vec<(&'static str, u64)> {
        let own = [
            ("settlements", self.settlements),
            ("sent", self.sent),
            ("acknowledged", self.acknowledged),
            ("sent once more", self.repeated),
        ];
        own.into_iter().chain(self.figures.iter().copied()).collect()
    }

    fn json(&self) -> Value {
        let mut value = json!({
            "fault": self.fault,
            "engine": self.engine,
            "outcome": self.outcome(),
            "strikes": self.strikes,
            "checks": self.checks,
            "seconds": self.took.as_secs(),
            "breaches": self.breaches,
            "because": self.not_run,
        });
        for (what, count) in self.counts() {
            if let Some(fields) = value.as_object_mut() {
                fields.insert(what.replace(' ', "_"), json!(count));
            }
        }
        value
    }
}

/// All of a run.
pub struct Report {
    pub seed: u64,
    pub took: Duration,
    pub tallies: Vec<Tally>,
}

impl Report {
    /// Whether nothing was broken and something held.
    pub fn is_well(&self) -> bool {
        !self.tallies.iter().any(Tally::is_broken) && self.tallies.iter().any(Tally::has_held)
    }

    /// For people.
    pub fn words(&self) -> String {
        let mut words = format!("Seed {}, {} s.\n", self.seed, self.took.as_secs());
        for tally in &self.tallies {
            words.push_str(&tally.line());
            words.push('\n');
        }
        let count = |is: fn(&Tally) -> bool| self.tallies.iter().filter(|tally| is(tally)).count();
        let (held, broken) = (count(Tally::has_held), count(Tally::is_broken));
        let not_run = self.tallies.len() - held - broken;
        words.push_str(&format!("{held} faults held, {broken} BROKEN, {not_run} not run."));
        words
    }

    /// For programs, on one line.
    pub fn json(&self) -> Value {
        json!({
            "seed": self.seed,
            "seconds": self.took.as_secs(),
            "is_well": self.is_well(),
            "faults": self.tallies.iter().map(Tally::json).collect::<Vec<_>>(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_run_is_never_counted_as_held() {
        let report = |tally| Report { seed: 1, took: Duration::ZERO, tallies: vec![tally] };
        let mut tally = Tally::new("a", "sqlite");
        assert!(!report(tally.clone()).is_well(), "nothing struck");
        tally.strikes = 3;
        assert!(report(tally.clone()).is_well());
        let not_run = Tally { not_run: Some("no tool".to_owned()), ..tally.clone() };
        assert!(!report(not_run.clone()).is_well() && not_run.line().contains("not run"));
        tally.breaches.push("lost".to_owned());
        assert!(!report(tally.clone()).is_well());
        assert!(tally.line().contains("BROKEN") && tally.line().contains("lost"));
    }
}
