//! Somebody at a browser, over plain HTTP: keeps cookies, fills in the forms of pages.

use std::io::{Read, Write};
use std::net::TcpStream;

/// A browser in which somebody is signed in.
pub struct Person {
    address: String,
    cookies: Vec<(String, String)>,
}

/// A page.
pub struct Page {
    pub status: u16,
    pub body: String,
}

impl Person {
    /// Signs in to a served instance.
    pub fn sign_in(address: &str, handle: &str, password: &str) -> Self {
        let mut person = Self { address: address.to_owned(), cookies: Vec::new() };
        let page = person.get("/sign-in");
        let answer = person.submit(&page, "/sign-in", &[("name", handle), ("password", password)]);
        assert_eq!(answer.status, 303, "{}", answer.body);
        person
    }

    pub fn get(&mut self, path: &str) -> Page {
        self.ask(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    /// Sends the form of a page with other values in some fields.
    pub fn submit(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let mark = format!("action=\"{action}\"");
        let form = page.body.split("<form").find(|form| form.contains(&mark));
        let form = form.unwrap_or_else(|| panic!("no form for {action}: {}", page.body));
        let form = form.split("</form>").next().expect("a form");
        let inputs = form.split("<input").skip(1).map(|tag| tag.split('>').next().unwrap_or(""));
        let mut all: Vec<(String, String)> = inputs
            .map(|tag| (attribute(tag, "name"), attribute(tag, "value")))
            .filter(|(name, _)| !name.is_empty() && fields.iter().all(|(other, _)| other != name))
            .collect();
        all.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let escape = |text: &str| -> String {
            text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>()
        };
        let pairs = all.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let head = format!(
            "POST {action} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Sec-Fetch-Site: same-origin\r\nContent-Length: {}\r\n",
            body.len()
        );
        self.ask(&head, &body)
    }

    fn ask(&mut self, head: &str, body: &str) -> Page {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let head = format!(
            "{head}Host: {}\r\nCookie: {cookies}\r\nConnection: close\r\n\r\n",
            self.address
        );
        stream.write_all(format!("{head}{body}").as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("text");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an answer");
        for line in head.lines().filter(|line| line.to_ascii_lowercase().starts_with("set-cookie:"))
        {
            let pair = line.split_once(':').expect("a header").1.split(';').next().expect("a pair");
            let (name, value) = pair.trim().split_once('=').expect("a cookie");
            self.cookies.retain(|(other, _)| other != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        let status = head.split(' ').nth(1).and_then(|text| text.parse().ok()).expect("a status");
        Page { status, body: body.to_owned() }
    }

    /// Types the code of a device and answers what it asks for; gives the page that asked.
    pub fn answer_device(&mut self, code: &str, answer: &str) -> Page {
        let page = self.get("/device");
        let asked = self.submit(&page, "/device", &[("code", code)]);
        assert_eq!(asked.status, 200, "{}", asked.body);
        let done = self.submit(&asked, "/device/answer", &[("answer", answer)]);
        assert_eq!(done.status, 303, "{}", done.body);
        asked
    }
}

fn attribute(tag: &str, name: &str) -> String {
    let rest = tag.split(&format!(" {name}=\"")).nth(1).unwrap_or_default();
    let value = rest.split('"').next().unwrap_or_default();
    value.replace("&#34;", "\"").replace("&#39;", "'").replace("&#38;", "&")
}
