//! Backups that a serving instance takes by itself (V1), and which of them are kept (V2).

use std::fs;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use obole_store::{Read, settings};
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::backup::{Taken, nobody, part, take};
use crate::clock_watch;
use crate::config::Backup;
use crate::error::{Error, Result};

/// The ending of a backup's name.
pub(super) const ENDING: &str = "obole-backup";

/// What precedes the moment in the name of one that was taken by itself.
const BEGINNING: &str = "obole-";

/// The moment in a name: no colons, which some file systems refuse.
const MOMENT: &str = "%Y-%m-%dT%H-%M-%SZ";

/// All are kept for so long; older ones, one a day.
const ALL_KEPT: SignedDuration = SignedDuration::from_hours(48);

/// So many are kept however old they are.
const KEPT_MIN: usize = 3;

/// The setting that tells of the last one that counts, and of one that failed since.
const LAST: &str = "backup.last";
const FAILED: &str = "backup.failed";

/// How the backups stand, for administrators.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The last one that counts.
    pub last: Option<Last>,
    /// Why the one after it failed.
    pub failed: Option<Failed>,
}

/// The last backup that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Last {
    at: i64,
    /// Its file.
    pub file: String,
    /// How long that is.
    pub bytes: u64,
    /// How many rows it has.
    pub rows: u64,
}

/// A backup that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    at: i64,
    /// Why, in the words of the log.
    pub reason: String,
}

impl Last {
    /// The state of which moment.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.at).unwrap_or_default()
    }
}

impl Failed {
    /// When.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        Timestamp::from_microsecond(self.at).unwrap_or_default()
    }
}

/// How the backups stand.
pub async fn standing(read: &mut Read) -> Result<Standing> {
    let last = settings::find(read, LAST).await?;
    let failed = settings::find(read, FAILED).await?;
    Ok(Standing {
        last: last.and_then(|text| serde_json::from_str(&text).ok()),
        failed: failed.and_then(|text| serde_json::from_str(&text).ok()),
    })
}

/// How long after the last one the next is due.
#[must_use]
pub fn pause(config: &Backup) -> SignedDuration {
    SignedDuration::from_mins(i64::from(config.every_minutes))
}

/// Takes a backup where one is due, and removes those that are too old. A failure is stored for
/// administrators and tried again at the next turn.
pub async fn run_due(app: &App) -> Result<()> {
    let config = &app.config().backup;
    if config.folder.is_empty() {
        return Ok(());
    }
    let (folder, now) = (PathBuf::from(&config.folder), app.now());
    let found = list(&folder);
    if found.as_ref().is_ok_and(|kept| !is_due(kept, now, pause(config))) {
        return Ok(());
    }
    let ended = match found {
        Ok(_) => one(app, &folder, now).await,
        Err(error) => Err(error),
    };
    note(app, &ended).await?;
    let taken = ended?;
    tracing::info!(file = %taken.path.display(), rows = taken.counts.rows, "a backup was taken");
    prune(app, &folder, now).await
}

async fn one(app: &App, folder: &Path, now: Timestamp) -> Result<Taken> {
    part::sweep(folder).map_err(|error| failed(folder, &error))?;
    take(app, &folder.join(name(now)), true, nobody()).await
}

/// Whether the newest is too old; or of a time that has not come, because the clock went back.
fn is_due(kept: &[(Timestamp, PathBuf)], now: Timestamp, pause: SignedDuration) -> bool {
    let newest = kept.last().map(|(at, _)| now.duration_since(*at));
    newest.is_none_or(|age| age >= pause || age.is_negative())
}

/// Stores how it ended.
async fn note(app: &App, ended: &Result<Taken>) -> Result<()> {
    let (name, text) = match ended {
        Ok(taken) => {
            let last = Last {
                at: taken.at.as_microsecond(),
                file: taken.path.display().to_string(),
                bytes: taken.bytes,
                rows: taken.counts.rows,
            };
            (LAST, serde_json::to_string(&last))
        }
        Err(error) => {
            let failed = Failed { at: app.now().as_microsecond(), reason: error.to_string() };
            (FAILED, serde_json::to_string(&failed))
        }
    };
    let text = text.map_err(Error::internal)?;
    app.write(text, move |tx, text| {
        Box::pin(async move {
            settings::set(tx, name, text).await?;
            if name == LAST {
                settings::take(tx, FAILED).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Removes what is too old (V2); nothing while the clock waits for somebody to look at it: one that
/// leapt ahead would make all of them old.
async fn prune(app: &App, folder: &Path, now: Timestamp) -> Result<()> {
    let held = app.read((), |read, ()| Box::pin(clock_watch::held(read))).await?;
    if held.is_some() {
        return Ok(());
    }
    let days = i64::from(app.config().backup.keep_days);
    for path in too_old(&list(folder)?, now, days) {
        fs::remove_file(&path).map_err(|error| failed(&path, &error))?;
    }
    Ok(())
}

/// Which are not kept: all of two days are, then the first of each day, for so many days.
fn too_old(kept: &[(Timestamp, PathBuf)], now: Timestamp, days: i64) -> Vec<PathBuf> {
    let mut old = Vec::new();
    let mut day_before = None;
    let count = kept.len().saturating_sub(KEPT_MIN);
    for (at, path) in kept.iter().take(count) {
        let age = now.duration_since(*at);
        let day = at.as_second().div_euclid(86_400);
        let is_first_of_day = day_before.replace(day) != Some(day);
        let is_kept = age < ALL_KEPT || (is_first_of_day && age.as_hours() < days * 24);
        if !is_kept {
            old.push(path.clone());
        }
    }
    old
}

/// The backups of a folder that were taken by themselves, the oldest first.
pub fn list(folder: &Path) -> Result<Vec<(Timestamp, PathBuf)>> {
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    let mut kept = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        let moment = path.file_name().and_then(|name| name.to_str()).and_then(moment_of);
        kept.extend(moment.map(|moment| (moment, path)));
    }
    kept.sort();
    Ok(kept)
}

fn name(at: Timestamp) -> String {
    format!("{BEGINNING}{}.{ENDING}", at.strftime(MOMENT))
}

fn moment_of(name: &str) -> Option<Timestamp> {
    let text = name.strip_prefix(BEGINNING)?.strip_suffix(ENDING)?.strip_suffix('.')?;
    let at = jiff::civil::DateTime::strptime(MOMENT, text).ok()?;
    at.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::internal(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn hourly(from: &str, hours: i64) -> Vec<(Timestamp, PathBuf)> {
        let each = (0..hours).map(|hour| {
            let moment = at(from) + SignedDuration::from_hours(hour);
            (moment, PathBuf::from(name(moment)))
        });
        each.collect()
    }

    #[test]
    fn a_name_tells_its_moment() {
        let moment = at("2026-11-25T09:05:00Z");
        assert_eq!(name(moment), "obole-2026-11-25T09-05-00Z.obole-backup");
        assert_eq!(moment_of(&name(moment)), Some(moment));
        for other in ["obole-x.obole-backup", ".obole-2026-11-25T09-05-00Z.obole-backup.part", "a"]
        {
            assert_eq!(moment_of(other), None, "{other}");
        }
    }

    #[test]
    fn the_next_is_due_after_the_pause_or_when_the_clock_went_back() {
        let hour = SignedDuration::from_hours(1);
        let kept = hourly("2026-11-25T09:00:00Z", 2);
        assert!(is_due(&[], at("2026-11-25T10:00:00Z"), hour));
        assert!(!is_due(&kept, at("2026-11-25T10:59:59Z"), hour));
        assert!(is_due(&kept, at("2026-11-25T11:00:00Z"), hour));
        assert!(is_due(&kept, at("2026-11-25T09:59:00Z"), hour));
    }

    #[test]
    fn two_days_are_kept_whole_and_then_one_a_day() {
        let kept = hourly("2026-11-01T00:00:00Z", 24 * 24);
        let now = at("2026-11-25T00:00:00Z");
        let old = too_old(&kept, now, 10);
        let left: Vec<_> = kept.iter().filter(|(_, path)| !old.contains(path)).collect();
        assert_eq!(left.len(), 8 + 47, "{left:?}");
        assert_eq!(left[0].0, at("2026-11-15T01:00:00Z").max(left[0].0));
    }

    #[test]
    fn some_are_kept_however_old() {
        let kept = hourly("2020-01-01T00:00:00Z", 5);
        assert_eq!(too_old(&kept, at("2026-11-25T00:00:00Z"), 30).len(), 2);
    }
}
