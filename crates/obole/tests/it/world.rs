//! An instance on which two people have been at work for a month, and their tokens: for tests that
//! meet the API like a stranger's program.

use crate::scene::Scene;
use crate::served::{Answer, Served};

/// What signs them in.
pub const PASSWORD: &str = "a quiet harbour";

/// Everything that a personal token can be allowed.
const ALL: &str =
    "profile email click clicks:read stats:read works:write webhooks wallet budget settings";

/// The instance, in November; October is settled.
pub struct World {
    /// Where it stands: the folder goes with it.
    _scene: Scene,
    /// The process.
    pub served: Served,
    /// A token of `ada`, who gives, and controls `https://ada.example/poem`.
    pub ada: String,
    /// A voucher of twenty euros.
    pub voucher: String,
}

impl World {
    /// Whether limits hold is a setting of the instance.
    pub fn new(has_limits: bool) -> Self {
        let mut scene = Scene::new();
        scene.at("2026-10-15T12:00:00Z");
        for (handle, work) in [("ada", "https://ada.example/poem"), ("bea", SONG)] {
            let email = format!("{handle}@obole.example");
            let words = ["account", "create", "--handle", handle, "--email", &email];
            let words = [&words[..], &["--password-stdin", "--confirmed"]].concat();
            let run = scene.run_with(&words, PASSWORD);
            assert_eq!(run.code, 0, "{run:?}");
            let grant = ["claim", "grant", "--work", work, "--account", handle];
            scene.well(&[&grant[..], &["--reason", "A test"]].concat());
        }
        let (ada, bea) = (token(&scene, "ada"), token(&scene, "bea"));
        let voucher = ["voucher", "create", "--amount", "20.00", "--currency", "EUR"];
        let voucher = scene.well(&voucher).trim().to_owned();
        let served = serve(&scene, has_limits);
        for (token, budget) in [(&ada, "5.00"), (&bea, "15.00")] {
            let money = "{\"amount\": \"100.00\", \"currency\": \"EUR\"}";
            assert_eq!(call(&served, token, "POST /me/play-money", money).status, 200);
            let budget = format!("{{\"amount\": \"{budget}\"}}");
            assert_eq!(call(&served, token, "PUT /me/budgets/EUR", &budget).status, 200);
        }
        give(&served, &ada, &[SONG, "https://example.org/unclaimed"]);
        give(&served, &bea, &["https://ada.example/poem"]);
        served.end();
        scene.at("2026-11-15T12:00:00Z");
        scene.well(&["settle"]);
        let served = serve(&scene, has_limits);
        give(&served, &ada, &[SONG, "https://example.org/unclaimed"]);
        give(&served, &bea, &["https://ada.example/poem"]);
        Self { _scene: scene, served, ada, voucher }
    }

    /// The address of the instance.
    pub fn base(&self) -> String {
        format!("http://{}", self.served.address)
    }
}

/// What `bea` controls.
const SONG: &str = "https://example.org/song";

fn token(scene: &Scene, handle: &str) -> String {
    let said = scene.well(&["token", "create", "--account", handle, "--scope", ALL]);
    said.split_whitespace().last().expect("a token").to_owned()
}

/// The issuer is the address that the instance is told, so it has to be known before.
fn serve(scene: &Scene, has_limits: bool) -> Served {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let mut command = scene.command(&["serve", "--listen", &listen]);
    command.env("OBOLE_INSTANCE_PLAY_MONEY", "true");
    command.env("OBOLE_LIMITS_OFF", if has_limits { "false" } else { "true" });
    Served::begin_with(command)
}

fn give(served: &Served, token: &str, works: &[&str]) {
    for work in works {
        let body = format!("{{\"url\": \"{work}\", \"note\": \"Thank you\"}}");
        assert_eq!(call(served, token, "POST /clicks", &body).status, 201, "{work}");
    }
}

fn call(served: &Served, token: &str, what: &str, body: &str) -> Answer {
    let (method, path) = what.split_once(' ').expect("a method and a path");
    let key = format!("{:x}", obole_app::secrets::digest(body.as_bytes())[0]);
    let head = format!(
        "{method} /api/v1{path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nIdempotency-Key: {key}{}\r\nContent-Length: {}\r\n",
        served.address,
        served.child.id(),
        body.len()
    );
    served.ask(&head, body).expect("an answer")
}
