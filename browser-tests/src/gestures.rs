//! Gestures beyond a plain press, and what people do all the time.

use serde_json::json;

use crate::browser::Browser;
use crate::instance::Instance;

impl Browser {
    /// Signs somebody in by their password, and goes on to a path.
    pub async fn sign_in(&self, instance: &Instance, (who, password): (&str, &str), path: &str) {
        self.goto(&instance.url(&format!("/sign-in?back={path}"))).await;
        self.fill("Mail address or handle", who).await;
        self.fill("Password", password).await;
        self.within("Password").press("Sign in").await;
        self.arrives_at(path).await;
    }

    /// Looks at the page as it is: nothing keeps people out, nothing was complained of.
    pub async fn looks(&self) {
        self.axe().await;
        let mut complaints = self.complaints().await;
        // A form that comes back is no fault of the page.
        complaints.retain(|line| !line.contains("the server responded with a status of 422"));
        assert!(complaints.is_empty(), "{} complains: {complaints:?}", self.path().await);
    }

    /// Looks at the same page in both languages; English is the first and the last.
    pub async fn looks_in_both(&self) {
        self.looks().await;
        self.speak("Français", "fr").await;
        self.looks().await;
        self.speak("English", "en").await;
    }

    /// Switches the language, and waits for the page that speaks it: whole, or the next step would
    /// race with it.
    async fn speak(&self, name: &str, code: &str) {
        self.press(name).await;
        let spoken = "document.readyState + ' ' + document.documentElement.lang";
        self.becomes(spoken, &format!("complete {code}")).await;
    }

    /// Holds the button of this name down until the page says this, and lets it go.
    pub async fn hold_until(&self, name: &str, text: &str) {
        let button = self.by_role(name).await;
        let held = self.driver().action_chain().click_and_hold_element(&button).perform().await;
        held.unwrap_or_else(|error| panic!("“{name}” cannot be held: {error}"));
        self.sees(text).await;
        let released = self.driver().action_chain().release().perform().await;
        released.unwrap_or_else(|error| panic!("“{name}” is not let go: {error}"));
    }

    /// Gives the device of this browser a lock that makes and keeps passkeys, and that its owner
    /// opens whenever it asks.
    pub async fn take_authenticator(&self) {
        let wishes = json!({
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": true,
            "hasUserVerification": true,
            "isUserVerified": true,
            "isUserConsenting": true,
        });
        self.command("webauthn/authenticator", wishes).await;
    }

    /// Presses the button of this name, unless the browser got to this path by itself, as where it
    /// offers the one passkey that it has.
    pub async fn press_unless_at(&self, name: &str, path: &str) {
        self.until(&format!("“{name}” leads to {path}"), async || {
            if self.path().await == path {
                return Ok(());
            }
            let pressed = self.try_press(name).await;
            Err(format!("it was pressed: {pressed:?}"))
        })
        .await;
    }
}
