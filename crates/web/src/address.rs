//! Addresses: this instance's own origin and names, paths to return to, query strings (W6).

use obole_app::Config;
use obole_language::Language;

/// The longest path that one may be sent back to.
const PATH_MAX: usize = 4_096;

/// Scheme, host and port of the configured base URL, in small letters.
#[must_use]
pub fn origin(config: &Config) -> String {
    let base = config.base_url().to_ascii_lowercase();
    let (scheme, rest) = base.split_once("://").unwrap_or(("http", base.as_str()));
    let host = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{}", without_usual_port(scheme, host))
}

/// Whether the instance is served over https.
#[must_use]
pub fn is_https(config: &Config) -> bool {
    origin(config).starts_with("https://")
}

/// Whether a `Host` is the instance's own name (W6). While the base URL is this machine only, any
/// of its names is, on the ports that the instance listens on.
#[must_use]
pub fn is_own_host(config: &Config, host: &str, listening: Option<u16>) -> bool {
    let host = host.to_ascii_lowercase();
    let origin = origin(config);
    let (scheme, own) = origin.split_once("://").unwrap_or_default();
    if without_usual_port(scheme, &host) == own {
        return true;
    }
    if !config.is_loopback() {
        return false;
    }
    let (name, port) = name_and_port(&host);
    let is_loopback = matches!(name, "localhost" | "127.0.0.1" | "[::1]");
    let ports = [name_and_port(own).1, name_and_port(&config.server.listen).1, listening];
    is_loopback && ports.contains(&port.or(Some(80)))
}

/// The names of the instance as a `Host` writes them: all those that [`is_own_host`] accepts.
#[must_use]
pub fn own_hosts(config: &Config, listening: Option<u16>) -> Vec<String> {
    let origin = origin(config);
    let (scheme, own) = origin.split_once("://").unwrap_or_default();
    let mut hosts = vec![own.to_owned()];
    let usual = if scheme == "https" { 443 } else { 80 };
    if name_and_port(own).1.is_none() {
        hosts.push(format!("{own}:{usual}"));
    }
    if config.is_loopback() {
        let ports = [name_and_port(own).1, name_and_port(&config.server.listen).1, listening];
        for port in ports.into_iter().flatten() {
            let names = ["localhost", "127.0.0.1", "[::1]"].into_iter();
            hosts.extend(names.map(|name| format!("{name}:{port}")));
        }
    }
    hosts.sort();
    hosts.dedup();
    // The public one first: what is made for all is made under it.
    let first = hosts.iter().position(|host| host == own).unwrap_or_default();
    hosts.swap(0, first);
    hosts
}

/// The origins that the instance's own pages may have for a request to an accepted host.
#[must_use]
pub fn own_origin(config: &Config, host: &str) -> String {
    if config.is_loopback() {
        format!("http://{}", host.to_ascii_lowercase())
    } else {
        origin(config)
    }
}

fn name_and_port(host: &str) -> (&str, Option<u16>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port.parse().ok()),
        _ => (host, None),
    }
}

fn without_usual_port<'host>(scheme: &str, host: &'host str) -> &'host str {
    let usual = if scheme == "https" { ":443" } else { ":80" };
    host.strip_suffix(usual).unwrap_or(host)
}

/// A path of this instance with its query, or none: only such may be returned to (W6).
#[must_use]
pub fn safe_path(text: &str) -> Option<&str> {
    // Browsers read a backslash as a slash and pass over tabs and line ends.
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_local = text.starts_with('/') && !text.starts_with("//");
    (is_plain && is_local && text.len() <= PATH_MAX).then_some(text)
}

/// A path with its query: names and values are escaped, those without a value left out.
#[must_use]
pub fn with_query(path: &str, values: &[(&str, &str)]) -> String {
    let mut address = path.to_owned();
    let mut mark = '?';
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        address.push(mark);
        address.push_str(name);
        address.push('=');
        address.push_str(&escape(value));
        mark = '&';
    }
    address
}

/// A language as an address names it: not where it is the one that is spoken without being asked.
#[must_use]
pub const fn lang(language: Language) -> &'static str {
    match language {
        Language::English => "",
        other => other.code(),
    }
}

/// The address of a path in a language, whole (W6).
#[must_use]
pub fn whole(config: &Config, path: &str, language: Language) -> String {
    format!("{}{}", config.base_url(), with_query(path, &[("lang", lang(language))]))
}

/// Percent-escapes all but RFC 3986's unreserved characters.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(base: &str) -> Config {
        let mut config = Config::default();
        base.clone_into(&mut config.server.base_url);
        config
    }

    #[test]
    fn only_paths_of_this_instance_are_returned_to() {
        for path in ["/", "/month", "/give?url=https%3A%2F%2Fexample.org"] {
            assert_eq!(safe_path(path), Some(path));
        }
        for path in ["", "month", "//evil.example", "/\\evil.example", "/\t/evil.example", "/é"] {
            assert_eq!(safe_path(path), None, "{path:?}");
        }
        assert_eq!(safe_path("https://evil.example/"), None);
    }

    #[test]
    fn a_public_instance_has_one_name() {
        let config = config("https://Obole.Example/");
        for host in ["obole.example", "OBOLE.example:443"] {
            assert!(is_own_host(&config, host, None), "{host}");
        }
        for host in ["", "evil.example", "obole.example:444", "localhost", "obole.example.evil"] {
            assert!(!is_own_host(&config, host, Some(8080)), "{host}");
        }
        assert_eq!(own_origin(&config, "obole.example"), "https://obole.example");
    }

    #[test]
    fn a_loopback_instance_has_every_loopback_name_on_its_port() {
        let config = config("http://localhost:8080");
        for host in ["localhost:8080", "127.0.0.1:8080", "[::1]:8080", "127.0.0.1:9999"] {
            assert!(is_own_host(&config, host, Some(9999)), "{host}");
        }
        for host in ["localhost", "localhost:81", "evil.example:8080", "[::1]", "127.0.0.2:8080"] {
            assert!(!is_own_host(&config, host, Some(9999)), "{host}");
        }
    }

    #[test]
    fn the_names_that_are_listed_are_accepted() {
        for base in ["https://Obole.Example/", "http://localhost:8080", "http://obole.example:81"] {
            let config = config(base);
            let hosts = own_hosts(&config, Some(9999));
            assert!(base.to_lowercase().contains(&hosts[0]), "{hosts:?}");
            assert!(hosts.iter().all(|host| is_own_host(&config, host, Some(9999))), "{hosts:?}");
        }
        assert_eq!(own_hosts(&config("https://obole.example"), None).len(), 2);
    }

    #[test]
    fn whole_addresses_name_the_language_where_it_must_be_asked_for() {
        let config = config("https://obole.example/");
        let works = whole(&config, "/feed/works", Language::English);
        assert_eq!(works, "https://obole.example/feed/works");
        assert_eq!(whole(&config, "/feed/works", Language::French), works + "?lang=fr");
    }

    #[test]
    fn queries_are_escaped() {
        let address = with_query("/give", &[("url", "https://a.b/?c=d&e"), ("points", "")]);
        assert_eq!(address, "/give?url=https%3A%2F%2Fa.b%2F%3Fc%3Dd%26e");
    }
}
