//! A name server that nobody here wrote: Knot, with a root and a zone below it that it signs, one
//! that is not signed, and one whose signatures nobody can trust.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use super::sites::ALLOWED;

/// The signed zone.
pub const SIGNED: &str = "example";

/// A zone below it that is not signed.
pub const PLAIN: &str = "plain.example";

/// A zone below it that is signed by another key than the one above says.
pub const BROKEN: &str = "broken.example";

/// A running name server; it ends with its test.
pub struct Knot {
    /// Where it listens.
    pub address: SocketAddr,
    /// A file with the key of the root.
    pub anchor: PathBuf,
    server: Child,
    folder: TempDir,
}

impl Knot {
    /// Starts a server whose every name leads to the address that tests may reach.
    ///
    /// # Panics
    /// When Knot is not installed (`cargo x test` installs it), or does not start.
    #[must_use]
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let address = free();
        let written = |name: &str, text: String| {
            fs::write(folder.path().join(name), text).expect("written");
        };
        written("knot.conf", configuration(folder.path(), address));
        written("root.zone", format!("$ORIGIN .\n{START}{SIGNED} NS ns\n"));
        written("example.zone", zone(SIGNED, BELOW));
        written("plain.example.zone", zone(PLAIN, ""));
        written("broken.example.zone", zone(BROKEN, ""));
        let server = Command::new(program("knotd"))
            .arg("-c")
            .arg(folder.path().join("knot.conf"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("knotd is missing: run the tests with `cargo x test`");
        let anchor = folder.path().join("anchor");
        let knot = Self { address, anchor, server, folder };
        while !knot.control(&["status"]).status.success() {}
        for zone in [SIGNED, BROKEN] {
            knot.must(&["-b", "zone-sign", zone]);
        }
        let signer = knot.key(&[SIGNED, "ds"], " 13 2 ");
        let signer = signer.split_once(" DS ").map_or("", |(_, signer)| signer).to_owned();
        knot.must(&["zone-begin", "."]);
        knot.must(&["zone-set", ".", "example.", "60", "DS", &signer]);
        knot.must(&["-b", "zone-commit", "."]);
        knot.must(&["-b", "zone-sign", "."]);
        let key = knot.key(&[".", "dnskey"], " 257 ");
        fs::write(&knot.anchor, key.replace(" DNSKEY", " 3600 IN DNSKEY")).expect("written");
        knot
    }

    /// Says these texts of a name, below one of the zones, and no others.
    pub fn say(&self, name: &str, texts: &[&str]) {
        let zone = [BROKEN, PLAIN].into_iter().find(|zone| name.ends_with(zone));
        let zone = zone.unwrap_or(SIGNED);
        let name = format!("{name}.");
        self.must(&["zone-begin", zone]);
        let _ = self.control(&["zone-unset", zone, &name, "TXT"]);
        for text in texts {
            self.must(&["zone-set", zone, &name, "60", "TXT", &format!("\"{text}\"")]);
        }
        self.must(&["-b", "zone-commit", zone]);
    }

    /// Says nothing more.
    ///
    /// # Panics
    /// When it cannot be ended.
    pub fn stop(&mut self) {
        self.server.kill().expect("running");
        self.server.wait().expect("ended");
    }

    /// A line that Knot writes of a zone's keys.
    fn key(&self, words: &[&str], with: &str) -> String {
        let configuration = self.folder.path().join("knot.conf");
        let keys =
            Command::new(program("keymgr")).arg("-c").arg(configuration).args(words).output();
        let keys = String::from_utf8(keys.expect("keymgr").stdout).expect("text");
        keys.lines().find(|line| line.contains(with)).expect("a key of keys").to_owned()
    }

    fn must(&self, words: &[&str]) {
        let done = self.control(words);
        assert!(done.status.success(), "{words:?}: {done:?}");
    }

    fn control(&self, words: &[&str]) -> Output {
        let socket = self.folder.path().join("knot.sock");
        let done = Command::new(program("knotc")).arg("-s").arg(socket).args(words).output();
        done.expect("knotc is missing: run the tests with `cargo x test`")
    }
}

impl Drop for Knot {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// What the signed zone says of the zones below it: of the plain one that it has no key, of the
/// broken one another key than it has.
const BELOW: &str = "\
plain NS ns
broken NS ns
broken DS 12345 13 2 0000000000000000000000000000000000000000000000000000000000000000
";

/// How every zone begins.
const START: &str = "$TTL 60\n@ SOA ns admin 1 60 60 600 60\n@ NS ns\nns A 127.0.0.1\n";

fn zone(name: &str, more: &str) -> String {
    format!(
        "$ORIGIN {name}.\n{START}\
         @ A {ALLOWED}\n*.wild A {ALLOWED}\n*.site A {ALLOWED}\nsite A {ALLOWED}\n{more}"
    )
}

fn configuration(folder: &Path, address: SocketAddr) -> String {
    let folder = folder.display();
    let (ip, port) = (address.ip(), address.port());
    let signed = "\n    dnssec-signing: on\n    dnssec-policy: now";
    format!(
        "server:\n    rundir: \"{folder}\"\n    listen: {ip}@{port}\n    \
         udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n\
         database:\n    storage: \"{folder}\"\n\
         policy:\n  - id: now\n    algorithm: ecdsap256sha256\n\
         template:\n  - id: default\n    storage: \"{folder}\"\n    file: \"%s.zone\"\n    \
         zonefile-sync: -1\n\
         zone:\n  - domain: .\n    file: root.zone{signed}\n  - domain: {SIGNED}{signed}\n  \
         - domain: {PLAIN}\n  - domain: {BROKEN}{signed}\n"
    )
}

/// Debian's folder of servers is not on everybody's path.
fn program(name: &str) -> PathBuf {
    let sbin = Path::new("/usr/sbin").join(name);
    if sbin.exists() { sbin } else { PathBuf::from(name) }
}

/// An address that nobody listens at.
fn free() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    listener.local_addr().expect("an address")
}
