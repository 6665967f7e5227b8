//! Secrets of endpoints and what is signed with them, as the Standard Webhooks specification says.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use obole_domain::WebhookEventId;
use obole_domain::webhook::{SECRET_BYTES, SECRET_PREFIX, signed_content};
use sha2::Sha256;

use crate::chance::Chance;
use crate::error::{Error, Result};

/// A new secret as it is shown.
pub(super) fn new_secret(chance: &Chance) -> String {
    let random: [u8; SECRET_BYTES] = chance.bytes();
    format!("{SECRET_PREFIX}{}", STANDARD.encode(random))
}

/// What a body is sent with: the signature by each secret that is valid, the newest first.
pub(super) fn signatures(
    secrets: &[String],
    (event, at): (WebhookEventId, Timestamp),
    body: &str,
) -> Result<String> {
    let content = signed_content(event, at, body);
    let signatures = secrets.iter().map(|secret| sign(secret, &content));
    Ok(signatures.collect::<Result<Vec<_>>>()?.join(" "))
}

fn sign(secret: &str, content: &str) -> Result<String> {
    let broken = || Error::internal("an endpoint's secret is not one");
    let key = secret.strip_prefix(SECRET_PREFIX).ok_or_else(broken)?;
    let key = STANDARD.decode(key).map_err(|_| broken())?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| broken())?;
    mac.update(content.as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_so_many_bytes_and_its_prefix() {
        let secret = new_secret(&Chance::seeded(1));
        let key = secret.strip_prefix("whsec_").expect("the prefix");
        assert_eq!(STANDARD.decode(key).expect("base64").len(), 32);
    }

    /// The example of the specification's own libraries.
    #[test]
    fn the_specifications_example_comes_out() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let content = "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(sign(secret, content).expect("signed"), expected);
    }

    #[test]
    fn each_valid_secret_signs() {
        let (one, other) = (new_secret(&Chance::seeded(1)), new_secret(&Chance::seeded(2)));
        let of = (WebhookEventId::new(uuid::Uuid::nil()), Timestamp::UNIX_EPOCH);
        let both = signatures(&[one.clone(), other], of, "{}").expect("signed");
        let [first, second] = both.split(' ').collect::<Vec<_>>()[..] else { panic!("{both}") };
        assert_eq!(first, signatures(&[one], of, "{}").expect("signed"));
        assert!(first != second && second.starts_with("v1,"));
        assert!(signatures(&["secret".to_owned()], of, "{}").is_err());
    }
}
