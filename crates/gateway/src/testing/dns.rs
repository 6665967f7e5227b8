//! A name server for tests over a real socket: it says what it is told to say, a different thing
//! each time if that is what it is told.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::net::UdpSocket;

const A: u16 = 1;
const CNAME: u16 = 5;
const AAAA: u16 = 28;

const SERVER_FAILED: u16 = 2;
const NO_SUCH_NAME: u16 = 3;

/// What is said of a name.
#[derive(Clone, Debug)]
pub enum Says {
    /// It has these addresses, of either kind.
    Addresses(Vec<IpAddr>),
    /// It is another name's, which has these addresses.
    Alias(String, Vec<IpAddr>),
    /// There is no such name.
    Nothing,
    /// The server failed.
    Failure,
    /// Not a word.
    Silence,
}

/// What the server says, and what it was asked.
#[derive(Default)]
struct Zone {
    names: HashMap<String, Vec<Says>>,
    otherwise: Option<Says>,
    asked: HashMap<(String, u16), usize>,
}

/// A running name server; it ends with its test.
pub struct Dns {
    /// Where it listens.
    pub address: SocketAddr,
    zone: Arc<Mutex<Zone>>,
}

impl Dns {
    /// Starts a server that knows no name.
    ///
    /// # Panics
    /// When there is no port.
    #[expect(clippy::indexing_slicing, reason = "as long as the socket says")]
    pub async fn start() -> Self {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = socket.local_addr().expect("an address");
        let zone = Arc::new(Mutex::new(Zone::default()));
        let shared = Arc::clone(&zone);
        tokio::spawn(async move {
            let mut query = [0; 1_500];
            while let Ok((length, from)) = socket.recv_from(&mut query).await {
                if let Some(reply) = reply(&query[..length], &shared) {
                    socket.send_to(&reply, from).await.expect("sent");
                }
            }
        });
        Self { address, zone }
    }

    /// Says this of a name from now on.
    pub fn say(&self, name: &str, says: Says) {
        self.say_in_turn(name, vec![says]);
    }

    /// Says these of a name, one after the other, and the last for ever.
    ///
    /// # Panics
    /// When a test before it did.
    pub fn say_in_turn(&self, name: &str, says: Vec<Says>) {
        let mut zone = self.zone.lock().expect("unpoisoned");
        zone.asked.retain(|(asked, _), _| asked != name);
        zone.names.insert(name.to_owned(), says);
    }

    /// Says this of every other name.
    ///
    /// # Panics
    /// When a test before it did.
    pub fn say_otherwise(&self, says: Says) {
        self.zone.lock().expect("unpoisoned").otherwise = Some(says);
    }

    /// How often it was asked for anything.
    ///
    /// # Panics
    /// When a test before it did.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.zone.lock().expect("unpoisoned").asked.values().sum()
    }
}

/// The addresses, as something to say.
///
/// # Panics
/// When one is none.
#[must_use]
pub fn addresses(addresses: &[&str]) -> Says {
    Says::Addresses(addresses.iter().map(|text| text.parse().expect("an address")).collect())
}

/// The answer to a query; none where the server is silent.
#[expect(clippy::indexing_slicing, reason = "what a resolver asks is whole")]
fn reply(query: &[u8], zone: &Mutex<Zone>) -> Option<Vec<u8>> {
    let (name, end) = question(query);
    let kind = u16::from_be_bytes([query[end], query[end + 1]]);
    let says = {
        let mut zone = zone.lock().expect("unpoisoned");
        let asked = zone.asked.entry((name.clone(), kind)).or_default();
        let turn = *asked;
        *asked += 1;
        let known = zone.names.get(&name);
        let told = known.and_then(|says| says.get(turn).or(says.last())).cloned();
        told.or(zone.otherwise.clone()).unwrap_or(Says::Nothing)
    };
    let (code, alias, addresses) = match says {
        Says::Addresses(addresses) => (0, None, addresses),
        Says::Alias(name, addresses) => (0, Some(name), addresses),
        Says::Nothing => (NO_SUCH_NAME, None, Vec::new()),
        Says::Failure => (SERVER_FAILED, None, Vec::new()),
        Says::Silence => return None,
    };
    let mut records = Vec::new();
    // A pointer to the name in the question.
    let mut owner = vec![0xC0, 12];
    if let Some(alias) = alias {
        let target = encoded(&alias);
        records.push(record(&owner, CNAME, &target));
        owner = target;
    }
    for address in addresses {
        match address {
            IpAddr::V4(address) if kind == A => {
                records.push(record(&owner, A, &address.octets()));
            }
            IpAddr::V6(address) if kind == AAAA => {
                records.push(record(&owner, AAAA, &address.octets()));
            }
            _ => {}
        }
    }
    let mut reply = query[..2].to_vec();
    reply.extend((0x8180_u16 | code).to_be_bytes());
    reply.extend(1_u16.to_be_bytes());
    reply.extend((records.len() as u16).to_be_bytes());
    reply.extend([0; 4]);
    reply.extend(&query[12..end + 4]);
    reply.extend(records.concat());
    Some(reply)
}

/// The name that is asked for, and where it ends.
#[expect(clippy::indexing_slicing, reason = "what a resolver asks is whole")]
fn question(query: &[u8]) -> (String, usize) {
    let (mut labels, mut at) = (Vec::new(), 12);
    while query[at] != 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..end]).to_ascii_lowercase());
        at = end;
    }
    (labels.join("."), at + 1)
}

fn encoded(name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in name.split('.') {
        bytes.push(label.len() as u8);
        bytes.extend(label.bytes());
    }
    bytes.push(0);
    bytes
}

/// A record of this kind in the class of the Internet that nobody may keep.
fn record(owner: &[u8], kind: u16, data: &[u8]) -> Vec<u8> {
    let mut record = owner.to_vec();
    record.extend(kind.to_be_bytes());
    record.extend(1_u16.to_be_bytes());
    record.extend(0_u32.to_be_bytes());
    record.extend((data.len() as u16).to_be_bytes());
    record.extend(data);
    record
}
