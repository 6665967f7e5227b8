//! What an instance is opened from, made as the configuration says.

use obole_gateway::mail::{Mailer, SMTP_TIMEOUT, Sender, SmtpConfig, SmtpSecurity};

use crate::app::Parts;
use crate::chance::Chance;
use crate::clock::Clock;
use crate::config::{Config, Mail};
use crate::error::{Error, Result};

impl Parts {
    /// The system's chance, a clock, and the configured way for mail.
    pub async fn configured(config: &Config, clock: Clock) -> Result<Self> {
        Ok(Self { clock, chance: Chance::System, mailer: mailer(config).await? })
    }
}

async fn mailer(config: &Config) -> Result<Mailer> {
    let mail = &config.mail;
    let sender = Sender::new(&config.instance.name, &mail.from)
        .map_err(|_| wrong("mail.from", &mail.from))?;
    if mail.host.is_empty() {
        let folder = config.beside_database(&mail.folder, "mail");
        return Mailer::folder(&folder, sender)
            .await
            .map_err(|error| Error::internal(format!("{}: {error}", folder.display())));
    }
    Mailer::smtp(smtp(mail)?, sender).map_err(Error::internal)
}

fn smtp(mail: &Mail) -> Result<SmtpConfig> {
    let security = match mail.security.as_str() {
        "tls" => SmtpSecurity::Tls,
        "starttls" => SmtpSecurity::StartTls,
        "plain" => SmtpSecurity::Plain,
        other => return Err(wrong("mail.security", other)),
    };
    let has_user = !mail.user.is_empty();
    Ok(SmtpConfig {
        host: mail.host.clone(),
        port: mail.port,
        security,
        user: has_user.then(|| mail.user.clone()),
        password: has_user.then(|| mail.password.reveal().to_owned()),
        timeout: SMTP_TIMEOUT,
    })
}

fn wrong(key: &str, value: &str) -> Error {
    Error::internal(format!("configuration: {key}: {value} will not do"))
}
