//! Drives of the harness's own, mounted for a fault: a small one in memory that can be filled, and
//! one in a file, of which a power cut leaves what had reached the file.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::postgres::done;
use crate::wait::until;

/// The folder where it is mounted; dropping it takes it down.
pub struct Drive {
    pub folder: PathBuf,
    /// The file that it is in; none for one in memory.
    image: Option<PathBuf>,
    /// How many cuts it has been through.
    cuts: u64,
}

/// The name of the file that fills a drive.
const BALLAST: &str = "ballast";

fn program(name: &str, words: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(words);
    command
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

impl Drive {
    /// A drive of so many mebibytes in memory.
    pub fn in_memory(folder: PathBuf, mebibytes: u64) -> Result<Self, String> {
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let options = format!("size={mebibytes}m,mode=0755");
        done(program("mount", &["-t", "tmpfs", "-o", &options, "tmpfs", &text(&folder)]))?;
        Ok(Self { folder, image: None, cuts: 0 })
    }

    /// A drive of so many mebibytes in a file, with ext4 on it.
    pub fn in_file(folder: PathBuf, mebibytes: u64) -> Result<Self, String> {
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let image = folder.with_extension("image");
        let made = File::create(&image).and_then(|file| file.set_len(mebibytes << 20));
        made.map_err(|error| format!("{}: {error}", image.display()))?;
        done(program("mkfs.ext4", &["-q", "-F", &text(&image)]))?;
        mount(&image, &folder)?;
        Ok(Self { folder, image: Some(image), cuts: 0 })
    }

    /// Why a drive in memory cannot be had here; none where it can.
    pub fn obstacle_in_memory(at: &Path) -> Option<String> {
        Self::in_memory(at.join("try-memory"), 1).err()
    }

    /// Why a drive in a file cannot be had here; none where it can.
    pub fn obstacle_in_file(at: &Path) -> Option<String> {
        Self::in_file(at.join("try-file"), 16).err()
    }

    /// Fills what is left of it and says how many bytes that were.
    pub fn fill(&self) -> Result<u64, String> {
        let mut file =
            File::create(self.folder.join(BALLAST)).map_err(|error| error.to_string())?;
        let (block, mut bytes) = ([0_u8; 4_096], 0);
        while let Ok(length) = file.write(&block) {
            bytes += length as u64;
        }
        Ok(bytes)
    }

    /// Gives the space back.
    pub fn free(&self) -> Result<(), String> {
        fs::remove_file(self.folder.join(BALLAST)).map_err(|error| error.to_string())
    }

    /// Everything that is on it reaches the file: where a run begins.
    pub fn sync(&self) -> Result<(), String> {
        done(program("sync", &["-f", &text(&self.folder)])).map(|_| ())
    }

    /// What a power cut leaves: the file as it is this moment, without what the system holds back.
    /// Whoever writes to the drive must stand still, frozen or killed, and goes with it.
    pub fn copy_unsynced(&mut self) -> Result<PathBuf, String> {
        let image = self.image.clone().ok_or("a drive in memory is lost whole")?;
        self.cuts += 1;
        let copy = self.folder.with_extension(format!("image-{}", self.cuts));
        let statistics = self.statistics_path(&image)?;
        let read = || fs::read_to_string(&statistics).ok();
        // A copy during which the system wrote something by itself is of no moment.
        let whole = until(Duration::from_secs(30), || {
            let before = read()?;
            fs::copy(&image, &copy).ok()?;
            (read()? == before && in_flight(&before) == Some(0)).then_some(())
        });
        whole.ok_or("the system never stopped writing to the drive")?;
        Ok(copy)
    }

    /// Puts the drive as the cut left it in the place of the one that was.
    pub fn replace(&mut self, copy: PathBuf) -> Result<(), String> {
        let old = self.image.clone().ok_or("a drive in memory is lost whole")?;
        unmount(&self.folder)?;
        mount(&copy, &self.folder)?;
        self.image = Some(copy);
        fs::remove_file(old).map_err(|error| error.to_string())
    }

    /// Where the system counts what is written to the file's device.
    fn statistics_path(&self, image: &Path) -> Result<PathBuf, String> {
        let told = done(program("losetup", &["-j", &text(image)]))?;
        let device = told.split(':').next().and_then(|path| path.strip_prefix("/dev/"));
        let device = device.ok_or_else(|| format!("no device has {}: {told}", image.display()))?;
        Ok(PathBuf::from(format!("/sys/block/{device}/stat")))
    }
}

/// How many requests are on their way, by the statistics of a device.
fn in_flight(statistics: &str) -> Option<u64> {
    statistics.split_whitespace().nth(8)?.parse().ok()
}

fn mount(image: &Path, folder: &Path) -> Result<(), String> {
    done(program("mount", &["-o", "loop", &text(image), &text(folder)])).map(|_| ())
}

fn unmount(folder: &Path) -> Result<(), String> {
    // Who has just been killed may still hold a file for a moment.
    let mut last = String::new();
    let gone = until(Duration::from_secs(20), || {
        done(program("umount", &[&text(folder)])).map_err(|said| last = said).ok()
    });
    gone.map(|_| ()).ok_or(last)
}

impl Drop for Drive {
    fn drop(&mut self) {
        // What still uses it goes on without it.
        let _gone = done(program("umount", &["-l", &text(&self.folder)]));
        if let Some(image) = &self.image {
            let _gone = fs::remove_file(image);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ninth_number_is_what_is_on_its_way() {
        let text =
            "     95       1    2788       5       7       0       6      29       3      36\n";
        assert_eq!(in_flight(text), Some(3));
        assert_eq!(in_flight(""), None);
    }
}
