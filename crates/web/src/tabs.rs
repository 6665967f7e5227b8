//! The pages of the settings: the tabs above each of them.

/// A tab: where it leads and the key of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tab {
    /// Where it leads.
    pub address: &'static str,
    /// The key of its text.
    pub key: &'static str,
}

const fn tab(address: &'static str, key: &'static str) -> Tab {
    Tab { address, key }
}

/// The pages of the settings.
pub const SETTINGS: &[Tab] = &[
    tab("/settings", "settings-profile"),
    tab("/settings/sign-in", "settings-signin"),
    tab("/settings/invitations", "invitations-tab"),
    tab("/settings/sites", "settings-sites"),
    tab("/settings/apps", "apps-tab"),
    tab("/settings/tokens", "settings-tokens"),
    tab("/settings/feed", "feeds-tab"),
    tab("/settings/webhooks", "webhooks-tab"),
    tab("/settings/reports", "reports-mine"),
    tab("/settings/data", "data-tab"),
];

impl Tab {
    /// Whether the page of this address stands under it.
    #[must_use]
    pub fn is_at(&self, current: &str) -> bool {
        self.address == current
    }
}
