//! Clients: registered by any account, changed and deleted by who registered them (O1).

use jiff::{SignedDuration, Timestamp};
use obole_domain::click::clean_text;
use obole_domain::client::{ClientId, ClientKind, NAME_MAX, Redirect};
use obole_domain::own_program::OwnProgram;
use obole_domain::token::{self, TokenKind};
use obole_domain::{AccountId, CanonicalUrl, Refusal, Site};
use obole_store::oauth_clients::{self as rows, ClientRow};
use obole_store::oauth_grants::{self, Which};
use obole_store::works;
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::ending::end_with_word;
use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::limits::REGISTER;
use crate::suspensions::decided;

/// The most clients of one account.
pub const CLIENTS_MAX: i64 = 50;

/// How long a secret is good after another took its place: time to change it everywhere.
pub const FORMER: SignedDuration = SignedDuration::from_hours(24);

/// A client to register, or what it is changed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewClient {
    /// What its developer calls it.
    pub name: String,
    /// The address of its page; empty where it has none.
    pub site: String,
    /// How it proves who it is; a change leaves it.
    pub kind: ClientKind,
    /// Where answers may be sent.
    pub redirects: Vec<Redirect>,
}

impl NewClient {
    fn check(&self) -> Result<()> {
        if clean_text(&self.name, NAME_MAX)?.is_empty() {
            return Err(Refusal::Missing {}.into());
        }
        let limit = Redirect::COUNT_MAX as i64;
        if self.redirects.len() > Redirect::COUNT_MAX {
            return Err(Refusal::RedirectsFull { limit }.into());
        }
        Ok(())
    }
}

/// Registers a client and gives its id with its secret, which is not stored and not shown again.
pub async fn register(
    app: &App,
    owner: AccountId,
    new: NewClient,
) -> Result<(ClientId, Option<String>)> {
    new.check()?;
    app.limit(REGISTER, owner).await?;
    let now = app.now();
    let id = ClientId::new(app.chance().id(now));
    let secret = new.kind.has_secret().then(|| print_secret(app));
    let row = ClientRow {
        needs_state: true,
        id,
        owner: Some(owner),
        kind: new.kind,
        name: clean_text(&new.name, NAME_MAX)?,
        site: new.site,
        redirects: new.redirects,
        secret: secret.as_deref().map(token::hash),
        former: None,
        created_at: now,
        deleted_at: None,
    };
    let handle = app.clone();
    app.write(row, move |tx, row| {
        let app = handle.clone();
        Box::pin(async move {
            if rows::of(tx, owner, now).await?.len() as i64 >= CLIENTS_MAX {
                return Err(Refusal::ClientsFull { limit: CLIENTS_MAX }.into());
            }
            rows::insert(tx, row).await?;
            let about = (id.to_string(), row.name.clone());
            app.log(tx, Actor::Page(owner), "app.register", about).await
        })
    })
    .await?;
    Ok((id, secret))
}

fn print_secret(app: &App) -> String {
    token::print(TokenKind::Secret, app.chance().bytes())
}

/// A client with what its developer sees of its use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used {
    /// The client.
    pub client: ClientRow,
    /// How many accounts grant it something now.
    pub accounts: i64,
    /// When tokens of it were last handed out.
    pub used_at: Option<Timestamp>,
}

/// An account's clients, newest first.
pub async fn list(app: &App, owner: AccountId) -> Result<Vec<Used>> {
    let now = app.now();
    let found = app
        .read((), move |read, ()| Box::pin(async move { Ok(rows::of(read, owner, now).await?) }));
    let used = found.await?.into_iter();
    Ok(used.map(|(client, accounts, used_at)| Used { client, accounts, used_at }).collect())
}

/// A client that was not deleted. A program of Obole's own is put in where it is first asked for.
pub async fn find(app: &App, id: ClientId) -> Result<Option<ClientRow>> {
    let found =
        app.read((), move |read, ()| Box::pin(async move { Ok(rows::find(read, id).await?) }));
    let (found, own) = (found.await?, OwnProgram::of(id));
    let (None, Some(own)) = (&found, own) else {
        return Ok(found.filter(|client| client.deleted_at.is_none()));
    };
    app.write((), move |tx, ()| {
        Box::pin(async move {
            rows::put_own(tx, own).await?;
            Ok(rows::find(tx, id).await?)
        })
    })
    .await
}

/// Changes name, page and addresses of an account's client.
pub async fn change(app: &App, owner: AccountId, id: ClientId, new: NewClient) -> Result<()> {
    new.check()?;
    let name = clean_text(&new.name, NAME_MAX)?;
    let handle = app.clone();
    app.write(NewClient { name, ..new }, move |tx, new| {
        let app = handle.clone();
        Box::pin(async move {
            let found = rows::find(tx, id).await?.filter(|row| row.owner == Some(owner));
            let row = found.ok_or(Error::NotFound)?;
            let NewClient { name, site, redirects, .. } = new.clone();
            if !rows::set(tx, &ClientRow { name, site, redirects, ..row }).await? {
                return Err(Error::NotFound);
            }
            let about = (id.to_string(), new.name.clone());
            app.log(tx, Actor::Page(owner), "app.change", about).await
        })
    })
    .await
}

/// Gives a client a new secret, shown once; the one before is good for a day more.
pub async fn rotate(app: &App, owner: AccountId, id: ClientId) -> Result<String> {
    let secret = print_secret(app);
    let hash = token::hash(&secret);
    let until = app.now().saturating_add(FORMER).map_err(Error::internal)?;
    let handle = app.clone();
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let found = rows::find(tx, id).await?.filter(|row| row.owner == Some(owner));
            found.ok_or(Error::NotFound)?;
            if !rows::set_secret(tx, id, hash, until).await? {
                return Err(Error::NotFound);
            }
            let about = (id.to_string(), String::new());
            app.log(tx, Actor::Page(owner), "app.secret", about).await
        })
    })
    .await?;
    Ok(secret)
}

/// Deletes a client of an account: everything that was granted to it ends.
pub async fn delete(app: &App, owner: AccountId, id: ClientId) -> Result<()> {
    let (now, handle) = (app.now(), app.clone());
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            if !rows::delete(tx, owner, id, now).await? {
                return Err(Error::NotFound);
            }
            oauth_grants::revoke(tx, Which::To(id), now).await?;
            let about = (id.to_string(), String::new());
            app.log(tx, Actor::Page(owner), "app.delete", about).await
        })
    })
    .await
}

/// How an administrator marks a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// As one like all others.
    Usual,
    /// As an old one of Flattr's, which cannot do PKCE and sends a state.
    Legacy,
    /// The same of one that sends no state either (docs/decisions/0076).
    LegacyWithoutState,
}

/// Marks a client as one of Flattr's old ones, which cannot do PKCE, or no longer (O1). What was
/// granted to it ends: the rules of what it may have are others.
pub async fn set_legacy(app: &App, actor: Actor, id: ClientId, said: (Mark, &str)) -> Result<()> {
    let (mark, reason) = said;
    let kind = match mark {
        Mark::Usual => ClientKind::Confidential,
        Mark::Legacy | Mark::LegacyWithoutState => ClientKind::Legacy,
    };
    let needs_state = mark != Mark::LegacyWithoutState;
    decided(app, actor, reason, move |app, tx, reason| {
        Box::pin(async move {
            if !rows::set_kind(tx, id, (kind, needs_state)).await? {
                return Err(Error::NotFound);
            }
            end_with_word(app, tx, Which::To(id)).await?;
            let state = if needs_state { "" } else { " without state" };
            let details = format!("{}{state}: {reason}", kind.code());
            app.log(tx, actor, "app.kind", (id.to_string(), details)).await
        })
    })
    .await
}

/// What a client says about itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Its id, as it was sent.
    pub id: String,
    /// Its secret, where one was sent.
    pub secret: Option<String>,
}

/// The client that these are of. None where there is no such client or the secret is not its: the
/// same work is done for both, so that neither answer nor time tells them apart.
pub async fn authenticate(app: &App, credentials: Credentials) -> Result<Option<ClientRow>> {
    let id = ClientId::parse(&credentials.id).unwrap_or(ClientId::new(Uuid::nil()));
    let client = find(app, id).await?;
    let sent = token::hash(credentials.secret.as_deref().unwrap_or_default());
    let none = [0; 32];
    let row = client.as_ref();
    let own = row.and_then(|row| row.secret).unwrap_or(none);
    let now = app.now();
    let former = row.and_then(|row| row.former).filter(|(_, until)| *until > now);
    let former = former.map_or(none, |(hash, _)| hash);
    let fits = bool::from(sent.ct_eq(&own) | sent.ct_eq(&former));
    Ok(client.filter(|client| match (client.kind.has_secret(), &credentials.secret) {
        (true, Some(_)) => fits,
        (false, None) => true,
        _ => false,
    }))
}

/// The host that a client's developer has proven to control, of the page that the client names and
/// of every address of the web that answers are sent to; none where nothing is proven (O4).
pub async fn proven_host(app: &App, client: &ClientRow) -> Result<Option<String>> {
    let Ok(site) = Site::parse(&client.site) else { return Ok(None) };
    let host = site.host().to_owned();
    let mut hosts = client.redirects.iter().filter_map(Redirect::web_host);
    if !hosts.all(|other| other == host) {
        return Ok(None);
    }
    let Ok(root) = CanonicalUrl::parse(&format!("{site}/")) else { return Ok(None) };
    let Some(owner) = client.owner else { return Ok(None) };
    let found = app.read(root, |read, root| {
        Box::pin(async move { Ok(works::find_by_url(read, root).await?) })
    });
    Ok(found.await?.filter(|work| work.owner == Some(owner)).map(|_| host))
}
