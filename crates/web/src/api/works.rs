//! `/works`: what can be clicked. Public, without a token.

use axum::Json;
use axum::extract::{Path, Request};
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use obole_app::audit_log::Actor;
use obole_app::work_details::Change;
use obole_app::{App, Error, works as commands};
use obole_domain::token::Scope;
use obole_domain::work_details::{Category, Tags, WorkLanguage};
use obole_domain::{CanonicalUrl, Refusal, WorkId};
use obole_store::work_details::{self, DetailedWork, Listed};
use obole_store::works::{self, WorkRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::Answer;
use crate::api::body;
use crate::api::cached::cached;
use crate::api::caller::Caller;
use crate::api::list::List;
use crate::api::query::{PageParameters, Query};
use crate::problem::Problem;

/// A work: anything with an address that can be clicked.
#[derive(Clone, Serialize, ToSchema)]
pub struct Work {
    /// Its id.
    pub id: String,
    /// Its canonical address, which is its identity.
    #[schema(format = "uri", example = "https://example.org/song")]
    pub url: String,
    /// Its title; the address where nobody has claimed it.
    pub title: String,
    /// The handle of who controls it; null while nobody has claimed it.
    #[schema(required)]
    pub owner: Option<String>,
    /// Whether its owner refuses money, so that it cannot be clicked.
    pub is_refused: bool,
}

impl From<WorkRow> for Work {
    fn from(row: WorkRow) -> Self {
        Self {
            id: row.id.to_string(),
            title: row.shown_title().to_owned(),
            url: row.url.to_string(),
            owner: row.owner_handle.map(|handle| handle.to_string()),
            is_refused: row.refused_at.is_some(),
        }
    }
}

/// A work with what its owner says about it.
#[derive(Clone, Serialize, ToSchema)]
pub struct DescribedWork {
    /// Its id.
    pub id: String,
    /// Its canonical address, which is its identity.
    #[schema(format = "uri", example = "https://example.org/song")]
    pub url: String,
    /// Its title; the address where nobody has claimed it.
    pub title: String,
    /// The handle of who controls it; null while nobody has claimed it.
    #[schema(required)]
    pub owner: Option<String>,
    /// Whether its owner refuses money, so that it cannot be clicked.
    pub is_refused: bool,
    /// What its owner says it is; empty where that is nothing.
    pub description: String,
    /// Words by which it is found.
    pub tags: Vec<String>,
    /// What kind of work it is; null where nobody said.
    #[schema(required)]
    pub category: Option<WorkCategory>,
    /// The code of the language that it is in; null where nobody said.
    #[schema(required, example = "en_GB")]
    pub language: Option<String>,
    /// Whether lists leave it out.
    pub is_hidden: bool,
}

impl From<DetailedWork> for DescribedWork {
    fn from(row: DetailedWork) -> Self {
        let Work { id, url, title, owner, is_refused } = row.work.into();
        // What somebody says before they have proven anything is theirs alone (C7).
        let said = row.said.filter(|_| owner.is_some()).map(|said| said.details);
        let details = said.clone().unwrap_or_default();
        Self {
            id,
            url,
            title,
            owner,
            is_refused,
            description: details.description,
            tags: details.tags.as_slice().to_vec(),
            category: said.as_ref().map(|said| said.category.into()),
            language: said.as_ref().map(|said| said.language.code().to_owned()),
            is_hidden: details.is_hidden,
        }
    }
}

/// What kind of work it is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WorkCategory {
    /// Articles, books, blogs.
    Text,
    /// Photographs, drawings.
    Images,
    /// Films.
    Video,
    /// Music, podcasts.
    Audio,
    /// Programs.
    Software,
    /// Somebody, for all that they do.
    People,
    /// Anything else.
    Rest,
}

/// Writes both directions between two enums of the same names.
macro_rules! same {
    ($($name:ident)+) => {
        impl From<Category> for WorkCategory {
            fn from(category: Category) -> Self {
                match category { $(Category::$name => Self::$name),+ }
            }
        }

        impl From<WorkCategory> for Category {
            fn from(category: WorkCategory) -> Self {
                match category { $(WorkCategory::$name => Self::$name),+ }
            }
        }
    };
}

same!(Text Images Video Audio Software People Rest);

/// What to change about a work.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeWork {
    /// What to call it; an empty text shows the address again.
    #[schema(max_length = 200, example = "A song")]
    pub title: Option<String>,
    /// Whether it refuses money. What was promised to a work that refuses is let go of.
    #[schema(example = false)]
    pub is_refused: Option<bool>,
    /// What it is.
    #[schema(max_length = 1_000, example = "A lullaby in four verses")]
    pub description: Option<String>,
    /// Words by which it is found; what cannot be one is left out.
    #[schema(example = json!(["lullaby", "free"]))]
    pub tags: Option<Vec<String>>,
    /// What kind of work it is.
    pub category: Option<WorkCategory>,
    /// The code of the language that it is in.
    #[schema(example = "en_GB")]
    pub language: Option<String>,
    /// Whether lists leave it out.
    #[schema(example = false)]
    pub is_hidden: Option<bool>,
}

impl ChangeWork {
    fn details(&self) -> Result<Change, Problem> {
        let language = self.language.as_deref().map(read_language).transpose()?;
        Ok(Change {
            title: self.title.clone(),
            description: self.description.clone(),
            tags: self.tags.as_ref().map(|tags| Tags::parse(&tags.join(","))),
            category: self.category.map(Category::from),
            language,
            is_hidden: self.is_hidden,
        })
    }
}

fn read_language(code: &str) -> Result<WorkLanguage, Problem> {
    let unknown = || Problem::from(Refusal::WorkLanguageUnknown {});
    WorkLanguage::parse(code).ok_or_else(unknown)
}

/// Find works
///
/// By address, which is brought to its canonical form first; or among those that somebody controls,
/// by a text in address, title, description or handle, by tag, category and language. What is only
/// clicked is not listed.
#[utoipa::path(
    get, path = "/works", tag = "Works",
    params(
        PageParameters,
        ("url" = Option<String>, Query, description = "The address of one work"),
        ("q" = Option<String>, Query, description = "A text in what is known of the work"),
        ("tag" = Option<String>, Query, description = "A tag, in small or large letters"),
        ("category" = Option<String>, Query, example = "audio",
            pattern = "^(text|images|video|audio|software|people|rest)?$",
            description = "What kind of work it is"),
        ("language" = Option<String>, Query, example = "en_GB",
            description = "The code of the language that it is in"),
        ("sort" = Option<String>, Query, example = "newest", pattern = "^(oldest|newest)?$",
            description = "`oldest` first, where nothing is sent, or `newest`"),
    ),
    responses((status = 200, description = "The works", body = List<DescribedWork>)),
)]
pub async fn list_works(caller: Caller, mut query: Query) -> Answer {
    let page = query.page()?;
    if let Some(url) = query.text("url")? {
        let found = find_by_url(&caller.app, CanonicalUrl::parse(&url)?).await?;
        let items = match found {
            Some(work) => vec![described(&caller.app, work.id).await?],
            None => Vec::new(),
        };
        return Ok(Json(List::whole(items)).into_response());
    }
    let (listed, texts) = read_filters(&mut query)?;
    let after = page.after(|bytes| Uuid::from_slice(bytes).ok().map(WorkId::new))?;
    let rows = page.rows();
    let found = caller.app.read(listed, move |read, listed| {
        Box::pin(async move { Ok(work_details::listed(read, listed, after, rows).await?) })
    });
    let cursor = |row: &DetailedWork| row.work.id.uuid().into_bytes().to_vec();
    let list = List::of(found.await?, &page, cursor, DescribedWork::from);
    let filters = FILTERS.iter().zip(&texts).map(|(name, text)| (*name, text.as_str()));
    Ok(list.answer(&caller, "/works", &page, &filters.collect::<Vec<_>>()))
}

/// The filters of the list, which its links carry on.
const FILTERS: [&str; 5] = ["q", "tag", "category", "language", "sort"];

fn read_filters(query: &mut Query) -> Result<(Listed, Vec<String>), Problem> {
    let mut texts = Vec::with_capacity(FILTERS.len());
    for name in FILTERS {
        texts.push(query.text(name)?.unwrap_or_default());
    }
    let given = |place: usize| texts.get(place).filter(|text| !text.is_empty()).cloned();
    let unknown = |name: &str| Problem::bad_request("choice_unknown").at(name);
    let category = given(2).map(|text| Category::parse(&text).ok_or_else(|| unknown("category")));
    let is_newest_first = match given(4).as_deref() {
        None | Some("oldest") => false,
        Some("newest") => true,
        Some(_) => return Err(unknown("sort")),
    };
    let listed = Listed {
        containing: given(0),
        owner: None,
        tag: given(1),
        category: category.transpose()?,
        language: given(3).map(|text| read_language(&text)).transpose()?,
        is_newest_first,
    };
    Ok((listed, texts))
}

async fn find_by_url(app: &App, url: CanonicalUrl) -> Result<Option<WorkRow>, Error> {
    app.read(url, |read, url| Box::pin(async move { Ok(works::find_by_url(read, url).await?) }))
        .await
}

/// One work
#[utoipa::path(
    get, path = "/works/{id}", tag = "Works",
    params(("id" = String, Path, description = "The work's id")),
    responses((status = 200, description = "The work", body = DescribedWork)),
)]
pub async fn get_work(caller: Caller, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    cached(&headers, &described(&caller.app, parse_id(&id)?).await?)
}

/// Change a work that the account controls: what is said about it, whether it refuses money
#[utoipa::path(
    patch, path = "/works/{id}", tag = "Works", security(("token" = ["works:write"])),
    params(("id" = String, Path, description = "The work's id")),
    request_body = ChangeWork,
    responses((status = 200, description = "The work as it stands", body = DescribedWork)),
)]
pub async fn change_work(caller: Caller, Path(id): Path<String>, request: Request) -> Answer {
    let account = caller.allow(Scope::WorksWrite)?;
    let id = parse_id(&id)?;
    let sent: ChangeWork = body::read(request).await?;
    let work = find(&caller.app, id).await?;
    if work.owner != Some(account) {
        return Err(Problem::not_found());
    }
    let change = sent.details()?;
    if change != Change::default() {
        let changed = obole_app::work_details::change(&caller.app, account, id, change).await;
        changed.map_err(|error| Problem::from(error).about("title"))?;
    }
    if let Some(is_refused) = sent.is_refused {
        commands::set_refused(&caller.app, Actor::Api(account), id, is_refused).await?;
    }
    Ok(Json(described(&caller.app, id).await?).into_response())
}

/// A work with what its owner says about it.
async fn described(app: &App, id: WorkId) -> Result<DescribedWork, Problem> {
    let found = app.read((), move |read, ()| {
        Box::pin(async move { Ok(work_details::find_each(read, None, &[id]).await?) })
    });
    found.await?.into_iter().next().map(DescribedWork::from).ok_or_else(Problem::not_found)
}

/// A work's id as it stands in an address or a body.
pub fn parse_id(text: &str) -> Result<WorkId, Problem> {
    WorkId::parse(text).ok_or_else(Problem::not_found)
}

/// The work of an id.
pub async fn find(app: &App, id: WorkId) -> Result<WorkRow, Problem> {
    let found =
        app.read((), move |read, ()| Box::pin(async move { Ok(works::find(read, id).await?) }));
    found.await?.ok_or_else(Problem::not_found)
}
