//! Passwords (A1): argon2id off the async threads, at most two at once per core. What is stored
//! carries its own cost, so the cost can rise without a reset.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::available_parallelism;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

use crate::app::App;
use crate::error::{Error, Result};

/// Memory in KiB, passes and lanes (OWASP's first choice).
const COST: (u32, u32, u32) = (19_456, 2, 1);

/// What tests and demonstrations pay instead: nothing that an attacker would notice.
const COST_CHEAP: (u32, u32, u32) = (8, 1, 1);

/// How many hashes run at once on one core.
const PER_CORE: usize = 2;

/// Where passwords are hashed.
#[derive(Debug)]
pub(crate) struct Passwords {
    params: Params,
    places: Arc<Semaphore>,
    /// Compared against where there is no account, so that it takes as long (A1).
    decoy: String,
    hashed: AtomicU64,
}

impl Passwords {
    /// The hashing place of an instance. `salt` is the decoy's.
    pub(crate) fn new(is_cheap: bool, salt: [u8; 16]) -> Result<Self> {
        let (memory, passes, lanes) = if is_cheap { COST_CHEAP } else { COST };
        let params = Params::new(memory, passes, lanes, None).map_err(Error::internal)?;
        let decoy = hash_now(&params, "decoy", salt)?;
        let cores = available_parallelism().map_or(1, usize::from);
        let places = Arc::new(Semaphore::new(cores * PER_CORE));
        Ok(Self { params, places, decoy, hashed: AtomicU64::new(0) })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(Error::internal)?;
        self.hashed.fetch_add(1, Ordering::Relaxed);
        let ended = tokio::task::spawn_blocking(move || {
            let _place = place;
            work()
        });
        ended.await.map_err(Error::internal)?
    }
}

impl App {
    /// The hash of a new password, to be stored.
    pub(crate) async fn hash_password(&self, password: String) -> Result<String> {
        let (passwords, salt) = (self.passwords(), self.chance().bytes());
        let params = passwords.params.clone();
        passwords.run(move || hash_now(&params, &password, salt)).await
    }

    /// Whether a password fits what is stored. Where nothing is stored it does not, and that takes
    /// as long.
    pub(crate) async fn verify_password(
        &self,
        password: String,
        stored: Option<String>,
    ) -> Result<bool> {
        let passwords = self.passwords();
        let stored = stored.filter(|stored| !stored.is_empty());
        let (is_real, hash) = match stored {
            Some(stored) => (true, stored),
            None => (false, passwords.decoy.clone()),
        };
        let fits = passwords.run(move || {
            let hash = PasswordHash::new(&hash).map_err(Error::internal)?;
            Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
        });
        Ok(fits.await? && is_real)
    }

    /// How many passwords were hashed since the start: tests count them rather than time them.
    #[must_use]
    pub fn passwords_hashed(&self) -> u64 {
        self.passwords().hashed.load(Ordering::Relaxed)
    }
}

fn hash_now(params: &Params, password: &str, salt: [u8; 16]) -> Result<String> {
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let hash: PasswordHash =
        argon.hash_password_with_salt(password.as_bytes(), &salt).map_err(Error::internal)?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_names_its_cost() {
        let shipped = Passwords::new(false, [1; 16]).expect("a place");
        assert!(shipped.decoy.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", shipped.decoy);
        let cheap = Passwords::new(true, [1; 16]).expect("a place");
        let hash = PasswordHash::new(&cheap.decoy).expect("a hash");
        assert!(Argon2::default().verify_password(b"decoy", &hash).is_ok());
        assert!(Argon2::default().verify_password(b"other", &hash).is_err());
    }
}
