//! The extension's spelling of addresses is the instance's: both read one file.

use obole_domain::CanonicalUrl;
use obole_domain::url_prefix::url_hash;
use serde::Deserialize;

const FILE: &str = include_str!("../../../../extension/tests/canonical.json");

#[derive(Deserialize)]
struct Spellings {
    addresses: Vec<Spelling>,
    hashes: Vec<Hash>,
}

#[derive(Deserialize)]
struct Spelling {
    from: String,
    to: Option<String>,
}

#[derive(Deserialize)]
struct Hash {
    url: String,
    sha256: String,
}

#[test]
fn the_extension_spells_addresses_as_the_instance_does() {
    let spellings: Spellings = serde_json::from_str(FILE).expect("addresses");
    assert!(spellings.addresses.len() > 40);
    for Spelling { from, to } in spellings.addresses {
        let canonical = CanonicalUrl::parse(&from).ok().map(|url| url.to_string());
        assert_eq!(canonical, to, "{from}");
    }
    for Hash { url, sha256 } in spellings.hashes {
        let hash = url_hash(&CanonicalUrl::parse(&url).expect("an address"));
        let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hash, sha256, "{url}");
    }
}
