//! A mailer that hands letters to a mail server. The dialogue is led step by step, because what
//! a failure means depends on the step: before the text nothing was taken, after it one cannot
//! know (K7).

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use super::compose::{Composed, Sender, compose, one_line};
use super::{Handed, Letter, MailError};

/// How long a mail server may take for each step, unless configured otherwise.
pub const SMTP_TIMEOUT: Duration = Duration::from_secs(20);

/// How long a server may take to say goodbye; the letter is safe by then.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(1);

/// As much of a server's words as a page shows.
const REPLY_MAX: usize = 300;

/// How the connection is kept from others' eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Not at all: a server on the same machine.
    Plain,
    /// After a plain greeting, always; a server that cannot is not used (port 587).
    StartTls,
    /// From the first byte (port 465).
    Tls,
}

/// Which mail server, and how.
#[derive(Clone)]
pub struct SmtpConfig {
    /// Its name, which its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others' eyes.
    pub security: SmtpSecurity,
    /// Signs in with `password` when set.
    pub user: Option<String>,
    /// Never printed.
    pub password: Option<String>,
    /// For each step; [`SMTP_TIMEOUT`] as shipped.
    pub timeout: Duration,
}

impl fmt::Debug for SmtpConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SmtpConfig")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("user", &self.user)
            .field("password", &self.password.as_ref().map(|_| "***"))
            .field("timeout", &self.timeout)
            .finish()
    }
}

/// A mail server.
pub struct Smtp {
    config: SmtpConfig,
    sender: Sender,
    tls: Option<TlsParameters>,
    hello: ClientId,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Smtp").field(&self.config).field(&self.sender).finish()
    }
}

/// What stopped a step.
enum Failure {
    TimedOut,
    Answered(smtp::Error),
}

impl Smtp {
    pub(super) fn new(config: SmtpConfig, sender: Sender) -> Result<Self, MailError> {
        let tls = match config.security {
            SmtpSecurity::Plain => Ok(None),
            SmtpSecurity::StartTls | SmtpSecurity::Tls => {
                TlsParameters::new(config.host.clone()).map(Some)
            }
        };
        let mut smtp = Self { config, sender, tls: None, hello: ClientId::default() };
        smtp.tls = tls.map_err(|error| smtp.unreachable(&Failure::Answered(error)))?;
        Ok(smtp)
    }

    pub(super) async fn send(&self, letter: &Letter) -> Result<Handed, MailError> {
        let composed = compose(letter, &self.sender, &self.server())?;
        let mut connection = self.connect().await.map_err(|failure| self.unreachable(&failure))?;
        let handed = self.hand_over(&mut connection, composed).await;
        // Polite; nothing depends on it.
        let _ = timeout(GOODBYE_TIMEOUT, connection.quit()).await;
        handed
    }

    /// Up to the point where letters can be given. Whatever goes wrong here says nothing about
    /// a reader: a wrong password must not mark addresses as refused.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let config = &self.config;
        let is_tls = config.security == SmtpSecurity::Tls;
        let at_once = self.tls.clone().filter(|_| is_tls);
        let address = (config.host.as_str(), config.port);
        let limit = Some(config.timeout);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(address, limit, &self.hello, at_once, None);
        let mut connection = self.within(connecting).await?;
        if let Some(tls) = self.tls.clone().filter(|_| !is_tls) {
            self.within(connection.starttls(tls, &self.hello)).await?;
        }
        if let Some(user) = &config.user {
            let password = config.password.clone().unwrap_or_default();
            let credentials = Credentials::new(user.clone(), password);
            self.within(connection.auth(DEFAULT_MECHANISMS, &credentials)).await?;
        }
        Ok(connection)
    }

    async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        composed: Composed,
    ) -> Result<Handed, MailError> {
        let from = Mail::new(Some(self.sender.address().clone()), Vec::new());
        // A sender that the server does not like is the operator's matter, not the reader's.
        let step = self.within(connection.command(from)).await;
        step.map_err(|failure| self.unreachable(&failure))?;
        let step = self.within(connection.command(Rcpt::new(composed.to, Vec::new()))).await;
        step.map_err(|failure| self.refused_or_unreachable(&failure))?;
        let step = self.within(connection.command(Data)).await;
        step.map_err(|failure| self.refused_or_unreachable(&failure))?;
        let step = self.within(connection.message(&composed.bytes)).await;
        let response = step.map_err(|failure| self.refused_or_unknown(&failure))?;
        Ok(Handed { server: self.server(), reply: told(&response) })
    }

    async fn within<T>(
        &self,
        step: impl Future<Output = Result<T, smtp::Error>>,
    ) -> Result<T, Failure> {
        match timeout(self.config.timeout, step).await {
            Ok(answer) => answer.map_err(Failure::Answered),
            Err(_) => Err(Failure::TimedOut),
        }
    }

    fn server(&self) -> String {
        format!("{}:{}", self.config.host, self.config.port)
    }

    fn unreachable(&self, failure: &Failure) -> MailError {
        MailError::Unreachable { server: self.server(), detail: self.detail(failure) }
    }

    fn refused_or_unreachable(&self, failure: &Failure) -> MailError {
        match failure {
            Failure::Answered(error) if error.is_permanent() => {
                MailError::Refused { server: self.server(), reply: self.detail(failure) }
            }
            _ => self.unreachable(failure),
        }
    }

    /// After the text went out only a clear answer says that it was not taken.
    fn refused_or_unknown(&self, failure: &Failure) -> MailError {
        match failure {
            Failure::Answered(error) if error.status().is_some() => {
                self.refused_or_unreachable(failure)
            }
            _ => MailError::Unknown { server: self.server(), detail: self.detail(failure) },
        }
    }

    fn detail(&self, failure: &Failure) -> String {
        match failure {
            Failure::TimedOut => {
                format!("no answer within {:?}", self.config.timeout)
            }
            Failure::Answered(error) => match (error.status(), error.source()) {
                (Some(code), Some(words)) => shown(&format!("{code} {words}")),
                (None, Some(cause)) => shown(&cause.to_string()),
                (_, None) => shown(&error.to_string()),
            },
        }
    }
}

fn told(response: &Response) -> String {
    let words: Vec<_> = response.message().collect();
    shown(&format!("{} {}", response.code(), words.join(" ")))
}

/// A server's words as one short line: they are a stranger's text.
fn shown(words: &str) -> String {
    one_line(words).chars().take(REPLY_MAX).collect()
}
