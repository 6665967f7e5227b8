//! Letters handed to a mail server over a real socket, and every way in which that fails.

use std::time::Duration;

use obole_gateway::mail::{Handed, Letter, MailError, Mailer, Sender, SmtpConfig, SmtpSecurity};

use crate::receiver::{Manner, Receiver};

fn a_letter() -> Letter {
    Letter {
        message_id: "0190aaaa-1111-7222-8333-444455556666@example.org".to_owned(),
        to: "zoe@example.net".to_owned(),
        subject: "Confirmez votre adresse".to_owned(),
        date: "2026-11-23T14:14:00Z".parse().expect("a time"),
        text: "The code:\n.\n.hidden\nABCD-1234\n".to_owned(),
        html: "<p>ABCD-1234</p>".to_owned(),
        language: "fr".to_owned(),
        unsubscribe: "https://obole.example/letters/0123/now".to_owned(),
    }
}

fn config(port: u16) -> SmtpConfig {
    SmtpConfig {
        host: "127.0.0.1".to_owned(),
        port,
        security: SmtpSecurity::Plain,
        user: None,
        password: None,
        timeout: Duration::from_millis(1_500),
    }
}

fn mailer(config: SmtpConfig) -> Mailer {
    let sender = Sender::new("Obole", "obole@example.org").expect("an address");
    Mailer::smtp(config, sender).expect("a mailer")
}

async fn sent_to(manner: Manner) -> (Result<Handed, MailError>, Receiver) {
    let receiver = Receiver::start(manner).await;
    let mailer = mailer(config(receiver.port));
    let letter = a_letter();
    // Whatever the server does, an attempt ends.
    let sent = tokio::time::timeout(Duration::from_secs(10), mailer.send(&letter)).await;
    (sent.expect("an end within ten seconds"), receiver)
}

fn server(receiver: &Receiver) -> String {
    format!("127.0.0.1:{}", receiver.port)
}

#[tokio::test]
async fn a_letter_arrives_as_it_was_written() {
    let (sent, receiver) = sent_to(Manner::Accepts).await;
    let reply = "250 2.0.0 queued as 42".to_owned();
    assert_eq!(sent, Ok(Handed { server: server(&receiver), reply }));
    let received = receiver.received();
    let [hello, from, to, ..] = received.commands.as_slice() else { panic!("{received:?}") };
    assert!(hello.starts_with("EHLO "), "{hello}");
    assert_eq!(from, "MAIL FROM:<obole@example.org>");
    assert_eq!(to, "RCPT TO:<zoe@example.net>");
    let [text] = received.texts.as_slice() else { panic!("{received:?}") };
    let id = "Message-ID: <0190aaaa-1111-7222-8333-444455556666@example.org>\r\n";
    assert!(text.contains(id), "{text}");
    assert!(text.contains("The code:\r\n.\r\n.hidden\r\nABCD-1234\r\n"), "{text}");
    assert_eq!(received.commands.last().map(String::as_str), Some("QUIT"));
}

#[tokio::test]
async fn a_reader_or_text_that_the_server_refuses_is_refused() {
    for (manner, reply) in [
        (Manner::RefusesRecipient, "550 5.1.1 no such mailbox"),
        (Manner::RefusesText, "554 5.7.1 looks like junk"),
    ] {
        let (sent, receiver) = sent_to(manner).await;
        let refused = MailError::Refused { server: server(&receiver), reply: reply.to_owned() };
        assert_eq!(sent, Err(refused), "{manner:?}");
    }
}

#[tokio::test]
async fn what_the_server_puts_off_is_to_be_tried_again() {
    for (manner, detail) in [
        (Manner::DefersRecipient, "451 4.7.1 greylisted, come back"),
        (Manner::DefersText, "452 4.3.1 disk full"),
        (Manner::RefusesSender, "550 5.7.1 not allowed to send as this"),
        (Manner::IsSilent, "no answer within 1.5s"),
    ] {
        let (sent, receiver) = sent_to(manner).await;
        let unreachable =
            MailError::Unreachable { server: server(&receiver), detail: detail.to_owned() };
        assert_eq!(sent, Err(unreachable), "{manner:?}");
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_unreachable() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let sent = mailer(config(port)).send(&a_letter()).await;
    assert!(matches!(&sent, Err(MailError::Unreachable { .. })), "{sent:?}");
    let nowhere = SmtpConfig { host: "mail.invalid".to_owned(), ..config(port) };
    let sent = mailer(nowhere).send(&a_letter()).await;
    assert!(matches!(&sent, Err(MailError::Unreachable { .. })), "{sent:?}");
}

// K7: the letter went out; whether it was taken is not known.
#[tokio::test]
async fn silence_after_the_text_is_unknown() {
    for manner in [Manner::IsSilentAfterText, Manner::HangsUpAfterText] {
        let (sent, receiver) = sent_to(manner).await;
        assert!(matches!(&sent, Err(MailError::Unknown { .. })), "{manner:?} {sent:?}");
        assert_eq!(receiver.received().texts.len(), 1);
    }
}

#[tokio::test]
async fn the_password_is_given_and_a_wrong_one_refuses_no_reader() {
    // \0obole\0secret
    let receiver = Receiver::start(Manner::WantsPassword("AG9ib2xlAHNlY3JldA==")).await;
    let with = |password: &str| SmtpConfig {
        user: Some("obole".to_owned()),
        password: Some(password.to_owned()),
        ..config(receiver.port)
    };
    mailer(with("secret")).send(&a_letter()).await.expect("taken");
    let sent = mailer(with("guess")).send(&a_letter()).await;
    let detail = "535 5.7.8 wrong password".to_owned();
    assert_eq!(sent, Err(MailError::Unreachable { server: server(&receiver), detail }));
    let shown = format!("{:?} {:?}", with("secret"), mailer(with("secret")));
    assert!(!shown.contains("secret") && shown.contains("***"), "{shown}");
}

#[tokio::test]
async fn a_letter_never_travels_plain_where_encryption_is_asked_for() {
    for security in [SmtpSecurity::StartTls, SmtpSecurity::Tls] {
        let receiver = Receiver::start(Manner::Accepts).await;
        let config = SmtpConfig { security, ..config(receiver.port) };
        let sent = mailer(config).send(&a_letter()).await;
        assert!(matches!(&sent, Err(MailError::Unreachable { .. })), "{security:?} {sent:?}");
        let received = receiver.received();
        assert!(received.texts.is_empty(), "{received:?}");
        assert!(!received.commands.iter().any(|line| line.starts_with("MAIL")), "{received:?}");
    }
}
