//! Flattr's objects on the wire (research/flattr-api-v2.md section 6). Texts are never null: typed
//! clients fail on that.

use obole_app::App;
use obole_store::accounts::AccountRow;
use serde::Serialize;

use super::ROOT;
use crate::address::with_query;

/// The name in the place of an owner while nobody has proven control of a work; no account can have
/// it.
pub const NOBODY: &str = "nobody";

/// Absolute addresses of this instance.
#[derive(Clone, Debug)]
pub struct Links {
    base: String,
}

impl Links {
    /// Those of an instance.
    pub fn of(app: &App) -> Self {
        Self { base: app.config().base_url() }
    }

    /// A thing in the API.
    pub fn thing(&self, id: i64) -> String {
        format!("{}{ROOT}/things/{id}", self.base)
    }

    /// A thing's page.
    pub fn thing_page(&self, id: i64) -> String {
        format!("{}/thing/{id}", self.base)
    }

    /// A user in the API.
    pub fn user(&self, name: &str) -> String {
        format!("{}{ROOT}/users/{name}", self.base)
    }

    /// A user's page.
    pub fn profile(&self, name: &str) -> String {
        format!("{}/profile/{name}", self.base)
    }

    /// Where who made a page proves it.
    pub fn claim(&self, url: &str) -> String {
        format!("{}{}", self.base, with_query("/claim", &[("url", url)]))
    }

    /// The host with its port, for names of things that are told of.
    pub fn host(&self) -> &str {
        self.base.split_once("://").map_or("", |(_, host)| host)
    }
}

/// A user in few words.
#[derive(Clone, Debug, Serialize)]
pub struct MiniAccount {
    #[serde(rename = "type")]
    kind: &'static str,
    resource: String,
    link: String,
    username: String,
}

impl MiniAccount {
    /// Who has a name.
    pub fn of(links: &Links, name: &str) -> Self {
        let (resource, link) = (links.user(name), links.profile(name));
        Self { kind: "user", resource, link, username: name.to_owned() }
    }

    /// Who is not known yet: the link is where they say who they are.
    pub fn nobody(links: &Links, url: &str) -> Self {
        Self { link: links.claim(url), ..Self::of(links, NOBODY) }
    }
}

/// A user.
#[derive(Clone, Debug, Serialize)]
pub struct WholeAccount {
    #[serde(flatten)]
    mini: MiniAccount,
    id: String,
    firstname: String,
    lastname: &'static str,
    avatar: &'static str,
    about: &'static str,
    city: &'static str,
    country: &'static str,
    url: &'static str,
    /// Whether the account funds a budget; told to itself only (P1).
    pub active_supporter: i64,
    /// With a scope for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// With a scope for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered_at: Option<i64>,
}

impl WholeAccount {
    /// What everybody may know of an account.
    pub fn of(app: &App, account: &AccountRow) -> Self {
        let secret = app.secrets().mac("flattr user", account.id.uuid().as_bytes());
        Self {
            mini: MiniAccount::of(&Links::of(app), account.handle.as_str()),
            id: obole_app::secrets::hex(&secret[..4]),
            firstname: account.name.clone(),
            lastname: "",
            avatar: "",
            about: "",
            city: "",
            country: "",
            url: "",
            active_supporter: 0,
            email: None,
            registered_at: None,
        }
    }
}

/// A user, in few words or in many.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Owner {
    /// In few.
    Mini(MiniAccount),
    /// In many.
    Full(Box<WholeAccount>),
}

/// A thing in few words.
#[derive(Clone, Debug, Serialize)]
pub struct MiniThing {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub resource: String,
    pub link: String,
    pub id: i64,
    pub url: String,
    pub title: String,
    pub image: &'static str,
    pub flattrs: i64,
    /// Left out in the answer to a flattr.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Owner>,
}

/// A thing.
#[derive(Clone, Debug, Serialize)]
pub struct Thing {
    #[serde(flatten)]
    pub mini: MiniThing,
    pub flattrs_user_count: i64,
    pub description: String,
    pub tags: Vec<String>,
    pub language: &'static str,
    pub category: &'static str,
    pub created_at: i64,
    pub hidden: bool,
    /// With a token: whether its account gave to it in this month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flattred: Option<bool>,
    /// With a token: whether its account gives to it each month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribed: Option<bool>,
    /// To its owner: when a month with something for it was last settled (P3: no click's time).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_flattr_at: Option<i64>,
    /// To its owner: when what is said about it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<i64>,
}

/// A thing, in few words or in many.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum AnyThing {
    /// In few.
    Mini(Box<MiniThing>),
    /// In many.
    Full(Box<Thing>),
}

/// A flattr: who gave to what, when.
#[derive(Clone, Debug, Serialize)]
pub struct Flattr {
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub created_at: i64,
    pub thing: AnyThing,
    pub owner: Owner,
}

/// What came of a flattr or a subscription.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    pub message: &'static str,
    pub description: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thing: Option<MiniThing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
}

impl Done {
    /// It is done.
    pub const fn ok(description: &'static str) -> Self {
        Self { message: "ok", description, thing: None, location: None }
    }
}
