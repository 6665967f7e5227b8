//! An instance under load with its nodes: what every fault strikes, and what is checked after.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crate::base::{self, Base, Copy};
use crate::chance::Chance;
use crate::check;
use crate::expected::{At, Expected};
use crate::journal::{self, Book};
use crate::load::{Cast, Kind, Load};
use crate::node::Node;
use crate::report::Tally;
use crate::wait::until;
use crate::world::{Season, World};

/// The month that is settled.
pub const NOVEMBER: &str = "2026-11";

/// How long everything may take to get its answer once the service is there.
const ANSWERS: Duration = Duration::from_secs(60);

/// An instance under load.
pub struct Episode {
    pub world: World,
    pub load: Load,
    pub book: Book,
    pub chance: Chance,
    cast: Arc<Cast>,
    nodes: Vec<Option<(Node, SocketAddr)>>,
    /// What was known before the load began.
    before: Expected,
}

impl Episode {
    /// Starts so many nodes on a copy, and a load that waits.
    pub fn begin(copy: Copy, seed: u64, nodes: usize) -> Result<Self, String> {
        let mut episode = Self::idle(copy, seed, nodes)?;
        episode.revive()?;
        Ok(episode)
    }

    /// The same with nothing started yet.
    pub fn idle(copy: Copy, seed: u64, nodes: usize) -> Result<Self, String> {
        let Copy { world, cast, expected } = copy;
        let book = Book::new(expected.clone());
        let load = Load::start(&cast, &book, (&world.notes, world.trace.clone()), seed)?;
        let name = world.folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let chance = Chance::new(seed, &name);
        let nodes = (0..nodes).map(|_| None).collect();
        Ok(Self { world, load, book, chance, cast, nodes, before: expected })
    }

    /// The month that the clock says.
    pub fn period(&self) -> &'static str {
        self.world.season.period()
    }

    /// Lets the load work.
    pub fn go(&self, kind: Kind) {
        self.load.go(kind, self.period());
    }

    /// A running node.
    pub fn node(&mut self, number: usize) -> Result<&mut Node, String> {
        let node = self.nodes.get_mut(number).and_then(Option::as_mut).map(|(node, _)| node);
        node.ok_or_else(|| format!("node {number} does not run"))
    }

    /// Kills a node, wherever it is.
    pub fn kill(&mut self, number: usize) {
        if let Some(mut killed) = self.nodes.get_mut(number).and_then(Option::take) {
            killed.0.kill();
        }
        self.tell_nodes();
    }

    /// Starts again what does not run, as a service manager does, and waits until it listens.
    pub fn revive(&mut self) -> Result<(), String> {
        for (number, slot) in self.nodes.iter_mut().enumerate() {
            if slot.as_mut().is_some_and(|(node, _)| node.ended().is_some()) {
                *slot = None;
            }
            if slot.is_none() {
                let mut node = self.world.serve(number)?;
                let address = node.listens()?;
                *slot = Some((node, address));
            }
        }
        self.tell_nodes();
        Ok(())
    }

    /// How many nodes have ended by themselves.
    pub fn ended(&mut self) -> u64 {
        let running = self.nodes.iter_mut().flatten();
        running.filter_map(|(node, _)| node.ended()).count() as u64
    }

    fn tell_nodes(&self) {
        let addresses = self.nodes.iter().flatten().map(|(_, address)| *address);
        self.load.set_nodes(addresses.collect());
    }

    /// Holds everything that is stored against the journal. The load must stand still.
    pub fn check(&mut self, tally: &mut Tally, is_wallet_known: bool) -> Result<(), String> {
        let at = At { period: self.period(), is_wallet_known };
        let expected = self.book.with(|expected| expected.clone());
        let node = self.nodes.iter().flatten().map(|(_, address)| *address).next();
        check::all(node.ok_or("no node runs")?, &self.cast, &expected, at)?;
        tally.checks += 1;
        self.breaches()
    }

    /// Reads as anybody would: the service answers.
    pub fn reads(&self) -> Result<(), String> {
        let node = self.nodes.iter().flatten().map(|(_, address)| *address).next();
        check::reads(node.ok_or("no node runs")?, &self.cast, self.period())
    }

    /// What the workers saw that must not be.
    fn breaches(&self) -> Result<(), String> {
        let breaches = self.load.breaches();
        if breaches.is_empty() { Ok(()) } else { Err(breaches.join("; ")) }
    }

    /// Everything gets its answer; then what is stored is exactly what was acknowledged.
    pub fn settle_accounts(&mut self, tally: &mut Tally) -> Result<(), String> {
        self.revive()?;
        self.load.finish(ANSWERS)?;
        self.check(tally, true)?;
        let lost = self.book.with(|expected| expected.lost_vouchers());
        if !lost.is_empty() {
            return Err(format!("vouchers {lost:?} are said to be used, and nobody has them"));
        }
        self.world.audit()
    }

    /// Settles November undisturbed and holds the load's shares against those reckoned from the
    /// journal.
    pub fn settle(&mut self, base: &Base, tally: &mut Tally) -> Result<(), String> {
        self.stop()?;
        self.world.season = Season::December;
        self.world.well(&["settle", "--period", NOVEMBER])?;
        self.compare_shares(base)?;
        self.world.audit()?;
        tally.settlements += 1;
        Ok(())
    }

    /// The shares of a settled November; none while it is not.
    pub fn shares(&self) -> Result<Option<String>, String> {
        let output = self.world.run(&["export", "shares", "--period", NOVEMBER])?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let said = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => Ok(Some(text)),
            Some(1) if said.contains("is not settled") => Ok(None),
            _ => Err(format!("obole export shares: {}: {said}", output.status)),
        }
    }

    /// Holds the shares of the load's patrons against the journal, and takes them from what is
    /// expected in the wallets.
    pub fn compare_shares(&mut self, base: &Base) -> Result<(), String> {
        let text = self.shares()?.ok_or("the settlement is done and not told")?;
        let stored = check::shares(&text)?;
        for (patron, id) in base.patron_ids.iter().enumerate() {
            let (holdings, ids) = self.book.with(|it| (it.holdings(patron), it.work_ids.clone()));
            let reckoned = check::reckoned(&holdings, NOVEMBER, &ids, &base.claimed)?;
            let stored = stored.get(id).cloned().unwrap_or_default();
            if stored != reckoned {
                return Err(format!("patron {patron}: shares {stored:?}, reckoned {reckoned:?}"));
            }
            let paid = stored.iter().filter(|share| share.state == "paid");
            let paid: i64 = paid.map(|share| share.micros).sum();
            self.book.with(|expected| expected.pay(patron, paid));
        }
        Ok(())
    }

    /// Waits until the settlement that runs by itself is done.
    pub fn await_shares(&mut self, patience: Duration) -> Result<String, String> {
        let mut failed = None;
        let found = until(patience, || match self.shares() {
            Ok(found) => found,
            Err(sentence) => {
                failed = Some(sentence);
                None
            }
        });
        let late = || format!("not settled by itself within {} s", patience.as_secs());
        found.ok_or_else(|| failed.unwrap_or_else(late))
    }

    /// Ends the nodes as a system does.
    pub fn stop(&mut self) -> Result<(), String> {
        self.load.set_nodes(Vec::new());
        for (mut node, _) in self.nodes.iter_mut().filter_map(Option::take) {
            node.stop()?;
        }
        Ok(())
    }

    /// Leaves it as it is, with its folder; what was killed stays so.
    pub fn leave(mut self) -> Result<World, String> {
        self.nodes.clear();
        self.breaches()?;
        let Self { world, load, .. } = self;
        drop(load);
        Ok(world)
    }

    /// Ends the episode: the journals on the disk say the same as what was reckoned on the way;
    /// the folder goes.
    pub fn end(mut self, tally: &mut Tally) -> Result<(), String> {
        self.stop()?;
        let read = journal::read(&journal::paths(&self.world.notes)?, self.before.clone())?;
        let (sent, answered) = self.book.with(|expected| (expected.sent, expected.answered));
        if (read.sent, read.answered) != (sent, answered) {
            return Err("the load's journals do not say what was reckoned".to_owned());
        }
        tally.sent += sent;
        tally.acknowledged += answered;
        tally.repeated += self.load.repeated();
        base::remove(&self.world);
        Ok(())
    }
}
