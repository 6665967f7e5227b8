//! A ZIP file of stored files (PKWARE's APPNOTE 6.3): nothing compressed, no times, so that the
//! same files always make the same bytes.

use super::File;

/// Version 2.0: folders in names.
const VERSION: u16 = 20;
/// Names are UTF-8.
const FLAGS: u16 = 1 << 11;
/// Midnight of 1980-01-01, the first day that the format knows.
const TIME: u16 = 0;
const DATE: u16 = (1 << 5) | 1;

/// The files in their order as one ZIP file.
pub fn stored(files: &[File]) -> Result<Vec<u8>, String> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (path, bytes) in files {
        let offset = size(zip.len())?;
        let head = head(path, bytes)?;
        zip.extend(0x0403_4b50_u32.to_le_bytes());
        zip.extend(&head);
        zip.extend(path.as_bytes());
        zip.extend(bytes);
        directory.extend(0x0201_4b50_u32.to_le_bytes());
        directory.extend(VERSION.to_le_bytes());
        directory.extend(&head);
        // Comment, disk, attributes: none.
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(path.as_bytes());
    }
    let count = u16::try_from(files.len()).map_err(|_| "too many files.")?;
    let (offset, length) = (size(zip.len())?, size(directory.len())?);
    zip.extend(directory);
    zip.extend(0x0605_4b50_u32.to_le_bytes());
    zip.extend([0; 4]);
    zip.extend(count.to_le_bytes());
    zip.extend(count.to_le_bytes());
    zip.extend(length.to_le_bytes());
    zip.extend(offset.to_le_bytes());
    zip.extend([0; 2]);
    Ok(zip)
}

/// What stands before each file and again in the directory.
fn head(path: &str, bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut head = Vec::new();
    // Zero: stored.
    for short in [VERSION, FLAGS, 0, TIME, DATE] {
        head.extend(short.to_le_bytes());
    }
    let length = size(bytes.len())?;
    for long in [crc32(bytes), length, length] {
        head.extend(long.to_le_bytes());
    }
    let name = u16::try_from(path.len()).map_err(|_| format!("{path} is too long a name."))?;
    head.extend(name.to_le_bytes());
    head.extend([0; 2]);
    Ok(head)
}

fn size(length: usize) -> Result<u32, String> {
    u32::try_from(length).map_err(|_| "too large for a ZIP file.".to_owned())
}

/// The checksum of ISO 3309, bit by bit: a few dozen kilobytes need no table.
fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            let is_odd = sum & 1 == 1;
            sum = (sum >> 1) ^ if is_odd { 0xedb8_8320 } else { 0 };
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_known_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn the_same_files_make_the_same_bytes() {
        let files = [("a.txt".to_owned(), b"one".to_vec()), ("b/c".to_owned(), Vec::new())];
        let zip = stored(&files).expect("small");
        assert_eq!(zip, stored(&files).expect("small"));
        // Two heads of 30 bytes, two entries of 46, the end of 22; names twice, one content.
        assert_eq!(zip.len(), 2 * 30 + 2 * 46 + 22 + 2 * (5 + 3) + 3);
        assert_eq!(zip[zip.len() - 22..][..4], *b"PK\x05\x06");
    }
}
