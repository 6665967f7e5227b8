//! Letters that leave (A2, A3): handed to a mail server, kept in a folder or in memory. Whoever
//! sends keeps the letter in an outbox and learns here what became of one attempt.

mod compose;
mod folder;
mod memory;
mod smtp;

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;

pub use compose::Sender;
pub use folder::{Folder, KeptLetter};
pub use memory::Memory;
pub use smtp::{SMTP_TIMEOUT, Smtp, SmtpConfig, SmtpSecurity};

/// One letter to one reader, in words that are ready to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// `local@domain` without angle brackets; the same at each attempt, so that a letter which
    /// was sent twice is shown once (A2). Letters, digits and `.-_@` only.
    pub message_id: String,
    /// The reader's address, ASCII (a domain in its `xn--` form).
    pub to: String,
    /// One line; any letters.
    pub subject: String,
    /// When it was written, for the `Date` header.
    pub date: Timestamp,
    /// The plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// Of both texts, as in `fr` (BCP 47).
    pub language: String,
    /// Where one post, without signing in, ends such letters (RFC 8058); empty where there is none.
    pub unsubscribe: String,
}

/// A mail server took the letter over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// Which one, as in `mail.example.org:587`.
    pub server: String,
    /// What it said, as in `250 2.0.0 queued`.
    pub reply: String,
}

/// Why a letter was not handed over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// For good: this reader, or this letter, will not be taken at a later attempt either.
    #[error("{server} refused the letter: {reply}")]
    #[allow(missing_docs)]
    Refused { server: String, reply: String },
    /// Not now; the letter was not taken, so sending it again is right.
    #[error("{server} cannot be reached: {detail}")]
    #[allow(missing_docs)]
    Unreachable { server: String, detail: String },
    /// The letter went out and no answer came: it may have been taken (K7). Sending it again
    /// repeats it at most, under the same message id.
    #[error("{server} did not say whether it took the letter: {detail}")]
    #[allow(missing_docs)]
    Unknown { server: String, detail: String },
}

/// Where letters go: one of a closed set, chosen by the configuration.
#[derive(Debug)]
pub enum Mailer {
    /// To a mail server.
    Smtp(Smtp),
    /// Into a folder, for trying an instance out without a mail server.
    Folder(Folder),
    /// Nowhere; kept, for tests.
    Memory(Memory),
}

impl Mailer {
    /// Letters go to a mail server. `Unreachable` when this machine cannot set up encryption.
    pub fn smtp(config: SmtpConfig, sender: Sender) -> Result<Self, MailError> {
        Smtp::new(config, sender).map(Self::Smtp)
    }

    /// Letters go into a folder, which is made when it is not there.
    pub async fn folder(path: impl Into<PathBuf>, sender: Sender) -> io::Result<Self> {
        Folder::open(path.into(), sender).await.map(Self::Folder)
    }

    /// Letters are kept in memory.
    #[must_use]
    pub fn memory(sender: Sender) -> Self {
        Self::Memory(Memory::new(sender))
    }

    /// One attempt at handing a letter over.
    pub async fn send(&self, letter: &Letter) -> Result<Handed, MailError> {
        match self {
            Self::Smtp(smtp) => smtp.send(letter).await,
            Self::Folder(folder) => folder.send(letter).await,
            Self::Memory(memory) => memory.send(letter),
        }
    }

    /// The folder, when letters go into one: for the page that shows them.
    #[must_use]
    pub const fn as_folder(&self) -> Option<&Folder> {
        match self {
            Self::Folder(folder) => Some(folder),
            Self::Smtp(_) | Self::Memory(_) => None,
        }
    }

    /// The letters kept in memory, when they are kept there: for tests.
    #[must_use]
    pub const fn as_memory(&self) -> Option<&Memory> {
        match self {
            Self::Memory(memory) => Some(memory),
            Self::Smtp(_) | Self::Folder(_) => None,
        }
    }
}
