//! What accounts say about works: the owner to everybody; anybody else to themselves alone, until
//! they have proven that the work is theirs (C7, docs/decisions/0075).

use obole_domain::work_details::{self as words, Category, Tags, WorkDetails, WorkLanguage};
use obole_domain::{AccountId, CanonicalUrl, Refusal, WorkId};
use obole_store::Tx;
use obole_store::work_details::{self, DetailsRow};
use obole_store::works::{self, NewWork, WorkRow};

use crate::app::App;
use crate::audit_log::Actor;
use crate::error::{Error, Result};
use crate::reports;
use crate::works::{count_new, refuse};

/// What to say otherwise; none: as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What the work is called, as it is typed.
    pub title: Option<String>,
    /// What it is, as it is typed.
    pub description: Option<String>,
    /// Words by which it is found.
    pub tags: Option<Tags>,
    /// What kind of work it is.
    pub category: Option<Category>,
    /// The language that it is in.
    pub language: Option<WorkLanguage>,
    /// Whether lists leave it out.
    pub is_hidden: Option<bool>,
}

impl Change {
    /// What is said with this change.
    fn of(&self, before: &WorkDetails) -> Result<WorkDetails> {
        let title = self.title.as_deref().map(words::title).transpose()?;
        let description = self.description.as_deref().map(words::description).transpose()?;
        Ok(WorkDetails {
            title: title.unwrap_or_else(|| before.title.clone()),
            description: description.unwrap_or_else(|| before.description.clone()),
            tags: self.tags.clone().unwrap_or_else(|| before.tags.clone()),
            category: self.category.unwrap_or(before.category),
            language: self.language.unwrap_or(before.language),
            is_hidden: self.is_hidden.unwrap_or(before.is_hidden),
        })
    }
}

/// Describes a work for the first time; it comes into being where it is new. Refused when somebody
/// else controls it, when the account describes it already, and over the limit of new works. An
/// owner who had refused money for the work collects again.
pub async fn describe(
    app: &App,
    account: AccountId,
    url: CanonicalUrl,
    change: Change,
) -> Result<WorkId> {
    let handle = app.clone();
    app.write((url, change), move |tx, (url, change)| {
        let app = handle.clone();
        Box::pin(async move {
            count_new(&app, tx, (account, 1)).await?;
            let now = app.now();
            let id = WorkId::new(app.chance().id(now));
            let new = NewWork { id, url, title: "", created_by: Some(account), created_at: now };
            let work = works::find_or_create(tx, &new).await?;
            if let Some(owner) = work.owner_handle.as_ref().filter(|_| work.owner != Some(account))
            {
                return Err(Refusal::ClaimStands { handle: owner.to_string() }.into());
            }
            // Of two at once one begins (D6).
            let is_new = work_details::begin(tx, (work.id, account), now).await?;
            if !is_new && work.refused_at.is_none() {
                return Err(Refusal::DescribedAlready {}.into());
            }
            if work.owner.is_some() && work.refused_at.is_some() {
                refuse(&app, tx, Actor::Api(account), (work.id, false)).await?;
            }
            let details = change.of(&WorkDetails::default())?;
            say(&app, tx, account, (&work, &details)).await?;
            Ok(work.id)
        })
    })
    .await
}

/// Changes what an account says about a work of its own, or one that it describes. Of anybody
/// else's: forbidden.
pub async fn change(app: &App, account: AccountId, work: WorkId, change: Change) -> Result<()> {
    let handle = app.clone();
    app.write(change, move |tx, change| {
        let app = handle.clone();
        Box::pin(async move {
            let (work, said) = held(tx, account, work).await?;
            let said = said.map(|said| said.details).unwrap_or_default();
            let before = if work.owner.is_some() {
                WorkDetails { title: work.title.clone(), ..said }
            } else {
                said
            };
            say(&app, tx, account, (&work, &change.of(&before)?)).await
        })
    })
    .await
}

/// Takes back what an account says about a work. A work of its own does not collect any more: the
/// ledger still knows it, but nobody can give to it.
pub async fn remove(app: &App, account: AccountId, work: WorkId) -> Result<()> {
    let (handle, actor) = (app.clone(), Actor::Api(account));
    app.write((), move |tx, ()| {
        let app = handle.clone();
        Box::pin(async move {
            let (row, _) = held(tx, account, work).await?;
            work_details::forget(tx, work, account).await?;
            if row.owner.is_some() && row.refused_at.is_none() {
                refuse(&app, tx, actor, (work, true)).await?;
            }
            app.log(tx, actor, "work.remove", (work.to_string(), String::new())).await
        })
    })
    .await
}

/// A work that an account controls or describes.
async fn held(
    tx: &mut Tx,
    account: AccountId,
    work: WorkId,
) -> Result<(WorkRow, Option<DetailsRow>)> {
    let row = works::find(tx, work).await?.ok_or(Error::NotFound)?;
    let said = work_details::find(tx, work, account).await?;
    let is_held = match row.owner {
        Some(owner) => owner == account,
        None => said.is_some(),
    };
    if is_held { Ok((row, said)) } else { Err(Error::Forbidden) }
}

/// The title of a work that somebody controls stands with the work.
async fn say(
    app: &App,
    tx: &mut Tx,
    account: AccountId,
    said: (&WorkRow, &WorkDetails),
) -> Result<()> {
    let (work, details) = said;
    work_details::save(tx, (work.id, account), details, app.now()).await?;
    if work.owner.is_some() && work.title != details.title {
        reports::refuse_hidden(tx, (Some(work.id), None)).await?;
        works::set_title(tx, work.id, &details.title).await?;
    }
    let about = (work.id.to_string(), details.title.clone());
    app.log(tx, Actor::Api(account), "work.describe", about).await
}

/// Gives a work that was just claimed the title that its owner had for it (C7).
pub(crate) async fn name_after_claim(
    app: &App,
    tx: &mut Tx,
    actor: Actor,
    claimed: (WorkId, AccountId),
) -> Result<()> {
    let (work, account) = claimed;
    let said = work_details::find(tx, work, account).await?;
    let title = said.map(|said| said.details.title).unwrap_or_default();
    if works::name_unnamed(tx, work, &title).await? {
        app.log(tx, actor, "work.title", (work.to_string(), title)).await?;
    }
    Ok(())
}
