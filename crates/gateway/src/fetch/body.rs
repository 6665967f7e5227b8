//! Taking a body in: no more than is asked for, counted after decompression (F5).

use std::io::{self, Write};

use flate2::write::MultiGzDecoder;

/// A body as it comes in.
pub(super) struct Intake {
    kept: Kind,
    /// What came over the wire.
    raw: usize,
    limit: usize,
}

enum Kind {
    Plain(Kept),
    Gzip(Box<MultiGzDecoder<Kept>>),
}

/// What is kept of a body: up to the limit, and the news that there was more.
struct Kept {
    bytes: Vec<u8>,
    limit: usize,
    is_full: bool,
}

/// What became of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// There is room for more.
    More,
    /// The limit is reached and there was more.
    Full,
    /// It is not what its headers say.
    Broken,
}

impl Intake {
    /// Of an answer with this `Content-Encoding`; none when it is one that was not asked for.
    pub(super) fn new(encoding: Option<&str>, limit: usize) -> Option<Self> {
        let kept = Kept { bytes: Vec::new(), limit, is_full: false };
        let encoding = encoding.unwrap_or_default().trim().to_ascii_lowercase();
        let kept = match &*encoding {
            "" | "identity" => Kind::Plain(kept),
            "gzip" | "x-gzip" => Kind::Gzip(Box::new(MultiGzDecoder::new(kept))),
            _ => return None,
        };
        Some(Self { kept, raw: 0, limit })
    }

    /// Takes a piece.
    pub(super) fn take(&mut self, piece: &[u8]) -> Taken {
        self.raw = self.raw.saturating_add(piece.len());
        let written = match &mut self.kept {
            Kind::Plain(kept) => kept.write_all(piece),
            Kind::Gzip(decoder) => decoder.write_all(piece),
        };
        if self.kept().is_full {
            Taken::Full
        } else if written.is_err() {
            Taken::Broken
        } else if self.raw > self.limit {
            // Bytes that decompress to nothing are not waited for either.
            Taken::Full
        } else {
            Taken::More
        }
    }

    /// What was kept when the body has ended; none when its end is missing.
    pub(super) fn finish(mut self) -> Option<Vec<u8>> {
        if let Kind::Gzip(decoder) = &mut self.kept
            && self.raw > 0
            && decoder.try_finish().is_err()
        {
            return None;
        }
        Some(self.cut())
    }

    /// What was kept of a body that goes on.
    pub(super) fn cut(mut self) -> Vec<u8> {
        match &mut self.kept {
            Kind::Plain(kept) => std::mem::take(&mut kept.bytes),
            Kind::Gzip(decoder) => std::mem::take(&mut decoder.get_mut().bytes),
        }
    }

    fn kept(&self) -> &Kept {
        match &self.kept {
            Kind::Plain(kept) => kept,
            Kind::Gzip(decoder) => decoder.get_ref(),
        }
    }
}

impl Write for Kept {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        let room = self.limit.saturating_sub(self.bytes.len());
        let taken = piece.get(..room.min(piece.len())).unwrap_or_default();
        self.bytes.extend_from_slice(taken);
        if taken.len() < piece.len() {
            self.is_full = true;
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("written");
        encoder.finish().expect("finished")
    }

    fn take_all(encoding: Option<&str>, limit: usize, body: &[u8]) -> (Taken, Option<Vec<u8>>) {
        let mut intake = Intake::new(encoding, limit).expect("an encoding");
        for piece in body.chunks(7) {
            let taken = intake.take(piece);
            if taken != Taken::More {
                return (taken, Some(intake.cut()));
            }
        }
        (Taken::More, intake.finish())
    }

    #[test]
    fn a_body_of_the_limit_is_taken_and_one_more_is_not() {
        for encoding in [None, Some("gzip"), Some("GZIP"), Some("identity")] {
            let is_zipped = encoding.is_some_and(|encoding| encoding != "identity");
            let body = |length: usize| {
                let plain: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
                (plain.clone(), if is_zipped { zipped(&plain) } else { plain })
            };
            let (plain, sent) = body(1_000);
            assert_eq!(take_all(encoding, 1_000, &sent), (Taken::More, Some(plain.clone())));
            let (_, sent) = body(1_001);
            assert_eq!(take_all(encoding, 1_000, &sent), (Taken::Full, Some(plain)));
        }
    }

    #[test]
    fn a_bomb_is_cut_before_it_is_large() {
        let bomb = zipped(&vec![0; 50 << 20]);
        assert!(bomb.len() < 60_000);
        let mut intake = Intake::new(Some("gzip"), 1_000).expect("an encoding");
        assert_eq!(intake.take(&bomb), Taken::Full);
        assert!(intake.kept().bytes.capacity() <= 2_048);
        assert_eq!(intake.cut().len(), 1_000);
    }

    #[test]
    fn what_decompresses_to_nothing_is_cut_too() {
        let empty = zipped(&[]).repeat(100);
        assert_eq!(take_all(Some("gzip"), 500, &empty).0, Taken::Full);
    }

    #[test]
    fn what_is_not_gzip_or_has_no_end_is_not_taken() {
        assert_eq!(take_all(Some("gzip"), 100, b"<html>not zipped at all").0, Taken::Broken);
        let mut short = zipped(b"hello");
        short.truncate(short.len() - 1);
        assert_eq!(take_all(Some("gzip"), 100, &short), (Taken::More, None));
        assert_eq!(take_all(Some("gzip"), 100, b""), (Taken::More, Some(Vec::new())));
        for encoding in ["br", "deflate", "zstd", "gzip, gzip", "compress"] {
            assert!(Intake::new(Some(encoding), 100).is_none(), "{encoding}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_up_to_the_limit(
            body in proptest::collection::vec(any::<u8>(), 0..300),
            is_zipped: bool,
        ) {
            let encoding = is_zipped.then_some("gzip");
            let (_, kept) = take_all(encoding, 100, &body);
            prop_assert!(kept.unwrap_or_default().len() <= 100);
        }
    }
}
