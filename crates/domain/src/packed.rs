//! The packed form of what is stored by the thousand: a version, numbers of seven bits a byte, and
//! a checksum, so that a damaged body is seen and never misread.

use sha2::{Digest, Sha256};
use uuid::Uuid;

/// How many bytes of SHA-256 guard a packed body.
const CHECKSUM: usize = 8;

/// A packed body and the hash of what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// What is stored, its checksum at the end.
    pub body: Vec<u8>,
    /// SHA-256 of the body without its checksum.
    pub digest: [u8; 32],
}

impl Packed {
    /// Adds the checksum.
    pub(crate) fn seal(mut body: Vec<u8>) -> Self {
        let digest: [u8; 32] = Sha256::digest(&body).into();
        body.extend(digest.iter().take(CHECKSUM));
        Self { body, digest }
    }
}

/// Begins a body of a version.
pub(crate) fn begin(version: u8, capacity: usize) -> Vec<u8> {
    let mut body = Vec::with_capacity(capacity + CHECKSUM);
    body.push(version);
    body
}

/// What a body says; none when it is damaged or of another version.
pub(crate) fn open(version: u8, packed: &[u8]) -> Option<&[u8]> {
    let (body, checksum) = packed.split_at_checked(packed.len().checked_sub(CHECKSUM)?)?;
    if Sha256::digest(body).get(..CHECKSUM)? != checksum {
        return None;
    }
    let (found, rest) = body.split_first()?;
    (*found == version).then_some(rest)
}

/// A length as the number that is packed.
pub(crate) fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Appends a number that is not negative, seven bits a byte, the lowest first (LEB128).
pub(crate) fn put_number(body: &mut Vec<u8>, number: i64) {
    let mut rest = number.max(0).unsigned_abs();
    while rest >= 0x80 {
        body.push((rest & 0x7F) as u8 | 0x80);
        rest >>= 7;
    }
    body.push(rest as u8);
}

/// Takes a number that [`put_number`] wrote.
pub(crate) fn take_number(rest: &mut &[u8]) -> Option<i64> {
    let mut number = 0_u64;
    for shift in (0..63).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        number |= u64::from(byte & 0x7F) << shift;
        if byte & 0x80 == 0 {
            return i64::try_from(number).ok();
        }
    }
    None
}

/// Takes an id.
pub(crate) fn take_id(rest: &mut &[u8]) -> Option<Uuid> {
    let (bytes, after) = rest.split_first_chunk::<16>()?;
    *rest = after;
    Some(Uuid::from_bytes(*bytes))
}
