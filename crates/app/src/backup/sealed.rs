//! A stream of bytes in chunks, each sealed with XChaCha20-Poly1305 under its number and whether it
//! is the last (the STREAM construction): what is changed, cut short, moved or added is noticed.
//! An unsealed stream has the same chunks with checksums, against accidents only.
//!
//! Layout: the head (magic, version, kind, fingerprint of the instance's key, 19 bytes of nonce),
//! then chunks of 64 KiB and a tag of 16 bytes each; only the last may be shorter.

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};

use chacha20poly1305::aead::{AeadInPlace, KeyInit as _};
use chacha20poly1305::{Tag, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};

use crate::chance::Chance;
use crate::secrets::Secrets;

/// What every backup begins with, and the version of this layout.
const MAGIC: &[u8; 12] = b"OBOLE-BACKUP";
const VERSION: u8 = 1;

const CHUNK: usize = 64 * 1_024;
const TAG: usize = 16;

/// The nonce of a stream; five bytes for number and end make it that of a chunk.
const NONCE: usize = 19;

const FINGERPRINT: usize = 16;

/// Magic, version, kind, fingerprint, nonce.
const HEAD: usize = 12 + 1 + 1 + FINGERPRINT + NONCE;

/// The key's purpose among those of the instance.
const PURPOSE: &str = "backup";

/// Why a stream cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// Another kind of file.
    Foreign,
    /// A layout of a later program.
    Newer,
    /// Of an instance with another key.
    KeyOther,
    /// Something is not as it was written, or the end is missing.
    Damaged,
}

impl fmt::Display for Damage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, formatter)
    }
}

impl std::error::Error for Damage {}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> Self {
        Self::new(ErrorKind::InvalidData, damage)
    }
}

impl Damage {
    /// The damage that an error of reading tells of.
    pub(super) fn of(error: &io::Error) -> Option<Self> {
        let told = error.get_ref().and_then(|inner| inner.downcast_ref::<Self>().copied());
        told.or((error.kind() == ErrorKind::InvalidData).then_some(Self::Damaged))
    }
}

/// The head of a stream and what its chunks are sealed with.
struct Seal {
    head: [u8; HEAD],
    /// None where the stream is only checked.
    cipher: Option<XChaCha20Poly1305>,
    next: u32,
}

impl Seal {
    fn new(head: [u8; HEAD], secrets: &Secrets) -> Self {
        let is_sealed = head.get(MAGIC.len() + 1) == Some(&1);
        let key = secrets.mac(PURPOSE, b"stream");
        let cipher = is_sealed.then(|| XChaCha20Poly1305::new(&key.into()));
        Self { head, cipher, next: 0 }
    }

    fn nonce(&self, is_last: bool) -> [u8; 24] {
        let mut nonce = [0; 24];
        let parts = self.head.iter().skip(HEAD - NONCE).copied();
        let parts = parts.chain(self.next.to_be_bytes()).chain([u8::from(is_last)]);
        nonce.iter_mut().zip(parts).for_each(|(place, byte)| *place = byte);
        nonce
    }

    fn advance(&mut self) -> io::Result<()> {
        let next = self.next.checked_add(1);
        self.next = next.ok_or_else(|| io::Error::other("a backup of more than 256 TiB"))?;
        Ok(())
    }

    /// Seals a chunk in place and gives its tag.
    fn close(&self, chunk: &mut [u8], is_last: bool) -> io::Result<[u8; TAG]> {
        let nonce = self.nonce(is_last);
        let Some(cipher) = &self.cipher else { return Ok(self.checksum(&nonce, chunk)) };
        let sealed =
            cipher.encrypt_in_place_detached(XNonce::from_slice(&nonce), &self.head, chunk);
        sealed.map(Into::into).map_err(|_| io::Error::other("sealing failed"))
    }

    /// Opens a chunk in place; false where it is not what was sealed.
    fn open(&self, chunk: &mut [u8], tag: &[u8; TAG], is_last: bool) -> bool {
        let nonce = self.nonce(is_last);
        let Some(cipher) = &self.cipher else { return self.checksum(&nonce, chunk) == *tag };
        let (nonce, tag) = (XNonce::from_slice(&nonce), Tag::from_slice(tag));
        cipher.decrypt_in_place_detached(nonce, &self.head, chunk, tag).is_ok()
    }

    fn checksum(&self, nonce: &[u8], chunk: &[u8]) -> [u8; TAG] {
        let mut hash = Sha256::new();
        hash.update(self.head);
        hash.update(nonce);
        hash.update(chunk);
        let (sum, mut tag) = (hash.finalize(), [0; TAG]);
        tag.iter_mut().zip(sum).for_each(|(place, byte)| *place = byte);
        tag
    }
}

/// Writes a stream. Without [`Self::finish`] it has no end.
pub(super) struct SealedWriter<W> {
    out: W,
    seal: Seal,
    chunk: Vec<u8>,
}

impl<W: Write> SealedWriter<W> {
    /// Begins a stream: sealed with the instance's key, or only checked.
    pub(super) fn begin(
        mut out: W,
        (secrets, chance): (&Secrets, &Chance),
        is_sealed: bool,
    ) -> io::Result<Self> {
        let kind = [VERSION, u8::from(is_sealed)];
        let fingerprint = secrets.fingerprint();
        let nonce: [u8; NONCE] = chance.bytes();
        let parts = [MAGIC.as_slice(), &kind, fingerprint.as_bytes(), &nonce].concat();
        let head: [u8; HEAD] =
            parts.try_into().map_err(|_| io::Error::other("a head of another length"))?;
        out.write_all(&head)?;
        Ok(Self { out, seal: Seal::new(head, secrets), chunk: Vec::with_capacity(CHUNK) })
    }

    /// Ends the stream and gives the output back.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.write_chunk(true)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn write_chunk(&mut self, is_last: bool) -> io::Result<()> {
        let tag = self.seal.close(&mut self.chunk, is_last)?;
        self.out.write_all(&self.chunk)?;
        self.out.write_all(&tag)?;
        self.chunk.clear();
        self.seal.advance()
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits for what follows: it may be the last.
        if self.chunk.len() == CHUNK {
            self.write_chunk(false)?;
        }
        let taken = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk.extend_from_slice(bytes.get(..taken).unwrap_or_default());
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Reads a stream. Nothing of a chunk is given before all of it was found to be as it was written.
pub(super) struct SealedReader<R> {
    input: R,
    seal: Seal,
    chunk: Vec<u8>,
    given: usize,
    /// The first byte of the chunk after this one, which tells that there is one.
    ahead: Option<u8>,
}

impl<R: Read> SealedReader<R> {
    /// Reads the head.
    pub(super) fn begin(mut input: R, secrets: &Secrets) -> io::Result<Self> {
        let mut bytes = Vec::with_capacity(HEAD);
        input.by_ref().take(HEAD as u64).read_to_end(&mut bytes)?;
        if !bytes.starts_with(MAGIC) {
            return Err(Damage::Foreign.into());
        }
        if bytes.get(MAGIC.len()).is_some_and(|version| *version != VERSION) {
            return Err(Damage::Newer.into());
        }
        let head: [u8; HEAD] = bytes.try_into().map_err(|_| Damage::Damaged)?;
        let fingerprint = head.iter().skip(MAGIC.len() + 2).take(FINGERPRINT);
        if !fingerprint.eq(secrets.fingerprint().as_bytes()) {
            return Err(Damage::KeyOther.into());
        }
        let ahead = next_byte(&mut input)?;
        let seal = Seal::new(head, secrets);
        Ok(Self { input, seal, chunk: Vec::with_capacity(CHUNK + TAG), given: 0, ahead })
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        let Some(first) = self.ahead.take() else { return Err(Damage::Damaged.into()) };
        self.chunk.clear();
        self.chunk.push(first);
        let rest = (CHUNK + TAG - 1) as u64;
        self.input.by_ref().take(rest).read_to_end(&mut self.chunk)?;
        if self.chunk.len() == CHUNK + TAG {
            self.ahead = next_byte(&mut self.input)?;
        }
        let is_last = self.ahead.is_none();
        let tag = self.chunk.split_off(self.chunk.len().saturating_sub(TAG));
        let tag: [u8; TAG] = tag.try_into().map_err(|_| Damage::Damaged)?;
        if !self.seal.open(&mut self.chunk, &tag, is_last) {
            return Err(Damage::Damaged.into());
        }
        self.given = 0;
        self.seal.advance()
    }
}

impl<R: Read> Read for SealedReader<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        while self.given == self.chunk.len() {
            if self.seal.next > 0 && self.ahead.is_none() {
                return Ok(0);
            }
            self.next_chunk()?;
        }
        let mut waiting = self.chunk.get(self.given..).unwrap_or_default();
        let length = waiting.read(bytes)?;
        self.given += length;
        Ok(length)
    }
}

fn next_byte(input: &mut impl Read) -> io::Result<Option<u8>> {
    let mut byte = Vec::new();
    input.take(1).read_to_end(&mut byte)?;
    Ok(byte.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets(byte: u8) -> Secrets {
        Secrets::new([byte; 32])
    }

    fn written(text: &[u8], is_sealed: bool) -> Vec<u8> {
        let (secrets, chance) = (secrets(1), Chance::seeded(1));
        let mut writer =
            SealedWriter::begin(Vec::new(), (&secrets, &chance), is_sealed).expect("begun");
        writer.write_all(text).expect("written");
        writer.finish().expect("finished")
    }

    fn read(bytes: &[u8], secrets: &Secrets) -> Result<Vec<u8>, Damage> {
        let mut text = Vec::new();
        let read = SealedReader::begin(bytes, secrets)
            .and_then(|mut reader| reader.read_to_end(&mut text));
        read.map(|_| text).map_err(|error| Damage::of(&error).expect("a damage"))
    }

    fn a_text(length: usize) -> Vec<u8> {
        (0..length).map(|place| (place % 251) as u8).collect()
    }

    #[test]
    fn every_length_comes_back() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7] {
            for is_sealed in [true, false] {
                let bytes = written(&a_text(length), is_sealed);
                let chunks = length.div_ceil(CHUNK).max(1);
                assert_eq!(bytes.len(), HEAD + length + chunks * TAG);
                assert_eq!(read(&bytes, &secrets(1)), Ok(a_text(length)), "{length}");
            }
        }
    }

    #[test]
    fn only_a_sealed_stream_hides_what_it_holds() {
        let text = b"a name and a mail address";
        let holds = |bytes: &[u8]| bytes.windows(text.len()).any(|part| part == text);
        assert!(!holds(&written(text, true)));
        assert!(holds(&written(text, false)));
    }

    #[test]
    fn any_changed_bit_is_noticed() {
        for is_sealed in [true, false] {
            let bytes = written(&a_text(300), is_sealed);
            for place in 0..bytes.len() {
                let mut changed = bytes.clone();
                changed[place] ^= 4;
                assert!(read(&changed, &secrets(1)).is_err(), "{place}");
            }
        }
    }

    #[test]
    fn a_stream_that_is_cut_or_longer_is_noticed() {
        for is_sealed in [true, false] {
            let bytes = written(&a_text(2 * CHUNK), is_sealed);
            let chunk = CHUNK + TAG;
            for length in [0, 5, HEAD, HEAD + 1, HEAD + chunk - 1, HEAD + chunk, bytes.len() - 1] {
                assert!(read(&bytes[..length], &secrets(1)).is_err(), "{length}");
            }
            assert_eq!(read(&[&bytes[..], &[0]].concat(), &secrets(1)), Err(Damage::Damaged));
            let doubled = [&bytes[..], &bytes[HEAD + chunk..]].concat();
            assert_eq!(read(&doubled, &secrets(1)), Err(Damage::Damaged));
        }
    }

    #[test]
    fn chunks_that_changed_places_are_noticed() {
        for is_sealed in [true, false] {
            let bytes = written(&a_text(3 * CHUNK), is_sealed);
            let (head, chunks) = bytes.split_at(HEAD);
            let chunks: Vec<&[u8]> = chunks.chunks(CHUNK + TAG).collect();
            let moved = [head, chunks[1], chunks[0], chunks[2]].concat();
            assert_eq!(read(&moved, &secrets(1)), Err(Damage::Damaged));
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let bytes = written(b"text", true);
        assert_eq!(read(&bytes, &secrets(2)), Err(Damage::KeyOther));
        assert_eq!(read(b"PK\x03\x04 another file", &secrets(1)), Err(Damage::Foreign));
        let mut newer = bytes.clone();
        newer[MAGIC.len()] = VERSION + 1;
        assert_eq!(read(&newer, &secrets(1)), Err(Damage::Newer));
        // Nobody makes a sealed stream pass for one that is only checked.
        let mut opened = bytes;
        opened[MAGIC.len() + 1] = 0;
        assert_eq!(read(&opened, &secrets(1)), Err(Damage::Damaged));
    }

    #[test]
    fn two_streams_of_one_text_differ() {
        let (secrets, chance) = (secrets(1), Chance::seeded(1));
        let write = || {
            let out = SealedWriter::begin(Vec::new(), (&secrets, &chance), true).expect("begun");
            out.finish().expect("finished")
        };
        assert_ne!(write(), write());
    }
}
