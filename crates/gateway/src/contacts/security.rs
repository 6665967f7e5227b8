//! `security.txt` (RFC 9116): lines of fields, signed or not. One that has expired, or that speaks
//! for other addresses than its own, says nothing.

use jiff::Timestamp;
use obole_domain::account::EmailAddress;

use super::mailto;

/// The mail addresses of a file that was found at an address, the preferred first.
pub(super) fn read(url: &str, body: &[u8], now: Timestamp) -> Vec<EmailAddress> {
    let text = String::from_utf8_lossy(body);
    let fields: Vec<(String, &str)> = text.lines().filter_map(field).collect();
    let values = |wanted: &str| -> Vec<&str> {
        let of = fields.iter().filter(|(name, _)| name == wanted);
        of.map(|(_, value)| *value).collect()
    };
    let is_over = |value: &&str| value.parse::<Timestamp>().is_ok_and(|at| at <= now);
    let canonical = values("canonical");
    let speaks_for_others = !canonical.is_empty() && !canonical.contains(&url);
    if speaks_for_others || values("expires").iter().any(is_over) {
        return Vec::new();
    }
    values("contact").into_iter().filter_map(mailto).collect()
}

/// The name and value of a line; lines of a signature have none that counts.
fn field(line: &str) -> Option<(String, &str)> {
    // A signed text has a dash before each line that begins with one (RFC 9580 section 7.1).
    let line = line.strip_prefix("- ").unwrap_or(line);
    let (name, value) = line.split_once(':')?;
    (!line.starts_with('#')).then(|| (name.trim().to_ascii_lowercase(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "https://site.example/.well-known/security.txt";

    fn addresses(body: &str) -> Vec<String> {
        let now = "2026-01-15T12:00:00Z".parse().expect("a time");
        read(AT, body.as_bytes(), now).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn contacts_are_read_in_their_order() {
        let plain = "# Contact: mailto:no@site.example\r\nContact: https://site.example/report\r\n\
            contact: mailto:first@site.example\r\nCONTACT:mailto:second@site.example\r\n\
            Expires: 2026-12-31T00:00:00Z\r\n";
        assert_eq!(addresses(plain), ["first@site.example", "second@site.example"]);
        let signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n\
            Contact: mailto:first@site.example\n\
            Canonical: https://site.example/.well-known/security.txt\n\
            -----BEGIN PGP SIGNATURE-----\nabc\n-----END PGP SIGNATURE-----\n";
        assert_eq!(addresses(signed), ["first@site.example"]);
    }

    #[test]
    fn what_has_expired_or_is_anothers_says_nothing() {
        let contact = "Contact: mailto:first@site.example\n";
        for more in [
            "Expires: 2026-01-15T12:00:00Z",
            "Expires: 2025-01-01T00:00:00+01:00",
            "Canonical: https://other.example/.well-known/security.txt",
        ] {
            assert_eq!(addresses(&format!("{contact}{more}\n")), [""; 0], "{more}");
        }
        assert_eq!(addresses(contact), ["first@site.example"]);
        assert_eq!(addresses("<html>Contact: nobody"), [""; 0]);
    }
}
