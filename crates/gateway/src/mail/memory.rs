//! A mailer that keeps what it was given, for tests.

use std::sync::{Mutex, PoisonError};

use super::compose::{Sender, compose};
use super::{Handed, Letter, MailError};

/// The letters of a test.
#[derive(Debug)]
pub struct Memory {
    sender: Sender,
    kept: Mutex<Vec<Letter>>,
}

impl Memory {
    pub(super) const fn new(sender: Sender) -> Self {
        Self { sender, kept: Mutex::new(Vec::new()) }
    }

    pub(super) fn send(&self, letter: &Letter) -> Result<Handed, MailError> {
        let server = "memory".to_owned();
        compose(letter, &self.sender, &server)?;
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
        Ok(Handed { server, reply: "250 kept".to_owned() })
    }

    /// Every letter, in the order in which they were given.
    #[must_use]
    pub fn letters(&self) -> Vec<Letter> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::Mailer;
    use super::super::compose::tests::{a_letter, a_sender};
    use super::*;

    #[tokio::test]
    async fn memory_keeps_what_it_was_given_and_refuses_what_a_server_would() {
        let mailer = Mailer::memory(a_sender());
        mailer.send(&a_letter()).await.expect("kept");
        let nowhere = Letter { to: "nowhere".to_owned(), ..a_letter() };
        assert!(matches!(mailer.send(&nowhere).await, Err(MailError::Refused { .. })));
        let letters = mailer.as_memory().expect("memory").letters();
        assert_eq!(letters, vec![a_letter()]);
    }
}
