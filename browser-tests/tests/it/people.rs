//! People before an instance: who they are, how they come in, and what they do on many pages.

use std::time::Duration;

use obole_browser_tests::{Browser, Instance, Look};

/// A person at a browser of their own.
pub struct Person {
    /// The browser.
    pub browser: Browser,
    /// The handle.
    pub handle: &'static str,
    /// The mail address.
    pub email: &'static str,
    /// The password.
    pub password: &'static str,
}

impl Person {
    /// Somebody new, who reads this language.
    pub async fn new(handle: &'static str, email: &'static str, language: &'static str) -> Self {
        let browser = Browser::open_with(Look { language, ..Look::default() }).await;
        Self { browser, handle, email, password: "four plain words here" }
    }

    /// Opens a page of the instance.
    pub async fn goes_to(&self, instance: &Instance, path: &str) {
        self.browser.goto(&instance.url(path)).await;
    }

    /// Opens a page again and again until it says this, as who waits for something does.
    pub async fn finds(&self, instance: &Instance, path: &str, text: &str) {
        self.waits(instance, path, |page| page.contains(text)).await;
        self.browser.sees(text).await;
    }

    /// Opens a page again and again until its text is so.
    pub async fn waits(&self, instance: &Instance, path: &str, is_so: impl Fn(&str) -> bool) {
        for _ in 0..40 {
            self.goes_to(instance, path).await;
            if is_so(&self.browser.text().await) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        panic!("{path} stays as it is:\n{}", self.browser.text().await);
    }

    /// Proves again who they are, where that is asked (W3).
    pub async fn proves(&self, question: &str, password: &str, go: &str) {
        self.browser.sees(question).await;
        self.browser.looks().await;
        self.browser.fill(password, self.password).await;
        self.browser.press(go).await;
        self.browser.sees_no(question).await;
    }

    /// Fills in who they are, where an account is made.
    pub async fn introduces(&self, [email, handle, password]: [&str; 3]) {
        self.browser.fill(email, self.email).await;
        self.browser.fill(handle, self.handle).await;
        self.browser.fill(password, self.password).await;
    }
}

/// The first word of a text that is so.
pub fn word(text: &str, is_so: impl Fn(&str) -> bool) -> String {
    let word = text.split_whitespace().find(|word| is_so(word));
    word.unwrap_or_else(|| panic!("no such word in:\n{text}")).to_owned()
}
