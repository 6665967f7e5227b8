//! Opening a pool of connections, and refusing a server that may lose what it acknowledged (D11).

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod, Runtime};
use rustls_platform_verifier::ConfigVerifierExt;
use tokio_postgres::types::ToSql;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Session, failure};
use crate::db::patience::Patience;
use crate::error::{StoreError, StoreResult};

/// A server that is gone without a word is noticed after about so long.
const SILENCE: Duration = Duration::from_secs(20);

/// Opens a pool and checks that the server keeps what it acknowledges (D11).
pub(in crate::db) async fn open(url: &str, connections: usize, is_safe: bool) -> StoreResult<Pool> {
    let config: tokio_postgres::Config = url.parse().map_err(failure)?;
    let mut config = config;
    config.application_name("obole");
    // D10; a job says at the beginning of a transaction that its statements may take longer.
    config.options(
        "-c statement_timeout=10000 -c lock_timeout=3000 \
         -c idle_in_transaction_session_timeout=15000 -c timezone=UTC",
    );
    config.keepalives_idle(SILENCE / 2).keepalives_interval(SILENCE / 4).keepalives_retries(2);
    config.tcp_user_timeout(SILENCE);
    let tls = rustls::ClientConfig::with_platform_verifier();
    let tls = tls.map_err(|error| StoreError::Database(error.to_string()))?;
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(config, MakeRustlsConnect::new(tls), recycling);
    let pool = Pool::builder(manager).max_size(connections).runtime(Runtime::Tokio1).build();
    let pool = pool.map_err(|error| StoreError::Database(error.to_string()))?;
    if is_safe {
        refuse_unsafe(&pool).await?;
    }
    Ok(pool)
}

/// Makes a database on a server, for a test.
#[cfg(feature = "testing")]
pub async fn create_database(server: &str, name: &str, like: Option<&str>) -> StoreResult<()> {
    let pool = open(server, 1, false).await?;
    let patience = Patience::Job;
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let name = if is_plain { name } else { "obole_test" };
    let like = like.map(|like| format!(" template {like}")).unwrap_or_default();
    Session::take(&pool, patience).await?.batch(&format!("create database {name}{like}")).await
}

/// Refuses a server that may lose commits at a power cut.
async fn refuse_unsafe(pool: &Pool) -> StoreResult<()> {
    let session = Session::take(pool, Patience::Visitor).await?;
    for setting in ["fsync", "full_page_writes", "synchronous_commit"] {
        let values: [&(dyn ToSql + Sync); 1] = [&setting];
        let asked = session.client()?.query_one("select current_setting($1)", &values);
        let value: String = session.within(asked).await?.get(0);
        if value == "off" {
            return Err(StoreError::Database(format!(
                "PostgreSQL runs with {setting} = off and may lose acknowledged clicks and money; \
                 switch it on, or set database.unsafe_durability = true for a test"
            )));
        }
    }
    Ok(())
}
