//! Gestures beyond a plain press.

use crate::browser::Browser;

impl Browser {
    /// Holds the button of this name down until the page says this, and lets it go.
    pub async fn hold_until(&self, name: &str, text: &str) {
        let button = self.by_role(name).await;
        let held = self.driver().action_chain().click_and_hold_element(&button).perform().await;
        held.unwrap_or_else(|error| panic!("“{name}” cannot be held: {error}"));
        self.sees(text).await;
        let released = self.driver().action_chain().release().perform().await;
        released.unwrap_or_else(|error| panic!("“{name}” is not let go: {error}"));
    }
}
