//! A browser over the router: it keeps cookies, says where requests come from, and sends a page's
//! forms with what stands in them.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, StatusCode};
use obole_app::App;
use obole_app::sessions;
use obole_app::sign_in::SignIn;
use obole_app::testing::{self, PASSWORD, account};
use obole_domain::AccountId;
use tower::ServiceExt as _;

/// Where a test's instance believes to be.
pub const ORIGIN: &str = "http://127.0.0.1:8080";

/// A browser with its cookies.
pub struct Browser {
    /// One for each node; they are asked in turn.
    routers: Vec<Router>,
    turn: usize,
    /// Where it is; nowhere known where none is given.
    address: Option<SocketAddr>,
    cookies: BTreeMap<String, String>,
    language: &'static str,
    host: &'static str,
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new(app: &App) -> Self {
        Self::over([app])
    }

    /// A browser whose requests go to several nodes in turn.
    pub fn over<'app>(nodes: impl IntoIterator<Item = &'app App>) -> Self {
        let routers = nodes.into_iter().map(|app| obole_web::router(app.clone())).collect();
        let (turn, address, cookies) = (0, None, BTreeMap::new());
        Self { routers, turn, address, cookies, language: "en", host: "127.0.0.1:8080" }
    }

    /// The same at an address of its own.
    pub fn at(mut self, address: &str) -> Self {
        self.address = Some(SocketAddr::new(address.parse().expect("an address"), 50_000));
        self
    }

    /// The same that calls the instance by this name.
    pub fn calling(mut self, host: &'static str) -> Self {
        self.host = host;
        self
    }

    pub fn speaking(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    /// A browser that is signed in to a new account.
    pub async fn signed_in(app: &App, handle: &str) -> (Self, AccountId) {
        let id = account(app, handle).await;
        let mut browser = Self::new(app);
        browser.sign_in(app, handle).await;
        (browser, id)
    }

    /// Signs in to an account of the test builders.
    pub async fn sign_in(&mut self, app: &App, handle: &str) {
        let (name, password) = (handle.to_owned(), PASSWORD.to_owned());
        let sign_in = SignIn { name, password, browser: sessions::Browser::default() };
        let new = testing::sign_in(app, sign_in).await.expect("signed in");
        self.cookies.insert("obole".to_owned(), new.secret);
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub fn forget(&mut self, name: &str) {
        self.cookies.remove(name);
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Body::empty()).expect("a request")).await
    }

    /// Posts fields as a page of this instance would.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.request("POST", path).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(encode(fields))).expect("a request")).await
    }

    /// Sends the form of a page whose `action` this is, with other values in some fields.
    pub async fn submit(&mut self, page: &Answer, action: &str, fields: &[(&str, &str)]) -> Answer {
        let all = page.form(action, fields);
        let all: Vec<(&str, &str)> = all.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.post(action, &all).await
    }

    /// Sends the form of a page with a file, as browsers do.
    pub async fn upload(&mut self, page: &Answer, action: &str, parts: &[(&str, &[u8])]) -> Answer {
        let csrf = page.form(action, &[]).into_iter().find(|(name, _)| name == "csrf");
        let csrf = csrf.map(|(_, token)| token).unwrap_or_default();
        let mut body = Vec::new();
        for (name, value) in parts.iter().copied().chain([("csrf", csrf.as_bytes())]) {
            let file = if name == "file" { "; filename=\"a.file\"" } else { "" };
            let head =
                format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            body.extend(head.into_bytes());
            body.extend(value);
            body.extend(b"\r\n");
        }
        body.extend(b"--x--\r\n");
        let request = self.request("POST", action).header("sec-fetch-site", "same-origin");
        let request = request.header("content-type", "multipart/form-data; boundary=x");
        self.send(request.body(Body::from(body)).expect("a request")).await
    }

    /// A form comes back beside its reason, with what was typed, where that is none, is too long or
    /// cannot be text; markup stays text.
    pub async fn is_refused_bad_reasons(
        &mut self,
        page: &Answer,
        action: &str,
        fields: &[(&str, &str)],
    ) {
        let long = "\"><b onclick='x'>".repeat(32);
        let hostile = format!("{long}<script>alert(1)</script>");
        for (reason, sentence) in
            [("", "still empty"), (&hostile, "keep it to 500"), ("a\0b", "cannot be kept")]
        {
            let fields: Vec<_> = fields.iter().copied().chain([("reason", reason)]).collect();
            let refused = self.submit(page, action, &fields).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.body);
            refused.assert_has(sentence);
            assert_eq!(refused.body.matches("aria-invalid").count(), 1, "one form: {reason:?}");
            let sent = refused.body.split("<form").find(|form| form.contains("aria-invalid"));
            let sent = sent.expect("the form that was sent");
            let input = sent.split("<input").find(|tag| tag.contains("name=\"reason\""));
            let kept = attribute(input.expect("its reason"), "value");
            let typed = if reason.contains('\0') { "" } else { reason };
            assert_eq!(kept, typed, "what was typed stays");
            assert!(!refused.body.contains("<script>alert"), "markup stays text");
        }
    }

    /// Posts and follows to the next page.
    pub async fn follow(&mut self, answer: Answer) -> Answer {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        let location = answer.header("location").to_owned();
        self.get(&location).await
    }

    pub fn request(&self, method: &str, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header("host", self.host)
            .header("accept-language", self.language)
            .header("cookie", cookies.join("; "))
    }

    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        if let Some(address) = self.address {
            request.extensions_mut().insert(ConnectInfo(address));
        }
        self.turn += 1;
        let router = self.routers[self.turn % self.routers.len()].clone();
        let response = router.oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all("set-cookie") {
            let line = line.to_str().expect("text");
            let (name, value) =
                line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = to_bytes(body, 10_000_000).await.expect("a body");
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// Its text without tags and with its entities read, on one line.
    pub fn text(&self) -> String {
        let body = without(&without(&self.body, "style"), "script");
        let main = body.split("<main").nth(1).unwrap_or(&body);
        let main = main.split("</main>").next().unwrap_or_default();
        let pieces = main.split('<').filter_map(|piece| piece.split_once('>'));
        let text: Vec<&str> = pieces.map(|(_, text)| text).collect();
        unescape(&text.join(" ")).split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn assert_has(&self, text: &str) {
        assert!(self.text().contains(text), "{text:?} is not in: {}", self.text());
    }

    pub fn assert_lacks(&self, text: &str) {
        assert!(!self.text().contains(text), "{text:?} is in: {}", self.text());
    }

    /// The fields of a form, those given over those that stand in it.
    pub fn form(&self, action: &str, fields: &[(&str, &str)]) -> Vec<(String, String)> {
        let mark = format!("action=\"{action}\"");
        let form = self
            .body
            .split("<form")
            .skip(1)
            .find(|form| form.split('>').next().unwrap_or_default().contains(&mark));
        let form = form.unwrap_or_else(|| panic!("no form for {action} in: {}", self.body));
        let form = form.split("</form>").next().unwrap_or_default();
        let mut found = Vec::new();
        for tag in form.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap_or("")) {
            let kind = attribute(tag, "type");
            let is_off = matches!(kind.as_str(), "radio" | "checkbox") && !tag.contains(" checked");
            let name = attribute(tag, "name");
            if !is_off && !name.is_empty() {
                found.push((name, attribute(tag, "value")));
            }
        }
        for area in form.split("<textarea").skip(1) {
            let (tag, rest) = area.split_once('>').unwrap_or_default();
            let value = unescape(rest.split("</textarea>").next().unwrap_or_default());
            found.push((attribute(tag, "name"), value));
        }
        for (name, value) in fields {
            found.retain(|(other, _)| other != name);
            found.push(((*name).to_owned(), (*value).to_owned()));
        }
        found
    }
}

/// A page without the elements of this name and what stands in them.
fn without(body: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let mut pieces = body.split(&open);
    let mut kept = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        kept.push_str(piece.split_once(&close).map_or("", |(_, rest)| rest));
    }
    kept
}

fn attribute(tag: &str, name: &str) -> String {
    let rest = tag.split(&format!(" {name}=\"")).nth(1).unwrap_or_default();
    unescape(rest.split('"').next().unwrap_or_default())
}

pub fn unescape(text: &str) -> String {
    let text = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"");
    text.replace("&#39;", "'").replace("&#38;", "&")
}

/// Fields as a browser writes them.
pub fn encode(fields: &[(&str, &str)]) -> String {
    let escape = obole_web::address::escape;
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}
