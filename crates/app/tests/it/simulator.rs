//! A seeded simulator: random commands by many people, whole or dropped at any await, against a
//! small reference. After each step the database holds what the reference holds; what was dropped
//! was done or not, never half. `OBOLE_SIMULATOR_SEED=7 cargo nextest run -p obole-app simulator`
//! runs one seed; what fails says its seed, its step and its last commands.

mod commands;
mod dice;
mod drive;
mod model;
mod money;
mod month;
mod stored;
mod subscriptions;

use std::collections::{BTreeMap, VecDeque};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use obole_app::testing::{self, Instance, key};
use obole_app::{Error, audit};
use obole_domain::Period;

use commands::Command;
use dice::Dice;
use drive::{Ended, Program};
use model::{CODES, Model, Outcome, Tables};

/// Steps of a seed.
const STEPS: usize = 1_000;

/// After how many steps everything is audited.
const AUDIT: usize = 50;

/// How many people there are at first.
const PEOPLE: usize = 5;

/// How often a command is dropped, in a hundred.
const DROPPED: u64 = 18;

/// How many of the last commands are told when something fails.
const TOLD: usize = 12;

/// A run of one seed.
struct Run {
    seed: u64,
    step: usize,
    dice: Dice,
    model: Model,
    program: Program,
    last: VecDeque<String>,
    /// How often each command ended how.
    ends: BTreeMap<String, u64>,
}

impl Drop for Run {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let last: Vec<&str> = self.last.iter().map(String::as_str).collect();
            let (seed, step) = (self.seed, self.step);
            eprintln!("seed {seed}, step {step}, after:\n  {}", last.join("\n  "));
        }
    }
}

impl Run {
    async fn open(instance: Instance, seed: u64) -> Self {
        let month = instance.app.clock_period().number();
        let program = Program::open(instance, PEOPLE).await;
        let (dice, model) = (Dice::new(seed), Model::new(month, PEOPLE));
        let (last, ends) = (VecDeque::new(), BTreeMap::new());
        let mut run = Self { seed, step: 0, dice, model, program, last, ends };
        run.compare().await;
        run
    }

    async fn live(&mut self, steps: usize) {
        for step in 1..=steps {
            self.step = step;
            self.step().await;
            self.compare().await;
            if step % AUDIT == 0 {
                self.audit().await;
            }
        }
        self.pass(1);
        self.do_command(&Command::Settle).await;
        self.compare().await;
        self.audit().await;
        // Read with `--no-capture`: what a seed has been through.
        eprintln!("seed {}: {:#?}", self.seed, self.ends);
    }

    async fn step(&mut self) {
        let minutes = self.dice.between(7, 90);
        let now = self.program.instance.app.now();
        self.set_clock(now + SignedDuration::from_mins(minutes));
        let command = Command::draw(&mut self.dice, &self.model);
        if let Command::Pass { months } = command {
            self.pass(months);
        } else {
            self.do_command(&command).await;
        }
    }

    fn tell(&mut self, what: String) {
        self.last.push_back(what);
        if self.last.len() > TOLD {
            self.last.pop_front();
        }
    }

    /// Counts how a command ended.
    fn count(&mut self, command: &Command, how: impl std::fmt::Debug) {
        let shown = format!("{command:?}");
        let name = shown.split(' ').next().unwrap_or_default();
        *self.ends.entry(format!("{name} {how:?}")).or_default() += 1;
    }

    /// Lets months pass.
    fn pass(&mut self, months: i64) {
        let period = Period::from_number(self.model.month + months).expect("a month");
        let minutes = self.dice.between(1, 60 * 24 * 9);
        self.set_clock(period.begins(&TimeZone::UTC) + SignedDuration::from_mins(minutes));
        self.tell(format!("it is {}", self.program.instance.app.now()));
    }

    fn set_clock(&mut self, now: Timestamp) {
        self.program.instance.app.clock().set(now);
        self.model.month = Period::at(now, &TimeZone::UTC).number();
        self.model.minute = now.as_second() / 60;
    }

    /// Does a command, whole or dropped, and sees to it that the program did what the reference
    /// says, or nothing where it was dropped. In the end it is done: what follows depends on the
    /// seed alone.
    async fn do_command(&mut self, command: &Command) {
        let key = key(&self.program.instance.app);
        let mut after = self.model.clone();
        let mut halfway = Vec::new();
        let wanted = command.apply(&mut after, &mut halfway);
        self.count(command, wanted);
        let at_once = match command {
            Command::Give { at_once, .. } => *at_once,
            Command::Settle => 1 + usize::from(self.dice.percent(25)),
            _ => 1,
        };
        let is_droppable = at_once == 1 && !matches!(command, Command::MakeVouchers { .. });
        let mut drops = 0;
        while is_droppable && self.dice.percent(if drops == 0 { DROPPED } else { 40 }) {
            drops += 1;
            let polls = self.polls(command);
            self.tell(format!("{command:?} dropped after {polls} polls: {wanted:?}"));
            let ended = self.program.run_dropped(command, &key, polls).await;
            match ended {
                Some(ended) if drops == 1 || command.is_keyed() => assert_ended(&ended, wanted),
                // Done by an earlier one, it may be refused now.
                _ => {}
            }
            self.program.rest().await;
            if matches!(command, Command::Settle | Command::GiveDue) {
                // Half of it is none: it goes on wherever it stands, once nobody else does it.
                let now = self.program.instance.app.now();
                self.set_clock(now + SignedDuration::from_mins(2));
                continue;
            }
            self.look_up(command, wanted, (&after, &halfway)).await;
            if matches!(command, Command::EndRefund { .. }) {
                // What was begun is left alone for a minute.
                let now = self.program.instance.app.now();
                self.set_clock(now + SignedDuration::from_mins(2));
            }
            if wanted.is_ok() && !command.is_keyed() && self.is_after(&after).await {
                return self.take(after, wanted).await;
            }
        }
        self.tell(format!("{command:?}, {at_once} at once: {wanted:?}"));
        if at_once > 1 {
            let ended = self.program.run_at_once(command, &key, at_once).await;
            assert_eq!(ended.len(), at_once);
            ended.iter().for_each(|ended| assert_ended(ended, wanted));
        } else {
            let ended = self.program.run(command, &key).await;
            assert_ended(&ended, wanted);
        }
        self.take(after, wanted).await;
    }

    /// After how many polls a command is dropped: a settlement and PostgreSQL have many.
    fn polls(&mut self, command: &Command) -> u64 {
        let is_long = matches!(command, Command::Settle);
        let most = match (is_long, self.program.is_on_sqlite()) {
            (true, true) => 40,
            (true, false) => 400,
            (false, true) => 3,
            (false, false) => 25,
        };
        self.dice.below(most)
    }

    /// A command was dropped: it was done or it was not, and nothing else.
    async fn look_up(
        &mut self,
        command: &Command,
        wanted: Outcome,
        (after, halfway): (&Model, &[Model]),
    ) {
        let (stored, names) = self.stored().await;
        self.program.names = names;
        let since = self.since();
        let before = stored.differences(&self.model.compared(since));
        let done = stored.differences(&after.compared(since));
        let is_half = |model: &Model| stored.differences(&model.compared(since)).is_empty();
        let is_done = wanted.is_ok() && (done.is_empty() || halfway.iter().any(is_half));
        assert!(
            before.is_empty() || is_done,
            "stored | wanted if it is not done: {before:#?}; if it is: {done:#?}"
        );
        self.count(command, if before.is_empty() { "dropped" } else { "dropped and done" });
    }

    /// Whether what is stored is what a command makes of it.
    async fn is_after(&self, after: &Model) -> bool {
        let (stored, _) = self.stored().await;
        stored == after.compared(self.since())
    }

    /// Believes what a command did.
    async fn take(&mut self, after: Model, wanted: Outcome) {
        if wanted.is_ok() {
            self.model = after;
        }
        self.compare_closed().await;
    }

    /// The first month of which clicks are compared.
    fn since(&self) -> i64 {
        self.model.month - 2
    }

    async fn stored(&self) -> (Tables, stored::Names) {
        stored::read(&self.program.instance.app, self.since()).await
    }

    /// Holds everything that is stored against the reference.
    async fn compare(&mut self) {
        let (stored, names) = self.stored().await;
        let differences = stored.differences(&self.model.compared(self.since()));
        assert!(differences.is_empty(), "stored | wanted: {differences:#?}");
        let ids = names.works.iter().map(|(number, work)| (*number, work.uuid()));
        self.model.work_ids = ids.collect();
        self.program.names = names;
    }

    /// Holds the shares of the months that were closed now against the reference.
    async fn compare_closed(&mut self) {
        for (month, lines) in std::mem::take(&mut self.model.closed_now) {
            let app = &self.program.instance.app;
            let stored = stored::lines(app, &self.program.names, month).await;
            assert_eq!(stored, lines, "the shares of month {month}: stored, and wanted");
        }
    }

    async fn audit(&self) {
        let report = audit::run(&self.program.instance.app).await.expect("an audit");
        assert_eq!(report.breaches, []);
    }
}

/// A command ended as the reference says.
fn assert_ended(ended: &Ended, wanted: Outcome) {
    let code = match ended {
        Ok(()) => Ok(()),
        Err(Error::Refused(said)) => Err(said.code.as_str()),
        Err(Error::NotFound) => Err("not_found"),
        Err(other) => panic!("{other}, and wanted: {wanted:?}"),
    };
    assert_eq!(code, wanted, "how it ended, and how it must");
}

/// A seed that the environment asks for, and how many steps.
fn asked() -> Option<(u64, usize)> {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let steps = number("OBOLE_SIMULATOR_STEPS").and_then(|steps| usize::try_from(steps).ok());
    Some((number("OBOLE_SIMULATOR_SEED")?, steps.unwrap_or(STEPS)))
}

fn live(engine: testing::On, seeds: impl IntoIterator<Item = u64>, steps: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        for seed in seeds {
            let Some(instance) = testing::simulated(engine, &CODES, seed).await else { return };
            Run::open(instance, seed).await.live(steps).await;
        }
    });
}

/// Makes a test of some seeds.
macro_rules! seeds {
    ($($name:ident: $seeds:expr;)+) => {$(
        #[test]
        fn $name() {
            live(testing::On::Sqlite, $seeds, STEPS);
        }
    )+};
}

// Parted, so that they run side by side.
seeds! {
    what_is_stored_is_what_the_reference_holds_in_seeds_0_to_4: 0..5;
    what_is_stored_is_what_the_reference_holds_in_seeds_5_to_9: 5..10;
    what_is_stored_is_what_the_reference_holds_in_seeds_10_to_14: 10..15;
    what_is_stored_is_what_the_reference_holds_in_seeds_15_to_19: 15..20;
    what_is_stored_is_what_the_reference_holds_in_seeds_20_to_24: 20..25;
    what_is_stored_is_what_the_reference_holds_in_seeds_25_to_29: 25..30;
    what_is_stored_is_what_the_reference_holds_in_seeds_30_to_34: 30..35;
    what_is_stored_is_what_the_reference_holds_in_seeds_35_to_39: 35..40;
    what_is_stored_is_what_the_reference_holds_in_seeds_40_to_44: 40..45;
    what_is_stored_is_what_the_reference_holds_in_seeds_45_to_49: 45..50;
}

#[test]
fn what_is_stored_is_what_the_reference_holds_on_postgres() {
    live(testing::On::Postgres, 100..104, 200);
}

#[test]
fn a_seed_that_is_asked_for_is_lived() {
    if let Some((seed, steps)) = asked() {
        live(testing::On::Sqlite, [seed], steps);
        live(testing::On::Postgres, [seed], steps);
    }
}
