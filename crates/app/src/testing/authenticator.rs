//! An authenticator for tests: it makes passkeys and signs with them as a telephone does, and does
//! wrong what it is told to.
#![allow(clippy::indexing_slicing, reason = "a test that reads too far fails")]

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD as BASE64, Engine as _};
use serde_json::{Value, json};

use crate::passkeys::{Answered, Question};
use crate::secrets::digest;

/// Somebody is there, and was recognised.
const VERIFIED: u8 = 0x05;
/// Somebody is there.
const PRESENT: u8 = 0x01;
/// A new key follows.
const ATTESTED: u8 = 0x40;

/// An authenticator with the passkeys that it keeps.
pub struct Authenticator {
    keys: Vec<Key>,
    /// What it signs that it counted: one more each time, by itself.
    pub counter: u32,
    /// Whether it recognises who is there.
    pub is_verified: bool,
    /// The page that it believes to be at.
    pub origin: String,
    /// The name that it keeps keys for.
    pub party: String,
}

struct Key {
    id: Vec<u8>,
    owner: Vec<u8>,
    pair: EcdsaKeyPair,
}

impl Default for Authenticator {
    fn default() -> Self {
        Self {
            keys: Vec::new(),
            counter: 0,
            is_verified: true,
            origin: "http://localhost:8080".to_owned(),
            party: "localhost".to_owned(),
        }
    }
}

impl Authenticator {
    /// Makes a passkey as it is asked.
    ///
    /// # Panics
    /// When the question is none.
    pub fn make(&mut self, question: &Question) -> Answered {
        let options = &question.options["publicKey"];
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &SystemRandom::new());
        let document = document.expect("a key");
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref()).expect("a key");
        let id = digest(pair.public_key().as_ref()).to_vec();
        let data = self.data(ATTESTED, &attested(&id, pair.public_key().as_ref()));
        let owner = bytes(&options["user"]["id"]);
        self.keys.push(Key { id: id.clone(), owner, pair });
        let client = self.client("webauthn.create", &options["challenge"]);
        answered(
            question,
            &id,
            json!({
                "clientDataJSON": BASE64.encode(client),
                "attestationObject": BASE64.encode(attestation(&data)),
            }),
        )
    }

    /// Answers a question with the newest of its passkeys.
    ///
    /// # Panics
    /// When it has none, or the question is none.
    pub fn answer(&mut self, question: &Question) -> Answered {
        self.counter += 1;
        let data = self.data(0, &[]);
        let client = self.client("webauthn.get", &question.options["publicKey"]["challenge"]);
        let key = self.keys.last().expect("a passkey");
        let signed = [data.as_slice(), &digest(client.as_bytes())].concat();
        let signature = key.pair.sign(&SystemRandom::new(), &signed).expect("signed");
        answered(
            question,
            &key.id,
            json!({
                "clientDataJSON": BASE64.encode(client),
                "authenticatorData": BASE64.encode(data),
                "signature": BASE64.encode(signature.as_ref()),
                "userHandle": BASE64.encode(&key.owner),
            }),
        )
    }

    fn data(&self, more: u8, rest: &[u8]) -> Vec<u8> {
        let flags = more | if self.is_verified { VERIFIED } else { PRESENT };
        let party = digest(self.party.as_bytes());
        [&party[..], &[flags], &self.counter.to_be_bytes(), rest].concat()
    }

    fn client(&self, kind: &str, challenge: &Value) -> String {
        let origin = &self.origin;
        json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false })
            .to_string()
    }
}

fn answered(question: &Question, id: &[u8], response: Value) -> Answered {
    let id = BASE64.encode(id);
    let credential = json!({
        "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {},
    });
    Answered { challenge: question.challenge.clone(), credential: credential.to_string() }
}

fn bytes(text: &Value) -> Vec<u8> {
    BASE64.decode(text.as_str().expect("a text")).expect("bytes")
}

/// A new key as the specification packs it: no make, its name, its public point as a COSE key.
fn attested(id: &[u8], point: &[u8]) -> Vec<u8> {
    let (x, y) = point[1..].split_at(32);
    let length = u16::try_from(id.len()).expect("a short name").to_be_bytes();
    let (kind, first, second) =
        (&[0xA5, 1, 2, 3, 0x26, 0x20, 1][..], &[0x21, 0x58, 32][..], &[0x22, 0x58, 32][..]);
    [&[0; 16][..], &length, id, kind, first, x, second, y].concat()
}

/// An attestation of nothing: `{"fmt": "none", "attStmt": {}, "authData": …}` in CBOR.
fn attestation(data: &[u8]) -> Vec<u8> {
    let length = u8::try_from(data.len()).expect("a short one");
    let (head, name) = (&b"\xA3\x63fmt\x64none\x67attStmt\xA0"[..], &b"\x68authData\x58"[..]);
    [head, name, &[length], data].concat()
}
