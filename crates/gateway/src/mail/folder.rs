//! A mailer that keeps letters in a folder: `<message id>.eml` as it would have travelled, and
//! beside it `<message id>.txt`, the readable part, which a page can show.

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;
use tokio::fs;
use tokio::io::AsyncWriteExt;

use super::compose::{Sender, compose, is_message_id, one_line};
use super::{Handed, Letter, MailError};

/// A list never shows more letters than this, the newest ones.
const LETTERS_SHOWN_MAX: usize = 500;

/// A folder of letters.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    sender: Sender,
}

/// A letter in the folder, as far as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptLetter {
    /// Its message id; [`Folder::read`] takes it.
    pub name: String,
    /// The reader's address.
    pub to: String,
    /// The subject.
    pub subject: String,
    /// When it was written.
    pub date: Timestamp,
    /// Of the text.
    pub language: String,
    /// The plain text.
    pub text: String,
}

impl Folder {
    pub(super) async fn open(path: PathBuf, sender: Sender) -> io::Result<Self> {
        fs::create_dir_all(&path).await?;
        Ok(Self { path, sender })
    }

    pub(super) async fn send(&self, letter: &Letter) -> Result<Handed, MailError> {
        let server = self.path.display().to_string();
        let composed = compose(letter, &self.sender, &server)?;
        let name = &letter.message_id;
        let readable = format!(
            "To: {}\nSubject: {}\nDate: {}\nLanguage: {}\n\n{}",
            letter.to,
            one_line(&letter.subject),
            letter.date,
            one_line(&letter.language),
            letter.text
        );
        // The text last: a letter is listed only when it is whole.
        let kept = async {
            self.write(&format!("{name}.eml"), &composed.bytes).await?;
            self.write(&format!("{name}.txt"), readable.as_bytes()).await
        };
        match kept.await {
            Ok(()) => Ok(Handed { server, reply: format!("250 kept as {name}.eml") }),
            Err(error) => Err(MailError::Unreachable { server, detail: error.to_string() }),
        }
    }

    /// The newest letters, the last one first.
    pub async fn list(&self) -> io::Result<Vec<KeptLetter>> {
        let mut letters = Vec::new();
        let mut entries = fs::read_dir(&self.path).await?;
        while let Some(entry) = entries.next_entry().await? {
            let file = entry.file_name();
            let name = file.to_str().and_then(|file| file.strip_suffix(".txt"));
            if let Some(name) = name {
                letters.extend(self.read(name).await?);
            }
        }
        letters.sort_by(|a, b| (b.date, &b.name).cmp(&(a.date, &a.name)));
        letters.truncate(LETTERS_SHOWN_MAX);
        Ok(letters)
    }

    /// One letter. None when there is no such letter; a name that is not a message id names
    /// none, so nothing outside the folder can be read.
    pub async fn read(&self, name: &str) -> io::Result<Option<KeptLetter>> {
        if !is_message_id(name) {
            return Ok(None);
        }
        match fs::read_to_string(self.path.join(format!("{name}.txt"))).await {
            Ok(readable) => Ok(parse(name, &readable)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes a file so that it is there whole or not at all.
    async fn write(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let part = self.path.join(format!(".{file}.part"));
        let mut open = fs::File::create(&part).await?;
        open.write_all(bytes).await?;
        open.sync_all().await?;
        fs::rename(part, self.path.join(file)).await
    }
}

fn parse(name: &str, readable: &str) -> Option<KeptLetter> {
    let (head, text) = readable.split_once("\n\n")?;
    let field = |field: &str| head.lines().find_map(|line| line.strip_prefix(field));
    Some(KeptLetter {
        name: name.to_owned(),
        to: field("To: ")?.to_owned(),
        subject: field("Subject: ")?.to_owned(),
        date: field("Date: ")?.parse().ok()?,
        language: field("Language: ")?.to_owned(),
        text: text.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::Mailer;
    use super::super::compose::tests::{a_letter, a_sender};
    use super::*;

    #[tokio::test]
    async fn letters_are_listed_newest_first_and_read() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("mails");
        let mailer = Mailer::folder(&path, a_sender()).await.expect("a mailer");
        let later = Letter {
            message_id: "second@example.org".to_owned(),
            subject: "Un autre\nTo: nobody@example.org".to_owned(),
            date: "2026-11-24T00:00:00Z".parse().expect("a time"),
            ..a_letter()
        };
        for letter in [&later, &a_letter(), &a_letter()] {
            mailer.send(letter).await.expect("kept");
        }
        let folder = mailer.as_folder().expect("a folder");
        let names = folder.list().await.expect("a list");
        let names: Vec<_> = names.into_iter().map(|letter| letter.name).collect();
        assert_eq!(names, [later.message_id, a_letter().message_id]);
        let read = folder.read("second@example.org").await.expect("a file").expect("a letter");
        assert_eq!((read.to, read.text), (later.to, later.text));
        assert_eq!(read.subject, "Un autre To: nobody@example.org");
        let travelled = std::fs::read(path.join("second@example.org.eml")).expect("the letter");
        assert!(travelled.starts_with(b"Message-ID: <second@example.org>\r\n"));
        let left = std::fs::read_dir(&path).expect("files").count();
        assert_eq!(left, 4, "two files a letter, nothing half written");
    }

    #[tokio::test]
    async fn nothing_outside_the_folder_is_read() {
        let place = tempfile::tempdir().expect("a folder");
        std::fs::write(
            place.path().join("secret@x.txt"),
            "To: a\nSubject: b\nDate: 2026-11-24T00:00:00Z\nLanguage: fr\n\nsecret",
        )
        .expect("a file");
        let mailer = Mailer::folder(place.path().join("mails"), a_sender()).await.expect("one");
        let folder = mailer.as_folder().expect("a folder");
        let absolute = place.path().join("secret@x").display().to_string();
        for name in ["../secret@x", "..%2fsecret@x", "./../secret@x", &absolute, "", "a@b\0"] {
            assert_eq!(folder.read(name).await.expect("no error"), None, "{name:?}");
        }
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_tried_again() {
        let place = tempfile::tempdir().expect("a folder");
        let path = place.path().join("mails");
        let mailer = Mailer::folder(&path, a_sender()).await.expect("a mailer");
        std::fs::remove_dir(&path).expect("removed");
        assert!(matches!(mailer.send(&a_letter()).await, Err(MailError::Unreachable { .. })));
    }
}
