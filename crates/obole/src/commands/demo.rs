//! `obole demo`: a made-up community on this machine, with play money.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use obole_app::demo::{self, PASSWORD, Plan, SIGN_INS};
use obole_app::{App, Chance, Clock, Config, Parts};

use crate::arguments::{Common, Demo};
use crate::progress::Progress;
use crate::serving::Serving;
use crate::{configuration, output};

pub async fn run(common: &Common, demo: Demo) -> Result<ExitCode> {
    let folder = Folder::make(demo.keep.clone())?;
    let config = config(configuration::read(common)?, &folder.path, &demo);
    let serving = Serving::begin(config.clone()).await?;
    let now = configuration::clock(&config)?.now();
    if !folder.is_filled {
        let plan = Plan {
            patrons: usize::try_from(demo.patrons)?,
            works: usize::try_from(demo.works)?,
            periods: i32::try_from(demo.periods)?,
            now,
        };
        fill(config, plan, demo.seed).await?;
    }
    let app = serving.open().await?;
    greet(&app, &demo);
    let served = serving.run(app).await;
    folder.clear()?;
    served.map(|()| ExitCode::SUCCESS)
}

/// The demonstration's settings, whatever the configuration says of database, mail and money.
fn config(mut config: Config, folder: &Path, demo: &Demo) -> Config {
    let file = |name: &str| folder.join(name).display().to_string();
    config.server.listen.clone_from(&demo.listen);
    config.server.base_url = String::new();
    config.database.url = format!("sqlite://{}", file("obole.db"));
    // A demonstration that the machine loses is made again.
    config.database.unsafe_durability = demo.keep.is_none();
    config.instance.name = "Obole demo".to_owned();
    config.instance.operator = "Nobody: everything here is invented".to_owned();
    config.instance.play_money = true;
    config.mail.host = String::new();
    config.mail.folder = file("mail");
    config.fetch.pages = false;
    config.files.secret = file("obole.key");
    config.files.journal = file("outbound.jsonl");
    config.bank.holder = "Invented Association".to_owned();
    config.bank.iban = "DE89370400440532013000".to_owned();
    config
}

/// Lives the months before now, with a clock that stands until it is moved.
async fn fill(mut config: Config, plan: Plan, seed: u64) -> Result<()> {
    // The community gives faster than people do.
    config.limits.off = true;
    let mut parts = Parts::configured(&config, Clock::standing_at(plan.now)).await?;
    parts.chance = Chance::seeded(seed);
    let app = App::open(config, parts).await?;
    let months = u64::try_from(plan.periods)?;
    let progress = Progress::new();
    let tell = |month| {
        progress.tell("months lived", u64::try_from(month).unwrap_or_default(), months);
    };
    demo::fill(&app, plan, &tell).await?;
    Ok(())
}

/// Says how to sign in as each role.
fn greet(app: &App, demo: &Demo) {
    let [patron, creator, admin] = SIGN_INS;
    output::line("A made-up community with play money. Sign in:");
    for (handle, role) in [
        (patron, "patron, with a budget and clicks of this month"),
        (creator, "creator, with works, earnings and statements"),
        (admin, "administrator"),
    ] {
        output::line(&format!("  {handle:<14} {PASSWORD}   ({role})"));
    }
    output::line(&format!("at {}/sign-in", app.config().base_url()));
    if let Some(keep) = &demo.keep {
        output::note(&format!("It is kept in {}.", keep.display()));
    }
}

/// Where the demonstration is.
struct Folder {
    path: PathBuf,
    is_kept: bool,
    is_filled: bool,
}

impl Folder {
    /// Takes the folder to keep, or makes one that goes at the end.
    fn make(keep: Option<PathBuf>) -> Result<Self> {
        let is_kept = keep.is_some();
        let name = format!("obole-demo-{}", std::process::id());
        let path = keep.unwrap_or_else(|| std::env::temp_dir().join(name));
        fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        let is_filled = path.join("obole.db").exists();
        if is_filled && !is_kept {
            bail!("{} is in use; try again", path.display());
        }
        Ok(Self { path, is_kept, is_filled })
    }

    fn clear(self) -> Result<()> {
        if self.is_kept {
            return Ok(());
        }
        fs::remove_dir_all(&self.path)
            .with_context(|| format!("cannot remove {}", self.path.display()))
    }
}
