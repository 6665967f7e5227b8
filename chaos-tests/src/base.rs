//! The instance from which every episode starts: made once, copied for each.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::deed::WORKS_AT;
use crate::expected::{Expected, Holdings};
use crate::http::{Client, Request};
use crate::load::{Cast, SHARED, WORKERS};
use crate::world::{Database, Season, World, copy};

/// Patrons of whom each is one worker's alone.
const OWN: usize = WORKERS * 2;

/// How many works the load clicks, and how many of them somebody has claimed.
const WORKS: usize = 24;
const CLAIMED: usize = 14;

/// Who claimed them. The first patron has one too, to be refused there.
const CREATORS: usize = 2;

/// What each patron starts with, in millionths.
const WALLET: i64 = 50_000_000;
const BUDGET: i64 = 5_000_000;

/// How many vouchers there are to redeem.
const VOUCHERS: usize = 400;

/// How many patrons with clicks there are besides those of the load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// None: an instance that starts at once.
    Bare,
    /// A few: a settlement with few writes, to be walked one by one.
    Small,
    /// Enough for several chunks: a settlement that takes its time.
    Large,
}

impl Size {
    const fn fill(self) -> Option<[&'static str; 2]> {
        match self {
            Self::Bare => None,
            Self::Small => Some(["30", "20"]),
            Self::Large => Some(["1600", "200"]),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare",
            Self::Small => "small",
            Self::Large => "large",
        }
    }
}

/// An instance that is never served: what is copied.
pub struct Base {
    world: World,
    cast: Cast,
    expected: Expected,
    /// The patrons' ids.
    pub patron_ids: Vec<String>,
    /// Which works are claimed.
    pub claimed: Vec<bool>,
    /// The shares of November as they come when nobody disturbs.
    shares: Option<String>,
    copies: AtomicU64,
}

/// A copy to be disturbed.
pub struct Copy {
    pub world: World,
    pub cast: Arc<Cast>,
    pub expected: Expected,
}

impl Base {
    /// Makes one in a folder; its deeds get keys that begin with `run`.
    pub fn make(
        folder: PathBuf,
        database: Database,
        binary: PathBuf,
        (run, size): (&str, Size),
    ) -> Result<Self, String> {
        let database = match database {
            Database::Sqlite => Database::Sqlite,
            Database::Postgres(cluster, _) => {
                let name = format!("base_{}", size.name());
                cluster.sql("postgres", &format!("create database {name}"))?;
                Database::Postgres(cluster, name)
            }
        };
        let world = World::new(folder, database, binary)?;
        if let Some([patrons, works]) = size.fill() {
            let words = ["bench", "fill", "--patrons", patrons, "--works", works];
            world.well(&[&words[..], &["--mean-clicks", "6", "--seed", "5"]].concat())?;
        }
        let count = OWN + SHARED;
        let patrons: Vec<String> = (0..count).map(|number| format!("giver{number}")).collect();
        let mut patron_ids = Vec::new();
        let mut tokens = Vec::new();
        for handle in &patrons {
            patron_ids.push(account(&world, handle)?);
            let scope = "click clicks:read wallet budget";
            let token = world.well(&["token", "create", "--account", handle, "--scope", scope])?;
            tokens.push(token.trim().to_owned());
        }
        let claimed = claims(&world, &patrons)?;
        let vouchers = vouchers(&world, "1.00", VOUCHERS)?;
        fund(&world, &tokens)?;
        let mut expected = Expected::with_shared(OWN..count);
        for patron in 0..count {
            let holdings = Holdings { budget: BUDGET, wallet: WALLET, ..Holdings::default() };
            expected.set(patron, holdings);
        }
        let cast = Cast {
            run: run.to_owned(),
            tokens,
            works: WORKS,
            vouchers,
            next_voucher: AtomicUsize::new(0),
            next_number: AtomicU64::new(0),
        };
        let copies = AtomicU64::new(0);
        Ok(Self { world, cast, expected, patron_ids, claimed, shares: None, copies })
    }

    /// A copy in a folder of its own.
    pub fn copy(&self, name: &str) -> Result<Copy, String> {
        let number = self.copies.fetch_add(1, Ordering::SeqCst);
        let place = self.world.folder.parent().unwrap_or(&self.world.folder);
        self.copy_to(place.join(format!("{name}-{number}")))
    }

    /// A copy in this folder, which must not be there yet.
    pub fn copy_to(&self, folder: PathBuf) -> Result<Copy, String> {
        copy(&self.world.folder, &folder)?;
        let database = match &self.world.database {
            Database::Sqlite => Database::Sqlite,
            Database::Postgres(cluster, base) => {
                let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or("copy");
                let name = name.replace('-', "_");
                cluster.copy(base, &name)?;
                Database::Postgres(Arc::clone(cluster), name)
            }
        };
        let world = World::new(folder, database, self.world.binary.clone())?;
        let cast = Arc::new(Cast {
            run: self.cast.run.clone(),
            tokens: self.cast.tokens.clone(),
            works: self.cast.works,
            vouchers: self.cast.vouchers.clone(),
            next_voucher: AtomicUsize::new(0),
            next_number: AtomicU64::new(0),
        });
        Ok(Copy { world, cast, expected: self.expected.clone() })
    }

    /// The shares of November when nothing disturbs the settlement.
    pub fn shares(&mut self) -> Result<&str, String> {
        if self.shares.is_none() {
            let mut copy = self.copy("reference")?;
            copy.world.season = Season::December;
            copy.world.well(&["settle", "--period", "2026-11"])?;
            copy.world.audit()?;
            let shares = copy.world.well(&["export", "shares", "--period", "2026-11"])?;
            copy.remove();
            self.shares = Some(shares);
        }
        Ok(self.shares.as_deref().unwrap_or_default())
    }
}

impl Copy {
    /// Takes its folder and its database away.
    pub fn remove(self) {
        remove(&self.world);
    }
}

/// Takes a world's folder and database away.
pub fn remove(world: &World) {
    let _gone = fs::remove_dir_all(&world.folder);
    if let Database::Postgres(cluster, name) = &world.database {
        // What is left goes with the cluster.
        let _dropped = cluster.drop_database(name);
    }
}

/// Makes a confirmed account and gives its id.
fn account(world: &World, handle: &str) -> Result<String, String> {
    let email = format!("{handle}@obole.example");
    let words = ["account", "create", "--handle", handle, "--email", &email, "--confirmed"];
    let made = world.well(&[&words[..], &["--json"]].concat())?;
    let made: Value = serde_json::from_str(&made).map_err(|error| format!("{made}: {error}"))?;
    let id = made.get("id").and_then(Value::as_str).ok_or("an account without its id")?;
    Ok(id.to_owned())
}

/// Claims works for creators, and the first for the first patron.
fn claims(world: &World, patrons: &[String]) -> Result<Vec<bool>, String> {
    let creators: Vec<String> = (0..CREATORS).map(|number| format!("maker{number}")).collect();
    for handle in &creators {
        account(world, handle)?;
    }
    let first = patrons.first().ok_or("no patrons")?;
    for number in 0..CLAIMED {
        let work = format!("{WORKS_AT}{number}");
        let owner = if number == 0 { first } else { creators.get(number % 2).unwrap_or(first) };
        let words = ["claim", "grant", "--work", &work, "--account", owner, "--reason", "known"];
        world.well(&words)?;
    }
    Ok((0..WORKS).map(|number| number < CLAIMED).collect())
}

fn vouchers(world: &World, amount: &str, count: usize) -> Result<Vec<String>, String> {
    let count = count.to_string();
    let words = ["voucher", "create", "--amount", amount, "--currency", "EUR", "--count", &count];
    Ok(world.well(&words)?.lines().map(|line| line.trim().to_owned()).collect())
}

/// Fills the wallets and sets the budgets.
fn fund(world: &World, tokens: &[String]) -> Result<(), String> {
    let codes = vouchers(world, &crate::money::print(WALLET), tokens.len())?;
    let mut node = world.serve(0)?;
    let address = node.listens()?;
    let mut client = Client::default();
    for (number, (token, code)) in tokens.iter().zip(&codes).enumerate() {
        let request = |method, path: &str, key: Option<String>, body| Request {
            method,
            path: path.to_owned(),
            token: token.clone(),
            key,
            body: Some(body),
        };
        let key = Some(format!("fund-{number}"));
        well(&mut client, address, &request("POST", "/me/vouchers", key, json!({"code": code})))?;
        let amount = json!({"amount": crate::money::print(BUDGET)});
        well(&mut client, address, &request("PUT", "/me/budgets/EUR", None, amount))?;
    }
    node.stop()
}

fn well(client: &mut Client, address: SocketAddr, request: &Request) -> Result<(), String> {
    let answer = client.send(address, request)?;
    if answer.status == 200 { Ok(()) } else { Err(format!("{request:?}: {answer:?}")) }
}
