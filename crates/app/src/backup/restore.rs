//! Restoring (V3): all of a backup or nothing, into an empty database, and quarantined from its
//! first moment on: that stands in the transaction that brings the rows.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use jiff::Timestamp;
use obole_store::db::Filling;
use obole_store::portable::Counts;
use obole_store::{audit_log, sessions};

use crate::app::{App, Parts};
use crate::audit::{self, Report};
use crate::audit_log::{Actor, chain};
use crate::backup::load::{Source, load};
use crate::backup::{Manifest, Tell, apart};
use crate::config::Config;
use crate::error::Result;
use crate::key_file::KeyFile;
use crate::quarantine::{self, Quarantine};
use crate::recovery;

/// An instance that was restored.
pub struct Restored {
    /// It, quarantined.
    pub app: App,
    /// The state of which moment.
    pub at: Timestamp,
    /// What the backup held.
    pub counts: Counts,
    /// What the comparison with the outbound journal came to.
    pub quarantine: Quarantine,
    /// What the audit found.
    pub report: Report,
}

/// Restores a backup into the empty database of a configuration, compares the outbound journal
/// with it, and audits the whole.
///
/// Refused where something is in the database, without the key of the instance that made the
/// backup, and for what is no whole backup; nothing is changed then.
pub async fn restore(config: Config, parts: Parts, path: &Path, tell: Tell) -> Result<Restored> {
    config.check_loopback()?;
    let (store, now) = (config.store(), parts.clock.now());
    let (key, path) = (KeyFile::read(&config)?, path.to_owned());
    let filled = apart(move |stop| async move {
        let stop: &AtomicBool = &stop;
        let source = Source { path: &path, key: &key, tell: &tell, stop };
        let (mut filling, manifest, counts) = load(&source, &store).await?;
        filling.end_rows().await?;
        finish(&mut filling, &manifest, now).await?;
        filling.commit().await?;
        Ok((manifest, counts))
    });
    let (manifest, counts) = filled.await?;
    let app = App::open(config, parts).await?;
    if let Err(error) = recovery::compare(&app, Actor::CommandLine, Vec::new()).await {
        // The quarantine stays and says so: the comparison can be made again.
        tracing::error!(%error, "the outbound journal was not compared");
    }
    let report = audit::run_and_hold(&app).await?;
    let quarantine = quarantine::find_in(&app).await?.unwrap_or_default();
    Ok(Restored { app, at: manifest.taken_at(), counts, quarantine, report })
}

/// What stands in the restored database before anybody sees it.
async fn finish(filling: &mut Filling, manifest: &Manifest, now: Timestamp) -> Result<()> {
    let tx = filling.tx();
    quarantine::begin(tx, now, manifest.taken_at(), manifest.journal.clone()).await?;
    // A sign-in that was ended after the backup must not live again.
    sessions::end_all(tx).await?;
    let record = audit_log::Record {
        at: now,
        actor: None,
        way: "command-line".to_owned(),
        action: "backup.restore".to_owned(),
        object: "instance".to_owned(),
        details: manifest.taken_at().to_string(),
    };
    Ok(audit_log::append(tx, &record, chain).await?)
}
