//! A mail server for tests: it speaks SMTP over a real socket and behaves as it is told.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server does when its moment comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes every letter.
    Accepts,
    /// Takes letters after a sign-in with this user and password, base64 of `\0user\0password`.
    WantsPassword(&'static str),
    /// Answers the sender with 550.
    RefusesSender,
    /// Answers the recipient with 550.
    RefusesRecipient,
    /// Answers the recipient with 451.
    DefersRecipient,
    /// Answers the text with 554.
    RefusesText,
    /// Answers the text with 452.
    DefersText,
    /// Never says a word.
    IsSilent,
    /// Reads the whole text and never answers.
    IsSilentAfterText,
    /// Reads the whole text and hangs up.
    HangsUpAfterText,
}

/// What was said to the server.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// Each command line.
    pub commands: Vec<String>,
    /// The text of each letter, dots unstuffed.
    pub texts: Vec<String>,
}

/// A running server; it ends with its test.
pub struct Receiver {
    /// Where it listens, on 127.0.0.1.
    pub port: u16,
    received: Arc<Mutex<Received>>,
}

impl Receiver {
    /// Starts a server.
    pub async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let received = Arc::new(Mutex::new(Received::default()));
        let shared = Arc::clone(&received);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, manner, Arc::clone(&shared)));
            }
        });
        Self { port, received }
    }

    /// What has been said until now.
    pub fn received(&self) -> Received {
        self.received.lock().expect("no panic").clone()
    }
}

async fn converse(stream: TcpStream, manner: Manner, received: Arc<Mutex<Received>>) {
    let mut stream = BufReader::new(stream);
    if manner == Manner::IsSilent {
        std::future::pending::<()>().await;
    }
    say(&mut stream, "220 receiver.example ready").await;
    while let Some(command) = hear(&mut stream).await {
        received.lock().expect("no panic").commands.push(command.clone());
        let verb = command.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let answer = match (verb.as_str(), manner) {
            ("EHLO", _) => "250-receiver.example\r\n250 AUTH PLAIN LOGIN",
            ("AUTH", Manner::WantsPassword(wanted)) if command.ends_with(wanted) => "235 welcome",
            ("AUTH", _) => "535 5.7.8 wrong password",
            ("MAIL", Manner::RefusesSender) => "550 5.7.1 not allowed to send as this",
            ("RCPT", Manner::RefusesRecipient) => "550-5.1.1 no such\r\n550 5.1.1 mailbox",
            ("RCPT", Manner::DefersRecipient) => "451 4.7.1 greylisted, come back",
            ("MAIL" | "RCPT", _) => "250 2.1.0 fine",
            ("DATA", _) => "354 go on",
            ("QUIT", _) => "221 goodbye",
            _ => "500 what?",
        };
        say(&mut stream, answer).await;
        if verb == "DATA" && !take_text(&mut stream, manner, &received).await {
            return;
        }
    }
}

/// Reads a letter and answers it; false when the server hangs up instead.
async fn take_text(
    stream: &mut BufReader<TcpStream>,
    manner: Manner,
    received: &Mutex<Received>,
) -> bool {
    let mut text = String::new();
    while let Some(line) = hear(stream).await {
        if line == "." {
            break;
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
        text.push_str("\r\n");
    }
    received.lock().expect("no panic").texts.push(text);
    let answer = match manner {
        Manner::RefusesText => "554 5.7.1 looks like junk",
        Manner::DefersText => "452 4.3.1 disk full",
        Manner::IsSilentAfterText => std::future::pending().await,
        Manner::HangsUpAfterText => return false,
        _ => "250 2.0.0 queued as 42",
    };
    say(stream, answer).await;
    true
}

async fn hear(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    let length = stream.read_line(&mut line).await.ok()?;
    (length > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn say(stream: &mut BufReader<TcpStream>, answer: &str) {
    // The other side may have gone; then there is nobody to tell.
    let _ = stream.get_mut().write_all(format!("{answer}\r\n").as_bytes()).await;
}
