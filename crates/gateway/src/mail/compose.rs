//! A letter as the bytes that travel: headers that nothing written by people can break out of,
//! and the text twice, plain first.

use std::time::SystemTime;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
use lettre::{Address, Message};
use obole_domain::Refusal;

use super::{Letter, MailError};

/// The longest message id: it must fit into one line of a header.
const MESSAGE_ID_MAX: usize = 200;

/// The longest boundary between the parts of a letter (RFC 2046 allows 70 characters).
const BOUNDARY_MAX: usize = 60;

/// Who writes: the name and address in `From`, where readers' answers arrive.
#[derive(Clone, Debug)]
pub struct Sender(Mailbox);

impl Sender {
    /// Reads the name and address from the configuration.
    pub fn new(name: &str, address: &str) -> Result<Self, Refusal> {
        let address = parse_address(address).ok_or(Refusal::EmailMalformed {})?;
        let name = one_line(name);
        Ok(Self(Mailbox::new((!name.is_empty()).then_some(name), address)))
    }

    /// The bare address, for the envelope.
    pub(super) const fn address(&self) -> &Address {
        &self.0.email
    }
}

/// A letter that is ready to travel.
pub(super) struct Composed {
    pub to: Address,
    pub bytes: Vec<u8>,
}

/// Writes the letter out. The same letter gives the same bytes. What cannot be written is
/// `Refused` in the name of `server`, since no later attempt changes it.
pub(super) fn compose(
    letter: &Letter,
    sender: &Sender,
    server: &str,
) -> Result<Composed, MailError> {
    let refused =
        |reply: &str| MailError::Refused { server: server.to_owned(), reply: reply.to_owned() };
    if !is_message_id(&letter.message_id) {
        return Err(refused("the message id is malformed"));
    }
    let to = parse_address(&letter.to).ok_or_else(|| refused("the address is malformed"))?;
    let body = MultiPart::alternative()
        .boundary(boundary(&letter.message_id))
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    let mut message = Message::builder()
        .message_id(Some(format!("<{}>", letter.message_id)))
        .date(SystemTime::from(letter.date))
        .from(sender.0.clone())
        .to(Mailbox::new(None, to.clone()))
        .subject(one_line(&letter.subject))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", &one_line(&letter.language)));
    if !letter.unsubscribe.is_empty() {
        let link = format!("<{}>", one_line(&letter.unsubscribe));
        message = message
            .raw_header(header("List-Unsubscribe", &link))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    let message = message.multipart(body).map_err(|error| refused(&error.to_string()))?;
    Ok(Composed { to, bytes: message.formatted() })
}

/// Whether it may name a letter in a header and a file in a folder.
pub(super) fn is_message_id(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_@".contains(&byte);
    let fits = (3..=MESSAGE_ID_MAX).contains(&text.len());
    fits && text.bytes().all(is_plain) && !text.starts_with(['.', '@', '-']) && text.contains('@')
}

/// The text without line breaks and other control characters, so that it stays in its header.
pub(super) fn one_line(text: &str) -> String {
    let plain = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    plain.collect::<String>().trim().to_owned()
}

/// Mail servers agree on ASCII only; other alphabets in an address are a letter's sure loss.
fn parse_address(text: &str) -> Option<Address> {
    text.is_ascii().then(|| text.parse().ok()).flatten()
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// Made from the message id, which nobody knows before the letter is sent: no text can hold it.
fn boundary(message_id: &str) -> String {
    let plain = message_id.chars().filter(char::is_ascii_alphanumeric);
    format!("obole-{}", plain.take(BOUNDARY_MAX - 6).collect::<String>())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn a_sender() -> Sender {
        Sender::new("Obole", "obole@example.org").expect("an address")
    }

    pub fn a_letter() -> Letter {
        Letter {
            message_id: "0190aaaa-1111-7222-8333-444455556666@example.org".to_owned(),
            to: "zoe@example.net".to_owned(),
            subject: "Confirmez votre adresse, été".to_owned(),
            date: "2026-11-23T14:14:00Z".parse().expect("a time"),
            text: "Voici le code :\n.\nABCD-1234 €\n".to_owned(),
            html: "<p>Voici le code : <b>ABCD-1234 €</b></p>".to_owned(),
            language: "fr".to_owned(),
            unsubscribe: String::new(),
        }
    }

    fn written(letter: &Letter) -> String {
        let composed = compose(letter, &a_sender(), "here").expect("a letter");
        String::from_utf8(composed.bytes).expect("ASCII")
    }

    #[test]
    fn a_letter_has_every_header_and_both_texts() {
        let written = written(&a_letter());
        for line in [
            "Message-ID: <0190aaaa-1111-7222-8333-444455556666@example.org>\r\n",
            "Date: Mon, 23 Nov 2026 14:14:00 +0000\r\n",
            "From: Obole <obole@example.org>\r\n",
            "To: zoe@example.net\r\n",
            "Auto-Submitted: auto-generated\r\n",
            "Content-Language: fr\r\n",
            "MIME-Version: 1.0\r\n",
        ] {
            assert!(written.contains(line), "{line:?} in {written}");
        }
        assert!(written.contains("multipart/alternative"), "{written}");
        let plain = written.find("text/plain; charset=utf-8").expect("plain text");
        let html = written.find("text/html; charset=utf-8").expect("HTML");
        assert!(plain < html, "plain text first");
        assert!(written.contains("Subject: Confirmez votre adresse, =?utf-8?b?"), "{written}");
        assert!(written.is_ascii(), "every server takes ASCII");
    }

    #[test]
    fn what_nobody_asked_for_is_ended_with_one_click() {
        assert!(!written(&a_letter()).contains("List-Unsubscribe"));
        let unsubscribe = "https://obole.example/letters/0123/now".to_owned();
        let written = written(&Letter { unsubscribe, ..a_letter() });
        let link = "List-Unsubscribe: <https://obole.example/letters/0123/now>\r\n";
        assert!(written.contains(link), "{written}");
        let click = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
        assert!(written.contains(click), "{written}");
    }

    #[test]
    fn the_same_letter_is_the_same_bytes() {
        assert_eq!(written(&a_letter()), written(&a_letter()));
    }

    #[test]
    fn nothing_breaks_out_of_its_header() {
        let mut letter = a_letter();
        letter.subject = "Hello\r\nBcc: all@example.org\r\n\r\nfalse text".to_owned();
        letter.language = "fr\r\nX-Evil: 1".to_owned();
        let written = written(&letter);
        let headers = written.split_once("\r\n\r\n").expect("a body").0;
        assert!(headers.contains("Content-Language: fr  X-Evil: 1\r\n"), "{headers}");
        for line in headers.lines() {
            assert!(!line.starts_with("Bcc") && !line.starts_with("X-Evil"), "{headers}");
        }
        for to in
            ["a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "zoé@x.org"]
        {
            let letter = Letter { to: to.to_owned(), ..a_letter() };
            let refused = compose(&letter, &a_sender(), "here").map(|_| ()).expect_err(to);
            assert!(matches!(refused, MailError::Refused { .. }), "{refused}");
        }
        let sender = Sender::new("Obole\r\nBcc: b@example.org", "obole@example.org").expect("one");
        let composed = compose(&a_letter(), &sender, "here").expect("a letter");
        assert!(!String::from_utf8_lossy(&composed.bytes).contains("\nBcc"));
    }

    #[test]
    fn a_message_id_is_plain() {
        for text in ["", "a", "a b@c", "../a@b", "a@b>\r\nX: y", "a/b@c", "plain", ".a@b", "é@b"] {
            assert!(!is_message_id(text), "{text:?}");
        }
        assert!(!is_message_id(&format!("{}@b", "a".repeat(MESSAGE_ID_MAX))));
        assert!(is_message_id("0190aaaa-1111@obole.example"));
    }
}
