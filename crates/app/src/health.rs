//! Whether an instance can serve, for a machine that watches it.

use std::time::Duration;

use obole_store::{Migrations, schema};

use crate::app::App;
use crate::error::Result;

/// A database that has not answered for so long does not answer.
const WAIT: Duration = Duration::from_secs(2);

/// Why an instance is not ready: a class, never a detail (E1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReady {
    /// It finishes what is under way and ends.
    Stopping,
    /// The database does not answer.
    Database,
    /// The database is of an older version than the program.
    Migrations,
}

impl NotReady {
    /// The word that stands in the answer.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stopping => "stopping",
            Self::Database => "database",
            Self::Migrations => "migrations",
        }
    }
}

/// Asks the database; the reason where requests should go to another node.
pub async fn readiness(app: &App) -> std::result::Result<(), NotReady> {
    if app.is_stopping() {
        return Err(NotReady::Stopping);
    }
    match tokio::time::timeout(WAIT, version(app)).await {
        Ok(Ok(version)) if version < Migrations::newest() => Err(NotReady::Migrations),
        // A newer one is a node's that is ahead in an upgrade: what it added harms nobody.
        Ok(Ok(_)) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(NotReady::Database),
    }
}

async fn version(app: &App) -> Result<usize> {
    let version =
        app.read((), |read, ()| Box::pin(async move { Ok(schema::version(read).await?) }));
    Ok(usize::try_from(version.await?).unwrap_or_default())
}
