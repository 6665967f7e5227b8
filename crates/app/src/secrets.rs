//! The instance's secret and what is derived from it (S1): MACs, seals, keyed hashes. Nothing here
//! prints itself.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit as _};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, KeyInit as _, Mac};
use sha2::{Digest, Sha256};

use crate::chance::Chance;
use crate::error::{Error, Result};

/// Which key of the instance sealed a text; the first byte of what is stored.
const KEY_ID: u8 = 1;

/// How long a nonce is.
const NONCE: usize = 24;

/// The instance's 256-bit secret.
#[derive(Clone)]
pub struct Secrets {
    master: [u8; 32],
}

impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl Secrets {
    /// The secrets that come of a master key.
    #[must_use]
    pub const fn new(master: [u8; 32]) -> Self {
        Self { master }
    }

    /// What may be stored to recognise the key: nothing can be learnt from it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        hex(&self.mac("fingerprint", b"")[..8])
    }

    /// A keyed hash for one purpose: two purposes never share a key.
    #[must_use]
    pub fn mac(&self, purpose: &str, text: &[u8]) -> [u8; 32] {
        let mut mac = hmac(&self.key(purpose));
        mac.update(text);
        mac.finalize().into_bytes().into()
    }

    /// Seals a text that must be read again, such as an IBAN.
    pub fn seal(&self, chance: &Chance, text: &str) -> Result<Vec<u8>> {
        self.seal_bytes(chance, text.as_bytes())
    }

    /// The same for what is no text.
    pub fn seal_bytes(&self, chance: &Chance, bytes: &[u8]) -> Result<Vec<u8>> {
        let nonce: [u8; NONCE] = chance.bytes();
        let sealed = self.cipher().encrypt(XNonce::from_slice(&nonce), bytes);
        let sealed = sealed.map_err(|_| Error::internal("sealing failed"))?;
        Ok([&[KEY_ID][..], &nonce, &sealed].concat())
    }

    /// Opens what [`Self::seal`] made.
    pub fn open(&self, sealed: &[u8]) -> Result<String> {
        let broken = || Error::internal("a sealed value cannot be opened with this secret");
        String::from_utf8(self.open_bytes(sealed)?).map_err(|_| broken())
    }

    /// The same of what is no text.
    pub fn open_bytes(&self, sealed: &[u8]) -> Result<Vec<u8>> {
        let broken = || Error::internal("a sealed value cannot be opened with this secret");
        let rest = sealed.strip_prefix(&[KEY_ID]).ok_or_else(broken)?;
        let (nonce, text) = rest.split_at_checked(NONCE).ok_or_else(broken)?;
        let opened = self.cipher().decrypt(XNonce::from_slice(nonce), text);
        opened.map_err(|_| broken())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&self.key("seal").into())
    }

    fn key(&self, purpose: &str) -> [u8; 32] {
        let mut mac = hmac(&self.master);
        mac.update(purpose.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

/// SHA-256, for secrets of 256 random bits, which need no key or salt.
#[must_use]
pub fn digest(text: &[u8]) -> [u8; 32] {
    Sha256::digest(text).into()
}

/// Bytes in small hexadecimal letters.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_with_the_same_secret_only() {
        let (chance, secrets) = (Chance::seeded(1), Secrets::new([1; 32]));
        let sealed = secrets.seal(&chance, "FR76 …").expect("sealed");
        assert_eq!(secrets.open(&sealed).expect("opened"), "FR76 …");
        assert!(Secrets::new([2; 32]).open(&sealed).is_err());
        let mut damaged = sealed.clone();
        damaged[30] ^= 1;
        assert!(secrets.open(&damaged).is_err());
        assert!(secrets.open(&[]).is_err());
        assert_ne!(sealed, secrets.seal(&chance, "FR76 …").expect("sealed"));
    }

    #[test]
    fn purposes_do_not_share_a_key() {
        let secrets = Secrets::new([1; 32]);
        assert_ne!(secrets.mac("voucher", b"x"), secrets.mac("csrf", b"x"));
        assert_eq!(format!("{secrets:?}"), "***");
    }
}
